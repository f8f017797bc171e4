/** Ground-truth programs of one size: the classic litmus tests, Peterson's lock, crossed locks. */
import { Mutex } from '../../atomics/mutex.ts';
import {
  atomicCompareExchange,
  atomicLoad,
  atomicStore,
  created,
  mutexLock,
  mutexUnlock,
  PARK_CODE,
  type SteppedProgram,
} from '../step.ts';
import { adder, createWords, reader, writer, type Run, type Words } from './programs-parametric.ts';

const X = 0;
const Y = 1;
const Z = 2;
const W = 3;

type WordThread = (words: Words) => Run;

/** A step of a litmus test: `Rx` reads x, `Wx` writes 1 to it. */
function steps(text: string): WordThread {
  const list = text.split(' ').map((step) => ({ isRead: step[0] === 'R', place: placeOf(step) }));
  return function* (words): Run {
    for (const { isRead, place } of list) {
      yield isRead ? atomicLoad(words, place) : atomicStore(words, place);
      if (isRead) Atomics.load(words, place);
      else Atomics.store(words, place, 1);
    }
  };
}

function placeOf(step: string): number {
  return 'xyzw'.indexOf(step[1]!);
}

function litmus(name: string, ...threads: readonly string[]): SteppedProgram {
  return program(name, ...threads.map(steps));
}

function program(name: string, ...threads: readonly WordThread[]): SteppedProgram {
  return { name, setup: () => createWords(4), threads } as unknown as SteppedProgram;
}

export const STORE_BUFFERING: SteppedProgram = litmus('SB', 'Wx Ry', 'Wy Rx');
export const MESSAGE_PASSING: SteppedProgram = litmus('MP', 'Wx Wy', 'Ry Rx');
export const LOAD_BUFFERING: SteppedProgram = litmus('LB', 'Rx Wy', 'Ry Wx');
export const TWO_TWO_WRITES: SteppedProgram = litmus('2+2W', 'Wx Wy', 'Wy Wx');
export const WRITE_TO_READ: SteppedProgram = litmus('WRC', 'Wx', 'Rx Wy', 'Ry Rx');
export const INDEPENDENT_READS: SteppedProgram = litmus('IRIW', 'Wx', 'Wy', 'Rx Ry', 'Ry Rx');
export const COHERENCE: SteppedProgram = litmus('CoRR1', 'Wx', 'Wx', 'Rx Rx', 'Rx');

/**
 * `R x; W y; if y = 0 then W z; if z = 1 and then y = 0 then W x`: the example of the POPL paper on
 * source sets.
 */
export const POPL_EXAMPLE: SteppedProgram = program(
  'POPL example',
  reader(X),
  writer([Y, 1]),
  poplReader([], Z),
  poplReader([Z], X),
);

function poplReader(nonZero: readonly number[], target: number): WordThread {
  return function* (words): Run {
    for (const place of [...nonZero, Y]) {
      yield atomicLoad(words, place);
      if (Atomics.load(words, place) !== (place === Y ? 0 : 1)) return;
    }
    yield atomicStore(words, target);
    Atomics.store(words, target, 1);
  };
}

/** `W w; W x; W y; R y, W z; R y=1? R z=1? R x=1? R w`. */
export const SLEEPING_RACES: SteppedProgram = program(
  'sleeping_races_6',
  writer([W, 1]),
  writer([X, 1]),
  writer([Y, 1]),
  steps('Ry Wz'),
  conditional([Y, Z, X, W], -1),
);

/**
 * Reads the places in order as long as they are not 0, and then writes, if there is a place to
 * write.
 */
function conditional(places: readonly number[], target: number): WordThread {
  return function* (words): Run {
    for (const place of places) {
      yield atomicLoad(words, place);
      if (Atomics.load(words, place) === 0) return;
    }
    if (target < 0) return;
    yield atomicStore(words, target);
    Atomics.store(words, target, 1);
  };
}

/**
 * An explorer that reverses races by their cores only (R1 of `reversal.ts`) loses one of its 12
 * classes.
 */
export const BEYOND_THE_CORE: SteppedProgram = litmus(
  'beyond the core',
  'Wz',
  'Wy',
  'Wx Rz',
  'Wy Ry Wx',
);

/**
 * An explorer that looks at each race only once (O2 of `optimal.ts`) loses two of its 112 classes.
 */
export const OPEN_RACES: SteppedProgram = program(
  'open races',
  steps('Rw'),
  steps('Wy Rx'),
  steps('Wx Rw Ry'),
  writer([W, 2], [Y, 2]),
  function* (words): Run {
    yield atomicCompareExchange(words, W, 2);
    Atomics.compareExchange(words, W, 2, 3);
  },
);

function peterson(me: number): WordThread {
  const other = 1 - me;
  return function* (words): Run {
    yield atomicStore(words, me);
    Atomics.store(words, me, 1);
    yield atomicStore(words, Z);
    Atomics.store(words, Z, other);
    yield atomicLoad(words, other);
    if (Atomics.load(words, other) === 1) {
      yield atomicLoad(words, Z);
      if (Atomics.load(words, Z) === other) yield PARK_CODE;
    }
    yield atomicStore(words, me);
    Atomics.store(words, me, 0);
  };
}

/** Peterson's lock, with the wait as an assumption: threads that would wait are parked. */
export const PETERSON: SteppedProgram = program('Peterson', peterson(0), peterson(1));

function* lockBoth(first: Mutex, second: Mutex): Run {
  yield mutexLock(first);
  first.lock();
  yield mutexLock(second);
  second.lock();
  yield mutexUnlock(second);
  second.unlock();
  yield mutexUnlock(first);
  first.unlock();
}

/** Two threads that take two locks in opposite orders. */
export const CROSSED_LOCKS: SteppedProgram = {
  name: 'two locks a-b / b-a',
  setup: () => [created(new Mutex()), created(new Mutex())] as const,
  threads: [
    (locks: unknown) => lockBoth(...(locks as readonly [Mutex, Mutex])),
    (locks: unknown) => {
      const [first, second] = locks as readonly [Mutex, Mutex];
      return lockBoth(second, first);
    },
  ],
};

/**
 * Operations with an invocation and a response: one operation's response and another's invocation
 * are ordered, so that classes are histories. `H[t]` is byte t of a word that invocations read
 * whole.
 */
function histories(
  name: string,
  count: number,
  operations: (thread: number) => readonly WordThread[],
): SteppedProgram {
  const thread = (t: number) =>
    function* ([whole, bytes, words]: readonly [Words, Int8Array, Words]): Run {
      for (const operation of operations(t)) {
        yield atomicLoad(whole, 0);
        Atomics.load(whole, 0);
        yield* operation(words);
        yield atomicStore(bytes, t);
        Atomics.store(bytes, t, 1);
      }
    };
  const setup = (): readonly [Words, Int8Array, Words] => {
    const whole = createWords(1);
    return [whole, new Int8Array(whole.buffer), createWords(4)];
  };
  const threads = Array.from({ length: count }, (_, t) => thread(t));
  return { name, setup, threads } as unknown as SteppedProgram;
}

/** n operations of one access each, on n places; at most 4. */
export function separateOperations(n: number): SteppedProgram {
  return histories(`histories: ${n} disjoint operations`, n, (t) => [writer([t, 1])]);
}

/** n operations that read and then write one place. */
export function incrementOperations(n: number): SteppedProgram {
  return histories(`histories: ${n} increments`, n, () => [steps('Rx Wx')]);
}

/** n operations that change one place in one step. */
export function atomicOperations(n: number): SteppedProgram {
  return histories(`histories: ${n} atomic operations`, n, () => [adder(X)]);
}

/** Store buffering, each access an operation of its own. */
export const BUFFERING_OPERATIONS: SteppedProgram = histories(
  'histories: SB as 2 x 2 operations',
  2,
  (t) => (t === 0 ? [steps('Wx'), steps('Ry')] : [steps('Wy'), steps('Rx')]),
);
