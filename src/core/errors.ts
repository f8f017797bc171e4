/**
 * The errors mapcheck throws, one class per audience.
 *
 * A property that fails is a verdict, never an exception. Every message says what was found, where, what was expected
 * and what to do; the stable code lets people search for it.
 */

export interface ErrorDetails {
  /** Stable code, as in `E-TRACE-003`. */
  readonly code: string;
  /** Where: `traces/a.json:3:12`, `$.program.threads[0][2].op`, `--seed`. */
  readonly place?: string;
  /** What the reader can do about it. */
  readonly todo?: string;
  readonly cause?: unknown;
}

abstract class DetailedError extends Error {
  readonly code: string;
  readonly place: string | undefined;
  readonly todo: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.place = details.place;
    this.todo = details.todo;
  }
}

/** What the user gave cannot be used: an option, a file, a seed, a configuration. Exit code 2. */
export class UsageError extends DetailedError {
  override readonly name = 'UsageError';
}

/** A user's model, hasher or map broke a rule of the checker's. Exit code 2. */
export class ModelError extends DetailedError {
  override readonly name = 'ModelError';
}

/** A fault of mapcheck itself. Exit code 4. */
export class InternalError extends DetailedError {
  override readonly name = 'InternalError';
}

/** One printable block: code, place, message, what to do. No stack. */
export function formatError(error: unknown): string {
  if (!(error instanceof DetailedError)) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  const lines = [`error [${error.code}] ${error.place === undefined ? '' : `${error.place}: `}`];
  lines[0] += error.message;
  if (error.todo !== undefined) lines.push(`  ${error.todo}`);
  return lines.join('\n');
}
