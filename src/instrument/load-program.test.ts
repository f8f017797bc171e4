import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../core/errors.ts';
import { registers } from '../core/step.ts';
import { loadProgram } from './load-program.ts';
import type { LoadedProgram } from './load-program.ts';
import { pointAt } from './runtime/index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, Object.keys(files)[0]!);
}

/** Runs the threads one after the other and returns the expressions of their steps. */
function runInOrder({ program }: LoadedProgram): {
  steps: string[];
  results: unknown[];
  shared: unknown;
} {
  const shared = program.setup();
  const steps: string[] = [];
  const results: unknown[] = [];
  program.threads.forEach((thread, i) => {
    const run = thread(shared);
    registers.thread = i;
    try {
      for (let next = run.next(); ; next = run.next()) {
        if (next.done) {
          results.push(next.value);
          break;
        }
        const point = pointAt(registers.point);
        steps.push(`${point?.line}:${point?.column} ${point?.expression}`);
      }
    } finally {
      registers.thread = -1;
    }
  });
  program.check?.(shared, results);
  return { steps, results, shared };
}

const MESSAGE_PASSING = `import { defineProgram } from 'mapcheck';

export default defineProgram({
  name: 'message passing',
  setup: () => new Int32Array(new SharedArrayBuffer(8)),   // fresh shared state for each execution
  threads: [
    (memory) => { memory[0] = 42; Atomics.store(memory, 1, 1); },
    (memory) => Atomics.load(memory, 1) === 1 ? memory[0] : -1,
  ],
  check: (memory, results) => { if (results[1] === 0) throw new Error('saw the flag, not the data'); },
});
`;

test('a TypeScript program file becomes a program of steps', async () => {
  const loaded = await loadProgram(write({ 'mp.ts': MESSAGE_PASSING }));
  expect(loaded.program.name).toBe('message passing');
  const { steps, results } = runInOrder(loaded);
  expect(results).toEqual([undefined, 42]);
  expect(steps).toEqual([
    '7:19 memory[0]',
    '7:35 Atomics.store(memory, 1, 1)',
    '8:17 Atomics.load(memory, 1)',
    '8:49 memory[0]',
  ]);
});

test('each load gives fresh modules', async () => {
  const file = write({
    'fresh.mjs': `import { defineProgram } from 'mapcheck'; let loads = 0;
      export default defineProgram({ name: 'fresh', setup: () => ++loads, threads: [(n) => n] });`,
  });
  const first = await loadProgram(file);
  expect(first.program.setup()).toBe(1);
  expect(first.program.setup()).toBe(2);
  expect((await loadProgram(file)).program.setup()).toBe(1);
});

test('files imported by path are stepped, with getters of one module used in another', async () => {
  const file = write({
    'main.ts': `import { defineProgram } from 'mapcheck';
import { Cell, type Shape } from './lib/cell.js';
export default defineProgram({
  name: 'cells', setup: (): Shape => new Cell(), threads: [(cell) => cell.value, (cell) => { cell.value = 5; }],
});`,
    'lib/cell.ts': `export interface Shape { value: number | undefined }
export class Cell implements Shape {
  readonly #view = new Int32Array(new SharedArrayBuffer(4));
  get value(): number | undefined { return this.#view[0]; }
  set value(value) { this.#view[0] = value ?? 0; }
}`,
  });
  const { steps, results } = runInOrder(await loadProgram(file));
  expect(results).toEqual([0, undefined]);
  expect(steps).toEqual(['4:44 this.#view[0]', '5:22 this.#view[0]']);
});

test('packages are stepped if the program names them, in either form of module', async () => {
  const packages = {
    'node_modules/esm-lib/package.json': `{"name":"esm-lib","type":"module","exports":{".":{"import":"./m.js"},"./deep/*":"./d/*.js"}}`,
    'node_modules/esm-lib/m.js': `export { add } from './d/add.js';`,
    'node_modules/esm-lib/d/add.js': `export const add = (view) => Atomics.add(view, 0, 1);`,
    'node_modules/cjs-lib/package.json': `{"name":"cjs-lib","main":"./c"}`,
    'node_modules/cjs-lib/c.js': `'use strict';\nconst path = require('node:path');\nexports.get = (view) => [view[0], path.sep.length];`,
    'node_modules/@own/plain/package.json': `{"name":"@own/plain","main":"p.cjs"}`,
    'node_modules/@own/plain/p.cjs': `module.exports = (view) => view[0];`,
  };
  const program = (globs: string): string => `import { defineProgram } from 'mapcheck';
import { add } from 'esm-lib'; import { add as same } from 'esm-lib/deep/add'; import { get } from 'cjs-lib'; import plain from '@own/plain';
export default defineProgram({ name: 'p', instrument: ${globs}, setup: () => new Int32Array(new SharedArrayBuffer(4)),
  threads: [(view) => [add(view), same(view), get(view), plain(view)]] });`;
  const stepped = await loadProgram(
    write({ 'p.mjs': program(`['esm-lib', "cjs-*"]`), ...packages }),
  );
  const { steps, results } = runInOrder(stepped);
  expect(results).toEqual([[0, 1, [2, 1], 2]]);
  expect(steps.map((step) => step.replace(/^\S+ /u, ''))).toEqual([
    'Atomics.add(view, 0, 1)',
    'Atomics.add(view, 0, 1)',
    'view[0]',
  ]);
  const plain = await loadProgram(write({ 'q.mjs': program(`['other']`), ...packages }));
  expect(runInOrder(plain).steps).toEqual([]);
});

test('a set-up that throws is named with its place, and is no verdict', async () => {
  const source = `export default { name: 'n', setup() {\n  throw new RangeError('no');\n}, threads: [() => 1] };`;
  const { program } = await loadProgram(write({ 'setup.mjs': source }));
  const error = (() => {
    try {
      return program.setup();
    } catch (reason) {
      return reason;
    }
  })();
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).code).toBe('E-PROGRAM-005');
  expect((error as UsageError).message).toBe('setup threw RangeError: no');
  expect((error as UsageError).place).toMatch(/setup\.mjs:2:9$/u);
});

describe('what cannot be loaded says where and why', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, RegExp, RegExp])[] = [
    [
      'a syntax error',
      { 'syntax.ts': `const a = 1;\nconst b: = 2;\n` },
      /cannot be parsed/u,
      /syntax\.ts:2:10$/u,
    ],
    [
      'an import that leads nowhere',
      { 'gone.mjs': `\nimport x from './gone-file.js';` },
      /cannot find '\.\/gone-file\.js'/u,
      /gone\.mjs:2:15$/u,
    ],
    ['no program', { 'none.mjs': `export const a = 1;` }, /no object/u, /none\.mjs$/u],
    [
      'a program without threads',
      { 'few.mjs': `export default { name: 'n', setup() {}, threads: [] };` },
      /threads is no list/u,
      /few\.mjs$/u,
    ],
    [
      'an async thread',
      { 'async.mjs': `export default { name: 'n', setup: () => 1, threads: [async () => 1] };` },
      /threads\[0\] is async/u,
      /async\.mjs$/u,
    ],
    [
      'a throwing module',
      { 'throws.mjs': `throw new Error('at once');` },
      /Error: at once/u,
      /throws\.mjs$/u,
    ],
    ['a decorator', { 'deco.ts': `class A {\n  @b m() {} }` }, /decorators/u, /deco\.ts:2:3$/u],
  ];
  test.each(cases)('%s', async (_, files, message, place) => {
    const error = await loadProgram(write(files)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toMatch(message);
    expect((error as UsageError).place).toMatch(place);
  });

  test('a file that is not there', async () => {
    await expect(loadProgram(join(folder, 'not-there.ts'))).rejects.toThrow(/no such file/u);
  });
});

describe('what threads share', () => {
  const isConfined = async (files: Readonly<Record<string, string>>): Promise<boolean> => {
    const { program } = await loadProgram(write(files));
    return (program.isConfined as (shared: unknown) => boolean)(program.setup());
  };
  const usingPut = MESSAGE_PASSING.replace('memory[0] = 42;', 'put(memory);');

  test('is proved of a program file, and of every file that it is made of', async () => {
    expect(await isConfined({ 'confined.ts': MESSAGE_PASSING })).toBe(true);
    const imported = `import { put } from './put.ts';\n${usingPut}`;
    const put = 'export function put(memory) { memory[0] = 42; }';
    expect(await isConfined({ 'a/main.ts': imported, 'a/put.ts': put })).toBe(true);
    const counting = `let count = 0;\n${put.replace('42', 'count++')}`;
    expect(await isConfined({ 'b/main.ts': imported, 'b/put.ts': counting })).toBe(false);
  });

  test('a program with a log of its own is explored as it always was', async () => {
    const logging = MESSAGE_PASSING.replace(
      'export default',
      'const log: number[] = [];\nexport default',
    ).replace('memory[0] = 42;', 'log.push(1); memory[0] = 42;');
    expect(await isConfined({ 'logging.ts': logging })).toBe(false);
  });
});
