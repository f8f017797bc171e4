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

/** How many operations of one kind follow each other, and how large the range of keys is. */
const PHASES = 12;
const OPERATIONS_PER_PHASE = 90;

test.each([
  ['go1.19', 40],
  ['go1.21', 200],
  ['go1.23', 500],
  ['corrected', 120],
] as [ProfileName, number][])('hot and general paths agree: %s, %d keys', (profile, range) => {
  const random = createRandom(range);
  const hash: Hasher<number> = (key, seed) => hashInteger(key, seed);
  const plain = new GoMap<number, number>({ profile, seed: 3 });
  const general = new GoMap<number, number>({ profile, seed: 3, hash, wipe: false });
  const both = [plain, general];
  for (let phase = 0; phase < PHASES; phase++) {
    const setShare = [90, 60, 40, 10][random() % 4]!;
    for (let operation = 0; operation < OPERATIONS_PER_PHASE; operation++) {
      const key = (random() % range) - (range >> 1);
      const value = random() / 7;
      const kind = random() % 100;
      let results: unknown[];
      if (kind < setShare) results = both.map((map) => map.set(key, value).size);
      else if (kind < 97) results = both.map((map) => map.delete(key));
      else if (kind < 99) results = both.map((map) => map.entries().next().value?.join());
      else results = both.map((map) => (phase % 4 === 3 ? map.clear() : map.get(key)));
      expect(results[0]).toBe(results[1]);
      expect(plain.get(key)).toBe(general.get(key));
      expect(plain.has(key)).toBe(general.has(key));
      expect(stateOf(plain.inspect())).toBe(stateOf(general.inspect()));
    }
  }
});
