import { expect, test } from 'vitest';
import { Configurations } from './configurations.ts';

test('a configuration is new once, whatever it differs in', () => {
  const configurations = new Configurations(2);
  const isNew = (position: number, state: number, low: number, high: number): boolean =>
    configurations.add(position, state, Int32Array.of(low, high));
  for (let round = 0; round < 2; round++) {
    for (let number = 0; number < 4_000; number++) {
      expect(isNew(number % 10, number % 7, number >> 4, -(number % 3))).toBe(
        round === 0 && !isRepeat(number),
      );
    }
  }
  expect(isNew(0, -2, 0, 0)).toBe(true);
  expect(isNew(0, -2, 0, 0)).toBe(false);
});

/** Whether a smaller number gives the same configuration. */
function isRepeat(number: number): boolean {
  const idOf = (one: number): string => `${one % 10} ${one % 7} ${one >> 4} ${one % 3}`;
  for (let smaller = Math.max(0, (number >> 4) << 4); smaller < number; smaller++) {
    if (idOf(smaller) === idOf(number)) return true;
  }
  return false;
}

test('a full table enters nothing more, and still knows what it has', () => {
  const configurations = new Configurations(1, 64 * 3);
  const mask = new Int32Array(1);
  for (let position = 0; position < 1_000; position++) {
    expect(configurations.add(position, 0, mask)).toBe(true);
  }
  expect(configurations.count).toBe(32);
  expect(configurations.add(0, 0, mask)).toBe(false);
  expect(configurations.add(999, 0, mask)).toBe(true);
});
