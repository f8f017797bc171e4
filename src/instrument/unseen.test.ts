/** Reads of shared memory that cannot be steps: refused in a thread, and nowhere else. */
import { describe, expect, test } from 'vitest';
import { runOutside, runPlain, runStepped, snippetModule } from './testing/compare.ts';

const TEXT = 'making text or a number';
const PATTERN = 'names its elements';
const NATIVE = 'native or plain code that iterates';

/** Snippet, line it is refused on, and part of the reason. `x` is the view. */
const REFUSED: readonly (readonly [body: string, line: number, reason: string])[] = [
  // Text and numbers.
  ['return String(x);', 2, TEXT],
  ['return `${x}`;', 2, TEXT],
  ["return x + '';", 2, TEXT],
  ['let t = 0;\nt = +x;\nreturn t;', 3, TEXT],
  ['return Number(x);', 2, TEXT],
  ['return x < 3;', 2, TEXT],
  ['return x == "3";', 2, TEXT],
  ['return { a: 1 }[x];', 2, TEXT],
  ['return parseInt(x);', 2, TEXT],
  ['return new Error(x).message;', 2, TEXT],
  ['return [x].join();', 2, TEXT],
  ['return [x].toLocaleString();', 2, TEXT],
  ["return 'a'.concat(x);", 2, TEXT],
  ['const f = (v) => `${v}`;\nreturn f(x);', 2, TEXT],
  // Object literals and patterns.
  ['return { ...x };', 2, 'spreading its elements into an object'],
  ['const f = (v) => ({ ...v });\nreturn f(x);', 2, 'spreading'],
  ['const { length, ...rest } = x;\nreturn rest;', 2, PATTERN],
  ['const { 0: first } = x;\nreturn first;', 2, PATTERN],
  ["const { '1': first } = x;\nreturn first;", 2, PATTERN],
  ['const k = 1;\nconst { [k]: first } = x;\nreturn first;', 3, PATTERN],
  ['let a;\n({ 1: a } = x);\nreturn a;', 3, PATTERN],
  ['({ 1: plain[0] } = x);\nreturn plain[0];', 2, PATTERN],
  ['const { v: { 0: first } } = { v: x };\nreturn first;', 2, PATTERN],
  ['const [{ 0: first }] = [x];\nreturn first;', 2, PATTERN],
  ['const f = ({ 0: first }) => first;\nreturn f(x);', 2, PATTERN],
  ['function f(a, { 0: first, ...rest } = x) { return first; }\nreturn f(1);', 2, PATTERN],
  ['for (const { 0: first } of [x]) return first;', 2, PATTERN],
  ['try { throw x; } catch ({ 0: first }) { return first; }', 2, PATTERN],
  ['class A { constructor({ 0: first }) { this.a = first; } }\nreturn new A(x).a;', 2, PATTERN],
  // Iteration by others.
  ['return new Set(x).size;', 2, NATIVE],
  ['const f = ([first]) => first;\nreturn f(x);', 2, NATIVE],
  ['const { v: [first] } = { v: x };\nreturn first;', 2, NATIVE],
  // Built-in functions.
  ['return Object.assign({}, x);', 2, 'Object.assign'],
  ['return Object.values(x);', 2, 'Object.values'],
  ['return Object.entries(x);', 2, 'Object.entries'],
  ["return Object.getOwnPropertyDescriptor(x, '0').value;", 2, 'getOwnPropertyDescriptor'],
  ["Object.defineProperty(x, '0', { value: 5 });", 2, 'Object.defineProperty'],
  ['Object.defineProperties(x, { 0: { value: 5 } });', 2, 'Object.defineProperties'],
  ["Reflect.defineProperty(x, '0', { value: 5 });", 2, 'Reflect.defineProperty'],
  ['return Reflect.get(x, 0);', 2, 'Reflect.get'],
  ['return Reflect.set(x, 0, 1);', 2, 'Reflect.set'],
  ['return JSON.stringify(x);', 2, 'JSON.stringify'],
  ['return JSON.stringify({ a: [x] });', 2, 'JSON.stringify'],
  ['return structuredClone(x)[0];', 2, 'structuredClone'],
  ['return structuredClone(new Map([[1, x]])).size;', 2, 'structuredClone'],
  ['return structuredClone(x.buffer).byteLength;', 2, 'structuredClone'],
  ['return x.buffer.slice(0).byteLength;', 2, 'slice'],
  ['return new TextDecoder().decode(x.buffer).length;', 2, 'TextDecoder'],
  ['return new DataView(x.buffer).getInt8(0);', 2, 'DataView'],
  ['return Buffer.from(x)[0];', 2, 'Buffer.from'],
  ['return Buffer.concat([new Uint8Array(x.buffer)]).length;', 2, 'Buffer.concat'],
  ['return Buffer.from(x.buffer).toString();', 2, 'method of Buffer'],
  ['return Array.prototype.slice.call(x, 1);', 2, 'method of Array'],
  ['return Array.prototype.indexOf.apply(x, [1]);', 2, 'method of Array'],
  ['return Reflect.apply(Array.prototype.join, x, []);', 2, 'method of Array'],
  ['return Array.prototype.includes.bind(x)(1);', 2, 'method of Array'],
  ["return process.getBuiltinModule('node:util').inspect({ x });", 2, 'util.inspect'],
  [
    "const { deepEqual } = process.getBuiltinModule('node:assert');\ndeepEqual([...plain], [30, 10, 20]);\ndeepEqual(x, x.slice());",
    4,
    'assert.deepEqual',
  ],
  ["process.getBuiltinModule('node:assert').deepStrictEqual({ x }, { x });", 2, 'deepStrictEqual'],
  ['return new Proxy(x, {})[0];', 2, 'Proxy without a get trap'],
  ['const p = new Proxy(x, {});\np[0] = 5;', 3, 'Proxy without a set trap'],
  ['return new Int32Array(x, 0)[0];', 2, 'constructor'],
  ['return new x.constructor(x)[0];', 2, 'constructor'],
  ['const A = Int32Array;\nreturn new A(x)[0];', 3, 'constructor'],
];

/** Steps instead: snippet and the number of steps. */
const STEPPED: readonly (readonly [body: string, steps: number])[] = [
  ['return x.toString();', 8],
  ['return x.toLocaleString();', 8],
  ['return x.join();', 8],
  ['return [...x];', 8],
  ['const [a, ...rest] = x;\nreturn rest;', 8],
  ['return new Int32Array(x);', 8],
  ['return Int32Array.from(x);', 8],
  ['return Int32Array.from(x, (value) => value + 1);', 8],
  ['return Array.from(x);', 8],
  ['return Math.max(...x);', 8],
  ['return Math.max.apply(null, x);', 8],
  ['return x.at(-1) + x.with(0, 7)[0] + x.toSorted()[0];', 17],
  ['return [...x.entries(), ...x.values()];', 16],
];

/** What reads no element: no step, and not refused. */
const FREE: readonly string[] = [
  'return Object.keys(x);',
  'const keys = [];\nfor (const key in x) keys.push(key);\nreturn keys;',
  'const { length, byteLength } = x;\nreturn [length, byteLength];',
  'return Object.assign({}, { x }).x === x;',
  'return { ...{ x } }.x === x;',
  'return [x.length, x.subarray(1).length, x.byteOffset, "0" in x, Object.hasOwn(x, "length")];',
  'return [...x.keys()];',
  'return [Object.prototype.toString.call(x), Array.isArray(x), typeof x, x === x, !x];',
  'return new Set([x]).has(x) && new Map([[x, 1]]).get(x);',
];

const over = (memory: string, body: string): string =>
  snippetModule(`const x = ${memory}; ${body}`.replace('; ', ';\n'));

describe('reads of shared memory that cannot be steps', () => {
  test.each(REFUSED)('%s', (body, line, reason) => {
    const shared = over('view', body);
    const { refusal, error } = runStepped(shared);
    // Places that are taken from the stack are those of the rewritten code here, for want of a source map.
    const place = [TEXT, NATIVE].includes(reason) ? 'stepped.js:' : `snippet.js:${line + 1}:`;
    expect(refusal).toMatch(new RegExp(`^${place}[\\d:]+ `, 'u'));
    expect(refusal).toContain(reason);
    expect(error).toContain('UnsteppableError');
    // Nothing is refused where no thread runs.
    expect(runOutside(shared)).toEqual(runPlain(shared));
    // Nor on memory of the thread's own.
    const own = over('new Int32Array([3, 1, 4, 1, 5, 9, 2, 6])', body);
    const { steps, refusal: none, ...seen } = runStepped(own);
    expect(none).toBe(null);
    expect(seen).toEqual(runPlain(own));
    expect(steps).toEqual([]);
  });

  test.each(STEPPED)('steps: %s', (body, count) => {
    const shared = over('view', body);
    const { steps, refusal, ...seen } = runStepped(shared);
    expect(refusal).toBe(null);
    expect(steps).toHaveLength(count);
    expect(seen).toEqual(runPlain(shared));
  });

  test.each(FREE)('reads nothing: %s', (body) => {
    const shared = over('view', body);
    const { steps, refusal, ...seen } = runStepped(shared);
    expect(refusal).toBe(null);
    expect(steps).toEqual([]);
    expect(seen).toEqual(runPlain(shared));
  });
});

test('the methods that look at their receiver are as they were', () => {
  const prototype = Object.getPrototypeOf(Int32Array.prototype) as Record<PropertyKey, object>;
  expect(prototype[Symbol.iterator]).toBe(prototype['values']);
  for (const [name, length] of [
    ['join', 1],
    ['toLocaleString', 0],
    ['values', 0],
    ['entries', 0],
  ] as const) {
    const found = Object.getOwnPropertyDescriptor(prototype, name)!;
    expect(found).toMatchObject({ enumerable: false, configurable: true, writable: true });
    const { value } = found as { value: (...args: unknown[]) => unknown };
    expect([value.name, value.length]).toEqual([name, length]);
  }
});
