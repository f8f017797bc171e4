import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeSyntaxError, formatPath, offsetOfPath, positionOf } from './json-position.ts';

test.each([
  ['{"a": nil}', '1:7', 'not JSON from here: "nil}"'],
  ['{\n  "a": 1,\n}', '3:1', 'not JSON'],
  ['{"a" 1}', '1:6', 'not JSON'],
  ['[1, 2', '1:6', 'ends too early'],
  ['', '1:1', 'the file is empty'],
  ['{"a": 1} x', '1:10', 'not JSON'],
  ["{'a': 1}", '1:2', 'not JSON'],
  ['[01]', '1:3', 'not JSON'],
  ['{"a": "unfinished', '1:7', 'not JSON'],
])('%j is wrong at %s', (text, at, reason) => {
  const described = describeSyntaxError(text);
  expect(described.at).toBe(at);
  expect(described.reason).toContain(reason);
});

// Whatever is cut off or changed, the place found lies at or before the damage's end, and JSON.parse agrees there is one.
test('the damage to a JSON text is found where it is', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.nat(), (text, where) => {
      const cut = where % text.length;
      const damaged = `${text.slice(0, cut)}\u0001${text.slice(cut)}`;
      const column = Number(describeSyntaxError(damaged).at.split(':')[1]);
      expect(column - 1).toBeLessThanOrEqual(cut);
      expect(() => JSON.parse(damaged) as unknown).toThrow();
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('paths are written as in JavaScript', () => {
  expect(formatPath(['program', 'threads', 0, 2, 'a b'])).toBe('$.program.threads[0][2]["a b"]');
});

test('the line of a path is found in any layout', () => {
  const value = { a: [1, { 'b]"': '},{' }, [[2]]], c: null };
  for (const text of [JSON.stringify(value), JSON.stringify(value, null, 3)]) {
    const at = (...path: PropertyKey[]) => text.slice(offsetOfPath(text, path));
    expect(at('c')).toMatch(/^null/);
    expect(at('a', 1, 'b]"')).toMatch(/^"},{"/);
    expect(at('a', 2, 0, 0)).toMatch(/^2/);
    expect(at('a', 7)).toMatch(/^\[/);
    expect(at()).toBe(text);
  }
  expect(positionOf('{\n "a": 1}', offsetOfPath('{\n "a": 1}', ['a']))).toEqual({
    line: 2,
    column: 7,
  });
});
