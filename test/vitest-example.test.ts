/** The vitest of a project that uses mapcheck: `examples/vitest`, and what a failure looks like there. Uses `dist`. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = realpathSync(join(root, 'node_modules'));
const project = mkdtempSync(join(realpathSync(tmpdir()), 'mapcheck-vitest-example-'));

beforeAll(() => {
  // The example as someone has it who installed what its package.json names: mapcheck is a link, as for `file:`.
  const isSource = (path: string): boolean => !path.includes('node_modules');
  cpSync(join(root, 'examples/vitest'), project, { recursive: true, filter: isSource });
  mkdirSync(join(project, 'node_modules'));
  symlinkSync(root, join(project, 'node_modules/mapcheck'));
  for (const name of ['vitest', 'fast-check', 'ringbuf.js', 'sharedmap']) {
    symlinkSync(join(modules, name), join(project, 'node_modules', name));
  }
});
afterAll(() => rmSync(project, { recursive: true }));

function run(script: string, ...args: string[]): { code: number | null; output: string } {
  const result = spawnSync(process.execPath, [join(modules, script), ...args], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '', CI: '1', VITEST: '' },
  });
  return { code: result.status, output: result.stdout + result.stderr };
}

function vitest(name: string, body: string): { code: number | null; output: string } {
  const header = [
    `import { checkProgram, test } from 'mapcheck/vitest';`,
    `import { expect } from 'vitest';`,
    `import { Counter } from '../src/counter.ts';`,
    '',
  ];
  writeFileSync(join(project, `test/${name}.test.ts`), header.join('\n') + body);
  return run('vitest/vitest.mjs', 'run', `test/${name}.test.ts`);
}

test('the example passes as it stands, snapshot included', () => {
  const { code, output } = run('vitest/vitest.mjs', 'run');
  expect(output).toContain('Tests  7 passed');
  expect(code).toBe(0);
});

test('the example type-checks', () => {
  expect(run('typescript/bin/tsc', '-p', '.')).toEqual({ code: 0, output: '' });
});

describe('a failing program', () => {
  const FAILING = `interface Erased { readonly expected: number }

test.program('asserts', {
  setup: () => new Counter(),
  threads: [(counter) => counter.incrementHastily(), (counter) => counter.incrementHastily()],
  check: (counter) => {
    const erased: Erased = { expected: 2 };
    expect(counter.value).toBe(erased.expected);
  },
});

test.program('races', {
  setup: () => new Int32Array(new SharedArrayBuffer(4)),
  threads: [(memory) => { memory[0] = 1; }, (memory) => memory[0]],
});

test.program('needs more', {
  setup: () => new Counter(),
  threads: [(counter) => counter.increment(), (counter) => counter.increment()],
}, { max: 2 });

test.program('is enough', {
  setup: () => new Counter(),
  threads: [(counter) => counter.increment(), (counter) => counter.increment()],
}, { max: 2, allowInconclusive: true });

test.program('shares nothing', { setup: () => 1, threads: [() => 2] });

test.program.fails('does not fail', {
  setup: () => new Counter(),
  threads: [(counter) => counter.value, (counter) => counter.value],
});

test.program.fails('has no answer', {
  setup: () => new Counter(),
  threads: [(counter) => counter.increment(), (counter) => counter.increment()],
}, { max: 2 });
`;

  test('shows its interleaving, at the line that threw or at the test', () => {
    const { code, output } = vitest('failing', FAILING);
    expect(code).toBe(1);
    expect(output).toContain('Tests  6 failed | 1 passed');
    // The line that threw, types and all, under the table of the interleaving.
    expect(output).toContain('ProgramFailure: FAIL  asserts / assertion   test/failing.test.ts');
    expect(output).toMatch(/Atomics\.load\(this\.#words, VALUE\).*src\/counter\.ts:27:19/);
    expect(output).toMatch(/❯ .*test\/failing\.test\.ts:11:/);
    expect(output).toMatch(/memory\[0\].*= 1 {2}<- race.*test\/failing\.test\.ts:17:\d+/);
    expect(output).toMatch(/❯ test\/failing\.test\.ts:15:6/);
    expect(output).toContain('the bound on executions (2) ended the work');
    expect(output).toContain('[E-VITEST-001] test/failing.test.ts');
    expect(output).toContain('the program was expected to fail, and holds');
    expect(output).not.toMatch(/❯ .*(?:dist|src)\/(?:vitest|core|run)\//);
  });
});

describe('packages', () => {
  beforeAll(() => {
    const config = `import { steppedModules } from 'mapcheck/vite';
export default { plugins: [steppedModules({ include: ['test/**', 'ringbuf.js', 'sharedmap'] })] };`;
    writeFileSync(join(project, 'vitest.config.ts'), config);
  });

  test('are stepped if the plugin includes them', () => {
    const { output } = vitest(
      'package',
      `import { RingBuffer } from 'ringbuf.js';
test('is stepped', async () => {
  const { exploration } = await checkProgram({
    setup: () => new RingBuffer(RingBuffer.getStorageForCapacity(1, Uint8Array), Uint8Array),
    threads: [(ring) => ring.push(new Uint8Array([7])), (ring) => ring.pop(new Uint8Array(1))],
  });
  expect(exploration.complete).toBe(2);
});`,
    );
    expect(output).toContain('Tests  1 passed');
  });

  test('are refused by name where they are CommonJS', () => {
    const { code, output } = vitest('old', `import 'sharedmap';\ntest('x', () => {});`);
    expect(code).toBe(1);
    expect(output).toContain(
      'a CommonJS module cannot be made steppable by the plugin. Explore it',
    );
    expect(output).toMatch(/sharedmap\/index\.umd\.js:1:/);
  });
});
