import { expect, test } from 'vitest';
import { Mishaps } from './mishaps.ts';

const ticket = { targetIndex: 0, firstRun: 100, runCount: 50 };
const crash = { kind: 'crash', seen: 'the worker ended with exit code 3' } as const;
const hang = { kind: 'hang', seen: 'no progress for 10 s' } as const;

/** What becomes of a ticket after mishaps at these runs, counted from its first. */
function after(
  ...mishaps: (readonly [offset: number, how: typeof crash | typeof hang])[]
): unknown {
  const own = new Mishaps();
  let last: ReturnType<Mishaps['note']> | null = null;
  for (const [offset, how] of mishaps) last = own.note(9, 7, ticket, offset, how);
  return last !== null && 'retry' in last ? [...last.retry.noReturn.keys()] : last;
}

test('a hang is recorded at once, a death when it repeats', () => {
  expect(after([3, hang])).toEqual([103]);
  expect(after([3, crash])).toEqual([]);
  expect(after([3, crash], [3, crash])).toEqual([103]);
  expect(after([3, crash], [3, crash], [8, hang], [9, crash], [9, crash])).toEqual([103, 108, 109]);
});

test('deaths that cannot be pinned on a run give the ticket up', () => {
  expect(after([3, crash], [5, crash])).toEqual([]);
  expect(after([3, crash], [5, crash], [7, crash])).toMatchObject({
    lost: { index: 7, lost: { firstRun: 100, runCount: 50 } },
  });
});

test('a run that is not made any more and still takes the thread down gives the ticket up', () => {
  expect(after([3, hang], [3, hang])).toMatchObject({
    lost: { lost: { reason: 'in making the program of run 103: no progress for 10 s' } },
  });
});

test('every ticket starts with a clean sheet', () => {
  const own = new Mishaps();
  own.note(1, 1, ticket, 3, crash);
  const empty: unknown = new Map();
  expect(own.note(2, 2, ticket, 3, crash)).toEqual({ retry: { position: 2, noReturn: empty } });
  expect(own.note(3, 3, ticket, 3, crash)).toEqual({ retry: { position: 3, noReturn: empty } });
});

test('a run that came through after all is told of once', () => {
  const own = new Mishaps();
  expect(own.recovered(7)).toBeNull();
  own.note(9, 7, ticket, 3, crash);
  expect(own.recovered(8)).toBeNull();
  expect(own.recovered(7)).toEqual({ run: 103, how: crash });
  expect(own.recovered(7)).toBeNull();
  // One that is recorded as a failure did not come through.
  own.note(10, 8, ticket, 3, crash);
  own.note(10, 8, ticket, 3, crash);
  expect(own.recovered(8)).toBeNull();
});
