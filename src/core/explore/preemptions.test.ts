import { expect, test } from 'vitest';
import * as sized from '../selftest/programs-parametric.ts';
import { PREEMPTION_TRUTH } from '../selftest/table.ts';
import { explorePreemptions } from './explore-preemptions.ts';

test.each(PREEMPTION_TRUTH.map(({ program, counts }) => [program.name!, program, counts] as const))(
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
