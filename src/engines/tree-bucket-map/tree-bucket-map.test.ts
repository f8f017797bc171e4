import { describe, expect, test } from 'vitest';
import type { TreeBucketMapOptions, TreeBucketObserver } from './index.ts';
import { TREE_BUCKET_PROFILES, TreeBucketMap } from './index.ts';

/** Counts what the observer is told. */
function counter(): { counts: Record<string, number>; observer: TreeBucketObserver } {
  const counts: Record<string, number> = {};
  const count = (name: string) => () => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const observer: TreeBucketObserver = {
    doubled: (_bucketCount, cause) => count(cause)(),
    treeified: count('treeified'),
    untreeified: count('untreeified'),
    treeSplit: count('treeSplit'),
    compared: count('compared'),
    cleared: count('cleared'),
  };
  return { counts, observer };
}

function filled(
  count: number,
  options: TreeBucketMapOptions<number>,
): TreeBucketMap<number, number> {
  const map = new TreeBucketMap<number, number>(options);
  for (let key = 0; key < count; key++) map.set(key, key);
  return map;
}

/** The forms of the buckets that are not empty, by index. */
function forms(map: TreeBucketMap<number, number>): Record<number, string> {
  const view = map.inspect();
  const result: Record<number, string> = {};
  for (let index = 0; index < view.bucketCount; index++) {
    const { chain, tree } = view.bucket(index);
    if (tree !== null) result[index] = `tree of ${tree.size}`;
    let length = 0;
    for (let entry = chain; entry !== null; entry = entry.next) length++;
    if (length > 0) result[index] = `chain of ${length}`;
  }
  return result;
}

const collide = (): number => 0;

describe('the form of a bucket', () => {
  test('the ninth entry of a chain makes it a tree', () => {
    expect(forms(filled(8, { hash: collide, hint: 48 }))).toEqual({ 0: 'chain of 8' });
    expect(forms(filled(9, { hash: collide, hint: 48 }))).toEqual({ 0: 'tree of 9' });
  });

  test('with fewer than 64 buckets java8 doubles the map instead', () => {
    const { counts, observer } = counter();
    const map = filled(10, { hash: collide, observer });
    expect(map.inspect().bucketCount).toBe(64);
    expect(forms(map)).toEqual({ 0: 'chain of 10' });
    expect(counts['long-chain']).toBe(2);
    map.set(10, 10);
    expect(forms(map)).toEqual({ 0: 'tree of 11' });
  });

  test('the description has no least number of buckets', () => {
    expect(forms(filled(9, { hash: collide, profile: 'description', hint: 9 }))).toEqual({
      0: 'tree of 9',
    });
  });

  test('a delete that leaves six entries makes a tree a chain', () => {
    const map = filled(9, { hash: collide, hint: 48 });
    map.delete(0);
    map.delete(4);
    expect(forms(map)).toEqual({ 0: 'tree of 7' });
    map.delete(8);
    expect(forms(map)).toEqual({ 0: 'chain of 6' });
    expect([...map.keys()]).toEqual([1, 2, 3, 5, 6, 7]);
  });

  test('a doubling parts a tree; a half of seven stays one, a half of six does not', () => {
    const { counts, observer } = counter();
    // 13 keys for bucket 0 of 64; six of them for bucket 64 of 128.
    const map = new TreeBucketMap<number, number>({ hash: (key) => key, hint: 48, observer });
    for (let key = 0; key < 13; key++) map.set(key < 7 ? key * 128 : key * 128 + 64, key);
    expect(forms(map)).toEqual({ 0: 'tree of 13' });
    for (let key = 1; map.inspect().bucketCount === 64; key++) map.set(key, key);
    expect(forms(map)[0]).toBe('tree of 7');
    expect(forms(map)[64]).toBe('chain of 6');
    expect(counts).toMatchObject({ treeSplit: 1, untreeified: 1, load: 1 });
  });
});

describe('growth', () => {
  test.each([
    ['java8', 16, 12],
    ['description', 4, 26],
  ] as const)('%s with %i buckets doubles at entry %i + 1', (profile, bucketCount, limit) => {
    // The hint asks for room for `limit` entries, which is exactly what so many buckets have.
    const map = filled(limit, { profile, hint: limit });
    expect(map.inspect().bucketCount).toBe(bucketCount);
    map.set(-1, -1);
    expect(map.inspect().bucketCount).toBe(2 * bucketCount);
  });

  test.each([-1, Number.NaN, Infinity, 1e300])('the hint %d counts as none', (hint) => {
    expect(new TreeBucketMap({ hint }).inspect().bucketCount).toBe(16);
  });
});

describe('keys', () => {
  const object = { name: 'object' };
  const symbol = Symbol('local');
  const keys = [
    NaN, 0, 1, -1, 1.5, 2 ** 31, 2 ** 32, -(2 ** 31), Infinity, 1n, 10n ** 30n, -1n, '', '1', 'NaN', '\uD800',
    true, false, null, undefined, object, {}, () => 0, symbol, Symbol.for('shared'), Symbol.iterator,
  ]; // prettier-ignore

  test.each([
    ['the own hash', undefined],
    ['a hash under which all collide', collide],
  ])('every kind of key is told apart under %s', (_title, hash) => {
    const map = new TreeBucketMap<unknown, number>(hash === undefined ? {} : { hash, hint: 48 });
    keys.forEach((key, index) => map.set(key, index));
    expect(map.size).toBe(keys.length);
    expect(keys.map((key) => map.get(key))).toEqual(keys.map((_, index) => index));
    expect(map.has({ name: 'object' })).toBe(false);
    for (const key of keys) expect(map.delete(key)).toBe(true);
    expect(map.size).toBe(0);
  });

  test('-0 is stored as 0, before it is hashed', () => {
    const map = new TreeBucketMap<number, string>({ hash: (key) => (Object.is(key, -0) ? 1 : 0) });
    map.set(-0, 'zero');
    expect([...map.keys()].map((key) => Object.is(key, 0))).toEqual([true]);
    expect(map.get(0)).toBe('zero');
    expect(map.get(-0)).toBe('zero');
  });

  test('a hash that is no integer is refused and changes nothing', () => {
    const map = new TreeBucketMap<number, number>({ hash: (key) => key / 2 });
    map.set(2, 2);
    expect(() => map.set(3, 3)).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: hash must return an integer; got number 1.5]`,
    );
    expect([...map]).toEqual([[2, 2]]);
  });

  test('the order of objects depends on their own map alone', () => {
    const shape = (): string => {
      const map = new TreeBucketMap<object, number>({ hash: collide, hint: 48 });
      for (let index = 0; index < 20; index++) map.set({}, index);
      const values: unknown[] = [];
      const walk = (node: { left: unknown; right: unknown; entry: { value: unknown } } | null) => {
        if (node === null) return;
        walk(node.left as typeof node);
        values.push(node.entry.value);
        walk(node.right as typeof node);
      };
      walk(map.inspect().bucket(0).tree!.root);
      return values.join();
    };
    expect(shape()).toBe(shape());
  });
});

describe('iteration', () => {
  test('survives doubling, treeification and a removed entry under it', () => {
    const map = filled(3, { hash: (key) => key & 1, hint: 24 });
    const keys = map.keys();
    expect([keys.next().value, keys.next().value]).toEqual([0, 1]);
    map.delete(1);
    map.delete(0);
    for (let key = 3; key < 40; key++) map.set(key, key);
    map.delete(5);
    map.set(5, 5);
    const rest = [...keys];
    expect(rest).toEqual([2, 3, 4, ...Array.from({ length: 34 }, (_, index) => index + 6), 5]);
    map.set(99, 99);
    expect(keys.next().done).toBe(true);
  });

  test('a clear ends what was there, and what comes after it is seen', () => {
    const map = filled(5, {});
    const keys = map.keys();
    keys.next();
    map.clear();
    map.set(7, 7);
    map.set(0, 0);
    expect([...keys]).toEqual([7, 0]);
  });

  test('a callback that throws leaves the map usable', () => {
    const map = filled(5, {});
    const fail = (): never => {
      throw new Error('stop');
    };
    expect(() => map.forEach(fail)).toThrow('stop');
    expect(map.size).toBe(5);
  });
});

test('a clone is equal in structure and independent', () => {
  const map = filled(40, { hash: (key) => key & 3, hint: 48 });
  map.delete(20);
  const copy = map.clone();
  expect(forms(copy)).toEqual(forms(map));
  copy.set(20, -1).delete(0);
  map.delete(1);
  expect([map.get(20), map.has(0), map.size]).toEqual([undefined, true, 38]);
  expect([copy.get(20), copy.has(1), copy.size]).toEqual([-1, true, 39]);
  expect([...copy.keys()].slice(0, 3)).toEqual([1, 2, 3]);
});

test('an unknown or impossible profile is refused', () => {
  const java = TREE_BUCKET_PROFILES.java8;
  const make = (profile: unknown) => () => new TreeBucketMap({ profile: profile as 'java8' });
  expect(make('java7')).toThrowErrorMatchingInlineSnapshot(
    `[RangeError: profile must be one of java8, description; got "java7"]`,
  );
  expect(make({ ...java, initialBucketCount: 12 })).toThrow('power of two');
  expect(make({ ...java, loadFactor: 0.4 })).toThrow('at least 0.5');
  expect(make({ ...java, untreeifyThreshold: 9 })).toThrow('from 1 to treeifyThreshold');
});

test('entries go to from, not to the constructor', () => {
  const entries: [number, string][] = [[1, 'a'], [2, 'b'], [1, 'c']]; // prettier-ignore
  expect([...TreeBucketMap.from(entries)]).toEqual([[1, 'c'], [2, 'b']]); // prettier-ignore
  expect(() => new TreeBucketMap(entries as object)).toThrow('takes options, not entries');
});
