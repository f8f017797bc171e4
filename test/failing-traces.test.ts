/** Traces of failing interleavings from outside: kept, replayed on changed programs, damaged. Runs the build in `dist`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-traces-test-'));
let trace = '';

const LOST_UPDATE = `import { defineProgram } from 'mapcheck';

function add(counter: Int32Array): void {
  const seen = Atomics.load(counter, 0);
  Atomics.store(counter, 0, seen + 1);
}

export default defineProgram({
  name: 'counter',
  setup: () => new Int32Array(new SharedArrayBuffer(8)),
  threads: [add, (counter) => Atomics.store(counter, 1, 5), add],
  check: (counter) => {
    if (counter[0] !== 2) throw new Error(\`\${counter[0]} instead of 2\`);
  },
});
`;

function mapcheck(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const result = spawnSync(process.execPath, [join(root, 'bin/mapcheck.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '', LC_ALL: 'C.UTF-8' },
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

function replayOf(source: string): { code: number | null; json: Record<string, unknown> } {
  writeFileSync(join(folder, 'counter.ts'), source);
  const { code, stdout } = mapcheck('replay', trace, '--json');
  return { code, json: JSON.parse(stdout) as Record<string, unknown> };
}

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'mapcheck'));
  writeFileSync(join(folder, 'counter.ts'), LOST_UPDATE);
  const { code, stdout } = mapcheck('explore', 'counter.ts', '--json');
  expect(code).toBe(1);
  const { failure } = JSON.parse(stdout) as { failure: { trace: string } };
  expect(failure).toMatchObject({
    kind: 'assertion',
    steps: 4,
    preemptions: 1,
    isFewest: true,
    leftOut: [1],
    necessary: [
      "T1's load of counter[0] (counter.ts:4:16) came before T3's store of it (counter.ts:5:3)",
      "T3's load of counter[0] (counter.ts:4:16) came before T1's store of it (counter.ts:5:3)",
    ],
  });
  ({ trace } = failure);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a kept failure', () => {
  test('is small: the thread that plays no part is left out, and one preemption is left', () => {
    const kept = JSON.parse(readFileSync(join(folder, trace), 'utf8')) as {
      subject: unknown;
      threads: unknown[][];
    };
    expect(kept.subject).toEqual({ file: 'counter.ts', leftOut: [1] });
    expect(kept.threads.map((steps) => steps.length)).toEqual([2, 0, 2]);
    const { stdout } = mapcheck('explore', 'counter.ts');
    expect(stdout).toContain('4 steps, 1 preemption');
    expect(stdout).toContain('T2 is left out');
  });

  test('replays', () => {
    const { code, json } = replayOf(LOST_UPDATE);
    expect(json).toMatchObject({
      verdict: 'fails',
      property: 'assertion',
      steps: 4,
      divergedAt: null,
    });
    expect(code).toBe(1);
  });

  test('replays although scheduling points were added, and lines moved', () => {
    const more = LOST_UPDATE.replace(
      '  const seen',
      '  Atomics.load(counter, 1);\n\n  const seen',
    ).replace('seen + 1);', 'seen + 1);\n  Atomics.add(counter, 1, 1);');
    const { code, json } = replayOf(more);
    expect(json).toMatchObject({ verdict: 'fails', property: 'assertion', divergedAt: null });
    expect(code).toBe(1);
  });

  test('says which step no longer happens', () => {
    const atomic = LOST_UPDATE.replace('const seen = Atomics.load(counter, 0);', '').replace(
      'Atomics.store(counter, 0, seen + 1)',
      'Atomics.add(counter, 0, 1)',
    );
    const { code, json } = replayOf(atomic);
    expect(json).toMatchObject({
      verdict: 'inconclusive',
      divergedAt: 0,
      unmatched: {
        thread: 0,
        step: 0,
        kind: 'load',
        expression: 'Atomics.load(counter, 0)',
        place: 'counter.ts:4:16',
      },
    });
    expect(json['message']).toBe(
      'Step 0 of T1, Atomics.load(counter, 0) (kept at counter.ts:4:16), no longer happens, so the trace shows nothing; explore the program again.',
    );
    expect(code).toBe(3);
  });

  test('holds when the program is mended', () => {
    const checked = replayOf(LOST_UPDATE.replace('!== 2', '=== 7'));
    expect(checked).toMatchObject({ code: 0, json: { verdict: 'holds', divergedAt: null } });
    const locked = LOST_UPDATE.replace(
      "'mapcheck';",
      "'mapcheck';\nimport { Mutex } from 'mapcheck/atomics';\nconst mutex = new Mutex();",
    )
      .replace('  const seen', '  mutex.lock();\n  const seen')
      .replace('seen + 1);', 'seen + 1);\n  mutex.unlock();');
    const { code, json } = replayOf(locked);
    expect(json).toMatchObject({ verdict: 'holds' });
    expect(json['message']).toContain('The order that failed cannot happen any more: ');
    expect(code).toBe(0);
  });
});

test('a damaged trace ends with exit code 2, file and place', () => {
  const kept = JSON.parse(readFileSync(join(folder, trace), 'utf8')) as object;
  writeFileSync(join(folder, 'bad.json'), JSON.stringify({ ...kept, threads: 7 }, null, 2));
  const { code, stdout, stderr } = mapcheck('replay', 'bad.json');
  expect(stderr).toContain('bad.json:14: $.threads');
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('a trace of the first version is still read', () => {
  const turn = (thread: number, kind: string, expression: string): unknown => ({
    thread,
    kind,
    expression,
  });
  const load = 'Atomics.load(counter, 0)';
  const store = 'Atomics.store(counter, 0, seen + 1)';
  const old = {
    format: 'mapcheck-schedule',
    version: 1,
    file: 'counter.ts',
    program: 'counter',
    property: 'assertion',
    expect: 'holds',
    message: '1 instead of 2',
    steps: [
      turn(0, 'load', load),
      turn(2, 'load', load),
      turn(2, 'store', store),
      turn(0, 'store', store),
      turn(1, 'store', 'Atomics.store(counter, 1, 5)'),
    ],
  };
  writeFileSync(join(folder, 'counter.ts'), LOST_UPDATE);
  writeFileSync(join(folder, 'old.json'), JSON.stringify(old));
  const { code, stdout } = mapcheck('replay', 'old.json', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'fails', steps: 5, divergedAt: null });
  expect(code).toBe(1);
});

test('the README shows the example as it is, and what the command prints of it', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const source = readFileSync(join(root, 'examples/interleavings/visits.ts'), 'utf8');
  writeFileSync(join(folder, 'visits.ts'), source);
  expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);
  const { code, stdout } = mapcheck('explore', 'visits.ts');
  expect(readme).toContain(`\`\`\`text\n${stdout}\`\`\``);
  expect(code).toBe(1);
  writeFileSync(
    join(folder, 'atomic.ts'),
    source
      .replace('  const seen = Atomics.load(visits, 0);\n', '')
      .replace('Atomics.store(visits, 0, seen + 1)', 'Atomics.add(visits, 0, 1)'),
  );
  expect(mapcheck('explore', 'atomic.ts').stdout).toContain(
    /`(holds in all \d+ classes of interleavings)`/.exec(readme)![1]!,
  );
});
