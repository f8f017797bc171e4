import { describe, expect, test } from 'vitest';
import { DEFAULT_CONTRACTS, type Contracts } from './contracts.ts';
import { judge } from './judge.ts';
import { isLegal, realTime } from './testing/brute-force.ts';
import { makeHistory } from './testing/make-history.ts';
import { drawsFrom, randomHistory } from './testing/random-history.ts';

const cases: readonly (readonly [string, Partial<Contracts>])[] = [
  ['range is a snapshot', { range: 'snapshot' }],
  ['range promises nothing', { range: 'ignored' }],
  ['clear goes key by key', { clear: 'each-key' }],
  ['len promises nothing', { len: 'ignored' }],
];

describe('contracts against their definitions', () => {
  test.each(cases)('%s', (_, change) => {
    const contracts: Contracts = { ...DEFAULT_CONTRACTS, ...change };
    let yes = 0;
    for (let index = 0; index < 1_200; index++) {
      const history = randomHistory(drawsFrom(index * 23 + 3), {
        operations: 3 + (index % 5),
        processes: 3,
        keys: 2,
        values: 'unique',
        ops: ['load', 'store', 'delete', 'range', 'clear', 'len', 'swap'],
        pendingOneIn: index % 4 === 0 ? 6 : 0,
        falsified: 1 + (index % 3),
      });
      const isYes = isLegal(history, realTime, contracts);
      yes += Number(isYes);
      const { verdict } = judge(history, { contracts });
      expect(verdict, `history ${index}`).toBe(isYes ? 'linearizable' : 'not-linearizable');
    }
    expect(yes).toBeGreaterThan(100);
  });

  test('an ignored load may see anything', () => {
    const history = makeHistory([{ op: 'load', key: 0, result: 7, call: 0, ret: 1 }]);
    expect(judge(history).verdict).toBe('not-linearizable');
    const contracts: Contracts = { ...DEFAULT_CONTRACTS, ignored: ['load'] };
    expect(judge(history, { contracts }).verdict).toBe('linearizable');
  });
});

test('what each contract changes', () => {
  const seen = { keys: Int32Array.of(0, 1), values: Int32Array.of(2, 4), isComplete: true };
  const ranged = makeHistory([
    { op: 'store', key: 0, argument: 2, call: 0, ret: 1 },
    { op: 'store', key: 0, argument: 3, call: 3, ret: 4 },
    { op: 'store', key: 1, argument: 4, call: 5, ret: 6 },
    { op: 'range', process: 1, range: seen, call: 2, ret: 7 },
  ]);
  const cleared = makeHistory([
    { op: 'store', key: 0, argument: 3, call: 0, ret: 1 },
    { op: 'clear', process: 1, call: 2, ret: 7 },
    { op: 'load', key: 0, result: 0, call: 3, ret: 4 },
    { op: 'store', key: 1, argument: 4, call: 5, ret: 6 },
    { op: 'load', key: 1, result: 0, call: 8, ret: 9 },
  ]);
  const verdicts = (change: Partial<Contracts>): string[] => {
    const contracts = { ...DEFAULT_CONTRACTS, ...change };
    return [ranged, cleared].map((history) => judge(history, { contracts }).verdict);
  };
  expect(verdicts({})).toEqual(['linearizable', 'not-linearizable']);
  expect(verdicts({ range: 'snapshot' })).toEqual(['not-linearizable', 'not-linearizable']);
  expect(verdicts({ clear: 'each-key' })).toEqual(['linearizable', 'linearizable']);
});

describe('the clauses of range', () => {
  const range = (entries: readonly (readonly [number, number])[], isComplete: boolean) => ({
    keys: Int32Array.from(entries, ([key]) => key),
    values: Int32Array.from(entries, ([, value]) => value),
    isComplete,
  });
  const verdictOf = (entries: readonly (readonly [number, number])[], isComplete = true): string =>
    judge(
      makeHistory(
        [
          { op: 'store', key: 0, argument: 2, call: 0, ret: 1 },
          { op: 'store', key: 0, process: 1, argument: 3, call: 3, ret: 4 },
          { op: 'store', key: 1, process: 1, argument: 4, call: 5, ret: 6 },
          { op: 'range', process: 2, range: range(entries, isComplete), call: 2, ret: 7 },
        ],
        { keyCount: 3 },
      ),
    ).verdict;

  test('each entry was there at some moment of the call', () => {
    expect(verdictOf([[0, 2]])).toBe('linearizable');
    expect(
      verdictOf([
        [0, 3],
        [1, 4],
      ]),
    ).toBe('linearizable');
    expect(
      verdictOf([
        [0, 2],
        [1, 4],
      ]),
    ).toBe('linearizable');
    expect(verdictOf([[0, 9]])).toBe('not-linearizable');
  });

  test('a key is visited once', () => {
    expect(
      verdictOf([
        [0, 2],
        [0, 3],
      ]),
    ).toBe('not-linearizable');
  });

  test('a complete range missed only what was absent at some moment', () => {
    expect(verdictOf([])).toBe('not-linearizable');
    expect(verdictOf([], false)).toBe('linearizable');
  });
});
