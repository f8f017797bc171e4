import { describe, expect, test } from 'vitest';
import { compareMapResults } from './map-results.ts';
import { compareSyncResults } from './sync-results.ts';

/** The mismatches of a map trace, in short. */
function mapMismatches(key: string, ...records: object[]): string[] {
  const lines = [{ kind: 'map-results', key, ops: records.length }, ...records];
  const texts = lines.map((line) => JSON.stringify(line));
  return compareMapResults(texts, 'trace', 'go1.23').mismatches.map(
    ({ line, field, expected, actual }) => `${line} ${field}: ${expected} / ${actual}`,
  );
}

function syncMismatches(...records: object[]): string[] {
  const lines = [{ kind: 'sync-results', stats: { ops: records.length } }, ...records];
  const texts = lines.map((line) => JSON.stringify(line));
  return compareSyncResults(texts, 'trace').mismatches.map(
    ({ line, field, expected, actual }) => `${line} ${field}: ${expected} / ${actual}`,
  );
}

const make = { op: 'make', hint: 0, n: 0 };
const set = (k: string, v: number, n: number): object => ({ op: 'set', k, v, n });
const filled = [make, set('a', 1, 1), set('b', 2, 2)];

describe('results of a map', () => {
  test('right results and iterations differ in nothing', () => {
    const records = [
      ...filled,
      { op: 'iter', it: 0, k: 'b', v: 2, n: 2 },
      set('c', 3, 3),
      { op: 'delete', k: 'a', n: 2 },
      { op: 'next', it: 0, k: 'c', v: 3, n: 2 },
      set('a', 4, 3),
      { op: 'next', it: 0, end: true, n: 3 },
      { op: 'get', k: 'a', r: 4, n: 3 },
      { op: 'has', k: 'x', r: false, n: 3 },
      { op: 'range', ks: ['c', 'a', 'b'], vs: [3, 4, 2], n: 3 },
      { op: 'clone', n: 3 },
      { op: 'clear', n: 0 },
    ];
    expect(mapMismatches('string', ...records)).toEqual([]);
  });

  test('NaN keys are entries of their own', () => {
    const nan = [make, set('NaN', 1, 1), set('NaN', 2, 2), set('-0', 3, 3), set('0', 4, 3)];
    const range = (ks: string[], vs: number[]): object => ({ op: 'range', ks, vs, n: 3 });
    expect(mapMismatches('float64', ...nan, range(['NaN', '0', 'NaN'], [2, 4, 1]))).toEqual([]);
    // The sign of the zero must be that of the last set.
    expect(mapMismatches('float64', ...nan, range(['NaN', '-0', 'NaN'], [2, 4, 1]))).toHaveLength(
      1,
    );
  });

  test.each([
    ['a wrong value', [{ op: 'get', k: 'a', r: 2, n: 2 }], 'r: 1 by the specification / 2'],
    ['a lost key', [{ op: 'has', k: 'a', r: false, n: 2 }], 'r: true by the specification / false'],
    ['a wrong length', [{ op: 'delete', k: 'a', n: 2 }], 'n: 1 by the specification / 2'],
    ['a missing entry', [{ op: 'range', ks: ['a'], vs: [1], n: 2 }], 'clause 4'],
    ['an entry twice', [{ op: 'range', ks: ['a', 'b', 'a'], vs: [1, 2, 1], n: 2 }], 'clause 6'],
    ['an invented entry', [{ op: 'range', ks: ['a', 'b', 'x'], vs: [1, 2, 3], n: 2 }], 'was given'],
    ['an old value', [{ op: 'range', ks: ['a', 'b'], vs: [1, 1], n: 2 }], 'clause 5'],
    [
      'an entry that was deleted',
      [
        { op: 'delete', k: 'a', n: 1 },
        { op: 'range', ks: ['a', 'b'], vs: [1, 2], n: 1 },
      ],
      'clause 2',
    ],
    [
      'an entry from before a clear',
      [
        { op: 'iter', it: 1, k: 'a', v: 1, n: 2 },
        { op: 'clear', n: 0 },
        { op: 'next', it: 1, k: 'b', v: 2, n: 0 },
      ],
      'clause 7',
    ],
    [
      'an entry after the end',
      [
        { op: 'clear', n: 0 },
        { op: 'iter', it: 1, end: true, n: 0 },
        set('a', 3, 1),
        { op: 'next', it: 1, k: 'a', v: 3, n: 1 },
      ],
      'clause 8',
    ],
  ])('%s is a mismatch', (_title, records, due) => {
    const found = mapMismatches('string', ...filled, ...records);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toContain(due);
  });

  test.each([
    [
      [{ op: 'next', it: 1, end: true, n: 0 }],
      'trace:2: expected an iter of iterator 1 before its next',
    ],
    [[{ op: 'fly', n: 0 }], 'trace:2: at $.op:'],
    [[{ op: 'has', k: 'a', r: 1, n: 0 }], 'trace:2: at $.r:'],
  ])('what is no record is refused with its line', (records, due) => {
    expect(() => mapMismatches('string', ...records)).toThrow(due);
  });

  test('a trace that is cut off is refused', () => {
    const lines = [
      JSON.stringify({ kind: 'map-results', key: 'string', ops: 2 }),
      JSON.stringify(make),
    ];
    expect(() => compareMapResults(lines, 'trace', 'go1.23')).toThrow(
      'trace:2: the trace ends with 1 operations; its header says 2',
    );
  });
});

describe('results of a sync.Map', () => {
  const stored = [
    { op: 'store', k: 1, v: 10 },
    { op: 'store', k: 2, v: 20 },
  ];

  test('right results and ranges differ in nothing', () => {
    const records = [
      ...stored,
      { op: 'load', k: 1, r: 10 },
      { op: 'loadOrStore', k: 3, v: 30, r: [30, false] },
      { op: 'swap', k: 1, v: 11, r: 10 },
      { op: 'compareAndSwap', k: 1, old: 10, v: 12, r: false },
      { op: 'compareAndDelete', k: 2, old: 20, r: true },
      { op: 'loadAndDelete', k: 9, r: null },
      {
        op: 'range',
        r: [
          [3, 30],
          [1, 11],
        ],
      },
      {
        op: 'range',
        nested: [
          { op: 'delete', k: 1, at: 0 },
          { op: 'store', k: 7, v: 70, at: 0 },
        ],
        r: [
          [3, 30],
          [7, 70],
        ],
      },
      { op: 'range', stop: 1, r: [[7, 70]] },
      { op: 'clear' },
      { op: 'range', r: [] },
    ];
    expect(syncMismatches(...records)).toEqual([]);
  });

  test.each([
    ['a wrong value', { op: 'load', k: 1, r: 20 }, 'r: 10 by the specification / 20'],
    ['a wrong flag', { op: 'loadOrStore', k: 1, v: 5, r: [10, false] }, '[10,true]'],
    ['a missing pair', { op: 'range', stop: undefined, r: [[1, 10]] }, 'by the engine'],
    [
      'a missing pair among changes',
      { op: 'range', nested: [{ op: 'store', k: 1, v: 11, at: 0 }], r: [[1, 10]] },
      '(complete) / none of 2',
    ],
    [
      'a pair twice',
      {
        op: 'range',
        stop: 2,
        r: [
          [1, 10],
          [1, 10],
        ],
      },
      '(once)',
    ],
    ['a value that never was', { op: 'range', stop: 1, r: [[1, 20]] }, '(held)'],
    ['a key that never was', { op: 'range', stop: 1, r: [[3, 20]] }, '(absent)'],
  ])('%s is a mismatch', (_title, record, due) => {
    const found = syncMismatches(...stored, record);
    expect(found.length).toBeGreaterThan(0);
    expect(found[0]).toContain(due);
  });

  test('what is no record is refused with its line', () => {
    expect(() => syncMismatches({ op: 'load', k: 'x', r: null })).toThrow('trace:2: at $.k:');
  });
});
