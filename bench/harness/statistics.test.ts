import { expect, test } from 'vitest';
import { median, medianInterval, quantile, spreadOf } from './statistics.ts';

test('medians and quartiles interpolate and do not depend on the order', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(quantile([10, 0], 0.25)).toBe(2.5);
  expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 });
  expect(median([])).toBeNaN();
});

test('the interval of the median drops as many values as the sign test allows', () => {
  const sample = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  expect(medianInterval(sample(6))).toEqual({ low: 0, high: 5 });
  // 9 values: 96.1 % between the second and the last but one. 15 values: 96.5 % between the fourth and the twelfth.
  expect(medianInterval(sample(9))).toEqual({ low: 1, high: 7 });
  expect(medianInterval(sample(15))).toEqual({ low: 3, high: 11 });
  expect(medianInterval([7])).toEqual({ low: 7, high: 7 });
});
