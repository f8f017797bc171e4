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

// Tickets only group runs: the same runs in other tickets give the same fingerprints.
test('a run depends on its number alone', () => {
  const whole = [...runTicket(toyTarget, '1', 0, ticket, false).fingerprints];
  const parts = [0, 20].flatMap((firstRun) => {
    const runCount = firstRun === 0 ? 20 : 30;
    return [...runTicket(toyTarget, '1', 9, { ...ticket, firstRun, runCount }, false).fingerprints];
  });
  expect(parts).toEqual(whole);
});
