import { describe, expect, test } from 'vitest';
import { TokenDecoder } from '../value-token.ts';
import { HASH_KINDS, makeHash, ordinalOf } from './hashes.ts';

const decoder = new TokenDecoder();
const KEYS = [
  0,
  1,
  17,
  -1,
  2.5,
  'k3',
  '',
  '\ud800',
  12n,
  true,
  null,
  undefined,
  decoder.decode({ object: 5 }),
];
const INJECTED = HASH_KINDS.filter((kind) => kind !== 'built-in');

describe.each(INJECTED)('%s', (kind) => {
  const hash = makeHash(kind, 'javascript')!;

  test('gives 32 unsigned bits, the same each time', () => {
    for (const key of KEYS) {
      const bits = hash(key, 99, 0);
      expect(bits).toBe(bits >>> 0);
      expect(hash(key, 99, 1)).toBe(bits);
    }
  });

  test('agrees on equal keys', () => {
    expect(hash(-0, 7, 0)).toBe(hash(0, 7, 0));
    expect(hash(Number.NaN, 7, 1)).toBe(hash(Number.NaN, 7, 2));
  });
});

test('the built-in hash is not injected', () => {
  expect(makeHash('built-in', 'javascript')).toBeNull();
});

test('under float64 NaN is hashed by the draw', () => {
  const hash = makeHash('mix', 'float64')!;
  expect(hash(Number.NaN, 7, 1)).not.toBe(hash(Number.NaN, 7, 2));
});

test('linear: keys that agree in their low bits share a bucket under every seed', () => {
  const hash = makeHash('linear', 'javascript')!;
  for (const seed of [0, 5, 0xffff_ffff]) {
    expect(hash(3, seed, 0) & 7).toBe(hash(11, seed, 0) & 7);
    expect(hash(3, seed, 0) & 7).not.toBe(hash(4, seed, 0) & 7);
  }
});

test('low-bits: three buckets at most; same-tophash: one tophash once small ones are moved up', () => {
  const low = makeHash('low-bits', 'javascript')!;
  const same = makeHash('same-tophash', 'javascript')!;
  const numbers = Array.from({ length: 200 }, (_, index) => index);
  expect(new Set(numbers.map((key) => low(key, 1, 0) & 0xff_ffff))).toEqual(new Set([0, 1, 2]));
  expect(new Set(numbers.map((key) => same(key, 1, 0) >>> 24))).toEqual(new Set([3, 8]));
});

test('ordinals: numbers, strings and objects of one number share theirs', () => {
  expect([12, 12.5, 'k12', 12n, decoder.decode({ object: 12 })].map(ordinalOf)).toEqual([
    12, 12, 12, 12, 12,
  ]);
});
