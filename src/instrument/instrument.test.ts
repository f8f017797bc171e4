import { describe, expect, test } from 'vitest';
import { instrument } from './instrument.ts';
import { InstrumentError } from './instrument-error.ts';
import { runPlain, runStepped, snippetModule } from './testing/compare.ts';

describe('the edges of a file', () => {
  test('an empty module stays one, and a module without steps announces nothing', () => {
    expect(instrument('', 'a.js').points).toEqual([]);
    const { code, points } = instrument('export const add = (a, b) => a + b;\n', 'a.js');
    expect(points).toEqual([]);
    expect(code.endsWith('export const add = (a, b) => a + b;\n')).toBe(true);
  });

  test('a hashbang and directives stay in front', () => {
    const { code } = instrument('#!/usr/bin/env node\n"use strict"\nAtomics.load(a, 0);\n', 'a.js');
    expect(code.startsWith('#!/usr/bin/env node\n"use strict"\nimport {')).toBe(true);
  });

  test('offsets count UTF-16 units, in places of points and of errors', () => {
    const line = "/* 😀é */ export const f = (a) => '😀' + Atomics.load(a, 0);";
    expect(instrument(line, 'a.js').points).toMatchObject([
      { line: 1, column: line.indexOf('Atomics') + 1 },
    ]);
    expect(() => instrument(`const s = '😀é'; const = 1;`, 'a.js')).toThrow(InstrumentError);
    try {
      instrument(`const s = '😀é'; const = 1;`, 'a.js');
    } catch (error) {
      expect((error as InstrumentError).place.column).toBe(`const s = '😀é'; const `.length + 1);
    }
  });

  test('line breaks of Windows keep lines and places', () => {
    const { points, code } = instrument(
      'const a = 1;\r\nexport const f = (m) =>\r\n  m[a];\r\n',
      'a.js',
    );
    expect(points).toMatchObject([{ line: 3, column: 3, expression: 'm[a]' }]);
    expect(code.split('\n').length).toBeGreaterThanOrEqual(4);
  });

  test('the same source gives the same bytes', () => {
    const source = 'export function f(m) { return [1].map((x) => m[x]) }';
    expect(instrument(source, 'a.js')).toEqual(instrument(source, 'a.js'));
  });

  test('numbers of points are written out if the first one is known', () => {
    const { code } = instrument('export const f = (m) => m[0];', 'a.js', { firstPoint: 70 });
    expect(code).toContain('$_readElement(m,0,70)');
  });
});

describe('what is known when the code is written costs nothing when it runs', () => {
  const plainCode = (body: string): string =>
    instrument(`export function f(m, s) { ${body} }`, 'a.js').code.replace(/^import.*?;/u, '');

  test.each([
    'const list = [1, 2]; return list[s] + Math.max(1, 2) + s.charCodeAt(0);',
    'const o = { a: 1 }; for (const k of Object.keys(o)) s += o[k]; return s;',
    "return s['name'] + helper(s); function helper(x) { return x + 1; }",
    'return new Map([[1, 2]]);',
    'function inner(...all) { return all[0] + arguments[1]; } return inner(...[1, 2]);',
  ])('no step in: %s', (body) => {
    expect(plainCode(body)).not.toContain('function*');
  });

  test.each([
    'return m[s];',
    'return s.load();',
    'return m(s);',
    'return [...s];',
    'for (const x of m) s += x;',
  ])('perhaps a step in: %s', (body) => {
    expect(plainCode(body)).toContain('function*');
  });
});

test('each access is one step, in the order of the source', () => {
  const { steps } = runStepped(
    snippetModule(
      'view[0] += Atomics.add(view, 1, view[2]--); plain[0] = plain[1]; return view[3] ?? view[4];',
    ),
  );
  expect(steps).toEqual([
    'view[0]',
    'view[2]',
    'view[2]',
    'Atomics.add(view, 1, view[2]--)',
    'view[0]',
    'view[3]',
  ]);
});

test('typed arrays that are not shared, lists and strings take no steps', () => {
  const body =
    'const a = new Int32Array(4); a[0] = view[0]; a[1] += a[0]; a.fill(2); return [a[1], plain[0], "xy"[view[1]]];';
  expect(runStepped(snippetModule(body)).steps).toEqual(['view[0]', 'view[1]']);
});

test('a method that touches elements takes a step for each', () => {
  const source = snippetModule('view.fill(7, 2, 4); return view.indexOf(7);');
  const { steps, refusal: _, ...stepped } = runStepped(source);
  expect(steps).toEqual([
    ...Array(2).fill('view.fill(7, 2, 4)'),
    ...Array(3).fill('view.indexOf(7)'),
  ]);
  expect(stepped).toEqual(runPlain(source));
});

test('text codecs take a step for each byte they read or write', () => {
  const source = snippetModule(
    `const bytes = new Uint8Array(view.buffer, 0, 4);
new TextEncoder().encodeInto('é!', bytes); return new TextDecoder().decode(bytes);`,
  );
  const { steps, refusal: _, ...stepped } = runStepped(source);
  expect(steps).toEqual([
    ...Array(3).fill("new TextEncoder().encodeInto('é!', bytes)"),
    ...Array(4).fill('new TextDecoder().decode(bytes)'),
  ]);
  expect(stepped).toEqual(runPlain(source));
});
