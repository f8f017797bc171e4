/** Reads lines of traces that hold results only. */
import type { z } from 'zod';
import { ConformInputError } from '../input-error.ts';

/**
 * The record on a line.
 *
 * @throws ConformInputError if the line is not one of the schema.
 */
export function parseResultLine<T>(
  schema: z.ZodType<T>,
  text: string,
  file: string,
  line: number,
): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConformInputError(file, line, `the line is not JSON (${(error as Error).message})`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new ConformInputError(file, line, `at $.${issue.path.join('.')}: ${issue.message}`);
}
