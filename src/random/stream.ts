/** Streams of random numbers from a seed's state: what fast-check generates programs with. */
import { Random } from 'fast-check';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { SeedState } from './seed.ts';

/** A generator for fast-check's arbitraries. The same state gives the same programs. */
export function createStream(state: SeedState): Random {
  return new Random(xoroshiro128plusFromState(state));
}
