import { describe, expect, test } from 'vitest';
import { LayoutFacts } from '../../../properties/go-map/facts.ts';
import type { MapView, TableView } from '../../../src/engines/go-map/inspection.ts';
import { makeHash } from '../hashes.ts';
import { MapSpec } from '../spec.ts';
import { LayoutScanner, tophashOf } from './layout-scan.ts';

type Cell = readonly [tophash: number, key?: unknown, value?: unknown];
type Bucket = readonly Cell[];

const hash = makeHash('linear', 'float64')!;

/** A live cell of a key as it should be. */
function live(key: unknown, value: unknown): Cell {
  return [tophashOf(hash(key, 0, 0)), key, value];
}

/** A table of chains; cells that are left out are `emptyRest`. */
function table(chains: readonly (readonly Bucket[])[], isCircle = false): TableView {
  const buckets = chains.map(([main]) => main!);
  const links: number[] = chains.map(() => -1);
  chains.forEach((chain, main) => {
    let last = main;
    for (const bucket of chain.slice(1)) {
      links[last] = buckets.length;
      last = buckets.length;
      buckets.push(bucket);
      links.push(-1);
    }
    if (isCircle) links[last] = main;
  });
  const cell = (bucket: number, index: number): Cell => buckets[bucket]![index] ?? [0];
  return {
    bucketCount: chains.length,
    overflow: (bucket) => links[bucket]!,
    tophash: (bucket, index) => cell(bucket, index)[0],
    key: (bucket, index) => cell(bucket, index)[1],
    value: (bucket, index) => cell(bucket, index)[2],
  };
}

function view(buckets: TableView, oldBuckets: TableView | null = null): MapView {
  return { buckets, oldBuckets, hash0: 0 } as MapView;
}

/** Scans a map whose specification has these entries. */
function scan(
  entries: readonly (readonly [unknown, unknown])[],
  ...tables: Parameters<typeof view>
): LayoutFacts {
  const spec = new MapSpec('float64');
  for (const [key, value] of entries) spec.set(key, value);
  const facts = new LayoutFacts();
  new LayoutScanner(spec, hash).scan(view(...tables), facts);
  return facts;
}

/** What the facts count that is no fault. */
const COUNTS: readonly string[] = [
  'entries',
  'liveCells',
  'reachable',
  'firstUnevacuated',
  'newOverflow',
  'oldOverflow',
  'faultAt',
];

/** The facts that are not as in a sound map of these entries. */
function faults(facts: LayoutFacts): Record<string, unknown> {
  const found = Object.entries(facts).filter(
    ([name, count]) => !COUNTS.includes(name) && count !== 0,
  );
  const unreachable = facts.entries - facts.reachable;
  return Object.fromEntries(unreachable === 0 ? found : [...found, ['unreachable', unreachable]]);
}

const X: Cell = [2];
const EMPTY_MARK: Cell = [4];
const HOLES: Bucket = Array.from({ length: 7 }, () => [1]);
const MARKED: Bucket = Array.from({ length: 8 }, () => EMPTY_MARK);

describe('a sound map', () => {
  test('has no faults', () => {
    const facts = scan(
      [
        [0, 'a'],
        [2, 'b'],
        [1, 'c'],
        [Number.NaN, 'n'],
      ],
      table([
        [[live(0, 'a'), [1], live(2, 'b')]],
        [[live(1, 'c'), ...HOLES], [[9, Number.NaN, 'n']]],
      ]),
    );
    expect(faults(facts)).toEqual({});
    expect(facts).toMatchObject({ liveCells: 4, reachable: 4, newOverflow: 1, faultAt: null });
  });

  test('in mid-growth keys are where their old bucket says', () => {
    const facts = scan(
      [
        [0, 'a'],
        [1, 'c'],
      ],
      table([[[live(0, 'a')]], [[]], [[]], [[]]]),
      table([[[X, ...MARKED.slice(1)]], [[live(1, 'c')]]]),
    );
    expect(faults(facts)).toEqual({});
    expect(facts).toMatchObject({ reachable: 2, firstUnevacuated: 1 });
  });
});

describe('faults', () => {
  const one = [[1, 'c']] as const;

  test.each([
    ['a key in another bucket', table([[[live(1, 'c')]], [[]]]), { unreachable: 1 }],
    ['a wrong tophash', table([[[]], [[[99, 1, 'c']]]]), { unreachable: 1, wrongTophashCells: 1 }],
    ['another value', table([[[]], [[live(1, 'x')]]]), { wrongValueCells: 1 }],
    ['a stray', table([[[live(2, 'z')]], [[live(1, 'c')]]]), { strayCells: 1 }],
    ['a stray NaN', table([[[[9, Number.NaN, 0]]], [[live(1, 'c')]]]), { strayCells: 1 }],
    ['a second cell', table([[[]], [[live(1, 'c'), live(1, 'c')]]]), { duplicateCells: 1 }],
    ['a cell behind emptyRest', table([[[]], [[[0], live(1, 'c')]]]), { cellsAfterRest: 1 }],
    [
      'a cell behind emptyRest, across buckets',
      table([[[]], [[[0]], [live(1, 'c')]]]),
      { cellsAfterRest: 1 },
    ],
    ['a mark in the new array', table([[[EMPTY_MARK]], [[live(1, 'c')]]]), { marksOutOfPlace: 1 }],
  ])('%s', (_, buckets, expected) => {
    const facts = scan(one, buckets);
    expect(faults(facts)).toEqual(expected);
    expect(facts.faultAt).not.toBeNull();
  });

  test('the other zero', () => {
    expect(faults(scan([[-0, 'z']], table([[[live(0, 'z')]]])))).toEqual({ wrongKeyCells: 1 });
  });

  test('a cell without a mark in an evacuated chain', () => {
    const buckets = table([[[]], [[live(1, 'c')]]]);
    const facts = scan(one, buckets, table([[[EMPTY_MARK, [1], ...MARKED.slice(2)]]]));
    expect(faults(facts)).toEqual({ cellsNotMarked: 1 });
    expect(facts.faultAt).toBe(-1);
  });

  test('a destination that was written too early', () => {
    const facts = scan(
      [
        [1, 'c'],
        [3, 'd'],
      ],
      table([[[]], [[live(1, 'c')]]]),
      table([[[live(3, 'd')]]]),
    );
    expect(faults(facts)).toEqual({ spoiltDestinations: 1 });
  });

  test('a chain in a circle', () => {
    const facts = scan([], table([[[], []]], true));
    expect(facts.endlessChains).toBe(1);
  });
});
