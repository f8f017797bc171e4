import { describe, expect, test } from 'vitest';
import { bruteForce } from '../explore/brute-force.ts';
import { exploreExhaustively } from '../explore/optimal.ts';
import { BEYOND_THE_CORE, OPEN_RACES } from './programs-fixed.ts';
import { runSelftest, SELFTEST_ROWS } from './selftest.ts';

describe('selftest', () => {
  const rows = [...runSelftest({ classesMax: 20_000, visitsMax: 2_500 })];

  test('holds every row within the budget, and names the others', () => {
    expect(rows).toHaveLength(SELFTEST_ROWS);
    expect(rows.filter((row) => row.verdict === 'fails')).toEqual([]);
    const left = rows.filter((row) => row.verdict === 'inconclusive');
    expect(left.every((row) => row.reason !== '')).toBe(true);
    expect(left.filter((row) => row.optimal === null).map((row) => row.program)).toEqual([
      'casw(5)',
      'lastzero(15)',
      'fib_bench(5)',
    ]);
  });

  test('has a second engine agree on most rows, class by class', () => {
    const compared = rows.filter((row) => row.second !== null);
    expect(compared.length).toBeGreaterThan(80);
    expect(compared.filter((row) => row.secondEngine === 'brute force')).toHaveLength(8);
    expect(compared.filter((row) => row.second!.readsFrom !== null).length).toBeGreaterThan(50);
  });

  test('wastes no execution', () => {
    expect(rows.map((row) => row.redundant).every((count) => count === 0)).toBe(true);
  });

  test('stops when time is over, and says which rows that leaves out', () => {
    let asked = 0;
    const cut = [...runSelftest({ classesMax: 20, visitsMax: 200, isOver: () => ++asked > 100 })];
    expect(cut).toHaveLength(SELFTEST_ROWS);
    expect(cut.filter((row) => row.reason === 'no time was left').length).toBeGreaterThan(0);
    expect(cut.some((row) => row.verdict === 'fails')).toBe(false);
  });

  test.each([BEYOND_THE_CORE, OPEN_RACES])('finds all classes of $name', (program) => {
    const found = exploreExhaustively(program, { hasHashes: true });
    const oracle = bruteForce(program, { prunesPrefixes: true, prefixesMax: 10_000 });
    expect(oracle.isExhaustive).toBe(true);
    expect(found.hashSum).toBe(oracle.hashSum);
  });
});
