/**
 * How few preemptions a class needs: the minimum over all of its interleavings.
 *
 * A preemption is a switch away from a thread that could have gone on. A thread that has ended,
 * waits for a held mutex, sleeps or spins could not. A thread whose next step is merely later in
 * this class could: the scheduler that kept it waiting preempted it.
 *
 * The search goes through the class's cuts (how many events of each thread have happened) together
 * with the thread that moved last, fewest preemptions first. Cost: the number of cuts in the worst
 * case; most classes need few of them.
 */
import type { Machine } from '../machine.ts';
import { ClassCuts } from './class-cuts.ts';
import type { Trail } from './trail.ts';

interface State {
  /** Events of each thread that have happened. */
  readonly cut: readonly number[];
  /** Thread that moved last, or -1. */
  readonly last: number;
}

/** Cuts after which to give up. */
const STATES_MAX = 200_000;

/**
 * The fewest preemptions with which the class of the run just ended can be shown, or `null` if that
 * takes too long.
 */
export function minPreemptions(machine: Machine, trail: Trail): number | null {
  const cuts = new ClassCuts(machine, trail);
  const seen = new Set<string>();
  let level: State[] = [{ cut: cuts.whole.map(() => 0), last: -1 }];
  for (let preemptions = 0; level.length > 0; preemptions++) {
    const next: State[] = [];
    while (level.length > 0) {
      const state = level.pop()!;
      if (state.cut.every((count, t) => count === cuts.whole[t])) return preemptions;
      const key = `${state.last}:${state.cut.join()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > STATES_MAX) return null;
      expand(cuts, state, level, next);
    }
    level = next;
  }
  return null;
}

function expand(cuts: ClassCuts, { cut, last }: State, same: State[], next: State[]): void {
  const canGoOn = last >= 0 && cuts.isEnabled(last, cut);
  for (let t = cut.length - 1; t >= 0; t--) {
    if (!cuts.isPossible(t, cut)) continue;
    const after = cut.map((count, u) => (u === t ? count + 1 : count));
    (canGoOn && t !== last ? next : same).push({ cut: after, last: t });
  }
}
