import { expect, test } from 'vitest';
import * as sized from '../selftest/programs-parametric.ts';
import { atomicNotify, type SteppedProgram, type StepResult } from '../step.ts';
import { estimateClasses } from './estimate.ts';

test.each([
  [sized.readers(8), 256],
  [sized.inc(4), 576],
  [sized.lastzero(5), 64],
  [sized.casw(4), 1_200],
  [sized.dining(4), 15],
  [sized.fibBench(3), 1_698],
] as const)('the interval covers the number of classes', (program, classes) => {
  const estimate = estimateClasses(program)!;
  expect(estimate.low).toBeLessThanOrEqual(classes);
  expect(estimate.high).toBeGreaterThanOrEqual(classes);
  expect(estimate.high - estimate.low).toBeLessThanOrEqual(classes);
});

test('the same seed gives the same estimate, another seed another one', () => {
  const [first, again, other] = ['1', '1', '2'].map((seed) =>
    estimateClasses(sized.casw(4), { seed, rounds: 2 }),
  );
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test('there is none for a program that waits', () => {
  function* notify(words: Int32Array): Generator<number, void, StepResult> {
    yield atomicNotify(words, 0, 1);
  }
  const program: SteppedProgram<Int32Array> = {
    setup: () => sized.createWords(1),
    threads: [notify],
  };
  expect(estimateClasses(program)).toBe(null);
});
