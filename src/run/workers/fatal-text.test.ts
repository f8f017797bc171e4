import { expect, test } from 'vitest';
import { FatalText } from './fatal-text.ts';

function passed(...pieces: readonly string[]): readonly [text: string, isOutOfMemory: boolean] {
  let text = '';
  const filter = new FatalText((lines) => (text += lines));
  for (const piece of pieces) filter.add(piece);
  filter.end();
  return [text, filter.isOutOfMemory];
}

test('what the code prints is passed on as it is', () => {
  expect(passed('one\n\ntw', 'o\n\n')).toEqual(['one\n\ntwo\n\n', false]);
  expect(passed('no end')).toEqual(['no end', false]);
  expect(passed('it says "JavaScript heap out of memory"\n')).toEqual([
    'it says "JavaScript heap out of memory"\n',
    false,
  ]);
});

test('the last words of Node are not', () => {
  expect(passed('one\n\n\n----- Native', ' stack trace -----\n 1: 0xd3 [node]\n')).toEqual([
    'one\n',
    false,
  ]);
  const heap =
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n';
  expect(
    passed('one\n\n<--- Last few GCs --->\n\n', `${heap}----- Native stack trace -----`),
  ).toEqual(['one\n', true]);
});
