import { describe, expect, test } from 'vitest';
import * as sized from '../../selftest/programs-parametric.ts';
import { atomicLoad, atomicStore, type SteppedProgram, type StepResult } from '../../step.ts';
import { exploreSampled, SAMPLING_NAMES } from './explore-sampled.ts';

/** Two threads that each add 1 in two steps: half of the classes lose one of the two. */
const LOST_UPDATE: SteppedProgram<Int32Array> = {
  setup: () => sized.createWords(1),
  threads: [increment, increment],
  check: (words) => {
    if (words[0] !== 2) throw new Error('lost');
  },
};

function* increment(words: Int32Array): Generator<number, void, StepResult> {
  yield atomicLoad(words, 0);
  const value = Atomics.load(words, 0);
  yield atomicStore(words, 0);
  Atomics.store(words, 0, value + 1);
}

describe.each(SAMPLING_NAMES)('%s', (strategy) => {
  test('sees only classes that exist, most of a small program, and the same again', () => {
    const program = sized.casw(3);
    const options = { strategy, schedules: 2_000, seed: '00012' };
    const report = exploreSampled(program, options);
    expect(report).toMatchObject({ verdict: 'holds', schedules: 2_000, isExhaustive: false });
    expect(report.classes).toBeGreaterThan(strategy === 'pct2' ? 15 : 30);
    expect(report.classes).toBeLessThanOrEqual(66);
    expect(exploreSampled(program, options).hashSum).toBe(report.hashSum);
  });

  test('finds a lost update, at a schedule that can be run alone', () => {
    const found = exploreSampled(LOST_UPDATE, { strategy, schedules: 500 });
    expect(found.failure?.kind).toBe('assertion');
    const first = found.failedSchedule;
    const alone = exploreSampled(LOST_UPDATE, { strategy, schedules: 1, first });
    expect(alone.failure?.schedule).toEqual(found.failure!.schedule);
    expect(alone).toMatchObject({ schedules: 1, failedSchedule: first });
  });
});

test('any schedule can be run alone, also late ones of strategies that learn', () => {
  const program = sized.fibBench(2);
  for (const first of [300, 4_711]) {
    const schedules: string[] = [];
    for (const [from, count] of [
      [first, 1],
      [first - 5, 6],
    ] as const) {
      exploreSampled(program, {
        strategy: 'portfolio',
        first: from,
        schedules: count,
        onExecution: ({ trail }) => {
          schedules.push(trail.thread.subarray(0, trail.length).join(''));
          return undefined;
        },
      });
    }
    expect(schedules).toHaveLength(7);
    expect(schedules[6]).toBe(schedules[0]);
  }
});

test('the seed is text: 1, 01 and 1.0 are three seeds', () => {
  const hashes = ['1', '01', '1.0'].map(
    (seed) => exploreSampled(sized.fibBench(2), { seed, schedules: 50 }).hashSum,
  );
  expect(new Set(hashes).size).toBe(3);
});

test('the unseen share falls to 0 when all classes were seen often', () => {
  const few = exploreSampled(sized.fibBench(2), { schedules: 30 });
  const many = exploreSampled(sized.inc(2), { schedules: 500 });
  expect(few.unseenShare).toBeGreaterThan(0.2);
  expect(many).toMatchObject({ classes: 4, unseenShare: 0 });
});
