/** What checked code and signals do to mapcheck's processes and threads, from outside. Runs the build in `dist`. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = fileURLToPath(new URL('../bin/mapcheck.js', import.meta.url));
const config = fileURLToPath(new URL('fixtures/misbehaving-targets.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-processes-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const environment = { ...process.env, CI: '', NO_COLOR: '1', FORCE_COLOR: '' };

function argumentsOf(target: string, journal: string, ...more: readonly string[]): string[] {
  const flags = ['--config', config, '--journal', journal, '--workers', '2', '--json'];
  return [bin, 'run', target, ...flags, ...more];
}

/** Starts mapcheck as a terminal does: as the head of a process group. */
function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...args], {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Ids of the processes that a process has started. */
function childrenOf(id: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(join('/proc', name, 'stat'), 'utf8');
        return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(id);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

function ticketsIn(journal: string): number {
  const file = join(folder, journal, 'shard-1-of-1.ndjson');
  if (!existsSync(file)) return 0;
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{"ticket"')).length;
}

interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function outputOf(child: ChildProcess): Promise<Output> {
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

const hasProc = existsSync('/proc/self/stat');

test('Ctrl-C reaches every process of the terminal, and the tickets begun are finished', async () => {
  const child = start(...argumentsOf('slow', 'interrupted', '--time', '1h'));
  const output = outputOf(child);
  while (ticketsIn('interrupted') === 0) await pause();
  process.kill(-child.pid!, 'SIGINT');
  const { code, stdout, stderr } = await output;
  expect(code).toBe(130);
  expect(stderr).toContain('Stopping after the work begun');
  expect(stderr).not.toContain('A worker died');
  const report = JSON.parse(stdout) as { verdict: string; targets: { runs: number }[] };
  expect(report.verdict).toBe('inconclusive');
  expect(report.targets[0]).toMatchObject({ runs: 50 * ticketsIn('interrupted'), failures: [] });
});

test.skipIf(!hasProc)(
  'workers do not outlive a process that was killed, whatever they are at',
  async () => {
    const child = start(...argumentsOf('says-that-it-hangs', 'killed', '--hang-timeout', '1h'));
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
    while (said.split('hangs now').length <= 2) await pause();
    const workers = childrenOf(child.pid!);
    expect(workers).toHaveLength(2);
    child.kill('SIGKILL');
    // The test's own time limit is the only one.
    while (workers.some((id) => existsSync(`/proc/${id}`))) await pause();
  },
);

test('what the checked code prints is no part of the report; a native crash is exit code 1', () => {
  const run = (target: string, runs: string): ReturnType<typeof spawnSync> =>
    spawnSync(process.execPath, argumentsOf(target, target, '--runs', runs), {
      cwd: folder,
      encoding: 'utf8',
      env: environment,
    });
  const prints = run('prints', '60');
  expect(prints.status).toBe(0);
  expect(JSON.parse(String(prints.stdout))).toMatchObject({ verdict: 'holds' });
  expect(prints.stderr).toContain('found 123\n');
  const aborts = run('aborts', '10');
  expect(aborts.status).toBe(1);
  expect(JSON.parse(String(aborts.stdout))).toMatchObject({ verdict: 'fails' });
  expect(aborts.stderr).not.toContain('stack trace');
});

describe('an exploration', () => {
  /** Loops of two threads, some thousand classes, and what the check at the end does. */
  const program = (check: string): string => `
    import { existsSync, writeFileSync } from 'node:fs';
    import { isMainThread } from 'node:worker_threads';
    import { defineProgram } from 'mapcheck';
    const sums = (own, other) => (memory) => {
      for (let i = 0; i < 5; i++) {
        const sum = Atomics.load(memory, own) + Atomics.load(memory, other);
        Atomics.store(memory, own, sum);
      }
    };
    export default defineProgram({
      name: 'sums',
      setup: () => new Int32Array(new SharedArrayBuffer(8)).fill(1),
      threads: [sums(0, 1), sums(1, 0)],
      check: () => { ${check} },
    });`;

  function explore(check: string): Omit<Output, 'stdout'> & { readonly report: unknown } {
    writeFileSync(join(folder, 'sums.js'), program(check));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [bin, 'explore', 'sums.js', '--workers', '2', '--json'],
      { cwd: folder, encoding: 'utf8', env: environment },
    );
    return { code: status, stderr, report: stdout === '' ? null : JSON.parse(stdout) };
  }

  beforeAll(() => {
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules', 'mapcheck'));
  });

  test('explores again what a worker died of, and tells of the second death', () => {
    const whole = explore('');
    expect(whole).toMatchObject({ code: 0, report: { verdict: 'holds', executions: 8_953 } });
    const once =
      "if (isMainThread || existsSync('died')) return; writeFileSync('died', ''); process.exit(3);";
    expect(explore(once)).toEqual(whole);
    expect(existsSync(join(folder, 'died'))).toBe(true);
    expect(explore('if (!isMainThread) process.exit(3);')).toMatchObject({
      code: 4,
      report: null,
      stderr: expect.stringContaining(
        'two workers died of the same interleavings: it ended with exit code 3',
      ) as string,
    });
  });

  test('does not pass for an answer when the program ends the process', () => {
    expect(explore('process.exit(0);')).toMatchObject({
      code: 4,
      report: null,
      stderr: expect.stringContaining('E-RUN-005') as string,
    });
  });
});
