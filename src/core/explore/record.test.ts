import { expect, test } from 'vitest';
import { createWords } from '../selftest/programs-parametric.ts';
import {
  atomicCompareExchange,
  atomicLoad,
  atomicStore,
  type SteppedProgram,
  type StepResult,
} from '../step.ts';
import { exploreExhaustively } from './optimal.ts';
import { recordSchedule } from './record.ts';

const PROGRAM: SteppedProgram<Int32Array> = {
  setup: () => createWords(1),
  threads: [increment, increment],
  check: (words) => {
    if (words[0] !== 2) throw new Error('lost');
  },
};

function* increment(words: Int32Array): Generator<number, number, StepResult> {
  yield atomicLoad(words, 0, 11);
  const value = Atomics.load(words, 0);
  yield atomicStore(words, 0, 12);
  return Atomics.store(words, 0, value + 1);
}

test('shows the places, the values and the preemptions of a failing schedule', () => {
  const { failure } = exploreExhaustively(PROGRAM);
  const recording = recordSchedule(PROGRAM, failure!.schedule);
  expect(recording.failure).toMatchObject({ kind: 'assertion', schedule: failure!.schedule });
  expect(recording.divergedAt).toBe(null);
  expect(recording.results).toEqual([1, 1]);
  const shown = recording.steps.map(({ thread, kind, point, read, written, isPreemption }) =>
    [thread, kind, point, read, written, isPreemption].join(' '),
  );
  expect(shown).toEqual([
    '0 load 11 0  false',
    '1 load 11 0  true',
    '0 store 12  1 true',
    '1 store 12  1 false',
  ]);
  expect(recording.steps.map((step) => step.racesWith)).toEqual([[], [], [1], [2]]);
  // The last store comes after the other store; that it comes after the first load follows.
  expect(recording.steps.map((step) => step.after)).toEqual([[], [], [1], [2]]);
});

test('says where a schedule does not fit', () => {
  expect(recordSchedule(PROGRAM, [0, 0, 0]).divergedAt).toBe(2);
});

test('a schedule that stops early is finished on request', () => {
  expect(recordSchedule(PROGRAM, [0, 0, 1]).steps).toHaveLength(3);
  const finished = recordSchedule(PROGRAM, [0, 0, 1], { finishes: true });
  expect(finished.steps).toHaveLength(4);
  expect(finished.failure).toBe(null);
});

test('a compareExchange that fails wrote nothing', () => {
  function* swap(words: Int32Array): Generator<number, void, StepResult> {
    yield atomicCompareExchange(words, 0, 0);
    Atomics.compareExchange(words, 0, 0, 7);
  }
  const { steps } = recordSchedule({ ...PROGRAM, threads: [swap, swap], check: () => {} }, [1, 0]);
  expect(steps.map(({ read, written }) => [read, written])).toEqual([
    [0, 7],
    [7, undefined],
  ]);
});
