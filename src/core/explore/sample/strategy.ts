/** What a sampling strategy is: it chooses, step by step, who moves next. */
import type { Integers } from '../../../random/integers.ts';
import type { Machine } from '../../machine.ts';
import type { Trail } from '../trail.ts';

/** What is known of a program from a few random runs before sampling begins. */
export interface Profile {
  /** Mean number of events of each thread. */
  readonly eventCounts: readonly number[];
  /** Greatest number of steps of a run. */
  readonly stepsMax: number;
  /** Locations that two threads touch and one writes. */
  readonly contended: readonly number[];
  /** Mean number of events of a thread at a location: `perLocation.get(location)[thread]`. */
  readonly perLocation: ReadonlyMap<number, readonly number[]>;
}

/** What a strategy may look at. */
export interface SamplingContext {
  readonly machine: Machine;
  readonly trail: Trail;
  readonly profile: Profile;
}

export interface SamplingStrategy {
  readonly name: string;
  /** A run begins. All that is random comes from `random`. */
  begin(random: Integers): void;
  /** The thread that moves next, one of the set `enabled`. Called before every step. */
  choose(enabled: number): number;
  /** Thread `t` is about to take the step just pushed onto the trail. */
  stepped?(t: number): void;
  /** The run has ended; `isNewClass` tells whether its class was not seen before. */
  ended?(isNewClass: boolean): void;
}

/** The lowest thread of a set that is not empty. */
export function lowest(set: number): number {
  return 31 - Math.clz32(set & -set);
}

/** A thread of a set, each with the same chance. */
export function anyOf(set: number, random: Integers): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  let rest = set;
  for (let skip = random.below(count); skip > 0; skip--) rest &= rest - 1;
  return lowest(rest);
}

/** A thread of a set, with chances in proportion to whole weights of at least 1. */
export function anyByWeight(
  set: number,
  weightOf: (thread: number) => number,
  random: Integers,
): number {
  let sum = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) sum += weightOf(lowest(rest));
  let draw = random.below(sum);
  let rest = set;
  for (;;) {
    const t = lowest(rest);
    draw -= weightOf(t);
    rest &= rest - 1;
    if (draw < 0 || rest === 0) return t;
  }
}

/** The thread of a set with the greatest priority. */
export function highestOf(set: number, priorities: ArrayLike<number>): number {
  let best = lowest(set);
  for (let rest = set & (set - 1); rest !== 0; rest &= rest - 1) {
    const t = lowest(rest);
    if (priorities[t]! > priorities[best]!) best = t;
  }
  return best;
}
