import { expect, test } from 'vitest';
import { SYNC_MAP_RULES } from './rules.ts';
import type { OperationName, ProfileName } from './rules.ts';
import { PerformanceModel } from './state.ts';

type Row = [operation: OperationName, key: number, value?: number | undefined, old?: number];

function modelAfter(
  rows: readonly Row[],
  profile: ProfileName = 'go1.23',
): PerformanceModel<number> {
  const model = new PerformanceModel<number>(SYNC_MAP_RULES[profile], false);
  for (const [operation, key, value, old] of rows) {
    model.apply(operation, key, {
      ...(value === undefined ? {} : { value }),
      ...(old === undefined ? {} : { old }),
    });
  }
  return model;
}

function show(model: PerformanceModel<number>): string {
  const cells = (map: PerformanceModel<number>['read'] | null): string =>
    map === null
      ? 'nil'
      : `{${[...map].map(([key, cell]) => `${String(key)}:${cell.kind === 'value' ? cell.value! : cell.kind}`).join(' ')}}`;
  return `${cells(model.read)} ${model.amended} ${cells(model.dirty)} ${model.misses}`;
}

const THREE: readonly Row[] = [
  ['store', 1, 10],
  ['store', 2, 20],
  ['store', 3, 30],
];
const SETTLED: readonly Row[] = [...THREE, ['load', 1], ['load', 9], ['load', 2]];

test('new keys go to dirty, and as many misses promote it', () => {
  expect(show(modelAfter(THREE))).toBe('{} true {1:10 2:20 3:30} 0');
  expect(show(modelAfter([...THREE, ['load', 1], ['load', 9]]))).toBe('{} true {1:10 2:20 3:30} 2');
  expect(show(modelAfter(SETTLED))).toBe('{1:10 2:20 3:30} false nil 0');
});

test('a new key copies what is live and expunges the rest; a write brings it back', () => {
  const rows: Row[] = [...SETTLED, ['delete', 2], ['store', 4, 40]];
  expect(show(modelAfter(rows))).toBe('{1:10 2:expunged 3:30} true {1:10 3:30 4:40} 0');
  expect(show(modelAfter([...rows, ['swap', 2, 21]]))).toBe(
    '{1:10 2:21 3:30} true {1:10 3:30 4:40 2:21} 0',
  );
  expect(show(modelAfter([...rows, ['compareAndSwap', 2, 21, 20]]))).toBe(
    '{1:10 2:expunged 3:30} true {1:10 3:30 4:40} 0',
  );
});

test('profiles differ in what a delete does to a key that is in dirty alone', () => {
  const rows: Row[] = [...THREE, ['delete', 2]];
  expect(show(modelAfter(rows, 'go1.9'))).toBe('{} true {1:10 3:30} 0');
  expect(show(modelAfter(rows, 'go1.15.0'))).toBe('{} true {1:10 2:nil 3:30} 1');
  expect(show(modelAfter(rows, 'go1.19'))).toBe('{} true {1:10 3:30} 1');
  const compared: Row[] = [...THREE, ['compareAndDelete', 2, undefined, 20]];
  expect(show(modelAfter(compared, 'go1.23'))).toBe('{} true {1:10 2:nil 3:30} 1');
  expect(show(modelAfter(compared, 'corrected'))).toBe('{} true {1:10 3:30} 1');
});

test('clear leaves an empty dirty behind', () => {
  const model = modelAfter([...THREE, ['load', 1]]);
  model.clear();
  expect(show(model)).toBe('{} false {} 0');
});

test('range promotes, and gives the cells of its snapshot as they are when their turn comes', () => {
  const model = modelAfter(THREE);
  const range = model.openRange();
  expect(show(model)).toBe('{1:10 2:20 3:30} false nil 0');
  expect(range.next()).toEqual([1, 10]);
  model.apply('delete', 2, {});
  model.apply('store', 3, { value: 31 });
  model.apply('store', 4, { value: 40 });
  expect(range.next()).toEqual([3, 31]);
  expect(range.next()).toBe(null);
});
