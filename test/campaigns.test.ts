/** Campaigns that are interrupted, killed, resumed, divided and joined, from outside. Runs the build in `dist`. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { main } from '../src/cli/main.ts';
import { processTerminal } from '../src/cli/terminal.ts';
import { killAndResume } from '../bench/kill-and-resume.ts';

const bin = fileURLToPath(new URL('../bin/mapcheck.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-campaigns-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const environment = { ...process.env, CI: '', NO_COLOR: '1', FORCE_COLOR: '' };

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function mapcheck(...args: string[]): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
  });
  return { code: status, stdout, stderr };
}

const CAMPAIGN = ['tree-bucket-map', '--seed', '00012', '--runs', '400'];

/** Starts a campaign without an end, and sends signals: each once stderr has said so much. */
async function interrupted(journal: string, signals: readonly NodeJS.Signals[]): Promise<Result> {
  const args = ['run', 'tree-bucket-map', '--time', '1h', '--journal', journal, '--json'];
  const child = spawn(process.execPath, [bin, ...args], { cwd: folder, env: environment });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const end = new Promise<number | null>((resolve) => child.on('close', resolve));
  while (ticketsIn(journal) === 0) await pause();
  const hasHeard = new Promise((resolve) => child.stderr.once('data', resolve));
  for (const signal of signals) {
    child.kill(signal);
    await hasHeard;
  }
  return { code: await end, stdout, stderr };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

function ticketsIn(journal: string): number {
  try {
    const text = readFileSync(join(folder, journal, 'shard-1-of-1.ndjson'), 'utf8');
    return text.split('\n').filter((line) => line.startsWith('{"ticket"')).length;
  } catch {
    return 0;
  }
}

describe('an interrupted campaign', () => {
  test('ends after the work begun, says what it has, and how to go on', async () => {
    const { code, stdout, stderr } = await interrupted('once', ['SIGINT']);
    expect(code).toBe(130);
    expect(stderr).toContain('Stopping after the work begun');
    expect(stderr).toContain('Interrupted. Go on with: mapcheck run --resume once');
    const report = JSON.parse(stdout) as { verdict: string; targets: { runs: number }[] };
    expect(report.verdict).toBe('inconclusive');
    expect(report.targets[0]!.runs).toBe(50 * ticketsIn('once'));
    // An hour has not gone by yet, so there is more to do; a shorter time ends it with what there is.
    const more = mapcheck('run', '--resume', 'once', '--time', '1ms', '--json');
    expect(more.code).toBe(0);
    expect(JSON.parse(more.stdout)).toMatchObject({
      verdict: 'holds',
      targets: [{ runs: report.targets[0]!.runs }],
    });
  });

  test('stops at once when asked twice, and keeps every finished ticket', async () => {
    const { code, stdout, stderr } = await interrupted('twice', ['SIGTERM', 'SIGINT']);
    expect(code).toBe(130);
    expect(stdout === '' || stdout.endsWith('}\n')).toBe(true);
    expect(stderr).toContain('Go on with: mapcheck run --resume twice');
    expect(ticketsIn('twice')).toBeGreaterThan(0);
    expect(mapcheck('run', '--resume', 'twice', '--time', '1ms').code).toBe(0);
  });
});

// The whole experiment, with 200 kills: node dist/bench/kill-and-resume.js
test('campaigns killed at random moments resume to the report of one left alone', async () => {
  const request = { kills: 3, runs: 200, target: 'tree-bucket-map', seed: 'test', campaigns: 1 };
  const result = await killAndResume(request, { out: () => {}, err: () => {} });
  expect(result).toMatchObject({ unreadable: 0, wrong: 0 });
  expect(result.killed).toBeGreaterThan(0);
});

describe('shards', () => {
  test('merge to the object of one run, whoever did what', () => {
    const whole = mapcheck('run', ...CAMPAIGN, '--json');
    expect(whole.code).toBe(0);
    for (const shard of ['1/3', '2/3', '3/3']) {
      const journal = shard === '1/3' ? 'left' : 'right';
      const part = mapcheck('run', ...CAMPAIGN, '--shard', shard, '--journal', journal, '--json');
      expect(part.code).toBe(0);
    }
    expect(mapcheck('merge', 'left', 'right', '--json')).toEqual(whole);
    const missing = mapcheck('merge', 'right');
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain('a shard is missing: 1/3');
    expect(mapcheck('merge', 'left', 'right', 'left').stderr).toContain('is there twice');
  });
});

// Once: it listens to stdout.
const terminal = processTerminal();

test.each([
  [['run', '--shard', '3/2'], 'expected i/n'],
  [['run', '--shard', '0/2'], 'expected i/n'],
  [['run', '--resume', 'nowhere'], 'no such folder'],
  [['run', '--resume', 'left', '--journal', 'right'], 'name different folders'],
  [['run', '--resume', 'right'], 'the journals of several shards: 2/3, 3/3'],
  [['run', '--resume', 'right', '--shard', '1/3'], 'no journal of shard 1/3'],
  [['run', '--resume', 'left', '--seed', '12'], 'the journal has "00012", not "12"'],
  [['run', '--resume', 'left', '--runs', '401'], 'the journal has "400", not "401"'],
  [['run', 'go-map', '--resume', 'left'], 'the journal has "tree-bucket-map", not "go-map"'],
  [['run', '--runs', '9007199254740991'], 'are too many'],
  [['run', '--hang-timeout', '5'], 'a duration such as'],
  [['merge', 'nowhere'], 'no such folder'],
  [['merge'], 'missing required argument'],
])('%j ends with exit code 2', async (args, expected) => {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  // Folders are named from the one that this process is in.
  const placed = args.map((argument) =>
    ['left', 'right', 'nowhere'].includes(argument) ? join(folder, argument) : argument,
  );
  const code = await main(placed, {
    ...terminal,
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
  });
  expect(stderr.join('')).toContain(expected);
  expect(stdout).toEqual([]);
  expect(code).toBe(2);
});
