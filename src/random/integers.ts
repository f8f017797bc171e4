/** Small random integers from a seed's state, for code that draws at every step. */
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { SeedState } from './seed.ts';

/** A source of small integers. The same state gives the same integers. */
export interface Integers {
  /** An integer from 0 to `count - 1`. Uneven by less than `count / 2 ** 32`. */
  below(count: number): number;
}

/** Makes a source of small integers. Cost: a few nanoseconds a draw, no allocation. */
export function createIntegers(state: SeedState): Integers {
  const generator = xoroshiro128plusFromState(state);
  return {
    // The upper bits decide: the lower ones of this generator are its weak side.
    below: (count) => Math.floor(((generator.next() >>> 0) / 0x1_0000_0000) * count),
  };
}
