/** Small families of programs that are run whole, each around one moment of a growth. */
import type { Operation } from '../../../src/core/program.ts';
import type { ProgramFamily } from '../../../src/core/target.ts';

/**
 * Under a linear hash and a seed of 0 the low bits of a key are its bucket, so a reader can follow
 * each program.
 */
const SETUP = {
  keys: 'javascript',
  hash: 'linear',
  hint: 0,
  pool: 'go',
  wipe: 'always',
  nil: false,
} as const;

function sets(first: number, last: number, step = 1): Operation[] {
  const operations: Operation[] = [];
  for (let key = first; key <= last; key += step) operations.push({ op: 'set', key, value: key });
  return operations;
}

function deletes(first: number, last: number, step = 1): Operation[] {
  return sets(first, last, step).map(({ key }) => ({ op: 'delete', key: key! }));
}

const LOOP: Operation = { op: 'iterate', it: 0 };

/** One full bucket with a loop open; the ninth entry doubles. */
const FIRST_DOUBLING: ProgramFamily = {
  name: 'go-map at its first doubling, with a loop open',
  setup: SETUP,
  draws: [0],
  prelude: [...sets(0, 7), LOOP],
  alphabet: [
    { op: 'set', key: 8, value: 1 },
    { op: 'set', key: 0, value: 2 },
    { op: 'delete', key: 3 },
    { op: 'get', key: 5 },
    { op: 'next', it: 0 },
    { op: 'drain', it: 0 },
    { op: 'clear' },
  ],
  length: 5,
};

/** Four buckets, a doubling just begun, one loop from before it and one from within. */
const MID_DOUBLING: ProgramFamily = {
  name: 'go-map in the middle of a doubling, with two loops open',
  setup: SETUP,
  draws: [0],
  prelude: [...sets(0, 25), LOOP, { op: 'set', key: 26, value: 26 }, { op: 'iterate', it: 1 }],
  alphabet: [
    { op: 'set', key: 1, value: 1 },
    { op: 'set', key: 35, value: 1 },
    { op: 'delete', key: 3 },
    { op: 'get', key: 7 },
    { op: 'next', it: 1 },
    { op: 'drain', it: 0 },
    { op: 'drain', it: 1 },
    { op: 'clone' },
    { op: 'swap' },
  ],
  length: 4,
};

/** Two buckets with an overflow bucket each: the next new key packs them, under a loop. */
const SAME_SIZE: ProgramFamily = {
  name: 'go-map at a same-size growth, with a loop open',
  setup: { ...SETUP, hint: 13 },
  draws: [0],
  prelude: [...sets(0, 16, 2), ...deletes(0, 12, 2), ...sets(1, 17, 2), LOOP],
  alphabet: [
    { op: 'set', key: 40, value: 1 },
    { op: 'set', key: 41, value: 1 },
    { op: 'delete', key: 1 },
    { op: 'delete', key: 14 },
    { op: 'get', key: 17 },
    { op: 'next', it: 0 },
    { op: 'drain', it: 0 },
    { op: 'iterate', it: 1 },
  ],
  length: 4,
};

/** The families of every profile. */
export const GO_MAP_FAMILIES: readonly ProgramFamily[] = [FIRST_DOUBLING, MID_DOUBLING, SAME_SIZE];
