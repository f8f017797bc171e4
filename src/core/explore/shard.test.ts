/** Shards against exploration in one go: the same classes, none in two shards, whatever their number. */
import { describe, expect, test } from 'vitest';
import { deriveState, expandSeed } from '../../random/seed.ts';
import { createStream } from '../../random/stream.ts';
import * as sized from '../selftest/programs-parametric.ts';
import { randomInstructions, randomProgram, type RandomShape } from '../selftest/random-program.ts';
import { GROUND_TRUTH } from '../selftest/table.ts';
import type { SteppedProgram } from '../step.ts';
import { exploreExhaustively } from './optimal.ts';
import type { ExplorationReport, ExploreOptions } from './report.ts';
import {
  exploreShard,
  PROBE_RUNS,
  sumOfShards,
  type PartResult,
  type ShardResult,
} from './shard.ts';

const ALL = { keepsGoing: true, hasHashes: true } as const;

function counts(report: ExplorationReport): object {
  const { complete, deadlocks, parked, hashSum, isExhaustive } = report;
  return { complete, deadlocks, parked, hashSum, isExhaustive };
}

function classesOf(
  explore: (options: ExploreOptions, seen: string[]) => void,
  options: ExploreOptions,
): string[] {
  const seen: string[] = [];
  explore(
    {
      ...options,
      onExecution: ({ trail }) => {
        seen.push(`${trail.hashHigh()}.${trail.hashLow()}`);
        return undefined;
      },
    },
    seen,
  );
  return seen;
}

/** What the shards of a program find: the sum, and the classes of each. */
function inShards(
  program: SteppedProgram,
  count: number,
  options: ExploreOptions,
  partsMin: number,
): { report: ExplorationReport; shards: ShardResult[]; owned: number; different: number } {
  const shards: ShardResult[] = [];
  const all: string[] = [];
  for (let index = 1; index <= count; index++) {
    let size = 0;
    const seen = classesOf((each) => {
      const shard = exploreShard(program, each, { index, count, probeRuns: 1, partsMin });
      shards.push(shard);
      for (const { report } of shard.results) {
        size += report.complete + report.deadlocks + report.parked;
      }
    }, options);
    // What was seen before the parts were settled does not count.
    if (size > 0) all.push(...seen.slice(-size));
  }
  const { report, missing } = sumOfShards(shards, options);
  expect(missing).toBe(-1);
  return { report, shards, owned: all.length, different: new Set(all).size };
}

const COUNTS = [1, 2, 3, 7];

function compare(
  program: SteppedProgram,
  options: ExploreOptions = ALL,
  shardCounts: readonly number[] = COUNTS,
  partsMin = 8,
): number {
  const whole = exploreExhaustively(program, options);
  let most = 0;
  for (const count of shardCounts) {
    const { report, shards, owned, different } = inShards(program, count, options, partsMin);
    expect(counts(report)).toEqual(counts(whole));
    expect(different).toBe(owned);
    expect(owned).toBe(whole.complete + whole.deadlocks + whole.parked);
    const [first] = shards;
    for (const shard of shards) {
      expect(shard.parts).toEqual(first!.parts);
      expect(shard.lessons).toEqual(first!.lessons);
    }
    most = Math.max(most, first!.parts.length);
  }
  return most;
}

const CLASSES_MAX = 70;

describe('shards are the whole', () => {
  const rows = GROUND_TRUTH.filter(
    ({ complete, deadlocks, parked }) => complete + deadlocks + parked <= CLASSES_MAX,
  );
  test.each(rows.map(({ program }) => program))('$name', (program) => {
    compare(program);
  });

  test.each([sized.fibBench(2), sized.casw(3), sized.lastzero(6)])(
    '$name, in many parts',
    (program) => {
      expect(compare(program, ALL, [2], 64)).toBeGreaterThan(20);
    },
  );
});

const SHAPES: readonly (readonly [string, RandomShape])[] = [
  [
    'small',
    {
      threads: [2, 4],
      operations: [1, 4],
      places: 2,
      ops: ['load', 'store', 'write', 'cas', 'lock', 'tryLock', 'timedWait', 'notify', 'await'],
    },
  ],
  [
    'waits',
    {
      threads: [2, 4],
      operations: [1, 4],
      places: 2,
      ops: ['store', 'add', 'wait', 'notify', 'load', 'unlock', 'lock'],
    },
  ],
  [
    'wide',
    {
      threads: [5, 6],
      operations: [1, 2],
      places: 4,
      ops: ['load', 'store', 'cas', 'lock', 'half', 'unlock'],
    },
  ],
];

test('ends with the failure of the first part that has one, however many shards there are', () => {
  const program = {
    ...sized.fibBench(3),
    check: (words: unknown) => {
      if ((words as Int32Array)[0] === 15) throw new Error('fifteen');
    },
  };
  const options = { hasHashes: true };
  const one = inShards(program, 1, options, 64);
  expect(one.report).toMatchObject({ verdict: 'fails', failure: { kind: 'assertion' } });
  for (const count of [2, 5]) {
    const { error: _, ...failure } = inShards(program, count, options, 64).report.failure!;
    expect(failure).toMatchObject({ schedule: one.report.failure!.schedule });
    expect(failure.execution).toBe(one.report.failure!.execution);
  }
});

test('what was done before is not done again, and changes nothing', () => {
  const program = sized.fibBench(3);
  const task = { index: 1, count: 2, partsMin: 16 };
  const explored: PartResult[] = [];
  const whole = exploreShard(program, ALL, { ...task, onPart: (part) => explored.push(part) });
  expect(explored).toEqual(whole.results);
  const done = explored.slice(0, 3);
  const again: PartResult[] = [];
  const { length: before } = explored;
  let executions = 0;
  const counted: ExploreOptions = { ...ALL, onExecution: () => (executions++, undefined) };
  const parts = { ...task, done, onPart: (part: PartResult) => again.push(part) };
  expect(exploreShard(program, counted, parts)).toEqual(whole);
  expect(again).toEqual(explored.slice(3));
  expect(before).toBeGreaterThan(6);
  // The first runs, in one go, are made again; those of the parts done are not.
  const complete = again.reduce((sum, { report }) => sum + report.complete, 0);
  expect(executions).toBe(PROBE_RUNS + complete);
});

test('a shard that is missing is missed', () => {
  const program = sized.fibBench(3);
  const shards = [1, 3].map((index) => exploreShard(program, ALL, { index, count: 3 }));
  const { report, missing } = sumOfShards(shards, ALL);
  expect(missing).toBeGreaterThanOrEqual(0);
  expect(report).toMatchObject({ verdict: 'inconclusive', isExhaustive: false });
});

test('few runs are one part, of the first shard', () => {
  const program = sized.casw(3);
  const shards = [1, 2].map((index) => exploreShard(program, ALL, { index, count: 2 }));
  expect(shards.map(({ results }) => results.length)).toEqual([1, 0]);
  expect(counts(sumOfShards(shards, ALL).report)).toEqual(
    counts(exploreExhaustively(program, ALL)),
  );
});

test.each(SHAPES)('random programs: %s', (name, shape) => {
  const base = expandSeed('1', `shards/${name}`);
  let compared = 0;
  let divided = 0;
  for (let k = 0; k < 100; k++) {
    const instructions = randomInstructions(createStream(deriveState(base, k)), shape);
    const program = randomProgram(instructions);
    const options = { ...ALL, findsRaces: false };
    const whole = exploreExhaustively(program, { ...options, executionsMax: 80 });
    if (!whole.isExhaustive) continue;
    compared++;
    try {
      if (compare(program, options, [COUNTS[k % COUNTS.length]!], 2 + (k % 9)) > 1) divided++;
    } catch (error) {
      throw new Error(`program ${k}: ${JSON.stringify(instructions)}`, { cause: error });
    }
  }
  expect(compared).toBeGreaterThan(50);
  expect(divided).toBeGreaterThan(20);
});
