/**
 * Suites of programs on sync.Map, each explored whole: every program of a shape, from one start state.
 *
 * S1. Operations: all on key 1, and on key 2 those that concern what becomes of key 1: a miss, a new key, a removal.
 *     Store and Delete take the steps of Swap and LoadAndDelete and return less, so they are left out.
 * S2. Every write has a value of its own. A compare asks for the value of the start, or where the key has none, for
 *     what another thread writes first, or else for a value that nobody writes.
 * S3. Threads have no order: of programs that differ in it alone, one is kept. Keys neither, where the start treats them
 *     alike: of programs that differ by exchanging keys 1 and 2, one is kept.
 */
import type { Operation, Program } from '../../../src/core/program.ts';
import { concurrentProgram } from './program.ts';

/** All programs of one shape from one start state. */
export interface Suite {
  /** As in `expunged, 1 + 2`: the start state, and the operations of each thread. */
  readonly name: string;
  readonly start: string;
  readonly shape: string;
  /** Makes the programs, in an order that stays. */
  readonly programs: () => Generator<Program>;
}

const store = (k: number): Operation => ({ op: 'store', k, v: initialValue(k) });
const RANGE: Operation = { op: 'range' };
const remove = (k: number): Operation => ({ op: 'loadAndDelete', k });

function initialValue(key: number): number {
  return key * 10;
}

interface StartState {
  readonly name: string;
  readonly operations: readonly Operation[];
  /** Keys that have a value. */
  readonly present: readonly number[];
  /** Whether both keys are in the same place. */
  readonly isSymmetric?: true;
}

const STARTS: readonly StartState[] = [
  { name: 'empty', operations: [], present: [], isSymmetric: true },
  { name: 'dirty only', operations: [store(1)], present: [1] },
  { name: 'read', operations: [store(1), RANGE], present: [1] },
  { name: 'deleted in read', operations: [store(1), RANGE, remove(1)], present: [] },
  { name: 'expunged', operations: [store(1), RANGE, remove(1), store(2)], present: [2] },
  { name: 'deleted in both', operations: [store(1), RANGE, store(2), remove(1)], present: [2] },
  { name: 'read beside dirty', operations: [store(1), RANGE, store(2)], present: [1, 2] },
  { name: 'dirty beside read', operations: [store(2), RANGE, store(1)], present: [1, 2] },
  { name: 'cleared', operations: [store(1), { op: 'clear' }], present: [], isSymmetric: true },
];

/** An operation without its values. */
interface Shape {
  readonly op: string;
  readonly k: number;
}

const ALPHABET: readonly Shape[] = [
  { op: 'load', k: 1 },
  { op: 'swap', k: 1 },
  { op: 'loadOrStore', k: 1 },
  { op: 'loadAndDelete', k: 1 },
  { op: 'compareAndSwap', k: 1 },
  { op: 'compareAndDelete', k: 1 },
  { op: 'load', k: 2 },
  { op: 'swap', k: 2 },
  { op: 'loadAndDelete', k: 2 },
  { op: 'range', k: 0 },
  { op: 'clear', k: 0 },
];

/** The letter of the same operation on the other key, -1 where the alphabet has none. */
const EXCHANGED: readonly number[] = ALPHABET.map(({ op, k }) =>
  ALPHABET.findIndex((other) => other.op === op && other.k === (k === 0 ? 0 : 3 - k)),
);

/** A thread as letters of the alphabet. */
type Word = readonly number[];

/** Threads with equally many operations. */
interface Group {
  readonly threads: number;
  readonly length: number;
}

/** The number of a word among those of its length, and back: its letters are the digits. */
function wordOf(number: number, length: number): Word {
  return Array.from({ length }, (_, place) => {
    return Math.floor(number / ALPHABET.length ** (length - 1 - place)) % ALPHABET.length;
  });
}

/** The number of the same word on the other key, -1 where there is none. */
function exchangedNumber(number: number, length: number): number {
  const letters = wordOf(number, length).map((letter) => EXCHANGED[letter]!);
  if (letters.includes(-1)) return -1;
  return letters.reduce((sum, letter) => sum * ALPHABET.length + letter, 0);
}

function* programsOf(start: StartState, groups: readonly Group[]): Generator<Program> {
  for (const chosen of choices(groups)) {
    if (start.isSymmetric === true && !isFirstOfTwo(groups, chosen)) continue;
    const threads = groups.flatMap(({ length }, group) =>
      chosen[group]!.map((number) => wordOf(number, length)),
    );
    yield fill(start, threads);
  }
}

/** S3: for each group its words, by number, in an order that never falls. */
function* choices(groups: readonly Group[]): Generator<readonly (readonly number[])[]> {
  const [first, ...others] = groups;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const chosen of multisets(ALPHABET.length ** first.length, first.threads)) {
    for (const rest of choices(others)) yield [chosen, ...rest];
  }
}

/** Non-decreasing sequences of numbers below `bound`. */
function* multisets(bound: number, length: number, from = 0): Generator<readonly number[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (let first = from; first < bound; first++) {
    for (const rest of multisets(bound, length - 1, first)) yield [first, ...rest];
  }
}

/** S3: whether no exchange of the keys gives an earlier program. */
function isFirstOfTwo(groups: readonly Group[], chosen: readonly (readonly number[])[]): boolean {
  const numbers = chosen.flat();
  const others = groups.flatMap(({ length }, group) =>
    chosen[group]!.map((number) => exchangedNumber(number, length)).toSorted(
      (left, right) => left - right,
    ),
  );
  if (others.includes(-1)) return true;
  const at = numbers.findIndex((number, i) => number !== others[i]);
  return at < 0 || numbers[at]! < others[at]!;
}

const WRITING = new Set(['swap', 'loadOrStore', 'compareAndSwap']);

/** S2. */
function fill(start: StartState, threads: readonly Word[]): Program {
  const valueOf = (thread: number, index: number, key: number): number =>
    initialValue(key) + 1 + thread * 3 + index;
  const oldOf = (thread: number, key: number): number => {
    if (start.present.includes(key)) return initialValue(key);
    for (const [other, word] of threads.entries()) {
      if (other === thread) continue;
      const index = word.findIndex(
        (letter) => ALPHABET[letter]!.k === key && WRITING.has(ALPHABET[letter]!.op),
      );
      if (index >= 0) return valueOf(other, index, key);
    }
    return 99;
  };
  return concurrentProgram(
    start.operations,
    threads.map((word, thread) =>
      word.map((letter, index) => {
        const { op, k } = ALPHABET[letter]!;
        if (op === 'range' || op === 'clear') return { op };
        return {
          op,
          k,
          ...(op.startsWith('compare') ? { old: oldOf(thread, k) } : {}),
          ...(WRITING.has(op) ? { v: valueOf(thread, index, k) } : {}),
        };
      }),
    ),
  );
}

/** Shapes by the number of operations in each thread. */
const SHAPES: readonly (readonly [name: string, groups: readonly Group[]])[] = [
  ['1 + 1', [{ threads: 2, length: 1 }]],
  [
    '1 + 2',
    [
      { threads: 1, length: 1 },
      { threads: 1, length: 2 },
    ],
  ],
  ['2 + 2', [{ threads: 2, length: 2 }]],
  ['1 + 1 + 1', [{ threads: 3, length: 1 }]],
];

/** All suites: each start state with each shape. */
export const syncMapSuites: readonly Suite[] = SHAPES.flatMap(([shape, groups]) =>
  STARTS.map((start) => ({
    name: `${start.name}, ${shape}`,
    start: start.name,
    shape,
    programs: () => programsOf(start, groups),
  })),
);

/** Those of one operation in each thread: every pair, then every triple, from each start state. Mutants are hunted with them. */
export const syncMapSingleSuites: readonly Suite[] = syncMapSuites.filter(({ shape }) =>
  ['1 + 1', '1 + 1 + 1'].includes(shape),
);
