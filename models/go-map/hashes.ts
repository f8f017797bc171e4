/**
 * The hash functions of programs: one that spreads, one that a generator can steer, and several
 * that hurt.
 *
 * All are pure, so that a program gives the same run for ever. All agree on equal keys (`0` and
 * `-0`). None means to be good; they are named by what they do to the map.
 */
import type { KeyProfile } from './spec.ts';
import { isObjectToken } from '../value-token.ts';

/**
 * - `mix`: spreads keys over buckets and tophash values.
 * - `linear`: the low 24 bits are the key's ordinal XOR the seed, so that keys whose ordinals agree
 *   in their low bits share a bucket under every seed.
 * - `constant`: one bucket, one tophash, for all.
 * - `low-bits`: three buckets at most, tophash values spread.
 * - `same-tophash`: buckets spread; top bytes 3 and 8, which both become tophash 8.
 * - `built-in`: none is injected; the engine uses its own.
 */
export type HashKind = 'built-in' | 'mix' | 'linear' | 'constant' | 'low-bits' | 'same-tophash';

/** All kinds, the kindest first. */
export const HASH_KINDS: readonly HashKind[] = [
  'built-in',
  'linear',
  'mix',
  'low-bits',
  'same-tophash',
  'constant',
];

/** A hash function as engines take it: 32 bits; `draw` serves keys that do not equal themselves. */
export type HashFunction = (key: unknown, seed: number, draw: number) => number;

/**
 * Returns the hash function of a kind, or `null` for the built-in one. Under `float64` a `NaN` is
 * hashed by the draw, so differently each time.
 */
export function makeHash(kind: HashKind, keys: KeyProfile): HashFunction | null {
  if (kind === 'built-in') return null;
  const spread = SPREADS[kind];
  if (keys === 'javascript') return (key, seed) => spread(ordinalOf(key), seed) >>> 0;
  return (key, seed, draw) => spread(key === key ? ordinalOf(key) : draw, seed) >>> 0;
}

const SPREADS: Readonly<
  Record<Exclude<HashKind, 'built-in'>, (ordinal: number, seed: number) => number>
> = {
  mix: (ordinal, seed) => mix32(ordinal ^ mix32(seed)),
  linear: (ordinal, seed) => ((ordinal ^ seed) & 0xff_ffff) | (mix32(ordinal) & ~0xff_ffff),
  constant: () => 0x2a00_0005,
  'low-bits': (ordinal, seed) => {
    const bits = mix32(ordinal ^ seed) >>> 0;
    return ((bits & ~0xff_ffff) | (bits % 3)) >>> 0;
  },
  'same-tophash': (ordinal, seed) =>
    (mix32(ordinal ^ seed) & 0xff_ffff) | ((ordinal & 1) === 0 ? 0x0300_0000 : 0x0800_0000),
};

/**
 * Mixes 32 bits so that each bit of the argument reaches each bit of the result (the finaliser of
 * MurmurHash3).
 */
export function mix32(bits: number): number {
  let mixed = bits;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}

const FNV_OFFSET = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;

/**
 * Returns the number that stands for a key: an integer is its own, `k12` and `12.5` have 12, object
 * 12 has 12. Different keys may share one, which only means that they collide.
 */
export function ordinalOf(key: unknown): number {
  switch (typeof key) {
    case 'number':
      return Number.isFinite(key) ? Math.floor(key) | 0 : nonFiniteOrdinal(key);
    case 'string':
      return stringOrdinal(key);
    case 'bigint':
      return Number(BigInt.asIntN(32, key));
    case 'boolean':
      return key ? 1 : 2;
    default:
      return isObjectToken(key) ? key.object : 3;
  }
}

function nonFiniteOrdinal(key: number): number {
  if (Number.isNaN(key)) return 0x7ff8;
  return key > 0 ? 0x7ff0 : 0x7ff1;
}

function stringOrdinal(key: string): number {
  if (key.length > 1 && key.charCodeAt(0) === 0x6b) {
    const number = Number(key.slice(1));
    if (Number.isInteger(number)) return number | 0;
  }
  let hash = FNV_OFFSET;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), FNV_PRIME);
  }
  return hash;
}
