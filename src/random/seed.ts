/**
 * Seed text to generator state. The only module that may import seedrandom.
 *
 * A seed is text and stays text: `00012`, `1e3` and `12345678901234567890` are three different seeds. It is expanded
 * once per purpose (10 µs); everything below that is derived by counter from the expanded state, so run k of a campaign
 * can be made again without making runs 0 to k-1.
 */
import seedrandom from 'seedrandom';

/** Four 32-bit integers, signed, not all zero: the state of a xoroshiro128+ generator. */
export type SeedState = readonly [number, number, number, number];

/**
 * Expands a seed text for one purpose.
 *
 * Different purposes of one seed give unrelated states. Cost: about 10 µs.
 */
export function expandSeed(seed: string, purpose: string): SeedState {
  // ARC4, the default generator of seedrandom; `int32()` is its only method used here, so that a replay never depends
  // on how another method turns bits into numbers.
  const generator = seedrandom(`${purpose}/${seed}`);
  const state: SeedState = [
    generator.int32(),
    generator.int32(),
    generator.int32(),
    generator.int32(),
  ];
  return isZero(state) ? [1, 0, 0, 0] : state;
}

/**
 * Derives the state of item `index` from an expanded state.
 *
 * Each word is the base word mixed with a counter that differs per word and index, by the finalizer of MurmurHash3.
 * Cost: constant, no allocation but the result.
 */
export function deriveState(base: SeedState, index: number): SeedState {
  const low = index | 0;
  const high = Math.floor(index / 0x1_0000_0000) | 0;
  const state: SeedState = [
    mix(base[0] ^ mix(low ^ 0x243f6a88) ^ high),
    mix(base[1] ^ mix(low ^ 0x85a308d3) ^ high),
    mix(base[2] ^ mix(low ^ 0x13198a2e) ^ high),
    mix(base[3] ^ mix(low ^ 0x03707344) ^ high),
  ];
  return isZero(state) ? [1, 0, 0, 0] : state;
}

function isZero(state: SeedState): boolean {
  return (state[0] | state[1] | state[2] | state[3]) === 0;
}

function mix(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
