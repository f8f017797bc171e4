import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exploreShard, type ShardResult } from '../core/explore/shard.ts';
import { fibBench } from '../core/selftest/programs-parametric.ts';
import { PartsJournal, type DoneParts } from './explore-parts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-parts-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const shard = { index: 1, count: 2 };
const own = { shard, codeHash: 'a'.repeat(64) };
const file = (): string => join(folder, 'explore-1-of-2.parts.ndjson');
const lesson = [[0, 1]];

/** A shard that leaves its journal behind, as one that was ended does. */
function explored(): ShardResult {
  const journal = new PartsJournal(folder, own);
  return exploreShard(
    fibBench(3),
    { hasHashes: true },
    {
      ...shard,
      partsMin: 8,
      onParts: (parts, lessons) => journal.begin(parts, lessons),
      onPart: (part) => journal.add(part),
    },
  );
}

function read(
  codeHash = own.codeHash,
  others: readonly (readonly number[])[] = [],
): DoneParts | null {
  return new PartsJournal(folder, { shard, codeHash }).read(others);
}

test('what was done is read back, up to a line that was not finished', () => {
  expect(read()).toBeNull();
  const { results } = explored();
  expect(results.length).toBeGreaterThan(2);
  expect(read()).toEqual({ lessons: [], results });
  truncateSync(file(), readFileSync(file()).length - 1);
  expect(read()?.results).toEqual(results.slice(0, -1));
  // What stood behind the last whole line is gone, so that the next one is not glued to it.
  const journal = new PartsJournal(folder, own);
  expect(journal.read([])?.results).toEqual(results.slice(0, -1));
  journal.add(results.at(-1)!);
  expect(read()?.results).toEqual(results);
  journal.remove();
  expect(existsSync(file())).toBe(false);
});

test('what was done before something was learned counts for nothing', () => {
  const { parts } = explored();
  // Another shard has learned more.
  expect(read(own.codeHash, lesson)).toBeNull();
  // This one has, later.
  const journal = new PartsJournal(folder, own);
  journal.read([]);
  journal.begin(parts, lesson);
  expect(read()).toEqual({ lessons: lesson, results: [] });
  // The same number of lessons makes the same parts.
  const stranger = new PartsJournal(folder, own);
  stranger.read(lesson);
  expect(() => stranger.begin(parts.slice(1), lesson)).toThrow('cut into other parts');
});

test('other code and damage are refused', () => {
  explored();
  expect(() => read('b'.repeat(64))).toThrow('written by other code');
  const text = readFileSync(file(), 'utf8');
  writeFileSync(file(), text.replace('"runs":', '"runs":1'));
  const place = `${file()}:2`;
  expect(() => read()).toThrow(expect.objectContaining({ code: 'E-JOURNAL-003', place }) as Error);
  writeFileSync(file(), text);
  appendFileSync(file(), '{}\n');
  expect(() => read()).toThrow('it is no line of a shard');
});
