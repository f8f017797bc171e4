import { expect, test } from 'vitest';
import { internText } from './builder.ts';
import { canonicalJson } from './canonical.ts';
import { Interner } from './interner.ts';

test('equal texts have equal ids, and ids give their texts back', () => {
  const interner = new Interner();
  const texts = Array.from({ length: 5_000 }, (_, index) =>
    index % 3 === 0 ? String(index * 7_919) : `"text ${index}"`,
  );
  const ids = texts.map((text) => internText(interner, text));
  expect(new Set(ids).size).toBe(5_000);
  expect(interner.size).toBe(5_000);
  expect(texts.map((text) => internText(interner, text))).toEqual(ids);
  expect(ids.map((id) => interner.text(id))).toEqual(texts);
  expect(texts.map((text) => interner.find(text))).toEqual(ids);
});

test('small and long whole numbers are told apart, and what was never seen is not found', () => {
  const interner = new Interner();
  const texts = ['0', '4194303', '4194304', '9999999', '99999999', '123456789012345678901'];
  expect(texts.map((text) => internText(interner, text))).toEqual([0, 1, 2, 3, 4, 5]);
  expect(interner.find('7')).toBe(-1);
  expect(interner.find('4000000')).toBe(-1);
  expect(interner.find('"x"')).toBe(-1);
});

test.each([
  ['-0', '0'],
  ['-12345678901234567890', '-12345678901234567890'],
  ['1.0', '1'],
  ['1E2', '100'],
  [' [1, {"b":2,"a":null}] ', '[1,{"a":null,"b":2}]'],
  [String.raw`"A\/"`, '"A/"'],
])('the canonical text of %s', (text, canonical) => {
  expect(canonicalJson(text)).toBe(canonical);
});
