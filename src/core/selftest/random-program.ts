/**
 * Random small programs for comparing engines: data-dependent branches, conditional writes, locks,
 * waits, overlaps.
 */
import type { Random } from 'fast-check';
import { Mutex } from '../../atomics/mutex.ts';
import {
  atomicCompareExchange,
  atomicLoad,
  atomicNotify,
  atomicStore,
  atomicUpdate,
  atomicWait,
  created,
  mutexLock,
  mutexTryLock,
  mutexUnlock,
  plainRead,
  plainWrite,
  spin,
  spinEntry,
  type SteppedProgram,
  type StepResult,
} from '../step.ts';
import { createWords } from './programs-parametric.ts';

/** One instruction of the little machine that random threads run. `a` and `b` are small numbers. */
export interface Instruction {
  readonly op:
    | 'load'
    | 'store'
    | 'read'
    | 'write'
    | 'add'
    | 'cas'
    | 'lock'
    | 'unlock'
    | 'tryLock'
    | 'wait'
    | 'timedWait'
    | 'notify'
    | 'half'
    | 'await';
  readonly place: number;
  readonly a: number;
  /** Runs only if the thread's register is even; always if false. */
  readonly ifEven: boolean;
}

export interface RandomShape {
  readonly threads: readonly [number, number];
  readonly operations: readonly [number, number];
  readonly places: number;
  readonly ops: readonly Instruction['op'][];
}

/** Words that threads may touch. */
const WORDS = 4;

interface Shared {
  readonly words: Int32Array;
  readonly halves: Int16Array;
  readonly locks: readonly Mutex[];
}

type Run = Generator<number, void, StepResult>;

/** Draws the instructions of each thread. Every lock taken is given back. */
export function randomInstructions(random: Random, shape: RandomShape): Instruction[][] {
  const threadCount = random.nextInt(...shape.threads);
  return Array.from({ length: threadCount }, () => {
    const count = random.nextInt(...shape.operations);
    const list: Instruction[] = [];
    while (list.length < count) {
      const op = shape.ops[random.nextInt(0, shape.ops.length - 1)]!;
      const place = random.nextInt(0, shape.places - 1);
      const a = random.nextInt(0, 2);
      const ifEven = random.nextInt(0, 3) === 0;
      list.push({ op, place, a, ifEven });
    }
    return list;
  });
}

/** Makes a program of instructions. */
export function randomProgram(threads: readonly (readonly Instruction[])[]): SteppedProgram {
  const setup = (): Shared => {
    const words = createWords(WORDS);
    const halves = new Int16Array(words.buffer);
    return { words, halves, locks: [created(new Mutex()), created(new Mutex())] };
  };
  const program: SteppedProgram<Shared> = {
    name: 'random',
    setup,
    threads: threads.map((list) => (shared: Shared) => interpret(shared, list)),
    isConfined: true,
  };
  return program as SteppedProgram;
}

function* interpret(shared: Shared, list: readonly Instruction[]): Run {
  let register = 0;
  const held = new Set<Mutex>();
  for (const instruction of list) {
    if (instruction.ifEven && register % 2 !== 0) continue;
    const lock = shared.locks[instruction.place % 2]!;
    switch (instruction.op) {
      case 'lock':
        if (held.has(lock)) break;
        yield mutexLock(lock);
        lock.lock();
        held.add(lock);
        break;
      case 'tryLock':
        if (held.has(lock)) break;
        yield mutexTryLock(lock);
        register = Number(lock.tryLock());
        if (register === 1) held.add(lock);
        break;
      case 'unlock':
        if (held.delete(lock)) {
          yield mutexUnlock(lock);
          lock.unlock();
        }
        break;
      default:
        register = yield* access(shared, instruction, register);
    }
  }
  for (const lock of held) {
    yield mutexUnlock(lock);
    lock.unlock();
  }
}

function* access(
  { words, halves }: Shared,
  { op, place, a }: Instruction,
  register: number,
): Generator<number, number, StepResult> {
  switch (op) {
    case 'load':
      yield atomicLoad(words, place);
      return Atomics.load(words, place);
    case 'store':
      yield atomicStore(words, place);
      Atomics.store(words, place, a + register);
      return register;
    case 'read':
      yield plainRead(words, place);
      return words[place]!;
    case 'write':
      yield plainWrite(words, place);
      words[place] = a + register;
      return register;
    case 'add':
      yield atomicUpdate(words, place);
      return Atomics.add(words, place, 1);
    case 'cas':
      yield atomicCompareExchange(words, place, a);
      return Atomics.compareExchange(words, place, a, a + 1);
    case 'wait':
    case 'timedWait': {
      const result = yield atomicWait(words, place, a % 2, op === 'wait' ? undefined : 10);
      return result === 'ok' ? 1 : result === 'timed-out' ? 2 : 4;
    }
    case 'notify':
      return ((yield atomicNotify(words, place, a === 0 ? undefined : a)) as number) + register;
    case 'half':
      yield a === 0 ? atomicLoad(halves, place * 2) : atomicUpdate(halves, place * 2 + (a % 2));
      if (a === 0) return Atomics.load(halves, place * 2);
      return Atomics.add(halves, place * 2 + (a % 2), 1);
    default:
      // Half of the loops do not tell that they are entered, as code of other tools may not.
      if (a !== 1) spinEntry(place);
      for (;;) {
        yield atomicLoad(words, place);
        if (Atomics.load(words, place) !== a) return register;
        yield spin(place);
      }
  }
}
