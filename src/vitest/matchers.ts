/** Matchers for vitest. Each loads what it needs when it is first used, so all are asynchronous. */
import type { HistoryOptions, RecordedHistory } from './check-history.ts';
import type { CheckOptions, ProgramSource } from './options.ts';

/** A strategy by name, or all that can be said about one. */
export type Strategy = NonNullable<CheckOptions['strategy']> | CheckOptions;

/** What `expect` offers beside its own matchers; await them. */
export interface ProgramMatchers<T> {
  /** A program, or the path of a program file, holds under a strategy: `exhaustive` unless given. */
  toHoldUnder(strategy?: Strategy, options?: CheckOptions): Promise<T>;
  /** A history is linearizable: text in the format of `mapcheck history`, a recorder, or what recorders recorded. */
  toBeLinearizable(options?: HistoryOptions): Promise<T>;
  /** The trace at this path comes out as it says, or as `verdict` says. */
  toReplay(verdict?: 'holds' | 'fails'): Promise<T>;
}

interface Matched {
  readonly pass: boolean;
  readonly message: () => string;
}

interface MatcherState {
  readonly isNot?: boolean;
  readonly currentTestName?: string;
  readonly testPath?: string;
}

async function toHoldUnder(
  this: MatcherState,
  program: unknown,
  strategy: Strategy = 'exhaustive',
  more: CheckOptions = {},
): Promise<Matched> {
  const options = typeof strategy === 'string' ? { ...more, strategy } : { ...strategy, ...more };
  const { checkSource } = await import('./check-program.ts');
  const { formatExploration } = await import('../report/explore-text.ts');
  const { PLAIN } = await import('../report/palette.ts');
  const asked = { name: this.currentTestName ?? 'program', file: this.testPath ?? '' };
  const { report, failure } = await checkSource(program as ProgramSource, options, asked);
  // No answer is no failure: `not` must not pass by a budget that is too small.
  if (failure?.isFound === false && this.isNot === true) throw failure;
  return {
    pass: failure === null,
    message: () => failure?.message ?? formatExploration(report!, PLAIN).join('\n'),
  };
}

async function toBeLinearizable(
  this: MatcherState,
  history: unknown,
  options: HistoryOptions = {},
): Promise<Matched> {
  const { judgeRecorded } = await import('./check-history.ts');
  const { verdict, lines } = await explained(() =>
    judgeRecorded(history as RecordedHistory, options),
  );
  if (verdict === 'inconclusive' && this.isNot === true) throw new Error(lines.join('\n'));
  return { pass: verdict === 'linearizable', message: () => lines.join('\n').trimEnd() };
}

async function toReplay(trace: unknown, verdict?: 'holds' | 'fails'): Promise<Matched> {
  const { replayFile } = await import('./replay-file.ts');
  const { isAsExpected, lines } = await explained(() => replayFile(String(trace), verdict));
  return { pass: isAsExpected, message: () => lines.join('\n').trimEnd() };
}

/** Runners show messages alone, so that place and remedy of a wrong input go into its message. */
async function explained<T>(body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const { formatError, UsageError } = await import('../core/errors.ts');
    if (!(error instanceof UsageError)) throw error;
    throw new Error(formatError(error), { cause: error });
  }
}

/** For `expect.extend`. */
export const matchers: Matchers = { toHoldUnder, toBeLinearizable, toReplay };

type Matchers = {
  readonly toHoldUnder: typeof toHoldUnder;
  readonly toBeLinearizable: typeof toBeLinearizable;
  readonly toReplay: typeof toReplay;
};
