import { describe, expect, test } from 'vitest';
import { bruteForce } from '../explore/brute-force.ts';
import { exploreExhaustively } from '../explore/optimal.ts';
import { WIDE_AWAY_FROM_CORE } from './programs-fixed.ts';
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

  test('finds what a reversal of the core alone loses', () => {
    const found = exploreExhaustively(WIDE_AWAY_FROM_CORE, { hasHashes: true });
    const oracle = bruteForce(WIDE_AWAY_FROM_CORE, { prunesPrefixes: false, prefixesMax: 10_000 });
    expect(found.complete).toBe(oracle.complete);
    expect(found.hashSum).toBe(oracle.hashSum);
  });
});
