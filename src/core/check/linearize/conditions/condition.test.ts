import { describe, expect, test } from 'vitest';
import { NEVER, type History } from '../history.ts';
import { isLegal, programOrder, type Precedes } from '../testing/brute-force.ts';
import { makeHistory } from '../testing/make-history.ts';
import { drawsFrom, KEY_OPERATIONS, randomHistory } from '../testing/random-history.ts';
import { judgeBy } from './condition.ts';

/** Whether nothing is open just before some event after `from` and up to `until`. */
function isRestBetween(history: History, from: number, until: number): boolean {
  for (let event = from + 1; event <= until; event++) {
    const isOpen = Array.from({ length: history.operationCount }).some(
      (_, row) => history.call[row]! < event && history.ret[row]! >= event,
    );
    if (!isOpen) return true;
  }
  return false;
}

const verdictOf = (isYes: boolean): string => (isYes ? 'linearizable' : 'not-linearizable');

describe('conditions against their definitions', () => {
  const options = (index: number): Parameters<typeof randomHistory>[1] => ({
    operations: 3 + (index % 7),
    processes: 2 + (index % 3),
    keys: 1 + (index % 2),
    values: index % 3 === 0 ? 2 : 'unique',
    ops: index % 4 === 0 ? ['load', 'store', 'swap', 'clear', 'len'] : KEY_OPERATIONS,
    pendingOneIn: index % 3 === 0 ? 6 : 0,
    falsified: 1 + (index % 3),
    hasInitial: index % 5 === 0,
  });

  test('sequential consistency keeps the order of each process only', () => {
    let yes = 0;
    for (let index = 0; index < 3_000; index++) {
      const history = randomHistory(drawsFrom(index * 31 + 5), options(index));
      const isYes = isLegal(history, programOrder);
      yes += Number(isYes);
      expect(judgeBy('sequential', history).verdict, `history ${index}`).toBe(verdictOf(isYes));
    }
    expect(yes).toBeGreaterThan(600);
    expect(yes).toBeLessThan(2_400);
  });

  test('sequential consistency of key-value logs', () => {
    let yes = 0;
    for (let index = 0; index < 1_000; index++) {
      const history = randomHistory(drawsFrom(index * 17 + 3), {
        ...options(index),
        values: 2,
        ops: ['get', 'get', 'append', 'put'],
        hasInitial: false,
      });
      const isYes = isLegal(history, programOrder);
      yes += Number(isYes);
      expect(judgeBy('sequential', history).verdict, `history ${index}`).toBe(verdictOf(isYes));
    }
    expect(yes).toBeGreaterThan(200);
    expect(yes).toBeLessThan(900);
  });

  test('quiescent consistency keeps the order across moments of rest only', () => {
    let yes = 0;
    for (let index = 0; index < 3_000; index++) {
      const history = randomHistory(drawsFrom(index * 13 + 7), options(index));
      const afterRest: Precedes = (first, second) =>
        first.ret !== NEVER &&
        first.ret < second.call &&
        isRestBetween(history, first.ret, second.call);
      const isYes = isLegal(history, afterRest);
      yes += Number(isYes);
      expect(judgeBy('quiescent', history).verdict, `history ${index}`).toBe(verdictOf(isYes));
    }
    expect(yes).toBeGreaterThan(600);
    expect(yes).toBeLessThan(2_400);
  });
});

test('a stale read by another process is sequentially consistent, not linearizable', () => {
  const history = makeHistory([
    { op: 'store', process: 0, key: 0, argument: 2, call: 0, ret: 1 },
    { op: 'load', process: 1, key: 0, result: 0, call: 2, ret: 3 },
  ]);
  expect(judgeBy('linearizable', history).verdict).toBe('not-linearizable');
  expect(judgeBy('sequential', history).verdict).toBe('linearizable');
  expect(judgeBy('quiescent', history).verdict).toBe('not-linearizable');
});

test('two keys, each fine alone, can contradict each other sequentially', () => {
  // Store buffering: each process writes one key and reads the other before the other's write.
  const history = makeHistory([
    { op: 'store', process: 0, key: 0, argument: 2, call: 0, ret: 1 },
    { op: 'load', process: 0, key: 1, result: 0, call: 2, ret: 3 },
    { op: 'store', process: 1, key: 1, argument: 3, call: 4, ret: 5 },
    { op: 'load', process: 1, key: 0, result: 0, call: 6, ret: 7 },
  ]);
  expect(judgeBy('sequential', history).verdict).toBe('not-linearizable');
});

test('an open operation hides every moment of rest', () => {
  const history = makeHistory([
    { op: 'store', process: 0, key: 0, argument: 2, call: 1, ret: 2 },
    { op: 'load', process: 1, key: 0, result: 0, call: 3, ret: 4 },
    { op: 'load', process: 2, key: 1, result: 0, call: 0, ret: 5 },
  ]);
  expect(judgeBy('quiescent', history).verdict).toBe('linearizable');
  expect(judgeBy('linearizable', history).verdict).toBe('not-linearizable');
});
