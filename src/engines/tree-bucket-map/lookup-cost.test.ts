import { expect, test } from 'vitest';
import { JAVA8, TreeBucketMap } from './index.ts';

/** Comparisons of the dearest lookup among `keys` when all of `count` integer keys have one hash. */
function dearestLookup(count: number, treeifyThreshold: number, keys: readonly number[]): number {
  let compared = 0;
  const map = new TreeBucketMap<number, number>({
    hash: () => 0,
    profile: { ...JAVA8, treeifyThreshold },
    observer: { compared: () => compared++ },
  });
  for (let key = 0; key < count; key++) map.set(key, key);
  let dearest = 0;
  for (const key of keys) {
    compared = 0;
    map.get(key);
    dearest = Math.max(dearest, compared);
  }
  return dearest;
}

const everyKey = (count: number): number[] => Array.from({ length: count + 1 }, (_, key) => key);

// The height of an AVL tree of n entries is below 1.4405 log2(n + 2) - 0.3277 (Knuth, volume 3, 6.2.3).
test.each([
  [100, 9],
  [1_000, 14],
  [10_000, 18],
  [100_000, 23],
])('of %i colliding keys each is found with at most %i comparisons', (count, most) => {
  expect(Math.floor(1.4405 * Math.log2(count + 2) - 0.3277)).toBe(most);
  // Keys that came in ascending, the worst case for a tree that does not balance itself.
  expect(dearestLookup(count, 8, everyKey(count))).toBeLessThanOrEqual(most);
});

test.each([100, 1_000])('a chain of %i colliding keys needs as many comparisons', (count) => {
  expect(dearestLookup(count, Infinity, everyKey(count))).toBe(count);
});
