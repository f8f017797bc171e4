import { describe, expect, test } from 'vitest';
import type { RangeClause } from './range-contract.ts';
import { SyncMapSpec } from './spec.ts';

function specOf(
  contents: Readonly<Record<string, number>>,
  hasFloatKeys = false,
): SyncMapSpec<number> {
  const spec = new SyncMapSpec<number>(hasFloatKeys);
  for (const [key, value] of Object.entries(contents)) spec.store(key, value);
  return spec;
}

test('each operation does what its doc comment says', () => {
  const spec = specOf({ a: 1 });
  expect(spec.load('a')).toEqual({ value: 1, ok: true });
  expect(spec.load('b')).toEqual({ value: undefined, ok: false });
  expect(spec.loadOrStore('a', 2)).toEqual({ actual: 1, loaded: true });
  expect(spec.loadOrStore('b', 2)).toEqual({ actual: 2, loaded: false });
  expect(spec.swap('a', 3)).toEqual({ previous: 1, loaded: true });
  expect(spec.swap('c', 3)).toEqual({ previous: undefined, loaded: false });
  expect(spec.compareAndSwap('a', 1, 4)).toBe(false);
  expect(spec.compareAndSwap('a', 3, 4)).toBe(true);
  expect(spec.compareAndSwap('x', 3, 4)).toBe(false);
  expect(spec.compareAndDelete('a', 3)).toBe(false);
  expect(spec.compareAndDelete('a', 4)).toBe(true);
  expect(spec.loadAndDelete('b')).toEqual({ value: 2, loaded: true });
  expect(spec.loadAndDelete('b')).toEqual({ value: undefined, loaded: false });
  spec.delete('c');
  expect([...spec.contents]).toEqual([]);
  spec.store('d', 1);
  spec.clear();
  expect(spec.load('d').ok).toBe(false);
});

test('with float keys each stored NaN is a key of its own', () => {
  const spec = specOf({}, true);
  spec.store(Number.NaN, 1);
  expect(spec.loadOrStore(Number.NaN, 2)).toEqual({ actual: 2, loaded: false });
  expect(spec.load(Number.NaN).ok).toBe(false);
  expect([...spec.contents.values()]).toEqual([1, 2]);
  const native = specOf({});
  native.store(Number.NaN, 1);
  expect(native.load(Number.NaN).value).toBe(1);
});

describe('the contract of Range', () => {
  type Event =
    | [kind: 'report', key: unknown, value: number]
    | [kind: 'store', key: unknown, value: number]
    | [kind: 'delete', key: unknown];

  /** The clauses that a course of events breaks, and the keys that are missing at the end. */
  function breaches(
    spec: SyncMapSpec<number>,
    events: readonly Event[],
  ): [RangeClause[], unknown[]] {
    const session = spec.openRange();
    const broken: RangeClause[] = [];
    for (const [kind, key, value] of events) {
      if (kind === 'store') spec.store(key, value);
      else if (kind === 'delete') spec.delete(key);
      else {
        const clause = session.report(key, value);
        if (clause !== null) broken.push(clause);
      }
    }
    spec.closeRange(session);
    return [broken, session.missing()];
  }

  const rows: [what: string, events: Event[], broken: RangeClause[], missing: unknown[]][] = [
    [
      'all keys once',
      [
        ['report', 'b', 2],
        ['report', 'a', 1],
      ],
      [],
      [],
    ],
    [
      '(a) a key twice',
      [
        ['report', 'a', 1],
        ['report', 'a', 1],
        ['report', 'b', 2],
      ],
      ['once'],
      [],
    ],
    ['(b) a key left out', [['report', 'a', 1]], [], ['b']],
    [
      '(b) a key deleted meanwhile may be left out',
      [
        ['delete', 'b'],
        ['report', 'a', 1],
      ],
      [],
      [],
    ],
    [
      '(c) a value from before',
      [
        ['store', 'a', 5],
        ['report', 'a', 1],
        ['report', 'b', 2],
      ],
      [],
      [],
    ],
    [
      '(c) a value never held',
      [
        ['report', 'a', 9],
        ['report', 'b', 2],
      ],
      ['held'],
      [],
    ],
    ['(d) a key never there', [['report', 'x', 1]], ['absent'], ['a', 'b']],
    [
      '(e) a later write to b, not the earlier one to a',
      [
        ['report', 'a', 1],
        ['store', 'a', 5],
        ['store', 'b', 6],
        ['report', 'b', 6],
      ],
      [],
      [],
    ],
    [
      '(f) a key stored for the first time',
      [
        ['store', 'x', 9],
        ['report', 'x', 9],
        ['delete', 'a'],
        ['delete', 'b'],
      ],
      ['snapshot'],
      [],
    ],
    [
      '(g) deleted and stored again, reported',
      [
        ['delete', 'a'],
        ['store', 'a', 7],
        ['report', 'a', 7],
        ['report', 'b', 2],
      ],
      [],
      [],
    ],
    [
      '(g) deleted and stored again, not reported',
      [
        ['delete', 'a'],
        ['store', 'a', 7],
        ['report', 'b', 2],
      ],
      [],
      [],
    ],
  ];
  test.each(rows)('%s', (_, events, broken, missing) => {
    expect(breaches(specOf({ a: 1, b: 2 }), events)).toEqual([broken, missing]);
  });

  test('a key that was there long ago may be reported when it comes back', () => {
    const spec = specOf({ a: 1 });
    spec.delete('a');
    expect(
      breaches(spec, [
        ['store', 'a', 2],
        ['report', 'a', 2],
      ]),
    ).toEqual([[], []]);
  });

  test('each NaN is one key', () => {
    const nan = Number.NaN;
    const make = (): SyncMapSpec<number> => {
      const spec = specOf({}, true);
      spec.store(nan, 1);
      spec.store(nan, 1);
      return spec;
    };
    const twice: Event[] = [
      ['report', nan, 1],
      ['report', nan, 1],
    ];
    expect(breaches(make(), twice)).toEqual([[], []]);
    expect(breaches(make(), [...twice, ['report', nan, 1]])[0]).toEqual(['once']);
    expect(breaches(make(), [...twice, ['report', nan, 3]])[0]).toEqual(['absent']);
    expect(breaches(make(), [['report', nan, 1]])[1]).toHaveLength(1);
    expect(breaches(make(), [...twice, ['store', nan, 2], ['report', nan, 2]])[0]).toEqual([
      'snapshot',
    ]);
  });
});
