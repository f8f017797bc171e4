/**
 * Optimal exploration against brute force on random programs: the same classes, by hash, and no
 * redundant execution.
 *
 * Wide programs matter most: an explorer that agreed on thousands of programs of two to four
 * threads lost classes of programs with six.
 */
import { describe, expect, test } from 'vitest';
import { deriveState, expandSeed } from '../../random/seed.ts';
import { createStream } from '../../random/stream.ts';
import {
  randomInstructions,
  randomProgram,
  type Instruction,
  type RandomShape,
} from '../selftest/random-program.ts';
import { bruteForce } from './brute-force.ts';
import { exploreExhaustively } from './optimal.ts';

/** Name, how many programs, and their shape. */
const SHAPES: readonly (readonly [string, number, RandomShape])[] = [
  [
    'accesses and conditional writes',
    30,
    { threads: [2, 4], operations: [1, 4], places: 2, ops: ['load', 'store', 'add', 'cas'] },
  ],
  [
    'locks',
    30,
    {
      threads: [2, 4],
      operations: [2, 5],
      places: 2,
      ops: ['load', 'store', 'cas', 'lock', 'lock', 'unlock'],
    },
  ],
  [
    'tryLock',
    30,
    {
      threads: [2, 4],
      operations: [2, 4],
      places: 2,
      ops: ['load', 'store', 'lock', 'tryLock', 'unlock'],
    },
  ],
  [
    'waits',
    30,
    {
      threads: [2, 4],
      operations: [1, 4],
      places: 2,
      ops: ['store', 'add', 'wait', 'notify', 'load'],
    },
  ],
  [
    'waits with timeouts',
    30,
    {
      threads: [2, 3],
      operations: [1, 4],
      places: 2,
      ops: ['store', 'timedWait', 'notify', 'load', 'wait'],
    },
  ],
  [
    'elements of two sizes',
    30,
    {
      threads: [2, 3],
      operations: [1, 4],
      places: 2,
      ops: ['store', 'half', 'cas', 'load', 'half'],
    },
  ],
  [
    'spin loops',
    30,
    {
      threads: [2, 4],
      operations: [1, 3],
      places: 2,
      ops: ['store', 'add', 'await', 'load', 'cas'],
    },
  ],
  [
    'everything',
    50,
    {
      threads: [2, 4],
      operations: [1, 4],
      places: 2,
      ops: [
        'store',
        'add',
        'await',
        'load',
        'cas',
        'lock',
        'unlock',
        'tryLock',
        'timedWait',
        'notify',
      ],
    },
  ],
  [
    'wide, over several places',
    12,
    {
      threads: [5, 6],
      operations: [2, 2],
      places: 4,
      ops: ['load', 'store', 'load', 'store', 'cas'],
    },
  ],
  [
    'wide, with locks',
    20,
    {
      threads: [5, 6],
      operations: [2, 3],
      places: 4,
      ops: ['load', 'store', 'cas', 'lock', 'lock', 'unlock'],
    },
  ],
  [
    'wide, with tryLock',
    12,
    {
      threads: [5, 6],
      operations: [1, 2],
      places: 4,
      ops: ['load', 'store', 'cas', 'tryLock', 'await'],
    },
  ],
];

/** Programs with more prefixes are left out: the oracle would take too long. */
const PREFIXES_MAX = 3_000;

describe('optimal exploration agrees with brute force', () => {
  test.each(SHAPES)('%s', (name, count, shape) => {
    const base = expandSeed('1', `optimal/${name}`);
    let compared = 0;
    for (let k = 0; k < count; k++) {
      const instructions = randomInstructions(createStream(deriveState(base, k)), shape);
      const program = randomProgram(instructions);
      const oracle = bruteForce(program, { prunesPrefixes: true, prefixesMax: PREFIXES_MAX });
      if (!oracle.isExhaustive) continue;
      compared++;
      const found = exploreExhaustively(program, { keepsGoing: true, hasHashes: true });
      if (found.hashSum === oracle.hashSum && found.redundant === 0) continue;
      const { complete, deadlocks, redundant, hashSum } = found;
      expect({ k, instructions, complete, deadlocks, redundant, hashSum }).toEqual({
        k,
        instructions,
        complete: oracle.complete,
        deadlocks: oracle.deadlocks,
        redundant: 0,
        hashSum: oracle.hashSum,
      });
    }
    expect(compared).toBeGreaterThan(count / 3);
  });
});

test('a branch passed by because of the rest of an execution leaves its race open', () => {
  // Found by a campaign of 1,500 programs of this shape, and made small; 47 when the race is settled.
  const step = (op: Instruction['op'], place: number): Instruction => {
    return { op, place, a: 0, ifEven: false };
  };
  const program = randomProgram([
    [step('load', 2), step('lock', 0)],
    [step('store', 1)],
    [step('lock', 0), step('load', 1)],
    [step('store', 2), step('lock', 1)],
    [step('lock', 1), step('lock', 0)],
  ]);
  expect(exploreExhaustively(program)).toMatchObject({ complete: 48, redundant: 0 });
});
