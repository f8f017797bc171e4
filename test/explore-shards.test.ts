/** `mapcheck explore --shard` and `mapcheck merge` from outside. Runs the build in `dist`. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeProject, root, runMapcheck, type Ran } from './testing/project.ts';

const folder = makeProject('explore-shards');
const PROGRAM = join(folder, 'sums.ts');

function program(limit: number, rounds = 4): string {
  return `import { defineProgram } from 'mapcheck';
const sums = (own: number, other: number) => (memory: Int32Array) => {
  for (let i = 0; i < ${rounds}; i++) {
    const sum = Atomics.load(memory, own) + Atomics.load(memory, other);
    Atomics.store(memory, own, sum);
  }
};
export default defineProgram({
  name: 'sums',
  setup: () => new Int32Array(new SharedArrayBuffer(8)).fill(1),
  threads: [sums(0, 1), sums(1, 0)],
  check: (memory) => {
    if (Atomics.load(memory, 0) > ${limit}) throw new Error('greater than ${limit}');
  },
});
`;
}

const mapcheck = (...args: string[]): Ran => runMapcheck(folder, args);

function json({ stdout }: Ran): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>;
}

function explore(journal: string, shard: string, ...more: string[]): Ran {
  return mapcheck('explore', 'sums.ts', '--shard', shard, '--journal', journal, '--json', ...more);
}

/** Explores a shard and kills the process once so many parts are done, as often as it takes to be fast enough. */
async function killedAfterParts(journal: string, count: number): Promise<void> {
  for (;;) {
    const args = ['explore', 'sums.ts', '--shard', '1/1', '--journal', journal];
    const child = spawn(process.execPath, [join(root, 'bin/mapcheck.js'), ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    const looks = setInterval(() => {
      if (linesOf(journal) > count) child.kill('SIGKILL');
    }, 1);
    const signal = await ended;
    clearInterval(looks);
    if (signal === 'SIGKILL' && linesOf(journal) > count) return;
    rmSync(join(folder, journal), { recursive: true, force: true });
  }
}

function linesOf(journal: string): number {
  try {
    const path = join(folder, journal, 'explore-1-of-1.parts.ndjson');
    return readFileSync(path, 'utf8').split('\n').length - 1;
  } catch {
    return 0;
  }
}

beforeAll(() => {
  writeFileSync(PROGRAM, program(1_000));
});

describe('shards of an exploration', () => {
  let whole: Record<string, unknown> = {};
  let halves: Ran[] = [];
  beforeAll(() => {
    whole = json(mapcheck('explore', 'sums.ts', '--json'));
    halves = ['1/2', '2/2'].map((shard) => explore('halves', shard));
  });

  test('merged, they are the whole', () => {
    expect(whole).toMatchObject({ verdict: 'holds', exhaustive: true });
    expect(halves.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const executions = halves.map((half) => json(half)['executions'] as number);
    expect(Math.min(...executions)).toBeGreaterThan(0);
    expect(executions[0]! + executions[1]!).toBe(whole['executions']);
    const merged = mapcheck('merge', 'halves', '--json');
    expect(merged.code).toBe(0);
    // The steps are not compared: each part takes those that lead to it anew.
    const { verdict, program: name, executions: count, exhaustive, deadlocks, classHash } = whole;
    expect(classHash).toMatch(/^[0-9a-f]{16}$/);
    expect(json(merged)).toMatchObject({
      verdict,
      program: name,
      executions: count,
      exhaustive,
      deadlocks,
      classHash,
    });
    const workers = json(mapcheck('explore', 'sums.ts', '--workers', '2', '--json'));
    expect(workers).toMatchObject({ executions: count, classHash });
    const preempted = json(mapcheck('explore', 'sums.ts', '--preemptions', '1', '--json'));
    expect(preempted).not.toHaveProperty('classHash');
    explore('one', '1/1');
    expect(json(mapcheck('merge', 'one', '--json'))).toEqual(json(merged));
    expect(mapcheck('merge', 'halves').stdout).toContain('sums');
  });

  test('a missing, a doubled, a foreign and a damaged shard are refused', () => {
    const half = join(folder, 'halves/explore-1-of-2.json');
    mkdirSync(join(folder, 'first'));
    copyFileSync(half, join(folder, 'first/explore-1-of-2.json'));
    expect(mapcheck('merge', 'first')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E-MERGE-003') as string,
    });
    expect(mapcheck('merge', 'first', 'halves')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E-MERGE-002') as string,
    });
    expect(mapcheck('merge', 'halves', 'one')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E-MERGE-001') as string,
    });
    mkdirSync(join(folder, 'damaged'));
    const text = readFileSync(half, 'utf8').replace('"complete":', '"complete":1');
    writeFileSync(join(folder, 'damaged/explore-1-of-2.json'), text);
    expect(mapcheck('merge', 'damaged')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E-JOURNAL-003') as string,
    });
  });

  test('a failure is the same for any number of shards; other code is refused', () => {
    writeFileSync(PROGRAM, program(50));
    expect(mapcheck('merge', 'halves')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('E-JOURNAL-007') as string,
    });
    explore('halves', '2/2');
    // One half of each program.
    expect(mapcheck('merge', 'halves').stderr).toContain('E-JOURNAL-007');
    for (const shard of ['1/1', '1/3', '2/3', '3/3']) explore(`failing-${shard.at(-1)}`, shard);
    const [one, three] = ['failing-1', 'failing-3'].map((at) => mapcheck('merge', at, '--json'));
    expect(one!.code).toBe(1);
    expect(json(one!)).toMatchObject({ verdict: 'fails', failure: { kind: 'assertion' } });
    expect(json(three!)).toEqual(json(one!));
  });

  test('one that is killed goes on where it was, and leaves the same file', async () => {
    writeFileSync(PROGRAM, program(1_000_000, 6));
    explore('uninterrupted', '1/1');
    await killedAfterParts('killed', 5);
    expect(existsSync(join(folder, 'killed/explore-1-of-1.json'))).toBe(false);
    const resumed = explore('killed', '1/1', '--resume');
    expect(resumed.code).toBe(0);
    expect(existsSync(join(folder, 'killed/explore-1-of-1.parts.ndjson'))).toBe(false);
    const [left, right] = ['uninterrupted', 'killed'].map((at) =>
      readFileSync(join(folder, at, 'explore-1-of-1.json'), 'utf8'),
    );
    expect(right).toBe(left);
    expect(mapcheck('merge', 'killed', '--json')).toEqual(
      mapcheck('merge', 'uninterrupted', '--json'),
    );
  });

  test('only an exhaustive exploration of one file has shards', () => {
    for (const more of [['--max', '5'], ['--strategy', 'pct'], ['--workers', '2'], ['sums.ts']]) {
      const { code, stderr } = mapcheck('explore', 'sums.ts', '--shard', '1/2', ...more);
      expect([code, stderr]).toEqual([2, expect.stringContaining('E-EXPLORE-012')]);
    }
  });
});
