/**
 * The two engines against each other on random programs, class by class; no brute force, so wider
 * programs fit.
 */
import { describe, expect, test } from 'vitest';
import { deriveState, expandSeed } from '../../../random/seed.ts';
import { createStream } from '../../../random/stream.ts';
import {
  randomInstructions,
  randomProgram,
  type RandomShape,
} from '../../selftest/random-program.ts';
import { exploreExhaustively } from '../optimal.ts';
import { exploreGraphs } from './explore-graphs.ts';

const SHAPES: readonly (readonly [string, number, RandomShape])[] = [
  [
    'accesses and conditional writes',
    20,
    { threads: [2, 4], operations: [1, 5], places: 2, ops: ['load', 'store', 'add', 'cas'] },
  ],
  [
    'locks and tryLock',
    20,
    {
      threads: [2, 4],
      operations: [2, 5],
      places: 2,
      ops: ['load', 'store', 'cas', 'lock', 'unlock', 'tryLock'],
    },
  ],
  [
    'wide',
    12,
    {
      threads: [5, 6],
      operations: [1, 2],
      places: 4,
      ops: ['load', 'store', 'load', 'store', 'cas'],
    },
  ],
  [
    'wide, with locks',
    12,
    {
      threads: [5, 6],
      operations: [2, 3],
      places: 4,
      ops: ['load', 'store', 'cas', 'lock', 'lock', 'unlock'],
    },
  ],
];

/** Programs that need more are left out. */
const VISITS_MAX = 2_000;

describe('both engines find the same classes', () => {
  test.each(SHAPES)('%s', (name, count, shape) => {
    const base = expandSeed('1', `graphs/${name}`);
    let compared = 0;
    for (let k = 0; k < count; k++) {
      const instructions = randomInstructions(createStream(deriveState(base, k)), shape);
      const program = randomProgram(instructions);
      const graphs = exploreGraphs(program, VISITS_MAX);
      if (!graphs.isExhaustive) continue;
      compared++;
      const found = exploreExhaustively(program, { keepsGoing: true, hasHashes: true });
      const { complete, deadlocks, hashSum } = graphs;
      expect({ k, instructions, complete, deadlocks, hashSum, duplicates: 0 }).toEqual({
        k,
        instructions,
        complete: found.complete,
        deadlocks: found.deadlocks,
        hashSum: found.hashSum,
        duplicates: graphs.duplicates,
      });
    }
    expect(compared).toBeGreaterThan(count / 4);
  });
});
