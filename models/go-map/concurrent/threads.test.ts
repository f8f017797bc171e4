/** GoMap from several threads without a lock: readers may, writers may not, and that is found. */
import { beforeAll, describe, expect, test } from 'vitest';
import { exploreExhaustively } from '../../../src/core/explore/optimal.ts';
import type { ExplorationReport, ExploreOptions } from '../../../src/core/explore/report.ts';
import type { SteppedProgram } from '../../../src/core/step.ts';
import { GoMap as PlainMap, type GoMap } from '../../../src/engines/go-map/index.ts';
import { loadEngine } from '../../../src/instrument/load-program.ts';
import { takeRefusal } from '../../../src/instrument/runtime/index.ts';
import { shareFields } from './shared-fields.ts';
import { sharedEngine, stateOf, threadsProgram, type Call, type SharedEngine } from './threads.ts';

let engine: SharedEngine;
beforeAll(async () => {
  engine = sharedEngine(await loadEngine('go-map', { patch: shareFields }));
});

function programOf(
  keys: readonly number[],
  threads: readonly (readonly Call[])[],
  isHashed: boolean,
  after?: (map: GoMap<number, number>) => void,
): SteppedProgram<GoMap<number, number>> {
  const program = { keys, threads, isHashed };
  return threadsProgram(engine, after === undefined ? program : { ...program, after });
}

function explore(
  program: SteppedProgram<GoMap<number, number>>,
  options: ExploreOptions = {},
): ExplorationReport {
  const report = exploreExhaustively(program, { executionsMax: 3_000, ...options });
  expect(takeRefusal()).toBe(null);
  return report;
}

const READERS: readonly (readonly [string, readonly (readonly Call[])[]])[] = [
  [
    'hits and misses',
    [
      [
        ['get', 1],
        ['has', 9],
      ],
      [
        ['has', 1],
        ['get', 2],
      ],
      [['get', 3]],
    ],
  ],
  ['the size', [[['size'], ['get', 1]], [['size']]]],
  ['iterations', [[['forEach']], [['forEach'], ['get', 2]]]],
];

describe.each([false, true])(
  'readers alone are free of races and change nothing (with a hasher: %s)',
  (isHashed) => {
    test.each(READERS)('%s', (_, threads) => {
      const states = new Set<string>();
      const program = programOf([1, 2, 3], threads, isHashed, (map) => states.add(stateOf(map)));
      const report = explore(program);
      expect(report.failure).toBe(null);
      expect(report.verdict).toBe('holds');
      const untouched = program.setup();
      expect([...states]).toEqual([stateOf(untouched)]);
      expect(report.locationCount).toBeGreaterThan(5);
    });
  },
);

const WRITES: readonly Call[] = [['set', 9, 90], ['set', 1, 11], ['delete', 1], ['clear']];
const ALL: readonly Call[] = [['get', 1], ['has', 9], ['size'], ['forEach'], ...WRITES];

/** Every pair of calls of which the first writes, each once. */
const PAIRS = WRITES.flatMap((write, at) =>
  ALL.filter((other) => !WRITES.slice(0, at).includes(other)).map(
    (other) => [write, other] as const,
  ),
);

/** An overwrite changes one value and no more: the size, and on the hot paths another key, are read elsewhere. */
function isApart(write: Call, other: Call, isHashed: boolean): boolean {
  const isOverwrite = write[0] === 'set' && write[1] === 1;
  return isOverwrite && (other[0] === 'size' || (!isHashed && other[0] === 'has'));
}

describe.each([false, true])('writes beside anything else (with a hasher: %s)', (isHashed) => {
  test.each(PAIRS.filter(([write, other]) => !isApart(write, other, isHashed)))(
    '%j and %j: a race, or reported by the flags',
    (write, other) => {
      const { failure } = explore(programOf([1, 2, 3], [[write], [other]], isHashed));
      const isFlagged = /threw FatalError: fatal error: concurrent map/u.test(
        failure?.message ?? '',
      );
      expect(failure?.kind === 'race' || isFlagged).toBe(true);
    },
  );

  test.each(PAIRS.filter(([write, other]) => isApart(write, other, isHashed)))(
    '%j and %j: touch nothing in common',
    (write, other) => {
      const report = explore(programOf([1, 2, 3], [[write], [other]], isHashed));
      expect(report).toMatchObject({ verdict: 'holds', complete: 1 });
    },
  );

  test('an insertion that begins a growth, and one that evacuates', () => {
    const eight = [1, 2, 3, 4, 5, 6, 7, 8];
    for (const keys of [eight, [...eight, 9]]) {
      const { failure } = explore(programOf(keys, [[['set', 10, 1]], [['get', 1]]], isHashed));
      expect(failure?.kind).toBe('race');
    }
  });
});

describe('with races left aside, the flags of the map report misuse in some interleaving', () => {
  test.each([
    [['set', 9, 90], ['get', 1], 'concurrent map read and map write'],
    [['set', 9, 90], ['set', 10, 100], 'concurrent map writes'],
    [['delete', 1], ['forEach'], 'concurrent map iteration and map write'],
  ] as const)('%j and %j', (write, other, message) => {
    const program = programOf([1, 2, 3], [[write], [other]], true);
    const { failure } = explore(program, { findsRaces: false });
    expect(failure?.kind).toBe('assertion');
    expect(failure?.message).toContain(`fatal error: ${message}`);
  });

  test('the hot paths have no flags: there only the race is found', () => {
    const program = programOf([1, 2, 3], [[['set', 1, 11]], [['get', 1]]], false);
    expect(explore(program, { findsRaces: false }).failure).toBe(null);
    const { failure } = explore(program);
    expect(failure?.kind).toBe('race');
  });
});

test('calls that find nothing to do write nothing: deleting from an empty map, and clearing it', () => {
  const program = programOf(
    [],
    [
      [['delete', 1], ['clear']],
      [['get', 1], ['size']],
    ],
    false,
  );
  expect(explore(program)).toMatchObject({ verdict: 'holds', failure: null });
});

test('for one caller the shared map is the same map, growths included', () => {
  const shared = new engine.GoMap<number, number>({ seed: 3 });
  const plain = new PlainMap<number, number>({ seed: 3 });
  for (let step = 0; step < 400; step++) {
    const key = Math.imul(step, 0x9e3779b1) >>> 25;
    if (step % 5 === 4) expect(shared.delete(key)).toBe(plain.delete(key));
    else for (const map of [shared, plain]) map.set(key, step);
    expect(shared.get(key)).toBe(plain.get(key));
  }
  expect(stateOf(shared)).toBe(stateOf(plain));
  expect(shared.inspect().B).toBeGreaterThan(2);
});

test('a source that has changed is refused', () => {
  expect(() => shareFields('/a/go-map/block.ts', 'nothing of it')).toThrow('has changed');
});
