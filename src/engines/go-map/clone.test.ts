import { describe, expect, test } from 'vitest';
import { createRandom } from './hash.ts';
import { GoMap, type MapView, type ProfileName } from './index.ts';

const sorted = (map: GoMap<unknown, unknown>): string =>
  [...map]
    .map(([key, value]) => `${String(key)}=${String(value)}`)
    .toSorted()
    .join();

describe('a clone', () => {
  test('has the entries and the seed, and a life of its own', () => {
    const map = new GoMap<unknown, unknown>({ seed: 9 });
    for (let key = 0; key < 60; key++) map.set(key % 2 === 0 ? key : `k${key}`, key);
    const copy = map.clone();
    expect(copy.inspect().hash0).toBe(map.inspect().hash0);
    expect(sorted(copy)).toBe(sorted(map));
    for (const [key, value] of map) expect(copy.get(key)).toBe(value);
    copy.set('new', 1).delete(0);
    expect(map.has('new')).toBe(false);
    expect(map.has(0)).toBe(true);
  });

  test('finds objects under the same identity numbers', () => {
    const key = {};
    expect(
      GoMap.from([[key, 1]])
        .clone()
        .get(key),
    ).toBe(1);
  });

  test('has fewer buckets after many deletes, and clean flags', () => {
    const map = new GoMap<number, number>();
    for (let key = 0; key < 500; key++) map.set(key, key);
    for (let key = 20; key < 500; key++) map.delete(key);
    expect(map.inspect().B).toBe(7);
    map.keys().next();
    const view = map.clone().inspect();
    expect([view.B, view.count, view.flags, view.nevacuate]).toEqual([2, 20, 0, 0]);
    expect(view.oldBuckets).toBeNull();
  });

  test('of a map of one bucket keeps cells where they are, holes included', () => {
    const map = GoMap.from([1, 2, 3, 4].map((key) => [key, key] as const));
    map.delete(2);
    const buckets = map.clone().inspect().buckets!;
    expect([0, 1, 2, 3].map((cell) => buckets.key(0, cell))).toEqual([1, undefined, 3, 4]);
    expect([0, 1, 2, 3, 4].map((cell) => buckets.tophash(0, cell) > 1)).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
    expect(buckets.tophash(0, 1)).toBe(1);
  });

  test('is not told to the observer of the original', () => {
    const events: string[] = [];
    const map = new GoMap<number, number>({
      observer: { growthStarted: (kind) => events.push(kind) },
    });
    map.set(1, 1);
    const copy = map.clone();
    for (let key = 0; key < 100; key++) copy.set(key, key);
    expect(events).toEqual([]);
  });

  test.each(['go1.19', 'go1.21', 'go1.23', 'corrected'] as ProfileName[])(
    'is right at every state of a map that lives: %s',
    (profile) => {
      const random = createRandom(11);
      const map = new GoMap<number, number>({
        profile,
        keys: 'float64',
        hash: (key, seed, draw) =>
          Number.isNaN(key) ? draw : Math.imul(key ^ seed, 0x9e3779b1) & 0xff00003f,
      });
      for (let operation = 0; operation < 1200; operation++) {
        const key = random() % 150;
        if (random() % 100 < (operation % 400 < 250 ? 80 : 20)) map.set(key, operation);
        else map.delete(key);
        if (random() % 50 === 0) map.set(Number.NaN, operation);
        const copy = map.clone();
        expect(copy.size).toBe(map.size);
        expect(copy.get(key)).toBe(map.get(key));
        if (operation % 10 === 0) expect(sorted(copy)).toBe(sorted(map));
      }
    },
  );

  test('of one bucket has its holes, and no hole where nothing live follows', () => {
    const map = new GoMap<number, number>();
    for (let key = 0; key < 6; key++) map.set(key, key);
    for (const key of [1, 4, 5]) map.delete(key);
    const tophashes = (view: MapView): number[] =>
      [0, 1, 2, 3, 4, 5].map((cell) => view.buckets!.tophash(0, cell));
    const copied = tophashes(map.clone().inspect());
    expect(copied).toEqual(tophashes(map.inspect()));
    expect(copied.map((tophash) => Math.min(tophash, 5))).toEqual([5, 1, 5, 5, 0, 0]);
  });

  test('of an overloaded map has as many buckets as the map', () => {
    // One bucket after the other is filled to overflowing and relieved again, until there are too
    // many overflow buckets.
    // During the growth of the same size that follows the load is not looked at.
    const map = new GoMap<number, number>({ hash: (key) => ((key & 0xff) << 24) | (key >> 8) });
    const keyIn = (bucket: number, index: number): number => (bucket << 8) | index;
    const isGrowing = (): boolean => map.inspect().oldBuckets !== null;
    for (let key = 0; key < 190; key++) map.set(keyIn(key % 32, 100 + (key >> 5)), key);
    for (let bucket = 0; !isGrowing(); bucket = (bucket + 1) % 32) {
      for (let index = 0; index < 9; index++) map.set(keyIn(bucket, index), 1);
      for (let index = 0; index < 9 && !isGrowing(); index++) map.delete(keyIn(bucket, index));
    }
    for (let key = 0; map.size < 212; key++) map.set(keyIn(key, 50), key);
    expect(isGrowing()).toBe(true);
    expect(map.inspect().B).toBe(5);
    expect(map.clone().inspect().B).toBe(5);
    const copy = map.clone();
    expect(sorted(copy)).toBe(sorted(map));
    for (const [key, value] of map) expect(copy.get(key)).toBe(value);
  });
});

describe('clear', () => {
  test('keeps the array, draws a new seed, counts itself; on an empty map does nothing', () => {
    const map = new GoMap<number, number>();
    for (let key = 0; key < 100; key++) map.set(key, key);
    const { hash0, B } = map.inspect();
    map.clear();
    const view = map.inspect();
    expect([view.count, view.B, view.noverflow, view.nevacuate, view.clearSequence]).toEqual([
      0,
      B,
      0,
      0,
      1,
    ]);
    expect(view.hash0).not.toBe(hash0);
    const second = view.hash0;
    map.clear();
    expect([view.hash0, view.clearSequence]).toEqual([second, 1]);
  });

  test('a delete that empties the map draws a new seed', () => {
    const map = new GoMap<number, number>();
    const before = map.inspect().hash0;
    map.set(1, 1).delete(1);
    expect(map.inspect().hash0).not.toBe(before);
  });
});
