/** Random walks: plain, and weighted by what each thread has left. */
import type { Integers } from '../../../random/integers.ts';
import { anyByWeight, anyOf, type SamplingContext, type SamplingStrategy } from './strategy.ts';

/** Every enabled thread has the same chance. */
export function randomWalk(): SamplingStrategy {
  let source: Integers;
  return {
    name: 'random',
    begin: (random) => {
      source = random;
    },
    choose: (enabled) => anyOf(enabled, source),
  };
}

/**
 * A thread's chance is in proportion to the events it is expected to have left: uniform over
 * interleavings when the profile is exact and nobody blocks.
 */
export function weightedWalk({ machine, profile }: SamplingContext): SamplingStrategy {
  let source: Integers;
  const weightOf = (t: number): number =>
    Math.max(1, Math.round(profile.eventCounts[t]!) - (machine.eventCounts[t]! - 1));
  return {
    name: 'urw',
    begin: (random) => {
      source = random;
    },
    choose: (enabled) => anyByWeight(enabled, weightOf, source),
  };
}
