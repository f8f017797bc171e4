import { describe, expect, test } from 'vitest';
import { registers } from '../core/step.ts';
import { instrument } from './instrument.ts';
import { InstrumentError } from './instrument-error.ts';
import { STEP, takeRefusal, UnsteppableError } from './runtime/index.ts';
import { load, runOutside, runPlain, runStepped, snippetModule } from './testing/compare.ts';

describe('source that is refused as a whole', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['a.js', 'const a = ;', 'E-INSTRUMENT-001', 'a.js:1:11'],
    ['a.ts', '@dec class A {}', 'E-INSTRUMENT-002', 'a.ts:1:1'],
    ['a.ts', 'class A {\n  @dec() x = 1 }', 'E-INSTRUMENT-002', 'a.ts:2:3'],
    ['a.ts', 'class A { accessor x = 1 }', 'E-INSTRUMENT-003', 'a.ts:1:11'],
    ['a.ts', '\nnamespace N { export const a = 1 }', 'E-INSTRUMENT-003', 'a.ts:2:1'],
    ['a.ts', `import fs = require('fs');`, 'E-INSTRUMENT-003', 'a.ts:1:1'],
    ['a.ts', 'const a = 1; export = a;', 'E-INSTRUMENT-003', 'a.ts:1:14'],
    ['a.cjs', 'with (a) { b() }', 'E-INSTRUMENT-004', 'a.cjs:1:1'],
    ['a.js', 'function f(a) {\n  return eval(a) }', 'E-INSTRUMENT-005', 'a.js:2:10'],
  ];
  test.each(cases)('%s: %s', (file, code, expected, place) => {
    let error: unknown;
    try {
      instrument(code, file, { isCommonJs: file.endsWith('.cjs') });
    } catch (reason) {
      error = reason;
    }
    expect(error).toBeInstanceOf(InstrumentError);
    const { code: found, place: at, message } = error as InstrumentError;
    expect(found).toBe(expected);
    expect(`${at.file}:${at.line}:${at.column}`).toBe(place);
    expect(message.length).toBeGreaterThan(10);
    expect(String(error)).toContain(place);
  });
});

/** What a thread may not do, because it cannot be stepped there: snippet, place of the access, part of the reason. */
const REFUSED: Readonly<Record<string, readonly [body: string, place: string, reason: string]>> = {
  'a constructor': [
    `class A { constructor() {\n view[0] = 1; } }\n new A();`,
    '3:2',
    'in a constructor',
  ],
  'a constructor that calls': [
    `const f = () => view[0];\nclass A { constructor() { f(); } } new A();`,
    '2:17',
    'called back',
  ],
  "a field's initialiser": [
    `class A { x = Atomics.load(view, 0); } new A();`,
    '2:15',
    "in a field's initialiser",
  ],
  'a static block': [`class A { static { view[0] = 1; } }`, '2:20', 'in a static block'],
  'an async function': [`const f = async () => view[0]; f();`, '2:11', 'async function'],
  'an async method': [
    `const o = { async m() { return view[0]; } }; o.m();`,
    '2:20',
    'async function m',
  ],
  'a native callback': [
    `view[0]; JSON.stringify({ toJSON: () => view[1] });`,
    '2:41',
    'called back',
  ],
  'a promise': [`new Promise(() => view[1]).catch(() => {});`, '2:19', 'called back'],
  'a conversion': [`return +{ valueOf: () => view[1] };`, '2:26', 'called back'],
  'a comparison of a proxy': [
    `const p = new Proxy({}, { get: () => view[1] }); return p.x;`,
    '2:38',
    'called back',
  ],
  'a getter in an object literal': [
    `const o = { get g() { return view[1]; } }; return o.g;`,
    '2:30',
    'object literal',
  ],
  'a getter that is super': [
    `class A { get g() { return view[1]; } } class B extends A { m() { return super.g; } } return new B().m();`,
    '2:28',
    'called back',
  ],
  'super in an object literal': [
    `const o = { __proto__: { m: () => view[1] }, m() { return super.m() + view[2]; } }; o.m();`,
    '2:35',
    'called back',
  ],
  'a function with new.target': [
    `function F() { if (new.target) view[1] = 1; } new F();`,
    '2:32',
    'new.target',
  ],
  'an old constructor': [`function F() { this.x = view[1]; } new F();`, '2:25', 'called back'],
  waitAsync: [`Atomics.waitAsync(view, 0, 3);`, '2:1', 'Atomics.waitAsync'],
  'a data view': [`new DataView(view.buffer).getInt8(0);`, '2:', 'DataView'],
  'methods of a view in a constructor': [
    `class A { constructor() { view.fill(0); } } new A();`,
    '2:27',
    'in a constructor',
  ],
  'a view that JSON reads': [`return JSON.stringify(view);`, '2:8', 'JSON.stringify'],
  'a view that Reflect reads': [`return Reflect.get(view, 0);`, '2:8', 'Reflect.get'],
  'a view that is listed': [`return Object.values(view);`, '2:8', 'Object.values'],
  'a view that is cloned': [`return structuredClone(view);`, '2:8', 'structuredClone'],
  'a view that a buffer copies': [`return Buffer.from(view);`, '2:8', 'Buffer.from'],
  'a buffer over shared memory': [
    `return Buffer.from(view.buffer).readInt8(0);`,
    '2:8',
    'method of Buffer',
  ],
  'a step in a timer': [
    `setTimeout(() => view[0], 1);`,
    '2:1',
    'setTimeout, which calls back when no thread runs',
  ],
  'a step behind a promise': [
    `Promise.resolve().then(() => view[0]);`,
    '2:1',
    "a promise's then, which calls back when no thread runs",
  ],
  'a parameter that is a stepped iterable': [
    `function* g() { yield view[1]; } const f = ([x]) => x; f(g());`,
    '2:23',
    'called back',
  ],
};

describe('a step in a place that cannot be stepped is refused by name', () => {
  for (const [name, [body, place, reason]] of Object.entries(REFUSED)) {
    test(name, () => {
      const source = snippetModule(body);
      const { refusal } = runStepped(source);
      expect(refusal).toContain(`snippet.js:${place}`);
      expect(refusal).toContain(reason);
      // Nothing is refused where no thread runs.
      if (name !== 'waitAsync') expect(runOutside(source).error).toBe(runPlain(source).error);
    });
  }

  test('without a second report as an unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): number => unhandled.push(reason);
    process.on('unhandledRejection', listen);
    const { refusal } = runStepped(snippetModule(`new Promise(() => view[1]);`));
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', listen);
    expect(refusal).toContain('snippet.js:2:19');
    expect(unhandled).toEqual([]);
  });

  test('also when the checked code catches the exception', () => {
    const source = snippetModule(`try { [1].some((x) => +{ valueOf: () => view[0] }); } catch {}`);
    const { code } = instrument(source, 's.js', { isCommonJs: true });
    const { run } = load(code, 's.js');
    takeRefusal();
    registers.thread = 0;
    const view = new Int32Array(new SharedArrayBuffer(32));
    const thread = run[STEP]!(() => {}, view, []);
    while (!thread.next().done);
    registers.thread = -1;
    const refusal = takeRefusal();
    expect(refusal).toBeInstanceOf(UnsteppableError);
    expect(refusal!.place).toBe('s.js:2:41');
    expect(takeRefusal()).toBe(null);
  });
});
