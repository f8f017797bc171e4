/**
 * PCT: threads have random priorities and the highest runs; at d - 1 random steps the running
 * thread drops below all.
 *
 * Source: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs", ASPLOS 2010. A bug of depth d in a program of n threads and k steps
 * shows in one run with probability of at least 1 / (n k^(d-1)).
 */
import { highestOf, type SamplingContext, type SamplingStrategy } from './strategy.ts';

/** PCT of a depth of at least 1. */
export function pct({ machine, profile }: SamplingContext, depth: number): SamplingStrategy {
  const { threadCount } = machine;
  const priorities = new Int32Array(threadCount);
  const changes = new Set<number>();
  let lowestPriority = 0;
  return {
    name: `pct${depth}`,
    begin: (random) => {
      lowestPriority = 0;
      for (let t = 0; t < threadCount; t++) {
        // A random permutation of 1 to threadCount, grown by insertion.
        const place = random.below(t + 1);
        priorities[t] = priorities[place]!;
        priorities[place] = t + 1;
      }
      changes.clear();
      for (let i = 1; i < depth; i++) changes.add(1 + random.below(Math.max(1, profile.stepsMax)));
    },
    choose: (enabled) => {
      const t = highestOf(enabled, priorities);
      if (!changes.delete(machine.position)) return t;
      priorities[t] = --lowestPriority;
      return highestOf(enabled, priorities);
    },
  };
}
