import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Failing interleavings have the explorer's kinds; the others say why there is none: `holds` where one was expected. */
export type FailureReason =
  | 'assertion'
  | 'race'
  | 'deadlock'
  | 'invariant'
  | 'divergence'
  | 'linearizability'
  | 'holds'
  | 'inconclusive'
  | 'nondeterministic'
  | 'not-explored';

/** Where a failure comes from. */
export interface FailureDetails {
  /** What a thread or the check threw, or what kept the program from being explored. */
  readonly thrown?: unknown;
  /** An error made where the test asked. */
  readonly callSite?: Error | undefined;
}

/**
 * A program that does not hold, as a test reports it.
 *
 * `message` is what `mapcheck explore` prints. `stack` begins where the checked code threw, if it threw, so that the
 * runner shows that line; for races, deadlocks and bounds it begins where the test asked.
 */
export class ProgramFailure extends Error {
  override readonly name = 'ProgramFailure';
  readonly kind: FailureReason;

  constructor(kind: FailureReason, lines: readonly string[], details: FailureDetails = {}) {
    super(lines.join('\n').trimEnd());
    this.kind = kind;
    const { thrown, callSite } = details;
    if (thrown !== undefined && kind !== 'not-explored') this.cause = withoutOwnFrames(thrown);
    const isOfUser = kind === 'assertion' && thrown instanceof Error;
    const frames = framesOf(isOfUser ? thrown : callSite);
    if (frames !== '') this.stack = `${this.name}: ${this.message}\n${frames}`;
  }

  /** Whether an interleaving was found that fails. */
  get isFound(): boolean {
    return !['holds', 'inconclusive', 'nondeterministic', 'not-explored'].includes(this.kind);
  }
}

/** The folder of the package, which holds `src`, and `dist/src` once it is built. */
const PACKAGE = dirname(fileURLToPath(import.meta.url)).replace(
  /(?:[\\/]dist)?[\\/]src[\\/]vitest$/u,
  '',
);

/** The frames of a stack, one a line, without those of mapcheck: nobody looks for the fault there. */
function framesOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /u.test(line));
  return frames.filter((line) => !isOwn(line)).join('\n');
}

function isOwn(line: string): boolean {
  return ['/src/', '/dist/src/'].some((folder) => line.includes(PACKAGE + folder));
}

function withoutOwnFrames(error: unknown): unknown {
  if (error instanceof Error && error.stack !== undefined) {
    const lines = error.stack.split('\n');
    error.stack = lines.filter((line) => !/^\s+at /u.test(line) || !isOwn(line)).join('\n');
  }
  return error;
}
