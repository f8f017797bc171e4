/** The orders that are enumerated for a class against those of all its executions. */
import { expect, test } from 'vitest';
import { createIntegers } from '../../random/integers.ts';
import { deriveState, expandSeed } from '../../random/seed.ts';
import { exploreExhaustively } from '../explore/optimal.ts';
import type { Trail } from '../explore/trail.ts';
import { atomicLoad, atomicStore, created, type SteppedProgram, type ThreadRun } from '../step.ts';
import { RealTimeOrders } from './real-time-orders.ts';

/** An operation is a list of accesses: a place, negative for a write. */
type Threads = readonly (readonly (readonly number[])[])[];

function programOf(threads: Threads): SteppedProgram<Int32Array> {
  return {
    setup: () => new Int32Array(created(new SharedArrayBuffer(16))),
    threads: threads.map(
      (operations) =>
        function* run(words: Int32Array): ThreadRun {
          for (const place of operations.flat()) {
            if (place >= 0) {
              yield atomicLoad(words, place);
              Atomics.load(words, place);
            } else {
              yield atomicStore(words, -place - 1);
              Atomics.store(words, -place - 1, 1);
            }
          }
          return undefined;
        },
    ),
  };
}

/** Notes the operations; returns, by event of the trail, the operation that begins and the one that ends with it. */
function addTo(orders: RealTimeOrders, threads: Threads): void {
  orders.reset();
  for (const [thread, operations] of threads.entries()) {
    let before = 0;
    for (const operation of operations) {
      orders.add(thread, before, before + operation.length);
      before += operation.length;
    }
  }
}

/** Who precedes whom, as text: a row of 0 and 1 for each operation. */
function matrix(count: number, precedes: (one: number, other: number) => boolean): string {
  const rows = Array.from({ length: count }, (_, one) =>
    Array.from({ length: count }, (_, other) => (precedes(one, other) ? '1' : '0')).join(''),
  );
  return rows.join(' ');
}

function isWithin(small: string, large: string): boolean {
  return small.split('').every((one, at) => one !== '1' || large[at] === '1');
}

function maximal(orders: Set<string>): string[] {
  const list = [...orders];
  return list
    .filter((one) => !list.some((other) => other !== one && isWithin(one, other)))
    .toSorted();
}

/** The orders of all executions of a class, by taking its events in every way. */
function realised(trail: Trail, threads: Threads): Set<string> {
  const ends = threads.flatMap((operations, thread) => {
    let before = 0;
    return operations.map((operation) => {
      const first = before + 1;
      before += operation.length;
      return { thread, first, last: before };
    });
  });
  const found = new Set<string>();
  const place = new Map<string, number>();
  const taken = new Set<number>();
  const extend = (): void => {
    if (taken.size === trail.length) {
      const at = (thread: number, number: number): number => place.get(`${thread}.${number}`)!;
      found.add(
        matrix(
          ends.length,
          (one, other) =>
            at(ends[one]!.thread, ends[one]!.last) < at(ends[other]!.thread, ends[other]!.first),
        ),
      );
      return;
    }
    for (let i = 0; i < trail.length; i++) {
      if (taken.has(i)) continue;
      let isNext = true;
      for (let e = 0; e < trail.length; e++) {
        if (e !== i && trail.isBefore(e, i) && !taken.has(e)) isNext = false;
      }
      if (!isNext) continue;
      taken.add(i);
      place.set(`${trail.thread[i]!}.${trail.index[i]!}`, taken.size);
      extend();
      taken.delete(i);
    }
  };
  extend();
  return found;
}

function enumerated(orders: RealTimeOrders, trail: Trail): Set<string> {
  const found = new Set<string>();
  orders.every(trail, (_, calls, returns) => {
    found.add(matrix(orders.count, (one, other) => returns[one]! < calls[other]!));
    return true;
  });
  return found;
}

test('one class can have two orders between its operations', () => {
  // A write to one place and a read of another: nothing orders them.
  const threads = [[[-1]], [[1]]];
  const orders = new RealTimeOrders();
  let classes = 0;
  exploreExhaustively(programOf(threads), {
    onExecution: ({ trail }) => {
      classes++;
      addTo(orders, threads);
      expect([...enumerated(orders, trail)].toSorted()).toEqual(['00 10', '01 00']);
      return undefined;
    },
  });
  expect(classes).toBe(1);
});

test('an operation without steps of its own lies between its neighbours', () => {
  const threads = [[[-1], [], [-2]], [[2]]];
  const orders = new RealTimeOrders();
  const seen = new Set<string>();
  exploreExhaustively(programOf(threads), {
    onExecution: ({ trail }) => {
      addTo(orders, threads);
      for (const order of enumerated(orders, trail)) seen.add(order);
      return undefined;
    },
  });
  // The read comes before all, between the first and the second, between the second and the third, or last.
  expect([...seen].toSorted()).toEqual([
    '0110 0010 0000 1110',
    '0111 0010 0000 0110',
    '0111 0011 0000 0010',
    '0111 0011 0001 0000',
  ]);
});

test('the maximal orders of all executions are found, and no others', () => {
  const draw = createIntegers(deriveState(expandSeed('1', 'real-time orders'), 0));
  let classes = 0;
  let several = 0;
  for (let program = 0; program < 60; program++) {
    const threads = Array.from({ length: 2 + (program % 2) }, () =>
      Array.from({ length: 1 + draw.below(2) }, () =>
        Array.from({ length: 1 + draw.below(2) }, () => draw.below(6) - 3),
      ),
    );
    const orders = new RealTimeOrders();
    exploreExhaustively(programOf(threads), {
      onExecution: ({ trail }) => {
        classes++;
        addTo(orders, threads);
        const all = realised(trail, threads);
        const found = enumerated(orders, trail);
        expect(maximal(found)).toEqual(maximal(all));
        for (const order of found) expect(all).toContain(order);
        if (found.size > 1) several++;
        return undefined;
      },
    });
  }
  expect([classes, several]).toMatchInlineSnapshot(`
    [
      385,
      297,
    ]
  `);
});
