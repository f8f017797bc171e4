import { expect, test } from 'vitest';
import { isZero, max, min } from './branch-free.ts';

test('arithmetic does what branches would', () => {
  const numbers = [0, 1, 2, 1000, 0x7ffffffe, 0x7fffffff];
  for (const left of numbers) {
    expect(isZero(left)).toBe(left === 0 ? -1 : 0);
    for (const right of numbers) {
      expect(max(left, right)).toBe(Math.max(left, right));
      expect(min(left, right)).toBe(Math.min(left, right));
    }
  }
  expect([max(-1, 5), min(-1, 5), max(5, -1), min(5, -1)]).toEqual([5, -1, 5, -1]);
});
