/** The exit codes, in one place. */
import type { Verdict } from '../core/property.ts';

export const EXIT_USAGE = 2;
export const EXIT_INTERNAL = 4;
export const EXIT_INTERRUPTED = 130;

const BY_VERDICT: Readonly<Record<Verdict, number>> = {
  holds: 0,
  fails: 1,
  inconclusive: 3,
  nondeterministic: 4,
};

/** The exit code that says a verdict. */
export function exitCodeOf(verdict: Verdict): number {
  return BY_VERDICT[verdict];
}
