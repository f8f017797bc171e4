/**
 * A fleet on a real Redis, with processes killed in mid-campaign. Runs the build in `dist`.
 *
 * Needs `redis-server` on the path, as `.ci/run` installs it; skipped, and said so, where there is none.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../bin/mapcheck.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-fleet-test-'));
const environment = { ...process.env, CI: '', NO_COLOR: '1', FORCE_COLOR: '' };
const CAMPAIGN = ['run', 'tree-bucket-map', '--seed', 'fleet', '--runs', '600', '--json'];

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;
if (!hasRedis) console.warn('redis-server is not installed: the fleet is not tested on a real one');

const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Process {
  readonly child: ChildProcess;
  /** Exit code, or `null` for a process that was killed, and what it printed. */
  readonly end: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function start(command: string, args: readonly string[]): Process {
  const child = spawn(command, args, { cwd: folder, env: environment });
  children.add(child);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const end = new Promise<Awaited<Process['end']>>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, end };
}

const mapcheck = (...args: readonly string[]): Process => start(process.execPath, [bin, ...args]);

function worker(url: string): Process {
  return mapcheck('worker', '--queue', url, '--workers', '1', '--lease', '1s');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a Redis that keeps nothing on disk: what it knew is gone when it dies. */
async function startRedis(port: number): Promise<Process> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const redis = start('redis-server', [...args, '--appendonly', 'no']);
  await new Promise<void>((resolve) => {
    redis.child.stdout!.on('data', (text: string) => {
      if (text.includes('Ready to accept connections')) resolve();
    });
  });
  return redis;
}

/** Tickets that the coordinator has got back. */
function ticketsIn(journal: string): number {
  try {
    const text = readFileSync(join(folder, journal, 'shard-1-of-1.ndjson'), 'utf8');
    return text.split('\n').filter((line) => line.startsWith('{"ticket"')).length;
  } catch {
    return 0;
  }
}

async function hasTickets(journal: string, count: number): Promise<void> {
  while (ticketsIn(journal) < count) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.skipIf(!hasRedis)('a fleet', { timeout: 180_000 }, () => {
  let local = '';
  beforeAll(async () => {
    local = (await mapcheck(...CAMPAIGN).end).stdout;
    expect(local).toContain('"verdict":"holds"');
  }, 60_000);

  test('reports what one process does, though workers are killed and others come in', async () => {
    const port = await freePort();
    await startRedis(port);
    const url = `redis://127.0.0.1:${port}`;
    const coordinator = mapcheck(...CAMPAIGN, '--queue', url, '--journal', 'kills');
    const first = worker(url);
    await hasTickets('kills', 4);
    // In the middle of its next range; the one that comes in then must get that back.
    first.child.kill('SIGKILL');
    const second = worker(url);
    await hasTickets('kills', 7);
    second.child.kill('SIGKILL');
    const third = worker(url);
    const { code, stdout } = await coordinator.end;
    expect(stdout).toBe(local);
    expect(code).toBe(0);
    third.child.kill('SIGINT');
    expect((await third.end).code).toBe(130);
    // Nothing of the campaign is left on the server.
    const keys = spawnSync('redis-cli', ['-p', String(port), 'keys', '*'], { encoding: 'utf8' });
    expect(keys.stdout).not.toMatch(/campaign|results|stop|bull:[^:]+:[0-9a-f]{16}-/);
  });

  test('outlives a Redis that dies with all it knew, and a coordinator that does', async () => {
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    const redis = await startRedis(port);
    const lost = mapcheck(...CAMPAIGN, '--queue', url, '--journal', 'gone');
    const helper = worker(url);
    await hasTickets('gone', 4);
    redis.child.kill('SIGKILL');
    await redis.end;
    await startRedis(port);
    await hasTickets('gone', 7);
    lost.child.kill('SIGKILL');
    await lost.end;
    const coordinator = mapcheck('run', '--resume', 'gone', '--queue', url, '--json');
    const { code, stdout } = await coordinator.end;
    expect(stdout).toBe(local);
    expect(code).toBe(0);
    helper.child.kill('SIGKILL');
  });

  test('with a time limit ends together', async () => {
    const port = await freePort();
    await startRedis(port);
    const url = `redis://127.0.0.1:${port}`;
    const args = ['run', 'tree-bucket-map', '--time', '3s', '--json', '--queue', url];
    const coordinator = mapcheck(...args);
    const helper = worker(url);
    const { code, stdout } = await coordinator.end;
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'holds' });
    expect(code).toBe(0);
    helper.child.kill('SIGINT');
    expect((await helper.end).stderr).toMatch(/Done: [\d,]+ runs? in/);
  });
});

test('a queue that is not there is said so', async () => {
  const port = await freePort();
  const nobody = await mapcheck('run', '--queue', `redis://user:secret@127.0.0.1:${port}`).end;
  expect(nobody).toMatchObject({ code: 2, stdout: '' });
  expect(nobody.stderr).toContain('cannot reach Redis: connect ECONNREFUSED');
  expect(nobody.stderr).not.toContain('secret');
  const wrong = await mapcheck('worker', '--queue', 'localhost').end;
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('expected redis://HOST:PORT');
});
