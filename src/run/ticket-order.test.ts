import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InOrder } from './ticket-order.ts';

test('items in any order, some twice, are passed on once each and in order', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(
        Array.from({ length: 12 }, (_, position) => position),
        { minLength: 12 },
      ),
      fc.array(fc.nat(11)),
      (positions, repeats) => {
        const passed: string[] = [];
        const order = new InOrder<string>(0, (item) => passed.push(item));
        for (const position of positions) {
          expect(order.add(position, `item ${position}`)).toBe(true);
          for (const repeat of repeats.filter((again) => order.has(again))) {
            expect(order.add(repeat, 'another')).toBe(false);
          }
        }
        expect(passed).toEqual(Array.from({ length: 12 }, (_, position) => `item ${position}`));
      },
    ),
    { seed: 5 },
  );
});

test('what is early waits, and is passed on over the gaps when the work ends', () => {
  const passed: number[] = [];
  const order = new InOrder<number>(0, (item) => passed.push(item));
  for (const position of [4, 0, 7, 2]) order.add(position, position);
  expect(passed).toEqual([0]);
  expect(order.next).toBe(1);
  expect(order.early()).toEqual(new Set([4, 7, 2]));
  order.flush();
  expect(passed).toEqual([0, 2, 4, 7]);
});
