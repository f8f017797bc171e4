/**
 * Whatever stands in a file, mapcheck refuses it with a sentence or gives a verdict: no stack, no hang, no lost result.
 *
 * `node dist/bench/mutated-inputs.js 5000` does the same at length.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hunt } from '../bench/mutated-inputs/hunt.ts';
import { integersOf, mutate } from '../bench/mutated-inputs/mutate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-mutated-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function mapcheck(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin/mapcheck.js'), ...args],
    { cwd: folder, encoding: 'utf8', timeout: 30_000, env: { ...process.env, CI: '' } },
  );
  return { code: status, stdout, stderr };
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
let journal = '';
let shard = '';

beforeAll(() => {
  mapcheck('run', 'sync-map', '--runs', '60', '--known-fails', '--journal', 'journal');
  journal = readFileSync(join(folder, 'journal/shard-1-of-1.ndjson'), 'utf8');
  const program = join(root, 'examples/interleavings/visits.ts');
  mapcheck('explore', program, '--shard', '1/1', '--journal', 'shards');
  shard = readFileSync(join(folder, 'shards/explore-1-of-1.json'), 'utf8');
});

test('every reader refuses mutated inputs or gives a verdict', async () => {
  const { defects, outcomes } = await hunt({
    seed: 'test',
    count: 200,
    files: { journal, shard },
    limitMs: 30_000,
    worker: new URL('../dist/bench/mutated-inputs/worker.js', import.meta.url),
  });
  expect(defects).toEqual([]);
  // Every kind came up, and was not only refused: else nothing behind the parsers was tried.
  expect(Object.keys(outcomes)).toHaveLength(9);
  for (const [subject, counts] of Object.entries(outcomes)) {
    const accepted = Object.keys(counts).filter((outcome) => !outcome.startsWith('E-'));
    expect(accepted.length, subject).toBeGreaterThan(0);
  }
});

test('the hunt sees a reader that throws, hangs, or ends its thread', async () => {
  const worker = join(folder, 'worker.mjs');
  writeFileSync(
    worker,
    `import { parentPort, workerData } from 'node:worker_threads';
     for (let i = workerData.first; i < workerData.end; i++) {
       parentPort.postMessage({ begins: i, subject: 's', text: 't' });
       if (i === 1) { for (;;); }
       if (i === 2) process.exit(0);
       if (i === 3) throw new Error('died');
       parentPort.postMessage({ outcome: 'holds', defect: i === 4 ? 'threw' : null });
     }`,
  );
  const options = { seed: '', count: 6, files: { journal, shard }, limitMs: 1_000 };
  const { defects, outcomes } = await hunt({ ...options, worker: new URL(`file://${worker}`) });
  expect(defects.map(({ index, message }) => [index, message])).toEqual([
    [1, 'no answer in 1000 ms'],
    [2, 'the thread ended'],
    [3, 'the thread died: died'],
    [4, 'threw'],
  ]);
  expect(outcomes).toEqual({ s: { holds: 3 } });
});

const TRACE = read('traces/known/sync-map/compare-and-delete-leak.json');
const CONFIG = '{ "targets": ["tree-bucket-map"], "runs": 1, "workers": 1, "ci": { "runs": 1 } }';
const HISTORY = `{"format":"map-history/1","model":"map"}
{"process":0,"type":"invoke","op":"load","key":1}
{"process":0,"type":"ok","op":"load","value":null}
`;

test.each([
  ['replay', TRACE, ['replay', 'input.json']],
  ['run', CONFIG, ['run', '--config', 'input.json']],
  ['history', HISTORY, ['history', 'input.json']],
  ['show', TRACE, ['show', 'input.json', '--out', 'page.html']],
])('the command %s ends with a documented exit code and no stack', (name, sample, args) => {
  const codes = new Set<number | null>();
  for (let index = 0; index < 4; index++) {
    const text = mutate(sample, integersOf(`command ${name}`, index));
    writeFileSync(join(folder, 'input.json'), text);
    const { code, stdout, stderr } = mapcheck(...args);
    codes.add(code);
    expect([0, 1, 2, 3], `${text}\n${stdout}\n${stderr}`).toContain(code);
    expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    if (code === 2) expect(stderr).toMatch(/^error \[E-[A-Z]+-\d+\] \S/m);
    else expect(stdout).not.toBe('');
  }
  expect(codes).toContain(2);
});

test('a journal without its end loses nothing but its last line', () => {
  writeFileSync(join(folder, 'journal/shard-1-of-1.ndjson'), journal.slice(0, -20));
  const { code, stdout, stderr } = mapcheck('run', '--resume', 'journal', '--json');
  expect(code, stderr).toBe(1);
  const report = JSON.parse(stdout) as { targets: { runs: number; failures: object[] }[] };
  expect(report.targets[0]).toMatchObject({ runs: 60 });
  expect(report.targets[0]!.failures.length).toBeGreaterThan(0);
});
