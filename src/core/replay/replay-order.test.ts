import { describe, expect, test } from 'vitest';
import { deriveState, expandSeed } from '../../random/seed.ts';
import { createStream } from '../../random/stream.ts';
import { Mutex } from '../../atomics/mutex.ts';
import { exploreExhaustively } from '../explore/optimal.ts';
import { recordSchedule } from '../explore/record.ts';
import { createWords } from '../selftest/programs-parametric.ts';
import { shrinkInterleaving } from '../shrink/shrink-interleaving.ts';
import {
  atomicLoad,
  atomicStore,
  created,
  mutexLock,
  mutexUnlock,
  type SteppedProgram,
} from '../step.ts';
import {
  randomInstructions,
  randomProgram,
  type Instruction,
  type RandomShape,
} from '../selftest/random-program.ts';
import { linearize, type PlannedEvent, type PlannedOrder } from './planned-order.ts';
import { replayOrder } from './replay-order.ts';

const NAMES = ['', 'read', 'write', 'look'];
const options = { expressionOf: (point: number): string => NAMES[point] ?? '' };

/** The partial order of a failing schedule, as a trace would keep it. */
function keep(program: SteppedProgram, schedule: readonly number[]): PlannedOrder {
  const { steps } = recordSchedule(program, schedule);
  const plan: PlannedEvent[][] = program.threads.map(() => []);
  for (const { thread, kind, location, point, after } of steps) {
    const orders = after.map((e): [number, number] => [steps[e]!.thread, steps[e]!.index]);
    const expression = options.expressionOf(point);
    plan[thread]!.push({ kind, location, expression, after: orders });
  }
  return plan;
}

type Step = (words: Int32Array, locks: readonly Mutex[]) => Generator<number, void>;

/** Two threads that add 1 each, with other steps where a test puts them. */
function lostUpdate(before: Step, between: Step, after: Step): SteppedProgram {
  function* add({ words, locks }: { words: Int32Array; locks: Mutex[] }): Generator<number, void> {
    yield* before(words, locks);
    yield atomicLoad(words, 0, 1);
    const seen = words[0]!;
    yield* between(words, locks);
    yield atomicStore(words, 0, 2);
    words[0] = seen + 1;
    yield* after(words, locks);
  }
  return {
    setup: () => ({ words: createWords(2), locks: [created(new Mutex())] }),
    threads: [add, add],
    check: ({ words }: { words: Int32Array }) => {
      if (words[0] !== 2) throw new Error('lost');
    },
  } as SteppedProgram;
}

function* nothing(): Generator<number, void> {}
function* look(words: Int32Array): Generator<number, void> {
  yield atomicLoad(words, 1, 3);
}
const lock: Step = function* (_words, [mutex]) {
  yield mutexLock(mutex!);
  mutex!.lock();
};
const unlock: Step = function* (_words, [mutex]) {
  yield mutexUnlock(mutex!);
  mutex!.unlock();
};

describe('a kept order is followed', () => {
  const kept = keep(lostUpdate(nothing, nothing, nothing), [0, 1, 1, 0]);

  test('on the program as it was', () => {
    const { run, missing, added } = replayOrder(
      lostUpdate(nothing, nothing, nothing),
      kept,
      options,
    );
    expect(run.schedule).toEqual([0, 1, 1, 0]);
    expect(run.finding?.kind).toBe('assertion');
    expect([missing, added]).toEqual([[], []]);
  });

  test.each([
    ['before', lostUpdate(look, nothing, nothing)],
    ['between', lostUpdate(nothing, look, nothing)],
    ['after', lostUpdate(nothing, nothing, look)],
    ['everywhere', lostUpdate(look, look, look)],
    // The order still fits between the sections: only the writes are locked.
    ['with a lock around', lostUpdate(nothing, lock, unlock)],
  ])('with new steps %s', (_, program) => {
    const { run, missing, divergedAt } = replayOrder(program, kept, options);
    expect(run.finding?.kind).toBe('assertion');
    expect([missing, divergedAt]).toEqual([[], null]);
  });

  test('until a lock prevents it', () => {
    const { run, missing, prevented } = replayOrder(
      lostUpdate(lock, nothing, unlock),
      kept,
      options,
    );
    expect([run.finding, run.ending, missing]).toEqual([null, 'complete', []]);
    // T2's write can no longer come before T1's.
    expect(prevented).toEqual({
      earlier: { thread: 1, index: 1 },
      later: { thread: 0, index: 1 },
    });
  });

  test('until a step is gone', () => {
    const mended: SteppedProgram = lostUpdate(nothing, nothing, nothing);
    const only = mended.threads[0]!;
    const program = { ...mended, threads: [only, look as never], check: () => {} };
    const { run, missing, divergedAt } = replayOrder(program as SteppedProgram, kept, options);
    expect(run.finding).toBe(null);
    expect(missing).toEqual([
      { thread: 1, index: 0 },
      { thread: 1, index: 1 },
    ]);
    expect(divergedAt).toBe(1);
  });
});

test('a plan is put in an order that fits, each thread kept running', () => {
  const event = (...after: [number, number][]): PlannedEvent => ({
    kind: 'load',
    location: '',
    expression: '',
    after,
  });
  const order = linearize([
    [event(), event([1, 0])],
    [event(), event()],
  ]);
  expect(order.map(({ thread, index }) => `${thread}.${index}`)).toEqual([
    '0.0',
    '1.0',
    '1.1',
    '0.1',
  ]);
  expect(linearize([[event([1, 0])], [event([0, 0])]])).toEqual([]);
  expect(linearize([])).toEqual([]);
});

test('random failures replay, also with steps put in at random', () => {
  const shape: RandomShape = {
    threads: [2, 3],
    operations: [2, 5],
    places: 2,
    ops: ['load', 'store', 'add', 'cas', 'lock', 'unlock', 'await', 'timedWait', 'notify'],
  };
  const base = expandSeed('replay', 'random');
  let replayed = 0;
  let found = 0;
  for (let seed = 0; seed < 150; seed++) {
    const random = createStream(deriveState(base, seed));
    const instructions = randomInstructions(random, shape);
    const build = (threads: readonly (readonly Instruction[])[]): SteppedProgram => ({
      ...randomProgram(threads),
      check: (shared: unknown) => {
        const { words } = shared as { words: Int32Array };
        if ((words[0]! * 5 + words[1]!) % 4 === seed % 4) throw new Error('wrong');
      },
    });
    const { failure } = exploreExhaustively(build(instructions), { executionsMax: 500 });
    if (failure === null) continue;
    found++;
    const small = shrinkInterleaving(build(instructions), failure.schedule, { runsMax: 100 })!;
    const kept = keep(build(instructions), small.schedule);
    const same = replayOrder(build(instructions), kept, options);
    expect(same.run.finding?.kind).toBe(failure.kind);
    expect([same.added, same.prevented]).toEqual([[], null]);
    // A store to a word that nothing reads, at a random place of each thread.
    const more = instructions.map((list) =>
      list.toSpliced(random.nextInt(0, list.length), 0, {
        op: 'store',
        place: 2,
        a: 0,
        ifEven: false,
      }),
    );
    const again = replayOrder(build(more), kept, options);
    if (again.run.finding?.kind === failure.kind) replayed++;
  }
  expect(found).toBeGreaterThan(50);
  expect(replayed).toBe(found);
});
