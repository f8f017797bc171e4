/**
 * POS: the next event of each thread has a random priority; the highest runs, and then it and all
 * it conflicted with draw anew.
 *
 * Source: Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
 */
import type { Integers } from '../../../random/integers.ts';
import { highestOf, lowest, type SamplingContext, type SamplingStrategy } from './strategy.ts';

const PRIORITIES = 0x4000_0000;

/** Partial-order sampling. */
export function pos({ machine, trail }: SamplingContext): SamplingStrategy {
  const { threadCount } = machine;
  const priorities = new Int32Array(threadCount);
  let source: Integers;
  return {
    name: 'pos',
    begin: (random) => {
      source = random;
      for (let t = 0; t < threadCount; t++) priorities[t] = source.below(PRIORITIES);
    },
    choose: (enabled) => highestOf(enabled, priorities),
    stepped: (t) => {
      const footprint = trail.footprint[trail.length - 1]!;
      for (let rest = machine.enabled() & ~(1 << t); rest !== 0; rest &= rest - 1) {
        const u = lowest(rest);
        if (machine.footprints.dependent(machine.footprint(u), footprint)) {
          priorities[u] = source.below(PRIORITIES);
        }
      }
      priorities[t] = source.below(PRIORITIES);
    },
  };
}
