import { describe, expect, test } from 'vitest';
import { DEFAULT_CONTRACTS } from '../contracts.ts';
import type { History } from '../history.ts';
import { judge } from '../judge.ts';
import { isLegal } from '../testing/brute-force.ts';
import { makeHistory, type MadeOperation } from '../testing/make-history.ts';
import { drawsFrom, KEY_OPERATIONS, randomHistory } from '../testing/random-history.ts';
import { explain, type Explanation } from './explain.ts';
import { soundSteps } from './minimise.ts';
import { subHistory } from './sub-history.ts';

function explained(
  operations: readonly MadeOperation[],
  initial?: ReadonlyMap<number, number>,
): Explanation {
  const history = makeHistory(operations, initial === undefined ? {} : { initial });
  const judgement = judge(history);
  expect(judgement.verdict).toBe('not-linearizable');
  return explain(history, judgement)!;
}

const random = (index: number, falsified: number): History =>
  randomHistory(drawsFrom(index * 61 + 9), {
    operations: 4 + (index % 7),
    processes: 2 + (index % 3),
    keys: 1 + (index % 2),
    values: index % 3 === 0 ? 3 : 'unique',
    ops:
      index % 4 === 0
        ? ['load', 'store', 'swap', 'clear', 'len', 'range', 'delete']
        : KEY_OPERATIONS,
    pendingOneIn: index % 3 === 0 ? 6 : 0,
    falsified,
    hasInitial: index % 5 === 0,
  });

const rowsBut = (history: History, dropped: readonly number[]): number[] =>
  Array.from({ length: history.operationCount }, (_, row) => row).filter(
    (row) => !dropped.includes(row),
  );

test('what may be dropped never makes a linearizable history fail', () => {
  let stepCount = 0;
  for (let index = 0; index < 2_500; index++) {
    const history = random(index, index % 2);
    if (!isLegal(history)) continue;
    for (const dropped of soundSteps(history, DEFAULT_CONTRACTS)) {
      const rows = rowsBut(history, dropped);
      const part = subHistory(history, { rows, untilEvent: history.eventCount, key: -1 });
      expect(isLegal(part.history), `history ${index} without ${dropped.join(', ')}`).toBe(true);
      stepCount++;
    }
  }
  expect(stepCount).toBeGreaterThan(2_000);
});

test('the beginning that is called good is, and one event more is not', () => {
  let count = 0;
  for (let index = 0; count < 400; index++) {
    const history = random(index, 2);
    const judgement = judge(history);
    if (judgement.verdict !== 'not-linearizable') continue;
    const explanation = explain(history, judgement);
    expect(explanation).not.toBeNull();
    const { prefix, operations, key } = explanation!;
    expect(operations.length).toBeGreaterThan(0);
    count++;
    const own = key === null ? -1 : judgement.violatedKey;
    // The lines of made histories count from 2.
    const failsAt = prefix.failsAt!.line - 2;
    const until = (untilEvent: number): History =>
      subHistory(history, { rows: rowsBut(history, []), untilEvent, key: -1 }).history;
    if (own < 0) expect(isLegal(until(failsAt))).toBe(true);
    expect(isLegal(until(failsAt + 1))).toBe(false);
  }
});

describe('reasons', () => {
  const store = (key: number, argument: number, call: number, ret: number): MadeOperation => ({
    op: 'store',
    key,
    argument,
    call,
    ret,
  });
  const load = (key: number, result: number, call: number, ret: number): MadeOperation => ({
    op: 'load',
    key,
    result,
    call,
    ret,
    process: 1,
  });

  test('a value from nowhere', () => {
    expect(explained([store(0, 2, 0, 1), load(0, 3, 2, 3)]).reasons).toEqual([
      'load("k0") = 3 (line 5), but nothing ever wrote 3.',
    ]);
  });

  test('a value from the future', () => {
    expect(explained([load(0, 3, 0, 1), store(0, 3, 2, 3)]).reasons).toEqual([
      'load("k0") = 3 (line 3), but nothing ever wrote 3.',
    ]);
  });

  test('a stale value', () => {
    expect(explained([store(0, 3, 0, 1), store(0, 4, 2, 3), load(0, 3, 4, 5)]).reasons).toEqual([
      'load("k0") = 3 (line 7) was called after store("k0", 4) (line 5) had returned, which had overwritten 3, written by store("k0", 3) (line 3).',
    ]);
  });

  test('a stale value that was there from the start', () => {
    const { reasons } = explained([store(0, 4, 0, 1), load(0, 3, 2, 3)], new Map([[0, 3]]));
    expect(reasons).toEqual([
      'load("k0") = 3 (line 5) was called after store("k0", 4) (line 3) had returned, which had overwritten 3, there from the start.',
    ]);
  });

  test('a value read after it was taken away', () => {
    const taken: MadeOperation = {
      op: 'loadAndDelete',
      key: 0,
      result: 3,
      flag: true,
      call: 1,
      ret: 2,
    };
    expect(explained([store(0, 3, 0, 3), taken, load(0, 3, 4, 5)]).reasons).toEqual([
      'load("k0") = 3 (line 7) was called after loadAndDelete("k0") = 3 (line 4) had taken 3 away and returned.',
    ]);
  });

  test('one value taken twice', () => {
    const take = (call: number, ret: number): MadeOperation => ({
      op: 'loadAndDelete',
      key: 0,
      result: 3,
      flag: true,
      call,
      ret,
    });
    expect(explained([store(0, 3, 0, 1), take(2, 4), take(3, 5)]).reasons).toEqual([
      'loadAndDelete("k0") = 3 (line 7) and loadAndDelete("k0") = 3 (line 6) each replaced 3, which was written once.',
    ]);
  });

  test('absent though nothing removed it', () => {
    expect(explained([store(0, 3, 0, 1), load(0, 0, 2, 3)]).reasons).toEqual([
      'load("k0") = absent (line 5) found the key absent, but store("k0", 3) (line 3) had returned before and nothing removed it in between.',
    ]);
  });

  test('two values that must both have been there', () => {
    const operations = [store(0, 3, 0, 2), store(0, 4, 1, 3), load(0, 3, 4, 5), load(0, 4, 6, 7)];
    expect(explained(operations).reasons).toEqual([
      '3 must have been there from the return of store("k0", 3) (line 4) to the call of load("k0") (line 6), and 4 from the return of store("k0", 4) (line 5) to the call of load("k0") (line 8); these overlap.',
    ]);
  });

  test('a result that contradicts itself', () => {
    const odd: MadeOperation = {
      op: 'loadOrStore',
      key: 0,
      argument: 3,
      result: 4,
      flag: false,
      call: 0,
      ret: 1,
    };
    expect(explained([odd]).reasons).toEqual([
      'loadOrStore("k0", 3) says it stored its argument, but returned 4.',
    ]);
  });

  test('a range that visits a key twice', () => {
    const range = { keys: Int32Array.of(0, 0), values: Int32Array.of(3, 3), isComplete: true };
    expect(explained([store(0, 3, 0, 1), { op: 'range', range, call: 2, ret: 3 }]).reasons).toEqual(
      ['range() visited the key "k0" twice.'],
    );
  });

  test('keys that only fail together', () => {
    const clear: MadeOperation = { op: 'clear', process: 2, call: 2, ret: 7 };
    const operations = [
      store(0, 3, 0, 1),
      clear,
      load(0, 0, 3, 4),
      store(1, 4, 5, 6),
      load(1, 0, 8, 9),
    ];
    const { key, reasons } = explained(operations);
    expect(key).toBeNull();
    expect(reasons[0]).toBe(
      'Each key is linearizable by itself, but no moments of the whole map fit every clear, length and snapshot.',
    );
  });
});

test('many operations shrink to few, drawn over the lines of the file', () => {
  const operations: MadeOperation[] = [];
  for (let value = 2; value < 60; value++) {
    const at = value * 10;
    operations.push(
      { op: 'store', key: value % 2, argument: value, call: at, ret: at + 2 },
      { op: 'load', key: value % 2, process: 1, result: value, call: at + 3, ret: at + 4 },
    );
  }
  operations.push({ op: 'load', key: 0, process: 2, result: 56, call: 585, ret: 588 });
  const explanation = explained(operations);
  expect(explanation.operations.map(({ call }) => call)).toEqual([
    'store("k0", 56)',
    'store("k0", 58)',
    'load("k0")',
  ]);
  expect(explanation.timeline).toMatchInlineSnapshot(`
    [
      "              line  218 219 226 227 230 231",
      "P0 store("k0", 56)  |---|",
      "P0 store("k0", 58)          |---|",
      "P2 load("k0") = 56                  |---|",
    ]
  `);
  expect(explanation.prefix).toMatchInlineSnapshot(`
    {
      "calledCount": 59,
      "failsAt": {
        "line": 231,
        "operation": "load("k0") = 56",
      },
      "returnedCount": 58,
    }
  `);
  expect(explanation.isMinimal).toBe(true);
});
