import { describe, expect, test } from 'vitest';
import { deriveState, expandSeed } from '../../random/seed.ts';
import { createStream } from '../../random/stream.ts';
import { explorePreemptions } from '../explore/explore-preemptions.ts';
import { exploreExhaustively } from '../explore/optimal.ts';
import type { ExecutionJudge } from '../explore/report.ts';
import { recordSchedule } from '../explore/record.ts';
import { createWords, dining, inc } from '../selftest/programs-parametric.ts';
import { atomicLoad, atomicStore, plainRead, plainWrite } from '../step.ts';
import type { SteppedProgram } from '../step.ts';
import { randomInstructions, randomProgram, type RandomShape } from '../selftest/random-program.ts';
import { ScheduleRunner } from './runner.ts';
import { shrinkInterleaving } from './shrink-interleaving.ts';

const OPS: RandomShape['ops'] = [
  'load',
  'store',
  'add',
  'cas',
  'await',
  'lock',
  'unlock',
  'tryLock',
  'timedWait',
  'notify',
];

/** Random programs of which some classes fail the check at the end, none in another way. */
function* failingPrograms(count: number): Generator<{ program: SteppedProgram; worst: number[] }> {
  const shape: RandomShape = { threads: [2, 3], operations: [2, 4], places: 2, ops: OPS };
  for (let seed = 0, made = 0; made < count; seed++) {
    const random = createStream(deriveState(expandSeed('shrink', 'random'), seed));
    const check = (shared: unknown): void => {
      const { words } = shared as { words: Int32Array };
      if ((words[0]! * 5 + words[1]!) % 4 === seed % 4) throw new Error('as it should not be');
    };
    const program = { ...randomProgram(randomInstructions(random, shape)), check };
    let worst: number[] = [];
    const kinds = new Set<string>();
    const { complete, isExhaustive } = exploreExhaustively(program, {
      keepsGoing: true,
      executionsMax: 2_000,
      onExecution: ({ failure }) => {
        if (failure !== null) {
          kinds.add(failure.kind);
          if (preemptionsOf(failure.schedule) >= preemptionsOf(worst))
            worst = [...failure.schedule];
        }
        return false;
      },
    });
    if (!isExhaustive || complete < 3 || kinds.size !== 1 || !kinds.has('assertion')) continue;
    made++;
    yield { program, worst };
  }
}

/** Switches, as a rough measure of how bad a schedule reads. */
function preemptionsOf(schedule: readonly number[]): number {
  return schedule.filter((thread, i) => i > 0 && thread !== schedule[i - 1]).length;
}

describe('on random programs', () => {
  test('the failure stays, with the fewest preemptions that any class of it needs', () => {
    let reduced = 0;
    for (const { program, worst } of failingPrograms(40)) {
      const shrunk = shrinkInterleaving(program, worst)!;
      expect(shrunk).toMatchObject({ isFewest: true, finding: { kind: 'assertion' } });
      const within = (preemptionsMax: number): unknown =>
        explorePreemptions(program, { preemptionsMax }).report.failure;
      expect(within(shrunk.preemptions)).not.toBe(null);
      if (shrunk.preemptions > 0) expect(within(shrunk.preemptions - 1)).toBe(null);
      const again = recordSchedule(program, shrunk.schedule);
      expect(again).toMatchObject({ divergedAt: null, failure: { kind: 'assertion' } });
      expect(again.steps.filter((step) => step.isPreemption)).toHaveLength(shrunk.preemptions);
      if (shrunk.preemptions < shrunk.before.preemptions) reduced++;
    }
    expect(reduced).toBeGreaterThan(10);
  });

  test('every interleaving of a class has the same normal form', () => {
    let variants = 0;
    for (const { program, worst } of failingPrograms(10)) {
      const normal = shrinkInterleaving(program, worst, { runsMax: 0 })!.schedule;
      for (const other of commuted(program, worst)) {
        expect(shrinkInterleaving(program, other, { runsMax: 0 })!.schedule).toEqual(normal);
        variants++;
      }
    }
    expect(variants).toBeGreaterThan(20);
  });
});

/** The schedules of the same class that swap two neighbouring steps. */
function commuted(program: SteppedProgram, schedule: readonly number[]): number[][] {
  const runner = new ScheduleRunner(program);
  const { trail } = runner;
  runner.follow(schedule);
  const swaps = schedule.flatMap((thread, i) => {
    if (i === 0 || thread === schedule[i - 1] || trail.isBefore(i - 1, i)) return [];
    return [[...schedule.slice(0, i - 1), thread, schedule[i - 1]!, ...schedule.slice(i + 1)]];
  });
  runner.end();
  return swaps;
}

/** Two threads that add 1 each, in two steps, and what they read in between is told apart. */
function lostUpdate(isPlain: boolean): SteppedProgram<Int32Array> {
  function* add(words: Int32Array): Generator<number, void> {
    yield isPlain ? plainRead(words, 0, 1) : atomicLoad(words, 0, 1);
    const seen = words[0]!;
    yield isPlain ? plainWrite(words, 0, 2) : atomicStore(words, 0, 2);
    words[0] = seen + 1;
  }
  function* bystander(words: Int32Array): Generator<number, void> {
    for (let i = 0; i < 3; i++) {
      yield atomicStore(words, 1, 3);
      words[1] = i;
    }
  }
  return {
    setup: () => createWords(2),
    threads: [add, bystander, add],
    check: (words) => {
      if (words[0] !== 2) throw new Error(`${words[0]} instead of 2`);
    },
  };
}

describe('a lost update', () => {
  const worst = [1, 0, 1, 2, 1, 0, 2];

  test('reads thread by thread, and needs the two reads to come before the two writes', () => {
    const shrunk = shrinkInterleaving(lostUpdate(false), worst)!;
    expect(shrunk.schedule).toEqual([0, 1, 1, 1, 2, 2, 0]);
    expect(shrunk).toMatchObject({ preemptions: 1, switches: 3, isFewest: true });
    expect(shrunk.before).toEqual({ steps: 7, preemptions: 4 });
    // T1's read before T3's write, T3's read before T1's write; which write comes last is all one.
    expect(shrunk.orderings).toEqual({
      necessary: [
        { earlier: 0, later: 5, thread: 2 },
        { earlier: 4, later: 6, thread: 0 },
      ],
      tried: 3,
      undecided: 0,
    });
  });

  test('as a data race it ends with the second access, and nobody else is in it', () => {
    const shrunk = shrinkInterleaving(lostUpdate(true), worst)!;
    expect(shrunk.finding).toMatchObject({ kind: 'race', race: [1, 2] });
    expect(shrunk.schedule).toEqual([0, 0, 2]);
    expect(shrunk.orderings.necessary).toEqual([]);
  });
});

test('a failure of a thread alone keeps only what leads to it', () => {
  const program: SteppedProgram<Int32Array> = {
    setup: () => createWords(3),
    threads: [
      function* (words): Generator<number, void> {
        yield atomicStore(words, 0, 1);
        words[0] = 1;
        yield atomicStore(words, 1, 2);
        words[1] = 1;
      },
      function* (words): Generator<number, void> {
        yield atomicStore(words, 2, 3);
        words[2] = 1;
        yield atomicLoad(words, 0, 4);
        if (words[0] === 1) throw new TypeError('seen');
      },
    ],
  };
  const shrunk = shrinkInterleaving(program, [0, 0, 1, 1])!;
  expect(shrunk.schedule).toEqual([0, 1, 1]);
  expect(shrunk.orderings.necessary).toEqual([{ earlier: 0, later: 2, thread: 1 }]);
});

test('a deadlock needs each mutex to be taken before the one who waits for it comes', () => {
  const { failure } = exploreExhaustively(dining(3));
  const shrunk = shrinkInterleaving(dining(3), failure!.schedule)!;
  expect(shrunk.schedule).toEqual([0, 2, 1]);
  expect(shrunk.preemptions).toBe(1);
  expect(shrunk.orderings.necessary).toEqual([
    { earlier: 2, later: -1, thread: 0 },
    { earlier: 1, later: -1, thread: 1 },
    { earlier: 0, later: -1, thread: 2 },
  ]);
});

test('without a budget for all schedules, preemptions are taken out one by one', () => {
  const program: SteppedProgram = {
    ...inc(4),
    check: (words) => {
      if ((words as Int32Array)[0]! < 4) throw new Error('lost');
    },
  };
  const shrunk = shrinkInterleaving(program, [0, 1, 2, 3, 0, 1, 2, 3], { runsMax: 1 })!;
  expect(shrunk).toMatchObject({ preemptions: 1, isFewest: false });
});

test('a schedule that does not fail cannot be shrunk', () => {
  expect(shrinkInterleaving(lostUpdate(false), [0, 0, 2, 2, 1, 1, 1])).toBe(null);
});

test('orders that a judge names are kept when steps are commuted', () => {
  // Two threads that never meet: in memory every order is the same class.
  function* alone(words: Int32Array, place: number): Generator<number, void> {
    yield atomicStore(words, place, 5);
    words[place] = 1;
    yield atomicStore(words, place, 6);
    words[place] = 2;
  }
  const program: SteppedProgram<Int32Array> = {
    setup: () => createWords(2),
    threads: [(words) => alone(words, 0), (words) => alone(words, 1)],
  };
  const judgeOf = (orders: readonly (readonly [number, number])[]): ExecutionJudge => ({
    judge: () => ({
      kind: 'linearizability',
      property: 'p.q',
      message: '',
      details: [],
      history: { operations: [], orders },
    }),
  });
  const normal = (schedule: readonly number[], orders: readonly (readonly [number, number])[]) =>
    shrinkInterleaving(program, schedule, { runsMax: 0, judge: judgeOf(orders) })!.schedule;
  expect(normal([1, 0, 1, 0], [])).toEqual([0, 0, 1, 1]);
  // The second thread's last step, at position 2, before the first thread's last, at 3.
  expect(normal([1, 0, 1, 0], [[2, 3]])).toEqual([1, 1, 0, 0]);
});
