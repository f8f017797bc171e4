/** What is proved confined, and what ends the proof: each line of the lists is one way in or out. */
import { describe, expect, test } from 'vitest';
import { isFlat, weaker } from './confined-state.ts';
import { instrument } from './instrument.ts';

const program = (threads: string, more = ''): string =>
  `export default defineProgram({ name: 'p', setup: () => new Int32Array(new SharedArrayBuffer(8)), threads: [${threads}]${more} });`;

const proved = (code: string): string =>
  instrument(`import { defineProgram } from 'mapcheck';\n${code}`, 'p.ts').confinement;

/** In a thread that is given `m`. */
const inThread = (body: string): string => proved(program(`(m) => { ${body} }`));

const inCheck = (body: string, top = ''): string =>
  proved(top + program('(m) => m[0]', `, check: (m, results) => { ${body} }`));

describe('confined', () => {
  test.each([
    'm[0] = 1; m[1]++; m[0] += Math.max(m[1], 2);',
    'Atomics.store(m, 0, Atomics.load(m, 1) + 1);',
    'let i = 3; while (Atomics.load(m, i) !== 0) i--; return i;',
    'const seen = []; for (const at of [0, 1]) seen.push(m[at]); return seen;',
    'const own = { count: 0 }; own.count++; return own.count;',
    'let [a, b] = [1, 2]; [a, b] = [b, a]; [m[0], m[1]] = [a, b];',
    'const next = (k) => m[k]; return next(0);',
    'let count = 0; const add = () => { count++; }; add(); return count;',
    'if (m[0] === 1) throw new Error(`saw ${m[0]}`);',
    'try { m[0] = 1; } catch { return undefined; } finally { m[1] = 1; }',
    'outer: for (;;) { switch (m[0]) { case 0: break outer; default: continue outer; } }',
    'return (m[0] as number)! satisfies number;',
  ])('a thread: %s', (body) => {
    expect(inThread(body)).not.toBe('none');
  });

  test.each([
    [
      'functions and constants at the top',
      'const N = -2 * 3; function put(m, v) { m[0] = v + N; }',
    ],
    ['types', 'type T = Int32Array; interface I { a: number } export type { T };'],
    ['exported helpers', 'export const put = (m, v) => { m[0] = v; };'],
    ['files beside it', "import { put } from './put.ts';"],
    [
      'types of others',
      "import type { Other } from 'other'; import { type Third } from './third.ts';",
    ],
  ])('%s', (_, top) => {
    expect(
      proved(
        top +
          program('(m) => put(m, 1)').replace('put(m, 1)', top.includes('put') ? 'put(m, 1)' : '1'),
      ),
    ).toBe(top.includes('m[0]') ? 'view' : 'record');
  });

  test('threads and checks by name', () => {
    const top = 'function one(m) { Atomics.add(m, 0, 1); }\nconst sum = (m) => m[0];\n';
    const named = 'function see(m) { if (sum(m) !== 2) throw new Error(String(m[0])); }\n';
    expect(proved(top + named + program('one, one', ', check: see'))).toBe('record');
    const bound = `${top}const made = ${program('one').slice('export default '.length)}\nexport default made;`;
    expect(proved(bound)).toBe('record');
  });

  test.each([
    'if (results.map((r) => r * 2).includes(4)) throw new Error();',
    'const all = [...results]; all.sort(); if (all.join() !== `1,2`) throw new Error();',
    'if (Atomics.load(m, 0) !== 1 || JSON.stringify(results) === "") throw new TypeError();',
  ])('a check: %s', (body) => {
    expect(inCheck(body)).toBe('record');
  });

  test('writes to elements of a record: of what visibly is no record', () => {
    const write = (thread: string, top = ''): string => proved(top + program(thread));
    expect(write('(s) => { s.words[0] = 1; }')).toBe('record');
    expect(
      write('(s) => { const w = s.words; w[0] = 1; const own = new Int32Array(4); own[1] = 2; }'),
    ).toBe('record');
    expect(write('one', 'function one(s) { s.words[0] = 1; }')).toBe('record');
    expect(write('(s) => { s[0] = 1; }')).toBe('view');
    expect(write('(s) => { const t = s; t[0] = 1; }')).toBe('view');
    expect(write('(s) => { const o = { inner: s }; o.inner[0] = 1; }')).toBe('view');
    expect(write('(s) => { s = { words: s }; s.words[0] = 1; }')).toBe('view');
    // Called by another, `one` may be given anything.
    const called = 'function one(s) { s.words[0] = 1; }\nfunction two(s) { one({ words: s }); }\n';
    expect(write('one, two', called)).toBe('view');
    expect(write('one', 'export function one(s) { s.words[0] = 1; }')).toBe('view');
  });
});

describe('not confined', () => {
  test.each([
    ['a name at the top that changes', 'let n = 0;'],
    ['an object at the top', 'const log = [];'],
    ['memory at the top', 'const m = new Int32Array(new SharedArrayBuffer(4));'],
    ['a name of an object at the top', 'const f = Math;'],
    ['a class', 'class A { static n = 0; }'],
    ['code that runs', 'console.log(1);'],
    ['packages', "import x from 'x';"],
    ['all of a file', "import * as other from './other.ts';"],
    ['more of mapcheck', "import { recordMap } from 'mapcheck';"],
    ['an enumeration', 'enum E { a }'],
    ['names of others', "export { a } from './a.ts';"],
    ['a regular expression, which keeps its place', 'const r = /a/g;'],
  ])('%s', (_, top) => {
    expect(proved(top + program('(m) => m[0]'))).toBe('none');
  });

  test.each([
    'm.extra = 1;',
    'm["extra"] = 1;',
    'm.fill(1);',
    'm.buffer.extra;',
    'm.constructor[0] = 1;',
    '({}).__proto__[0] = 1;',
    'm["constructor"][0] = 1;',
    'm[0][1] = 1;',
    'const { log } = m; log.push(1);',
    'const log = m.log; log.push(1);',
    'globalThis.x = 1;',
    'x = 1;',
    'Math.x = 1;',
    'Math["x"]();',
    'const math = Math;',
    'const now = Date.now();',
    'return Math.random();',
    'return [1].map(() => Math.random());',
    'return JSON.stringify({ m });',
    'return String.raw({ raw: m });',
    'const copy = { ...m };',
    'const { ...copy } = m;',
    'const { 0: first } = m;',
    'const [{ 0: first }] = [m];',
    'const { [m[0]]: first } = m;',
    'let first; ({ 0: first } = m);',
    'for (const { 0: first } of [m]) first;',
    'try { m[0] = 1; } catch ({ 0: first }) { first; }',
    'const f = ({ 0: first } = m) => first; f();',
    'console.log(m[0]);',
    'performance.now();',
    'new Map();',
    'new Proxy(m, {});',
    'Object.assign(m, {});',
    'return this;',
    'return arguments;',
    'delete m.x;',
    'class A {}',
    '(async () => 1)();',
    'function* make() {}',
    'const o = { get a() { return 1; } };',
    'String.raw`a`;',
    'import("x");',
    'const put = helper; put.x = 1;',
    'helper["x"] = 1;',
    'for (m.x of [1]) {}',
    'for (m.x in { a: 1 }) {}',
    '[m.x] = [1];',
    '({ a: m.x } = { a: 1 });',
    'm.x++;',
    'm?.at(0);',
    '[].push.call(m, 1);',
  ])('a thread: %s', (body) => {
    expect(proved(`function helper(a) { return a; }\n${program(`(m) => { ${body} }`)}`)).toBe(
      'none',
    );
  });

  test.each([
    'm[0] = 1;',
    'Atomics.store(m, 0, 1);',
    'results.sort();',
    'results[0] = 1;',
    'results[0].push(1);',
    'put(m);',
    'twice(m);',
    'outside(m);',
  ])('a check: %s', (body) => {
    const top =
      "import { outside } from './outside.ts';\nfunction put(m) { m[0] = 1; }\nfunction twice(m) { put(m); }\n";
    expect(inCheck('', top)).toBe('view');
    expect(inCheck(body, top)).toBe('none');
  });

  test.each([
    ['threads that are made', program('...[1, 2].map((v) => (m) => v)')],
    ['threads that a call returns', `const make = () => (m) => 1;\n${program('make()')}`],
    ['all threads from a call', program('').replace('[]', 'make()')],
    ['invariants', program('(m) => 1', ', invariants: {}')],
    ['packages that are stepped', program('(m) => 1', ", instrument: ['a']")],
    ['a part from elsewhere', program('(m) => 1', ', ...more')],
    ['a function of another name', program('(m) => 1').replace('defineProgram', 'wrap')],
    ['nothing but a value', 'export default { threads: [] };'],
  ])('%s', (_, code) => {
    expect(proved(code)).toBe('none');
  });

  test('CommonJS, where every name leads everywhere', () => {
    expect(instrument('const n = 1;', 'p.cjs', { isCommonJs: true }).confinement).toBe('none');
  });
});

test('what set-up returns decides', () => {
  const view = new Int32Array(new SharedArrayBuffer(4));
  expect([isFlat(view, 'none'), isFlat(view, 'view'), isFlat(view, 'record')]).toEqual([
    false,
    true,
    true,
  ]);
  const records = [{ view, n: 1, s: 'a', nothing: null }, [view, view]];
  for (const record of records) {
    expect([isFlat(record, 'view'), isFlat(record, 'record')]).toEqual([false, true]);
  }
  const others = [
    { view, log: [] },
    { view, f: () => 1 },
    { get view() { return view; } },
    new (class { view = view; })(),
    [[view]],
    new Int32Array(1),
    new Uint8Array(new SharedArrayBuffer(1)),
    new Map(),
    null,
    7,
  ]; // prettier-ignore
  for (const other of others) expect(isFlat(other, 'record')).toBe(false);
  expect([weaker('record', 'view'), weaker('none', 'record'), weaker('view', 'view')]).toEqual([
    'view',
    'none',
    'view',
  ]);
});
