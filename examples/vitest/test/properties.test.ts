import { operations, programs, applyCall, runUnder, schedules } from 'mapcheck/fast-check';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Counter } from '../src/counter.ts';

/** Two threads that make the calls they are given; returns the count. */
async function countAfter(
  threads: readonly (readonly { readonly op: string; readonly args: readonly unknown[] }[])[],
  schedule: Parameters<typeof runUnder>[1],
): Promise<number> {
  let count = 0;
  const { failure } = await runUnder(
    {
      setup: () => new Counter(),
      threads: threads.map((calls) => (shared: Counter) => {
        for (const call of calls) applyCall(shared, call);
      }),
      check: (shared) => {
        count = shared.value;
      },
    },
    schedule,
  );
  expect(failure).toBe(null);
  return count;
}

describe('a counter, under any schedule', () => {
  test('counts every increment under its lock', async () => {
    const size = { threads: 2, operationsMax: 2 };
    await fc.assert(
      fc.asyncProperty(
        programs(operations({ increment: [] }), size),
        schedules(),
        async (threads, schedule) => {
          expect(await countAfter(threads, schedule)).toBe(threads.flat().length);
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  });

  test('a hasty increment loses another, by one switch', async () => {
    const result = await fc.check(
      fc.asyncProperty(
        programs(operations({ incrementHastily: [], increment: [] })),
        schedules(),
        async (threads, schedule) =>
          (await countAfter(threads, schedule)) === threads.flat().length,
      ),
      { seed: 1, numRuns: 1000 },
    );
    expect(result.failed).toBe(true);
    // Shrunk to a few calls, and to the one switch in the middle of one of them.
    const [threads, schedule] = result.counterexample!;
    expect(threads.flat().length).toBeLessThanOrEqual(3);
    expect(threads.flat().every(({ op }) => op === 'incrementHastily')).toBe(true);
    expect(schedule).toHaveLength(1);
  });
});
