import { describe, expect, test } from 'vitest';
import { IterationSession } from '../../models/go-map/iteration.ts';
import { MapSpec } from '../../models/go-map/spec.ts';
import type { CheckedProperty } from './checked-property.ts';
import { concurrentProperties } from './concurrent.ts';
import {
  atMark,
  atMostTwo,
  behindMark,
  chosen,
  compact,
  onlyWrites,
  touchedBucket,
} from './evacuation.ts';
import {
  EvacuationFacts,
  GrowthFacts,
  hintedB,
  LayoutFacts,
  loadLimit,
  overflowLimit,
  ResultFacts,
  Scalars,
  StepFacts,
} from './facts.ts';
import * as growth from './growth.ts';
import { goMapProperties } from './index.ts';
import * as iteration from './iteration.ts';
import * as results from './results.ts';
import { overflowBound, poolFirst } from './space.ts';
import * as structure from './structure.ts';
import { growthFinishes, markAdvances, readsChangeNothing } from './work.ts';

/** Facts of some kind, changed. */
function facts<T extends object>(base: T, change: (facts: T) => void): T {
  change(base);
  return base;
}

const step = (change: (facts: StepFacts) => void): StepFacts => facts(new StepFacts(), change);
const started = (change: (facts: GrowthFacts) => void): GrowthFacts =>
  facts(new GrowthFacts(), (growing) => {
    // A sound doubling of a map of one bucket with eight entries.
    growing.isInsertion = true;
    growing.before.count = 8;
    growing.now.count = 8;
    growing.now.B = 1;
    growing.now.oldBucketCount = 1;
    change(growing);
  });
const evacuated = (change: (facts: EvacuationFacts) => void): EvacuationFacts =>
  facts(new EvacuationFacts(), (moved) => {
    moved.isWrite = true;
    moved.ordinal = 1;
    moved.keyBucket = 0;
    change(moved);
  });
const result = (change: (facts: ResultFacts) => void): ResultFacts =>
  facts(new ResultFacts(), (given) => {
    given.operation = 'set(1, 2)';
    change(given);
  });

interface Case<T> {
  readonly property: CheckedProperty<T>;
  readonly good: T;
  readonly bad: T;
}

function broken<T>(property: CheckedProperty<T>, good: T, bad: T): [string, Case<never>] {
  return [property.name, { property, good, bad } as unknown as Case<never>];
}

const layoutCases = (
  [
    [structure.unique, 'duplicateCells'],
    [structure.noStrays, 'strayCells'],
    [structure.values, 'wrongValueCells'],
    [structure.keyRepresentative, 'wrongKeyCells'],
    [structure.tophash, 'wrongTophashCells'],
    [structure.emptyRest, 'cellsAfterRest'],
    [structure.marks, 'marksOutOfPlace'],
    [structure.marks, 'cellsNotMarked'],
    [structure.pristineDestination, 'spoiltDestinations'],
    [structure.chainsEnd, 'endlessChains'],
    [structure.reachable, 'entries'],
    [structure.count, 'liveCells'],
    [structure.noverflow, 'newOverflow'],
  ] as const
).map(([property, name]) =>
  broken(
    property,
    step(() => {}),
    step(({ layout }) => {
      layout[name] = 1;
    }),
  ),
);

const CASES: readonly [string, Case<never>][] = [
  ...layoutCases,
  broken(
    structure.notWriting,
    step(() => {}),
    step(({ now }) => (now.flags = 4)),
  ),
  broken(
    structure.noBuckets,
    step(() => {}),
    step(({ now }) => (now.B = 1)),
  ),
  broken(
    growth.doublingThreshold,
    started(() => {}),
    started(({ before }) => (before.count = 7)),
  ),
  broken(
    growth.sameSizeThreshold,
    started((f) => {
      f.kind = 'same-size';
      f.before.noverflow = 1;
    }),
    started((f) => (f.kind = 'same-size')),
  ),
  broken(
    growth.onlyInsertions,
    started(() => {}),
    started((f) => (f.isInsertion = false)),
  ),
  broken(
    growth.oneAtATime,
    started(() => {}),
    started((f) => (f.wasGrowing = true)),
  ),
  broken(
    growth.cleanStart,
    started(() => {}),
    started(({ now }) => (now.noverflow = 1)),
  ),
  broken(
    growth.iteratorFlags,
    started(({ before, now }) => {
      before.flags = 3;
      now.flags = 2;
    }),
    started(({ before }) => (before.flags = 1)),
  ),
  broken(
    growth.started,
    step((f) => {
      f.isInsertion = true;
      f.now.count = 8;
    }),
    step((f) => {
      f.isInsertion = true;
      f.now.count = 9;
    }),
  ),
  broken(
    growth.bucketsMonotone,
    step((f) => (f.doublings = f.now.B = 1)),
    step(({ now }) => (now.B = 1)),
  ),
  broken(
    growth.ended,
    step(() => {}),
    step(({ now }) => (now.flags = 8)),
  ),
  broken(
    growth.hintSize,
    { hint: 8, now: new Scalars(), loadNumerator: 13 },
    { hint: 9, now: new Scalars(), loadNumerator: 13 },
  ),
  broken(
    atMostTwo,
    evacuated(() => {}),
    evacuated((f) => (f.ordinal = 3)),
  ),
  broken(
    chosen,
    evacuated(() => {}),
    evacuated((f) => (f.index = 5)),
  ),
  broken(
    compact,
    evacuated(() => {}),
    evacuated((f) => (f.destinationHoles = 1)),
  ),
  broken(
    onlyWrites,
    evacuated(() => {}),
    evacuated((f) => (f.isWrite = false)),
  ),
  broken(
    behindMark,
    step(() => {}),
    step(({ now }) => (now.oldBucketCount = now.nevacuate = 2)),
  ),
  broken(
    atMark,
    step(() => {}),
    step(({ now, layout }) => {
      now.oldBucketCount = 4;
      layout.firstUnevacuated = 1;
    }),
  ),
  broken(
    touchedBucket,
    step(() => {}),
    step((f) => (f.isKeyBucketLeft = true)),
  ),
  broken(
    growthFinishes,
    step((f) => (f.writesInGrowth = f.growthBucketCount = 4)),
    step((f) => {
      f.writesInGrowth = f.growthBucketCount = 4;
      f.now.oldBucketCount = 4;
    }),
  ),
  broken(
    markAdvances,
    step((f) => (f.isEffectiveWrite = true)),
    step((f) => {
      f.isEffectiveWrite = true;
      f.before.oldBucketCount = f.now.oldBucketCount = 4;
    }),
  ),
  broken(
    readsChangeNothing,
    step(() => {}),
    step(({ now }) => (now.nevacuate = 1)),
  ),
  broken(
    overflowBound,
    step(({ layout }) => (layout.newOverflow = 1)),
    step(({ layout }) => (layout.newOverflow = 2)),
  ),
  broken(
    poolFirst,
    step((f) => {
      f.before.hasBuckets = f.now.hasBuckets = true;
      f.before.spareOverflow = 2;
      f.now.spareOverflow = f.attached = 1;
    }),
    step((f) => {
      f.before.hasBuckets = f.now.hasBuckets = true;
      f.before.spareOverflow = f.now.spareOverflow = 2;
      f.attached = 1;
    }),
  ),
  broken(
    results.results,
    result((f) => (f.expected = f.actual = Number.NaN)),
    result((f) => {
      f.expected = 0;
      f.actual = -0;
    }),
  ),
  broken(
    results.noPanic,
    result(() => {}),
    result((f) => (f.thrown = new Error('no'))),
  ),
  broken(
    results.nilAssignment,
    result((f) => {
      f.expectedError = 'assignment to entry in nil map';
      f.thrown = new Error('assignment to entry in nil map');
    }),
    result((f) => (f.expectedError = 'assignment to entry in nil map')),
  ),
  broken(
    results.misuse,
    result((f) => {
      f.isIntrusion = true;
      f.expectedError = 'concurrent map writes';
      f.thrown = new Error('fatal error: concurrent map writes');
    }),
    result((f) => {
      f.isIntrusion = true;
      f.expectedError = 'concurrent map writes';
      f.thrown = new Error('something else');
    }),
  ),
  broken(
    results.seedRotates,
    step((f) => {
      f.before.count = f.draws = 1;
      f.now.hash0 = f.lastDraw = 9;
    }),
    step((f) => (f.before.count = 1)),
  ),
  broken(
    results.seedStable,
    step(() => {}),
    step(({ now }) => (now.hash0 = 1)),
  ),
  broken(
    results.clearResets,
    step(() => {}),
    step((f) => {
      f.kind = 'clear';
      f.isEffectiveWrite = true;
      f.now.noverflow = 1;
    }),
  ),
  broken(
    results.cloneShape,
    {
      source: new Scalars(),
      copy: new Scalars(),
      copyLayout: new LayoutFacts(),
      loadNumerator: 13,
    },
    {
      source: facts(new Scalars(), (source) => (source.hash0 = 5)),
      copy: new Scalars(),
      copyLayout: new LayoutFacts(),
      loadNumerator: 13,
    },
  ),
  broken(
    results.cloneEqual,
    {
      source: new Scalars(),
      copy: new Scalars(),
      copyLayout: new LayoutFacts(),
      loadNumerator: 13,
    },
    {
      source: new Scalars(),
      copy: new Scalars(),
      copyLayout: facts(new LayoutFacts(), (layout) => (layout.entries = 1)),
      loadNumerator: 13,
    },
  ),
  broken(results.cloneIndependent, { broken: null }, { broken: 'map.values' }),
  broken(
    iteration.startIsDrawn,
    step((f) => {
      f.isIterationStart = true;
      f.draws = f.startBucket = 1;
      f.now.B = 2;
      f.lastDraw = 1 + 4 * 5;
      f.offset = 5;
    }),
    step((f) => {
      f.isIterationStart = true;
      f.draws = 1;
      f.now.B = 2;
      f.lastDraw = 1 + 4 * 5;
      f.startBucket = f.offset = 0;
    }),
  ),
  broken(
    iteration.announced,
    step((f) => {
      f.isIterationStart = true;
      f.now.flags = 3;
    }),
    step((f) => {
      f.isIterationStart = true;
      f.now.flags = 1;
    }),
  ),
  broken(iteration.ends, { produced: 3, producedMax: 3 }, { produced: 4, producedMax: 3 }),
  broken(
    iteration.everyMethod,
    { method: 'keys', expected: [1, 2], actual: [2, 1] },
    { method: 'keys', expected: [1, 2], actual: [1, 1] },
  ),
  ...productionCases(),
];

/** A loop over the keys 1 and 2, of which 1 was produced and 2 was not. */
function productionCases(): [string, Case<never>][] {
  const spec = new MapSpec('javascript');
  spec.set(1, 10);
  spec.set(2, 20);
  spec.set(3, 30);
  spec.set(4, 40);
  const session = new IterationSession(spec);
  session.accept(session.match(1, 10).entry!);
  spec.delete(3);
  const good = { session, production: session.match(2, 20) };
  const cleared = new MapSpec('javascript');
  cleared.set(1, 1);
  const afterClear = new IterationSession(cleared);
  cleared.clear();
  const over = new IterationSession(new MapSpec('javascript'));
  return [
    broken(iteration.nothingFromNothing, good, { session: over, production: over.match(1, 1) }),
    broken(iteration.ofTheMap, good, { session, production: session.match(9, 9) }),
    broken(iteration.notDeleted, good, { session, production: session.match(3, 30) }),
    broken(iteration.notCleared, good, { session: afterClear, production: afterClear.match(1, 1) }),
    broken(iteration.current, good, { session, production: session.match(2, 21) }),
    broken(iteration.once, good, { session, production: session.match(1, 10) }),
    broken(iteration.complete, { session, missed: [] }, { session, missed: spec.liveEntries() }),
  ];
}

test.each(CASES)('%s holds where it should, fails where it should, and says why', (_, given) => {
  const { property, good, bad } = given;
  expect(property.holds(good)).toBe(true);
  expect(property.holds(bad)).toBe(false);
  const { message, expected, actual } = property.explain(bad);
  expect(message).toMatch(/^[A-Za-z0-9].*[.a-z]$/s);
  expect(expected).not.toBe('');
  expect(expected).not.toBe(actual);
});

describe('the list', () => {
  test('has every property once, each with a sentence and a source', () => {
    const names = goMapProperties.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, statement, source } of goMapProperties) {
      expect(name).toMatch(/^map(\.[a-z-]+)+$/);
      expect(statement).toMatch(/^[A-Z].*\.$/);
      expect(source).not.toBe('');
    }
  });

  test('has no property without a case above', () => {
    // What callers from several threads are promised has its cases in models/go-map/concurrent/{threads,misuse}.test.ts.
    const tested = new Set(
      [...CASES, ...concurrentProperties.map(({ name }) => [name])].map(([name]) => name),
    );
    expect(goMapProperties.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
  });
});

describe('the arithmetic of growth', () => {
  test('limits', () => {
    expect([0, 1, 2, 3, 4].map((B) => loadLimit(B, 13))).toEqual([8, 13, 26, 52, 104]);
    expect([0, 1, 2, 3, 4].map((B) => loadLimit(B, 12))).toEqual([8, 12, 24, 48, 96]);
    expect([0, 3, 15, 16].map(overflowLimit)).toEqual([1, 8, 32_768, 32_768]);
  });

  test.each([
    [8, 0],
    [9, 1],
    [13, 1],
    [14, 2],
    [26, 2],
    [27, 3],
    [52, 3],
    [53, 4],
    [104, 4],
    [105, 5],
    [1664, 8],
    [-1, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
    [1e300, 0],
    [8.5, 0],
    [9.5, 1],
  ])('a hint of %d gives B %d', (hint, B) => {
    expect(hintedB(hint, 13)).toBe(B);
  });
});
