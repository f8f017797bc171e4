import { expect, test } from 'vitest';
import { toyTarget } from '../core/testing/toy-target.ts';
import type { Target } from '../core/target.ts';
import { runTicket } from './ticket.ts';

const ticket = { targetIndex: 0, firstRun: 0, runCount: 50 };

test('a target that remembers earlier runs is found to be nondeterministic', () => {
  let calls = 0;
  const forgetful: Target = {
    ...toyTarget,
    execute: (program) => ({ ...toyTarget.execute(program), fingerprint: ++calls }),
  };
  expect(runTicket(forgetful, '1', 0, ticket, false).divergence).toMatchObject({ run: 0 });
  expect(runTicket(toyTarget, '1', 0, ticket, false).divergence).toBeNull();
});

/** Fingerprints of the runs of some tickets. */
function fingerprintsOf(...ranges: (readonly [firstRun: number, runCount: number])[]): number[] {
  const seen: number[] = [];
  const watched: Target = {
    ...toyTarget,
    execute: (program) => {
      const outcome = toyTarget.execute(program);
      seen.push(outcome.fingerprint);
      return outcome;
    },
  };
  for (const [firstRun, runCount] of ranges) {
    runTicket(watched, '1', 9, { ...ticket, firstRun, runCount }, false);
  }
  return seen;
}

// Tickets only group runs: the same runs in other tickets give the same fingerprints.
test('a run depends on its number alone', () => {
  const whole = fingerprintsOf([0, 50]);
  expect(fingerprintsOf([0, 20], [20, 30])).toEqual(whole);
  expect(new Set(whole).size).toBeGreaterThan(10);
});

test('the hash of a ticket covers every run', () => {
  const hashOf = (change: number): string => {
    let calls = 0;
    const target: Target = {
      ...toyTarget,
      execute: (program) => {
        const outcome = toyTarget.execute(program);
        return { ...outcome, fingerprint: outcome.fingerprint + Number(calls++ === change) };
      },
    };
    return runTicket(target, '1', 0, { ...ticket, firstRun: 1, runCount: 30 }, false).hash;
  };
  expect(new Set([-1, 0, 15, 29].map(hashOf)).size).toBe(4);
  expect(hashOf(-1)).toBe(hashOf(-1));
});

test('a run that is known not to come back is recorded, and not made', () => {
  const made: number[] = [];
  const noReturn = new Map([[3, { kind: 'hang', seen: 'no progress for 10 s' } as const]]);
  const result = runTicket(toyTarget, '1', 0, { ...ticket, runCount: 6 }, false, {
    noReturn,
    onRun: (offset) => made.push(offset),
  });
  expect(made).toEqual([0, 1, 2, 3, 4, 5]);
  expect(result.runs).toBe(6);
  const found = result.violations.filter(({ violation }) => violation.property !== 'toy.sum');
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    run: 3,
    violation: { property: 'toy.terminates', actual: 'no progress for 10 s' },
  });
});

test('interleavings of a run are told of as such', () => {
  const told: [number, boolean][] = [];
  runTicket(toyTarget, '1', 0, { ...ticket, runCount: 2 }, false, {
    interleave: () => null,
    onRun: (offset, interleaves) => told.push([offset, interleaves]),
  });
  const each = (offset: number): unknown => [false, true, false].map((is) => [offset, is]);
  expect(told).toEqual([each(0), each(1)].flat());
});
