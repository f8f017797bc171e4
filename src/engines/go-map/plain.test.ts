/**
 * The hot paths against the general ones: the same operations with the built-in hash and with that
 * same hash injected, which takes the general paths; the layouts must stay equal, byte for byte.
 */
import { expect, test } from 'vitest';
import { createRandom, hashInteger, type Hasher } from './hash.ts';
import { GoMap, type MapView, type ProfileName, type TableView } from './index.ts';

function layoutOf(table: TableView | null): string {
  if (table === null) return 'none';
  const parts: string[] = [];
  for (let main = 0; main < table.bucketCount; main++) {
    for (let bucket = main; bucket >= 0; bucket = table.overflow(bucket)) {
      for (let cell = 0; cell < 8; cell++) {
        const tophash = table.tophash(bucket, cell);
        const [key, value] = [table.key(bucket, cell), table.value(bucket, cell)];
        parts.push(`${tophash}:${String(key)}=${String(value)}`);
      }
      parts.push('>');
    }
    parts.push('|');
  }
  return parts.join(' ');
}

function stateOf(view: MapView): string {
  const { count, B, noverflow, nevacuate, flags, hash0, spareOverflow } = view;
  const scalars = [count, B, noverflow, nevacuate, flags, hash0, spareOverflow].join();
  return `${scalars}\n${layoutOf(view.buckets)}\n${layoutOf(view.oldBuckets)}`;
}

/** How many operations of one kind follow each other, and how often the kind changes. */
const PHASES = 12;
const OPERATIONS_PER_PHASE = 90;

/** Keys that share two buckets of eight under the seed of a new map, for long chains. */
function clusteredKeys(count: number): number[] {
  const seed = new GoMap<number, number>({ seed: 3 }).inspect().hash0;
  const keys: number[] = [];
  for (let key = -1000; keys.length < count; key++) {
    if ((hashInteger(key, seed) & 0b110) === 0b010) keys.push(key);
  }
  return keys;
}

function rangeOfKeys(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index - (count >> 1));
}

test.each([
  ['go1.19', 'in a range', rangeOfKeys(40)],
  ['go1.21', 'in a range', rangeOfKeys(200)],
  ['go1.23', 'in a range', rangeOfKeys(500)],
  ['corrected', 'in a range', rangeOfKeys(120)],
  ['go1.23', 'in two buckets', clusteredKeys(40)],
  ['corrected', 'in two buckets', clusteredKeys(120)],
] as [ProfileName, string, number[]][])(
  'hot and general paths agree: %s, keys %s',
  (profile, _, keys) => {
    const random = createRandom(keys.length);
    const hash: Hasher<number> = (key, seed) => hashInteger(key, seed);
    const plain = new GoMap<number, number>({ profile, seed: 3 });
    const general = new GoMap<number, number>({ profile, seed: 3, hash, wipe: false });
    const both = [plain, general];
    for (let phase = 0; phase < PHASES; phase++) {
      const setShare = [90, 60, 40, 10][random() % 4]!;
      for (let operation = 0; operation < OPERATIONS_PER_PHASE; operation++) {
        const key = keys[random() % keys.length]!;
        const value = random() / 7;
        const kind = random() % 100;
        let results: unknown[];
        if (kind < setShare) results = both.map((map) => map.set(key, value).size);
        else if (kind < 97) results = both.map((map) => map.delete(key));
        else if (kind < 99) results = both.map((map) => map.entries().next().value?.join());
        else results = both.map((map) => (phase === PHASES - 1 ? map.clear() : map.get(key)));
        expect(results[0]).toBe(results[1]);
        expect(plain.get(key)).toBe(general.get(key));
        expect(plain.has(key)).toBe(general.has(key));
        expect(stateOf(plain.inspect())).toBe(stateOf(general.inspect()));
      }
    }
  },
);

/** A map on the hot paths and one on the general ones. */
function bothWays(): GoMap<number, number>[] {
  const hash: Hasher<number> = (key, seed) => hashInteger(key, seed);
  return [
    new GoMap<number, number>({ seed: 3 }),
    new GoMap<number, number>({ seed: 3, hash, wipe: false }),
  ];
}

test('a share of a growth is done once, also where the bucket is full', () => {
  const [plain, general] = bothWays();
  for (const key of clusteredKeys(400)) {
    expect(stateOf(plain!.set(key, key).inspect())).toBe(stateOf(general!.set(key, key).inspect()));
  }
});

test('a hole before the last live cell stays a hole while overflow buckets follow', () => {
  const maps = bothWays();
  const seed = maps[0]!.inspect().hash0;
  const keys = rangeOfKeys(200).filter((key) => (hashInteger(key, seed) & 1) === 0);
  const [plain, general] = maps.map((map) => {
    for (const key of keys.slice(0, 12)) map.set(key, key);
    const buckets = map.inspect().buckets!;
    const inBucket = [0, 1, 2, 3, 4, 5, 6, 7].map((cell) => buckets.key(0, cell) as number);
    for (const cell of [4, 5, 6, 7, 3, 0]) expect(map.delete(inBucket[cell]!)).toBe(true);
    return map;
  });
  expect(plain!.inspect().buckets!.tophash(0, 3)).toBe(1);
  expect(stateOf(plain!.inspect())).toBe(stateOf(general!.inspect()));
});
