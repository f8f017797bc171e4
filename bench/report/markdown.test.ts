import { expect, test } from 'vitest';
import {
  formatNanoseconds,
  formatNumber,
  formatRatio,
  formatSize,
  markdownTable,
} from './markdown.ts';

test('tables are padded, the first column to the left', () => {
  expect(
    markdownTable(
      ['what', 'x'],
      [
        ['get', '1.25'],
        ['iterate', '–'],
      ],
    ),
  ).toMatchInlineSnapshot(`
    "| what    |    x |
    | ------- | ---: |
    | get     | 1.25 |
    | iterate |    – |
    "
  `);
});

test('numbers have three digits and no exponent', () => {
  expect([0, 0.01234, 1.005, 12.34, 999.6, 123_456.7, Number.NaN].map(formatNumber)).toEqual([
    '0',
    '0.0123',
    '1.00',
    '12.3',
    '1000',
    '123457',
    '–',
  ]);
  expect(formatRatio(1.005)).toBe('1.00×');
  expect([1000, 1e7, 2000, 40_000_000].map(formatSize)).toEqual([
    '10³',
    '10⁷',
    '2,000',
    '40,000,000',
  ]);
  expect([12.3, 4560, 7.89e6, 1.5e9].map(formatNanoseconds)).toEqual([
    '12.3 ns',
    '4.56 µs',
    '7.89 ms',
    '1.50 s',
  ]);
});
