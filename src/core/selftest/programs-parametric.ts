/**
 * Ground-truth programs that come in sizes: families whose numbers of classes are known in closed
 * form or by count.
 */
import { Mutex } from '../../atomics/mutex.ts';
import {
  atomicCompareExchange,
  atomicLoad,
  atomicStore,
  atomicUpdate,
  created,
  mutexLock,
  mutexUnlock,
  threadJoin,
  type StepResult,
  type SteppedProgram,
} from '../step.ts';

/** A thread without a result. */
export type Run = Generator<number, void, StepResult>;
/** Shared words, all 0 at first. */
export type Words = Int32Array;
type WordThread = (words: Words) => Run;

const pool: Words[] = [];

/**
 * Makes `count` shared words, all 0: the same array for each run, as making a SharedArrayBuffer
 * costs more than a whole run of most of these programs.
 */
export function createWords(count: number): Words {
  const words = (pool[count] ??= new Int32Array(new SharedArrayBuffer(count * 4)));
  created(words.buffer);
  return words.fill(0);
}

function repeat<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function program<Shared>(
  name: string,
  setup: () => Shared,
  threads: readonly ((shared: Shared) => Run)[],
): SteppedProgram {
  return { name, setup, threads, isConfined: true } as SteppedProgram;
}

/** One thread that writes each of the places, in order, with these values. */
export function writer(...writes: readonly (readonly [number, number])[]): WordThread {
  return function* (words): Run {
    for (const [place, value] of writes) yield* writeTo(words, place, value);
  };
}

function* writeTo(words: Words, place: number, value: number): Run {
  yield atomicStore(words, place);
  Atomics.store(words, place, value);
}

/** One thread that reads each of the places, in order. */
export function reader(...places: readonly number[]): WordThread {
  return function* (words): Run {
    for (const place of places) {
      yield atomicLoad(words, place);
      Atomics.load(words, place);
    }
  };
}

/** One thread that writes the first word and then reads it. */
export function writeAndRead(): WordThread {
  return function* (words): Run {
    yield* writeTo(words, 0, 100);
    yield* reader(0)(words);
  };
}

/** One thread that adds 1 to each of the places, in order, each in one step. */
export function adder(...places: readonly number[]): WordThread {
  return function* (words): Run {
    for (const place of places) {
      yield atomicUpdate(words, place);
      Atomics.add(words, place, 1);
    }
  };
}

function words(count: number): () => Words {
  return () => createWords(count);
}

/** One writer, n readers of one word. */
export function readers(n: number): SteppedProgram {
  const threads = [writer([0, 1]), ...repeat(n, () => reader(0))];
  return program(`readers(${n})`, words(1), threads);
}

/** n writers and one reader of one word. */
export function writers(n: number): SteppedProgram {
  return program(`N-writers(${n})`, words(1), [...repeat(n, (i) => writer([0, i + 1])), reader(0)]);
}

/** n writers; a thread that waits for them all and then reads. */
export function lastwrite(n: number): SteppedProgram {
  function* main(shared: Words): Run {
    for (let t = 0; t < n; t++) yield threadJoin(t);
    yield atomicLoad(shared, 0);
    Atomics.load(shared, 0);
  }
  return program(`lastwrite(${n})`, words(1), [...repeat(n, (i) => writer([0, i + 1])), main]);
}

/**
 * A reader that searches the last zero while n writers each make one word one more than the word
 * before.
 */
export function lastzero(n: number): SteppedProgram {
  function* search(shared: Words): Run {
    let i = n;
    while ((yield atomicLoad(shared, i), Atomics.load(shared, i)) !== 0) i--;
  }
  const write = (j: number): WordThread =>
    function* (shared): Run {
      yield atomicLoad(shared, j - 1);
      const value = Atomics.load(shared, j - 1);
      yield atomicStore(shared, j);
      Atomics.store(shared, j, value + 1);
    };
  return program(`lastzero(${n})`, words(n + 1), [search, ...repeat(n, (i) => write(i + 1))]);
}

/** n threads that each add to the first `places` words. */
export function increments(name: string, n: number, places: number): SteppedProgram {
  const all = repeat(places, (i) => i);
  return program(
    `${name}(${n})`,
    words(places),
    repeat(n, () => adder(...all)),
  );
}

/** One writer and n threads that add. */
export function wainc(n: number): SteppedProgram {
  return program(`wainc(${n})`, words(1), [writer([0, 7]), ...repeat(n, () => adder(0))]);
}

/** n threads that read and then write one word. */
export function inc(n: number): SteppedProgram {
  function* increment(shared: Words): Run {
    yield atomicLoad(shared, 0);
    const value = Atomics.load(shared, 0);
    yield atomicStore(shared, 0);
    Atomics.store(shared, 0, value + 1);
  }
  return program(
    `inc(${n})`,
    words(1),
    repeat(n, () => increment),
  );
}

function* swap(shared: Words, place: number, expected: number, value: number): Run {
  yield atomicCompareExchange(shared, place, expected);
  Atomics.compareExchange(shared, place, expected, value);
}

/** n threads that each try to replace 0 by their own number. */
export function cas(n: number): SteppedProgram {
  const attempt = (i: number): WordThread =>
    function* (shared): Run {
      yield* swap(shared, 0, 0, i + 1);
    };
  return program(`cas(${n})`, words(1), repeat(n, attempt));
}

/** n threads that each try to replace 0 by 1, then write a number of their own. */
export function casw(n: number): SteppedProgram {
  const attempt = (i: number): WordThread =>
    function* (shared): Run {
      yield* swap(shared, 0, 0, 1);
      yield* writeTo(shared, 0, i + 4);
    };
  return program(`casw(${n})`, words(1), repeat(n, attempt));
}

/** A writer of 2 and n threads that try to replace 2 by 3. */
export function wcas(n: number): SteppedProgram {
  function* attempt(shared: Words): Run {
    yield* swap(shared, 0, 2, 3);
  }
  return program(`wcas(${n})`, words(1), [writer([0, 2]), ...repeat(n, () => attempt)]);
}

function fibonacciThread(n: number, target: number): WordThread {
  return function* (shared): Run {
    for (let round = 0; round < n; round++) {
      yield atomicLoad(shared, 0);
      const x = Atomics.load(shared, 0);
      yield atomicLoad(shared, 1);
      const y = Atomics.load(shared, 1);
      yield* writeTo(shared, target, x + y);
    }
  };
}

function fibonacciWords(): Words {
  return createWords(2).fill(1);
}

/** Two threads that n times add one word to the other; a third that looks. */
export function fibBench(n: number): SteppedProgram {
  function* look(shared: Words): Run {
    yield atomicLoad(shared, 0);
    if (Atomics.load(shared, 0) > 144) return;
    yield atomicLoad(shared, 1);
    Atomics.load(shared, 1);
  }
  const threads = [fibonacciThread(n, 0), fibonacciThread(n, 1), look];
  return program(`fib_bench(${n})`, fibonacciWords, threads);
}

/** As `fibBench`, without the third. */
export function fib2(n: number): SteppedProgram {
  const threads = [fibonacciThread(n, 0), fibonacciThread(n, 1)];
  return program(`fib2(${n})`, fibonacciWords, threads);
}

interface FileSystem {
  readonly inodeLocks: readonly Mutex[];
  readonly blockLocks: readonly Mutex[];
  readonly inodes: Words;
  readonly busy: Words;
}

const INODES = 32;
const BLOCKS = 26;

function createMutexes(count: number): Mutex[] {
  return repeat(count, () => created(new Mutex()));
}

function* allocateBlock({ blockLocks, inodes, busy }: FileSystem, i: number): Run {
  for (let block = (i * 2) % BLOCKS; ; block = (block + 1) % BLOCKS) {
    const lock = blockLocks[block]!;
    yield mutexLock(lock);
    lock.lock();
    yield atomicLoad(busy, block);
    const isFree = Atomics.load(busy, block) === 0;
    if (isFree) {
      yield* writeTo(busy, block, 1);
      yield* writeTo(inodes, i, block + 1);
    }
    yield mutexUnlock(lock);
    lock.unlock();
    if (isFree) return;
  }
}

/** n threads that each take a free block for an inode, locks around both. */
export function filesystem(n: number): SteppedProgram {
  const setup = (): FileSystem => ({
    inodeLocks: createMutexes(INODES),
    blockLocks: createMutexes(BLOCKS),
    inodes: createWords(INODES),
    busy: createWords(BLOCKS),
  });
  const allocate = (t: number) =>
    function* (shared: FileSystem): Run {
      const i = t % INODES;
      const lock = shared.inodeLocks[i]!;
      yield mutexLock(lock);
      lock.lock();
      yield atomicLoad(shared.inodes, i);
      if (Atomics.load(shared.inodes, i) === 0) yield* allocateBlock(shared, i);
      yield mutexUnlock(lock);
      lock.unlock();
    };
  return program(`filesystem(${n})`, setup, repeat(n, allocate));
}

/** n threads that each put four numbers into a hash table of 128 slots. */
export function indexer(n: number): SteppedProgram {
  const insert = (t: number): WordThread =>
    function* (shared): Run {
      for (let m = 1; m <= 4; m++) {
        const word = m * 11 + t;
        let slot = (word * 7) % 128;
        for (;;) {
          yield atomicCompareExchange(shared, slot, 0);
          if (Atomics.compareExchange(shared, slot, 0, word) === 0) break;
          slot = (slot + 1) % 128;
        }
      }
    };
  return program(`indexer(${n})`, words(128), repeat(n, insert));
}

/** Two threads that each write n times and then read, all one word. */
export function twoWriters(n: number): SteppedProgram {
  const thread = (t: number): WordThread =>
    function* (shared): Run {
      for (let i = 0; i < n; i++) yield* writeTo(shared, 0, 10 * t + i);
      yield atomicLoad(shared, 0);
      Atomics.load(shared, 0);
    };
  return program(`2 threads ${n} writes + read`, words(1), [thread(1), thread(2)]);
}

/** n writers, one thread of two steps on the same word, and one that reads at the end. */
export function coherence(name: string, n: number, second: WordThread): SteppedProgram {
  function* main(shared: Words): Run {
    for (let t = 0; t <= n; t++) yield threadJoin(t);
    yield atomicLoad(shared, 0);
    Atomics.load(shared, 0);
  }
  const threads = [...repeat(n, (i) => writer([0, i + 1])), second, main];
  return program(`${name}(${n})`, words(1), threads);
}

interface Guarded {
  readonly locks: readonly Mutex[];
  readonly words: Words;
}

function guarded(count: number): () => Guarded {
  return () => ({ locks: createMutexes(count), words: createWords(count) });
}

type LockedRead = Generator<number, number, StepResult>;

function* lockedRead({ locks, words: shared }: Guarded, place: number): LockedRead {
  yield mutexLock(locks[place]!);
  locks[place]!.lock();
  yield atomicLoad(shared, place);
  return Atomics.load(shared, place);
}

function* unlock({ locks }: Guarded, place: number): Run {
  yield mutexUnlock(locks[place]!);
  locks[place]!.unlock();
}

/** n threads that add to the first `places` words, each under its lock. */
export function lockedIncrements(name: string, n: number, places: number): SteppedProgram {
  function* increment(shared: Guarded): Run {
    for (let place = 0; place < places; place++) {
      const value = yield* lockedRead(shared, place);
      yield* writeTo(shared.words, place, value + 1);
      yield* unlock(shared, place);
    }
  }
  return program(
    `${name}(${n})`,
    guarded(places),
    repeat(n, () => increment),
  );
}

/** n threads that read under one lock. */
export function lockreaders(n: number): SteppedProgram {
  function* read(shared: Guarded): Run {
    yield* lockedRead(shared, 0);
    yield* unlock(shared, 0);
  }
  return program(
    `lockreaders(${n})`,
    guarded(1),
    repeat(n, () => read),
  );
}

/** n philosophers who each take the fork on one side, then the other. */
export function dining(n: number): SteppedProgram {
  const philosopher = (i: number) =>
    function* (forks: readonly Mutex[]): Run {
      const [first, second] = [forks[i]!, forks[(i + 1) % n]!];
      yield mutexLock(first);
      first.lock();
      yield mutexLock(second);
      second.lock();
      yield mutexUnlock(second);
      second.unlock();
      yield mutexUnlock(first);
      first.unlock();
    };
  return program(`dining(${n})`, () => createMutexes(n), repeat(n, philosopher));
}

/** Two threads that write the same n words in the same order. */
export function chain2W(n: number): SteppedProgram {
  const write = (t: number): WordThread => writer(...repeat(n, (i) => [i, t] as const));
  return program(`chain2W(${n})`, words(n), [write(1), write(2)]);
}
