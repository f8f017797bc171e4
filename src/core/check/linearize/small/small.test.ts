import { expect, test } from 'vitest';
import { NEVER, OP_LEN, OP_LOAD, OP_STORE, OPERATION_NAMES, type History } from '../history.ts';
import { isLegal } from '../testing/brute-force.ts';
import { drawsFrom, KEY_OPERATIONS, randomHistory } from '../testing/random-history.ts';
import { createSmallChecker } from './small-checker.ts';
import { SmallMapHistory } from './small-map-history.ts';
import { smallMapModel, smallModify, smallRead, smallWrite } from './small-map.ts';

/** Feeds a history's events, in order, to the recorder. */
function record(recorder: SmallMapHistory, history: History): void {
  const { op, key, argument, old, result, flag, call, ret, operationCount, eventCount } = history;
  recorder.reset();
  const numbers = new Map<number, number>();
  const given = (value: number): unknown => (value === 0 ? undefined : `v${value}`);
  for (let event = 0; event < eventCount; event++) {
    for (let row = 0; row < operationCount; row++) {
      if (call[row] === event) {
        numbers.set(
          row,
          recorder.call(op[row]!, `k${key[row]}`, given(argument[row]!), given(old[row]!)),
        );
      } else if (ret[row] === event) {
        const back = op[row] === OP_LEN ? result[row] : given(result[row]!);
        recorder.ret(numbers.get(row)!, back, flag[row] === 1);
      }
    }
  }
}

test('verdicts equal those of the definition', () => {
  const recorder = new SmallMapHistory();
  let yes = 0;
  const histories = 12_000;
  for (let index = 0; index < histories; index++) {
    const history = randomHistory(drawsFrom(index * 43 + 1), {
      operations: 2 + (index % 7),
      processes: 2 + (index % 3),
      keys: 1 + (index % 3),
      values: index % 3 === 0 ? 3 : 'unique',
      ops: index % 4 === 0 ? ['load', 'store', 'swap', 'clear', 'len', 'delete'] : KEY_OPERATIONS,
      pendingOneIn: index % 3 === 0 ? 6 : 0,
      falsified: index % 3,
    });
    record(recorder, history);
    expect(recorder.isTooBig).toBe(false);
    const isYes = isLegal(history);
    yes += Number(isYes);
    expect(recorder.isLinearizable(), `history ${index}`).toBe(isYes);
  }
  expect(yes / histories).toBeGreaterThan(0.3);
  expect(yes / histories).toBeLessThan(0.9);
});

test('the order of a yes is a linearization', () => {
  const checker = createSmallChecker(smallMapModel());
  const operations = Int32Array.of(smallRead(0, 2), smallWrite(0, 1), smallModify(0, 1, 2));
  const isYes = checker.check(3, operations, Int32Array.of(0, 1, 2), Int32Array.of(5, 4, 3));
  expect(isYes).toBe(true);
  expect([...checker.order.subarray(0, 4)]).toEqual([1, 2, 0, -1]);
});

test('any model of whole numbers will do', () => {
  // A counter: operation n says "I added one and saw n".
  const counter = createSmallChecker({
    initialState: 0,
    step: (state, seen) => (state + 1 === seen ? seen : -1),
    isLook: () => false,
  });
  const calls = Int32Array.of(0, 1, 4);
  const returns = Int32Array.of(2, 3, 5);
  expect(counter.check(3, Int32Array.of(2, 1, 3), calls, returns)).toBe(true);
  expect(counter.check(3, Int32Array.of(2, 3, 1), calls, returns)).toBe(false);
  expect(counter.check(2, Int32Array.of(2, 1), calls, Int32Array.of(2, NEVER))).toBe(true);
});

test('what does not fit says so', () => {
  const recorder = new SmallMapHistory();
  for (let value = 0; value < 16; value++)
    recorder.ret(recorder.call(OP_STORE, 'k', value, undefined), undefined, false);
  expect(recorder.isTooBig).toBe(true);
  recorder.reset();
  expect(recorder.isTooBig).toBe(false);
  for (let key = 0; key < 8; key++) recorder.call(OP_LOAD, key, undefined, undefined);
  expect(recorder.isTooBig).toBe(true);
  recorder.reset();
  for (let count = 0; count < 17; count++) recorder.call(OP_LOAD, 0, undefined, undefined);
  expect(recorder.isTooBig).toBe(true);
  expect(OPERATION_NAMES[OP_LOAD]).toBe('load');
});
