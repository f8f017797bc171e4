/** Exploration in parts against exploration in one go: the same classes, none twice, whoever explores. */
import { describe, expect, test } from 'vitest';
import { deriveState, expandSeed } from '../../random/seed.ts';
import { createStream } from '../../random/stream.ts';
import * as fixed from '../selftest/programs-fixed.ts';
import * as sized from '../selftest/programs-parametric.ts';
import { randomInstructions, randomProgram, type RandomShape } from '../selftest/random-program.ts';
import type { SteppedProgram } from '../step.ts';
import { Division } from './division.ts';
import { exploreParts } from './explore-parts.ts';
import { exploreExhaustively } from './optimal.ts';
import type { ExplorationReport } from './report.ts';
import { SubtreeExplorer } from './subtree-explorer.ts';

const ALL = { keepsGoing: true, hasHashes: true } as const;

function counts(report: ExplorationReport): object {
  const { complete, deadlocks, parked, redundant, hashSum, isExhaustive } = report;
  return { complete, deadlocks, parked, redundant, hashSum, isExhaustive };
}

/** As several would explore: parts are taken ahead, and results come in another order. */
function exploreByMany(
  program: SteppedProgram,
  workers: number,
  runsMax: number,
): ExplorationReport {
  const explorer = new SubtreeExplorer(program, ALL);
  try {
    const division = new Division(explorer, ALL, runsMax);
    while (!division.isOver) {
      const taken = Array.from({ length: workers }, () => division.take());
      for (const part of taken.toReversed()) {
        if (part !== null) division.give(part.number, explorer.explore(part));
      }
    }
    return division.report();
  } finally {
    explorer.close();
  }
}

describe('parts are the whole', () => {
  test.each([
    sized.readers(6),
    sized.lastzero(5),
    sized.fibBench(3),
    sized.casw(4),
    sized.indexer(13),
    sized.dining(5),
    fixed.BEYOND_THE_CORE,
    fixed.OPEN_RACES,
    fixed.PETERSON,
    fixed.separateOperations(3),
  ])('$name', (program) => {
    const whole = exploreExhaustively(program, ALL);
    for (const runsMax of [1, 3, 20]) {
      const { report, parts } = exploreParts(program, ALL, runsMax);
      expect(counts(report)).toEqual(counts(whole));
      if (whole.complete > runsMax + 1) expect(parts).toBeGreaterThan(1);
    }
  });
});

test('nothing depends on how many explore, or on who is fast', () => {
  const program = sized.fibBench(3);
  const one = exploreByMany(program, 1, 20);
  for (const workers of [2, 3, 8]) expect(exploreByMany(program, workers, 20)).toEqual(one);
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
    'wide',
    {
      threads: [5, 6],
      operations: [1, 2],
      places: 4,
      ops: ['load', 'store', 'cas', 'lock', 'half', 'unlock'],
    },
  ],
];

test.each(SHAPES)('random programs: %s', (name, shape) => {
  const base = expandSeed('1', `division/${name}`);
  let divided = 0;
  for (let k = 0; k < 60; k++) {
    const instructions = randomInstructions(createStream(deriveState(base, k)), shape);
    const program = randomProgram(instructions);
    const whole = exploreExhaustively(program, { ...ALL, executionsMax: 400, findsRaces: false });
    if (!whole.isExhaustive) continue;
    const { report, parts } = exploreParts(program, { ...ALL, findsRaces: false }, 1 + (k % 5));
    if (parts > 1) divided++;
    expect({ k, instructions, ...counts(report) }).toEqual({ k, instructions, ...counts(whole) });
  }
  expect(divided).toBeGreaterThan(20);
});

describe('ends early', () => {
  const program = {
    ...sized.fibBench(2),
    check: (words: unknown) => {
      if ((words as Int32Array)[0] === 7) throw new Error('seven');
    },
  };

  test('with the failure of the first part that has one', () => {
    const one = exploreParts(program, {}, 2).report;
    expect(one).toMatchObject({ verdict: 'fails', failure: { kind: 'assertion' } });
    const { report, parts } = exploreParts(program, {}, 2);
    expect(report.failure!.schedule).toEqual(one.failure!.schedule);
    expect(parts).toBeGreaterThan(1);
    // Found before the first part is over, it is the same as without parts.
    expect(exploreParts(program, {}).report.failure!.schedule).toEqual(
      exploreExhaustively(program).failure!.schedule,
    );
  });

  test('after exactly the runs that are allowed', () => {
    const { report } = exploreParts(sized.fibBench(3), { executionsMax: 100 }, 30);
    expect(report).toMatchObject({
      verdict: 'inconclusive',
      complete: 100,
      bound: { bound: 'executions', limit: 100 },
    });
  });
});
