import { describe, expect, test } from 'vitest';
import { bruteForce } from '../explore/brute-force.ts';
import { exploreExhaustively } from '../explore/optimal.ts';
import { BEYOND_THE_CORE, OPEN_RACES } from './programs-fixed.ts';
import { runSelftest } from './selftest.ts';

describe('selftest', () => {
  const rows = runSelftest({ classesMax: 20_000, visitsMax: 2_500 });

  test('holds every row within the budget', () => {
    expect(rows.length).toBeGreaterThan(90);
    expect(rows.filter((row) => !row.isAsExpected)).toEqual([]);
  });

  test('has the second engine agree on most rows, class by class', () => {
    expect(rows.filter((row) => row.hashesAgree === true).length).toBeGreaterThan(65);
    expect(rows.filter((row) => row.hashesAgree === false)).toEqual([]);
  });

  test('wastes no execution', () => {
    expect(rows.map((row) => row.redundant).every((count) => count === 0)).toBe(true);
  });

  test.each([BEYOND_THE_CORE, OPEN_RACES])('finds all classes of $name', (program) => {
    const found = exploreExhaustively(program, { hasHashes: true });
    const oracle = bruteForce(program, { prunesPrefixes: true, prefixesMax: 10_000 });
    expect(oracle.isExhaustive).toBe(true);
    expect(found.hashSum).toBe(oracle.hashSum);
  });
});
