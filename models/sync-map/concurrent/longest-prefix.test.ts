import { expect, test } from 'vitest';
import type { Operation } from '../../../src/core/program.ts';
import { longestPrefix } from './longest-prefix.ts';
import { concurrentProgram, planOf } from './program.ts';
import { ExecutionRecord } from './record.ts';

const store = (k: number, v: number): Operation => ({ op: 'store', k, v });
const load = (k: number): Operation => ({ op: 'load', k });

/** What each load found, by thread and number; and the ticks of each operation. */
function prefixOf(
  threads: readonly (readonly Operation[])[],
  found: readonly (number | undefined)[],
  ticks: readonly (readonly [number, number])[],
): readonly number[] {
  const plan = planOf(concurrentProgram([store(1, 10)], threads));
  const { all } = new ExecutionRecord(plan);
  for (const [one, record] of all.entries()) {
    record.value = found[one];
    record.flag = found[one] !== undefined;
  }
  const [calls, returns] = [ticks.map(([call]) => call), ticks.map(([, end]) => end)];
  return longestPrefix(plan, all, { calls, returns });
}

test('every operation has its place in a legal history', () => {
  const threads = [[store(1, 11)], [load(1), load(1)]];
  const ticks = [
    [0, 9],
    [1, 2],
    [3, 4],
  ] as const;
  expect(prefixOf(threads, [undefined, 10, 11], ticks)).toEqual([1, 0, 2]);
});

test('the operation that sees the past has none', () => {
  const threads = [[store(1, 11)], [load(1), load(1)]];
  const ticks = [
    [0, 9],
    [1, 2],
    [3, 4],
  ] as const;
  // New, then old: whichever way the store goes, one of the loads is left over.
  expect(prefixOf(threads, [undefined, 11, 10], ticks)).toEqual([0, 1]);
});

test('real time counts', () => {
  const threads = [[store(1, 11)], [load(1)]];
  const overlapping = [
    [0, 2],
    [1, 3],
  ] as const;
  expect(prefixOf(threads, [undefined, 10], overlapping)).toEqual([1, 0]);
  const apart = [
    [0, 1],
    [2, 3],
  ] as const;
  expect(prefixOf(threads, [undefined, 10], apart)).toEqual([0]);
});

test('a range has no place in it, and holds nobody up', () => {
  const threads = [[{ op: 'range' }], [load(1)]];
  const ticks = [
    [0, 1],
    [2, 3],
  ] as const;
  expect(prefixOf(threads, [undefined, 10], ticks)).toEqual([1]);
});
