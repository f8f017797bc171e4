import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registers } from '../core/step.ts';
import { STEP } from '../instrument/runtime/index.ts';
import { applyCall, mapOperations, operations, programs, runUnder, schedules } from './index.ts';
import { chooser } from './schedules.ts';

describe('operations', () => {
  test('call the methods named, with arguments of theirs', () => {
    const calls = operations({ add: [fc.nat(9)], size: [] });
    fc.assert(
      fc.property(calls, ({ op, args }) => {
        expect(op === 'add' ? args.length === 1 : op === 'size' && args.length === 0).toBe(true);
      }),
      { seed: 1 },
    );
  });

  test('shrink to the method named first and its simplest arguments', () => {
    const calls = operations({ get: [fc.nat(9)], set: [fc.nat(9), fc.nat(9)] });
    const { counterexample } = fc.check(
      fc.property(calls, () => false),
      { seed: 1 },
    );
    expect(counterexample).toEqual([{ op: 'get', args: [0] }]);
  });

  test('of maps do the same to two maps', () => {
    const calls = fc.array(mapOperations(fc.constantFrom('a', 'b'), fc.nat(3)));
    fc.assert(
      fc.property(calls, (list) => {
        const maps = [new Map<string, number>(), new Map<string, number>()] as const;
        for (const call of list) {
          const [one, other] = maps.map((map) => applyCall(map, call));
          expect(one === maps[0] ? maps[1] : one).toBe(other);
        }
        expect(maps[0]).toEqual(maps[1]);
      }),
      { seed: 1 },
    );
  });

  test('of a name that is no method say so', () => {
    expect(() => applyCall({}, { op: 'none', args: [] })).toThrow('there is no method none');
  });
});

test('programs have so many threads, and so many operations at most', () => {
  const size = { threads: 3, operationsMax: 2 };
  fc.assert(
    fc.property(programs(fc.nat(), size), (threads) => {
      expect(threads).toHaveLength(3);
      for (const list of threads) expect(list.length).toBeLessThanOrEqual(2);
    }),
    { seed: 1 },
  );
});

describe('a schedule', () => {
  test('always names a thread that can move', () => {
    const runs = fc.tuple(schedules(), fc.array(fc.integer({ min: 1, max: 2 ** 31 - 1 })));
    fc.assert(
      fc.property(runs, ([schedule, masks]) => {
        const choose = chooser(schedule);
        let last = -1;
        masks.forEach((enabled, position) => {
          last = choose(enabled, last, position);
          expect(enabled & (1 << last)).not.toBe(0);
        });
      }),
      { seed: 1 },
    );
  });

  test('switches when it says, to the thread it says, and no more', () => {
    const choose = chooser([
      { after: 2, to: 1 },
      { after: 1, to: 0 },
    ]);
    const order: number[] = [];
    for (let i = 0; i < 6; i++) order.push(choose(0b111, order.at(-1) ?? -1, i));
    expect(order).toEqual([0, 0, 2, 0, 0, 0]);
    // From the beginning again: the same.
    expect([choose(0b111, -1, 0), choose(0b111, 0, 1), choose(0b111, 0, 2)]).toEqual([0, 0, 2]);
  });
});

describe('runUnder', () => {
  /** Threads as the instrumenter makes them, of no step at all. */
  function twoThreads(): { readonly setup: () => object; readonly threads: (() => unknown)[] } {
    const thread = (): unknown => undefined;
    // eslint-disable-next-line require-yield
    function* steps(): Generator<number, unknown, unknown> {
      return registers.thread;
    }
    Object.defineProperty(thread, STEP, { value: steps });
    return { setup: () => ({}), threads: [thread, thread] };
  }

  test('gives what the threads returned', async () => {
    const { failure, results, steps } = await runUnder(twoThreads(), []);
    expect(failure).toBe(null);
    expect(results).toEqual([0, 1]);
    expect(steps).toEqual([]);
  });

  test('gives what the check threw', async () => {
    const check = (): void => {
      throw new Error('no');
    };
    const { failure } = await runUnder({ ...twoThreads(), check }, []);
    expect(failure).toMatchObject({ kind: 'assertion' });
    expect(failure!.message).toContain('no');
  });

  test('refuses threads that are not stepped, and what is no program', async () => {
    const plain = { setup: () => 1, threads: [() => 1] };
    await expect(runUnder(plain, [])).rejects.toMatchObject({ code: 'E-VITEST-001' });
    const none = { setup: () => 1, threads: [] };
    await expect(runUnder(none, [])).rejects.toMatchObject({ code: 'E-PROGRAM-001' });
  });
});
