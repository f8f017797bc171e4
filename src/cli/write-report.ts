import { writeFileSync } from 'node:fs';
import { UsageError } from '../core/errors.ts';
import type { ReporterRequest } from './options.ts';
import type { Terminal } from './terminal.ts';

/**
 * Writes a report where its request says.
 *
 * @throws UsageError E-USAGE-009 when the file cannot be written.
 */
export function writeReport(
  request: ReporterRequest<string>,
  text: string,
  terminal: Terminal,
): void {
  if (request.path === null) {
    terminal.stdout.write(text);
    return;
  }
  try {
    writeFileSync(request.path, text);
  } catch (error) {
    throw cannotWrite(request.name, request.path, error);
  }
}

/** The error for a report whose file cannot be written. */
export function cannotWrite(reporter: string, path: string, cause: unknown): UsageError {
  return new UsageError(`cannot write the ${reporter} report: ${(cause as Error).message}`, {
    code: 'E-USAGE-009',
    place: path,
    todo: 'Check the folder and the space left; the same command with the same seed gives the same report.',
    cause,
  });
}
