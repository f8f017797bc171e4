import { expect, test } from 'vitest';
import * as fixed from '../selftest/programs-fixed.ts';
import * as sized from '../selftest/programs-parametric.ts';
import type { SteppedProgram } from '../step.ts';
import { explorePreemptions } from './explore-preemptions.ts';

/** Classes with at most 0, 1, 2, … preemptions. */
const KNOWN: readonly (readonly [SteppedProgram, readonly number[]])[] = [
  [sized.increments('binc', 2, 2), [2, 4]],
  [sized.increments('binc', 3, 2), [6, 24, 36]],
  [sized.inc(4), [24, 168, 432, 576]],
  [sized.casw(2), [2, 4, 6]],
  [sized.casw(3), [6, 24, 54, 66]],
  [fixed.PETERSON, [2, 2, 4]],
  [fixed.COHERENCE, [18, 36]],
  [fixed.INDEPENDENT_READS, [14, 15]],
  [fixed.STORE_BUFFERING, [2, 3]],
  [fixed.MESSAGE_PASSING, [2, 3]],
  [fixed.TWO_TWO_WRITES, [2, 3]],
  [sized.fibBench(2), [6, 33, 98, 137, 140]],
  [sized.lastzero(5), [64]],
  [sized.readers(4), [16]],
  [sized.cas(4), [4]],
  [sized.dining(3), [6]],
];

test.each(KNOWN.map(([program, counts]) => [program.name!, program, counts] as const))(
  'classes of %s by preemptions',
  (_, program, counts) => {
    const { histogram, unknown } = explorePreemptions(program, { keepsGoing: true });
    let sum = 0;
    expect(histogram.map((count) => (sum += count))).toEqual(counts);
    expect(unknown).toBe(0);
  },
);

test('the deadlock of the dining philosophers needs a preemption', () => {
  const { blockedHistogram, failurePreemptions } = explorePreemptions(sized.dining(3), {
    keepsGoing: true,
  });
  expect(blockedHistogram).toEqual([0, 1]);
  expect(failurePreemptions).toBe(1);
});

test('a bound leaves out failures that need more preemptions', () => {
  const bounded = (preemptionsMax: number) =>
    explorePreemptions(sized.dining(3), { preemptionsMax }).report;
  expect(bounded(0)).toMatchObject({ verdict: 'holds', failure: null, isExhaustive: true });
  expect(bounded(1)).toMatchObject({ verdict: 'fails', failure: { kind: 'deadlock' } });
});
