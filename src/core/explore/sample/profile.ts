/** A few random runs before sampling: how long the threads are and where they meet. */
import { createIntegers } from '../../../random/integers.ts';
import { deriveState, type SeedState } from '../../../random/seed.ts';
import { COMPOUND_BASE } from '../../footprint.ts';
import type { Machine } from '../../machine.ts';
import { anyOf, type Profile } from './strategy.ts';

/** Runs that a profile is made of. */
const PROFILE_RUNS = 8;

/** Profiles a program; the same state gives the same profile. */
export function profileOf(machine: Machine, state: SeedState, stepsMax: number): Profile {
  const { threadCount } = machine;
  const eventCounts = new Array<number>(threadCount).fill(0);
  const perLocation = new Map<number, number[]>();
  const written = new Set<number>();
  let longest = 0;
  for (let run = 0; run < PROFILE_RUNS; run++) {
    const random = createIntegers(deriveState(state, run));
    machine.restart();
    let enabled = machine.enabled();
    while (enabled !== 0 && machine.position < stepsMax) {
      const t = anyOf(enabled, random);
      const footprint = machine.footprint(t);
      eventCounts[t]! += 1 / PROFILE_RUNS;
      if (footprint < COMPOUND_BASE) {
        const location = footprint >> 1;
        let counts = perLocation.get(location);
        if (counts === undefined) {
          counts = new Array<number>(threadCount).fill(0);
          perLocation.set(location, counts);
        }
        counts[t]! += 1 / PROFILE_RUNS;
        if ((footprint & 1) === 1) written.add(location);
      }
      machine.step(t);
      enabled = machine.enabled();
    }
    longest = Math.max(longest, machine.position);
  }
  const contended = [...perLocation.keys()]
    .filter((location) => {
      const threads = perLocation.get(location)!.filter((count) => count > 0).length;
      return threads > 1 && written.has(location);
    })
    .sort((a, b) => a - b);
  return { eventCounts, stepsMax: longest, contended, perLocation };
}
