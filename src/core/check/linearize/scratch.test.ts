import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import { ScratchColumn, withScratch, type Scratch } from './scratch.ts';
import { drawsFrom, KEY_OPERATIONS, randomHistory } from './testing/random-history.ts';

test('a column is used again, with zeros where they were asked for', () => {
  const column = new ScratchColumn();
  const first = column.takeZeros(4);
  first.fill(7);
  expect(column.take(3)).toBe(first);
  expect([...column.takeZeros(3)]).toEqual([0, 0, 0, 7]);
  expect([...column.takeBytes(5).subarray(0, 5)]).toEqual([0, 0, 0, 0, 0]);
  expect(column.takeZeros(5)).toHaveLength(5);
});

test('work within work gets scratch of its own, and the next work one of them', () => {
  const seen: Scratch[] = [];
  withScratch(() => null);
  withScratch((outer) => {
    withScratch((inner) => seen.push(outer, inner));
  });
  expect(seen[0]).not.toBe(seen[1]);
  expect(seen).toContain(withScratch((next) => next));
});

test('work that fails does no harm, and of large scratch a part is kept', () => {
  expect(() =>
    withScratch(() => {
      throw new Error('no');
    }),
  ).toThrow('no');
  withScratch((scratch) => {
    scratch.pairs.take((1 << 23) + 1);
    scratch.jobs.take(1 << 23);
  });
  const kept = withScratch(({ pairs, jobs }) => [pairs.byteLength, jobs.byteLength]);
  expect(kept).toEqual([0, 1 << 25]);
  withScratch((scratch) => void scratch.jobs.take((1 << 24) + 1));
  expect(withScratch(({ jobs }) => jobs.byteLength)).toBe(0);
});

test('a judgement is the same whatever was judged before it, and judges within the budget of another', () => {
  const draw = drawsFrom(5);
  const histories = Array.from({ length: 300 }, (_, index) =>
    randomHistory(draw, {
      operations: 1 + ((index * 37) % 90),
      processes: 2 + (index % 5),
      keys: 1 + (index % 3),
      values: index % 3 === 0 ? 4 : 'unique',
      ops: KEY_OPERATIONS,
      pendingOneIn: index % 4 === 0 ? 6 : 0,
      falsified: index % 2,
    }),
  );
  const judgements = histories.map((history) => judge(history));
  const reversed = histories.toReversed().map((history) => judge(history));
  expect(reversed.toReversed()).toEqual(judgements);
  const isOver = (): boolean => judge(histories[7]!).verdict !== judgements[7]!.verdict;
  const nested = histories.map((history) => judge(history, { budget: { nodes: 1e6, isOver } }));
  expect(nested).toEqual(judgements);
});
