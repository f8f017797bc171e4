/** Rewinding changes nothing that can be seen, and does not happen where it could. */
import { describe, expect, test } from 'vitest';
import { AtomicRef } from '../../atomics/atomic-ref.ts';
import { deriveState, expandSeed } from '../../random/seed.ts';
import { createStream } from '../../random/stream.ts';
import * as programs from '../selftest/programs-parametric.ts';
import { randomInstructions, randomProgram, type RandomShape } from '../selftest/random-program.ts';
import {
  atomicLoad,
  atomicStore,
  atomicUpdate,
  created,
  objectLoad,
  objectStore,
  threadJoin,
  type SteppedProgram,
  type StepResult,
} from '../step.ts';
import { exploreExhaustively } from './optimal.ts';
import type { ExploreOptions } from './report.ts';

type Run = Generator<number, unknown, StepResult>;
/** A thread without a result. */
type Steps = Generator<number, void, StepResult>;
type Program = SteppedProgram<Int32Array>;

const OPTIONS: ExploreOptions = { keepsGoing: true, hasHashes: true, executionsMax: 3_000 };

/** Everything that anybody can see of an exploration, and how often setup ran. */
function observe(
  given: SteppedProgram,
  isConfined: boolean,
): { readonly seen: readonly string[]; readonly setups: number } {
  const seen: string[] = [];
  let setups = 0;
  const setup = (): unknown => {
    setups++;
    return given.setup();
  };
  const report = exploreExhaustively(
    { ...given, isConfined, setup },
    {
      ...OPTIONS,
      onExecution: ({ machine, trail, ending, failure }) => {
        const schedule = trail.thread.slice(0, trail.length).join('');
        const { shared, results } = machine;
        seen.push(JSON.stringify([schedule, ending, failure?.message, results, shared]));
        return undefined;
      },
    },
  );
  const { failure: _, ...rest } = report;
  return { seen: [...seen, JSON.stringify(rest)], setups };
}

function expectSame(program: SteppedProgram): { rewound: number; whole: number } {
  const rewound = observe(program, true);
  const whole = observe(program, false);
  expect(rewound.seen).toEqual(whole.seen);
  return { rewound: rewound.setups, whole: whole.setups };
}

function wordsProgram(
  threads: readonly ((words: Int32Array) => Run)[],
  more: Partial<Program> = {},
): SteppedProgram {
  const setup = (): Int32Array => new Int32Array(created(new SharedArrayBuffer(16)));
  return { setup, threads, ...more } as SteppedProgram;
}

function* add(words: Int32Array): Run {
  yield atomicLoad(words, 0);
  const value = Atomics.load(words, 0);
  yield atomicStore(words, 0);
  return Atomics.store(words, 0, value + 1);
}

describe('a confined program is rewound, and nobody can tell', () => {
  test.each([
    programs.lastzero(7),
    programs.indexer(13),
    programs.increments('incs', 5, 2),
    programs.readers(8),
    programs.fibBench(3),
    programs.casw(4),
    programs.lastwrite(5),
    programs.coherence('joined', 3, programs.writeAndRead()),
  ])('$name', (program) => {
    const { rewound, whole } = expectSame(program);
    expect(whole).toBeGreaterThan(50);
    expect(rewound).toBeLessThan(8);
  });

  test('results, checks that fail, threads that wait for others, and steps that touch nothing', () => {
    function* last(words: Int32Array): Run {
      yield threadJoin(0);
      yield atomicLoad(words, 9);
      yield atomicUpdate(words, 0);
      return Atomics.add(words, 0, 10);
    }
    const check = (words: Int32Array): void => {
      if (words[0] !== 13) throw new Error(`${words[0]}`);
    };
    const { rewound, whole } = expectSame(wordsProgram([add, add, last, add], { check }));
    expect(whole).toBeGreaterThan(90);
    expect(rewound).toBeLessThan(8);
  });

  test('threads that throw', () => {
    function* refuse(words: Int32Array): Steps {
      yield atomicLoad(words, 0);
      if (Atomics.load(words, 0) === 1) throw new Error('found 1');
      yield atomicStore(words, 1);
      Atomics.store(words, 1, 1);
    }
    expectSame(wordsProgram([add, refuse, add, refuse]));
  });

  test('random programs', () => {
    const shape: RandomShape = {
      threads: [2, 5],
      operations: [1, 4],
      places: 2,
      ops: ['load', 'store', 'read', 'write', 'add', 'cas'],
    };
    const state = expandSeed('rewind', 'programs');
    let [rewound, whole] = [0, 0];
    for (let k = 0; k < 60; k++) {
      const random = createStream(deriveState(state, k));
      const setups = expectSame(randomProgram(randomInstructions(random, shape)));
      rewound += setups.rewound;
      whole += setups.whole;
    }
    expect(whole).toBeGreaterThan(5_000);
    expect(rewound).toBeLessThan(whole / 10);
  });
});

describe('what rewinding cannot follow is run from the start', () => {
  test.each([
    [['store', 'load', 'add', 'await']],
    [['store', 'load', 'lock', 'unlock']],
    [['store', 'load', 'lock', 'tryLock', 'unlock']],
    [['store', 'add', 'load', 'wait', 'notify']],
    [['store', 'load', 'timedWait', 'notify']],
    [['store', 'load', 'cas', 'half']],
  ] as const)('programs of %j', (ops) => {
    const shape: RandomShape = { threads: [2, 3], operations: [1, 4], places: 2, ops };
    const state = expandSeed('rewind not', 'programs');
    for (let k = 0; k < 30; k++) {
      const random = createStream(deriveState(state, k));
      expectSame(randomProgram(randomInstructions(random, shape)));
    }
  });

  test('atomic objects', () => {
    function* swap(ref: AtomicRef<number>): Run {
      yield objectLoad(ref);
      const value = ref.load();
      yield objectStore(ref);
      ref.store(value + 1);
      return value;
    }
    const program: SteppedProgram<AtomicRef<number>> = {
      setup: () => created(new AtomicRef(0)),
      threads: [swap, swap, swap],
    };
    const { rewound, whole } = expectSame(program as SteppedProgram);
    expect(rewound).toBe(whole);
  });

  test('shared memory that a thread makes', () => {
    function* make(words: Int32Array): Run {
      const own = new Int32Array(created(new SharedArrayBuffer(8)));
      yield atomicStore(own, 0);
      Atomics.store(own, 0, 1);
      return yield* add(words);
    }
    const { rewound, whole } = expectSame(wordsProgram([make, make, add]));
    expect(rewound).toBe(whole);
  });

  test('a program with invariants', () => {
    const invariants = [{ name: 'small', test: (words: Int32Array) => expect(words[0]).toBe(0) }];
    const { rewound, whole } = expectSame(wordsProgram([add, add], { invariants }));
    expect(rewound).toBe(whole);
  });

  test('a program that is not confined with what set-up returned', () => {
    const asked: unknown[] = [];
    const isConfined = (shared: unknown): boolean => {
      asked.push(shared);
      return false;
    };
    const program = wordsProgram([add, add, add]);
    const report = exploreExhaustively({ ...program, isConfined }, OPTIONS);
    expect(report).toMatchObject({ verdict: 'holds', isExhaustive: true });
    expect(asked).toEqual([expect.any(Int32Array)]);
    expect(report.complete).toBe(exploreExhaustively(program, OPTIONS).complete);
  });

  test('a program that does not say that it is confined: its log is new in every run', () => {
    let log: number[] = [];
    const setup = (): Int32Array => {
      log = [];
      return new Int32Array(created(new SharedArrayBuffer(16)));
    };
    function* note(words: Int32Array): Steps {
      yield* add(words);
      log.push(words[0]!);
    }
    const check = (): void => expect(log).toHaveLength(3);
    const report = exploreExhaustively({ setup, threads: [note, note, note], check }, OPTIONS);
    expect(report).toMatchObject({ verdict: 'holds', isExhaustive: true });
  });
});

test('now and then a confined program is run from the start all the same', () => {
  let setups = 0;
  const { setup, ...rest } = programs.increments('incs', 5, 2);
  const report = exploreExhaustively({
    ...rest,
    setup: () => {
      setups++;
      return setup();
    },
  });
  expect(report.complete).toBe(14_400);
  expect(setups).toBeGreaterThan(14);
  expect(setups).toBeLessThan(20);
});

test('a program that says it is confined, and counts what it runs, is nondeterministic', () => {
  let begun = 0;
  function* count(words: Int32Array): Steps {
    // The first step is one of the prefix most of the time.
    const place = ++begun > 10 ? 1 : 2;
    yield atomicLoad(words, place);
    Atomics.load(words, place);
    yield atomicStore(words, 0);
    Atomics.store(words, 0, 1);
  }
  const program = wordsProgram([count, add, add], { isConfined: true });
  expect(exploreExhaustively(program, OPTIONS).verdict).toBe('nondeterministic');
});
