/**
 * Iterators that outlive a growth, in the situations where Go errs: each is played on `go1.23`, where the defect must
 * show, and on `corrected`, where it must not.
 */
import { describe, expect, test } from 'vitest';
import { GoMap, type ProfileName } from './index.ts';

const BUCKETS = 4;
const FIRST_SPARE = 100;

/** A key of bucket `bucket` while the low bits of the seed are 0. */
const keyIn = (bucket: number, index: number): number => bucket + BUCKETS * index;

/** A map of four buckets; the low bits of the seed move every key by as many buckets. */
function newMap(profile: ProfileName, draws: number[]): GoMap<number, string> {
  return new GoMap<number, string>({
    profile,
    hint: 20,
    wipe: true,
    random: () => draws.shift() ?? 0,
    hash: (key, seed) => ((key + seed) & (BUCKETS - 1)) | (((key >> 2) & 0xff) << 24),
  });
}

const isGrowing = (map: GoMap<number, string>): boolean => map.inspect().oldBuckets !== null;

/**
 * Fills each bucket until it overflows and relieves it again: the next insertion starts a growth of the same size. That
 * insertion is done in bucket `at`, and taken back.
 */
function startSameSizeGrowth(map: GoMap<number, string>, at: number): void {
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    let index = FIRST_SPARE;
    while (map.inspect().noverflow <= bucket) map.set(keyIn(bucket, index++), 'spare');
    while (index > FIRST_SPARE) map.delete(keyIn(bucket, --index));
  }
  map.set(keyIn(at, FIRST_SPARE), 'trigger').delete(keyIn(at, FIRST_SPARE));
  expect(map.inspect().B).toBe(2);
}

function finishGrowth(map: GoMap<number, string>): void {
  for (let write = 0; isGrowing(map); write++) map.delete(-1 - write);
}

describe('an iterator from before two growths of the same size', () => {
  /** The second growth forgets the iterator, and wipes the bucket that it stands in. */
  function play(profile: ProfileName): string[] {
    const map = newMap(profile, []);
    map.set(keyIn(0, 0), 'start');
    for (const index of [1, 2, 3]) map.set(keyIn(3, index), `entry ${index}`);
    const iterator = map.entries();
    const seen = [iterator.next().value![1]];
    startSameSizeGrowth(map, 1);
    finishGrowth(map);
    startSameSizeGrowth(map, 1);
    expect(isGrowing(map)).toBe(true);
    seen.push(iterator.next().value![1]);
    map.set(keyIn(3, 1), 'entry 1');
    for (const [, value] of iterator) seen.push(value);
    return seen;
  }

  test('gives every entry: corrected', () => {
    expect(play('corrected')).toEqual(['start', 'entry 1', 'entry 2', 'entry 3']);
  });

  test('misses entries: go1.23', () => {
    expect(play('go1.23')).toEqual(['start', 'entry 1']);
  });
});

describe('an iterator from before the map was emptied', () => {
  /** The new seed moves a key to a bucket number that the iterator has still to visit. */
  function play(profile: ProfileName): string[] {
    const seeds = { made: 0, iterator: 0, emptied: 2 };
    const map = newMap(profile, [seeds.made, seeds.iterator, seeds.emptied]);
    map.set(keyIn(0, 0), 'start');
    map.set(keyIn(1, 1), 'old');
    const iterator = map.entries();
    const seen = [iterator.next().value![1]];
    startSameSizeGrowth(map, 1);
    finishGrowth(map);
    map.delete(keyIn(0, 0));
    map.delete(keyIn(1, 1));
    map.set(keyIn(1, 1), 'new');
    startSameSizeGrowth(map, 3);
    expect(isGrowing(map)).toBe(true);
    for (const [, value] of iterator) seen.push(value);
    return seen;
  }

  test('gives no entry twice: corrected', () => {
    expect(play('corrected')).toEqual(['start']);
  });

  test('gives one entry twice: go1.23', () => {
    expect(play('go1.23')).toEqual(['start', 'new', 'new']);
  });
});
