/**
 * The programs that mutants are hunted with: every pair, then every triple, of operations at once, from each start state.
 *
 * Small programs in a fixed order, the same for every mutant: none is written with a bug in mind.
 */
import type { Operation, Program } from '../../../src/core/program.ts';
import { concurrentProgram } from './program.ts';

const RANGE: Operation = { op: 'range' };
const store = (k: number, v: number): Operation => ({ op: 'store', k, v });

/** How the map stands when the threads begin, by what that means for key 1. */
const START_STATES: readonly (readonly [name: string, operations: readonly Operation[]])[] = [
  ['empty', []],
  ['in dirty only', [store(1, 10)]],
  ['in read', [store(1, 10), RANGE]],
  ['deleted in read', [store(1, 10), RANGE, { op: 'delete', k: 1 }]],
  ['expunged', [store(1, 10), RANGE, { op: 'delete', k: 1 }, store(2, 20)]],
  ['in read, another in dirty', [store(1, 10), RANGE, store(2, 20)]],
];

/** What a thread does; `fresh` is a value that nobody else writes. */
const OPERATIONS: readonly ((fresh: number) => Operation)[] = [
  () => ({ op: 'load', k: 1 }),
  (fresh) => store(1, fresh),
  (fresh) => ({ op: 'loadOrStore', k: 1, v: fresh }),
  () => ({ op: 'loadAndDelete', k: 1 }),
  (fresh) => ({ op: 'swap', k: 1, v: fresh }),
  (fresh) => ({ op: 'compareAndSwap', k: 1, old: 10, v: fresh }),
  () => ({ op: 'compareAndDelete', k: 1, old: 10 }),
  (fresh) => store(3, fresh),
  () => ({ op: 'load', k: 2 }),
  () => RANGE,
  () => ({ op: 'clear' }),
];

/** A program with a name for reports. */
export interface HuntProgram {
  /** The start state. */
  readonly start: string;
  readonly program: Program;
}

/** All of them: 396 of two threads, then 1,716 of three. */
export function* huntPrograms(): Generator<HuntProgram, undefined, undefined> {
  for (const threadCount of [2, 3]) {
    for (const [start, operations] of START_STATES) {
      for (const chosen of combinations(threadCount, 0)) {
        const threads = chosen.map((index, thread) => [OPERATIONS[index]!(100 + thread)]);
        yield { start, program: concurrentProgram(operations, threads) };
      }
    }
  }
}

/** Every multiset of so many operations, as rising indexes: which thread does what makes no difference. */
function* combinations(count: number, from: number): Generator<readonly number[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let first = from; first < OPERATIONS.length; first++) {
    for (const rest of combinations(count - 1, first)) yield [first, ...rest];
  }
}
