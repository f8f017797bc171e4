import { existsSync, mkdtempSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { main } from '../main.ts';
import type { Terminal } from '../terminal.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const SHARED = join(ROOT, '../shared/histories');
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-history-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADER = '{"format":"map-history/1","name":"h","model":"map"}';
const event = (process: number, type: string, rest: string): string =>
  `{"process":${process},"type":"${type}",${rest}}`;
const STORE = [
  event(0, 'invoke', '"op":"store","key":"k","value":1'),
  event(0, 'ok', '"op":"store","key":"k","value":1'),
];
const read = (value: string): string[] => [
  event(1, 'invoke', '"op":"load","key":"k"'),
  event(1, 'ok', `"op":"load","key":"k","value":${value}`),
];

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...args: string[]): Promise<Ran> {
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    environment: {},
    now: () => 0,
    isCi: true,
  };
  const code = await main(['history', ...args], terminal);
  return { code, out, err };
}

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  const text = lines.join('\n');
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

const good = file('good.ndjson', [HEADER, ...STORE, ...read('1')]);
const bad = file('bad.ndjson', [HEADER, ...STORE, ...read('2')]);

test('one element for each history, files in the order given', async () => {
  const both = file('both.ndjson.gz', [HEADER, ...STORE, ...read('2'), HEADER, ...STORE]);
  const { code, out } = await run(both, good, '--json');
  expect(code).toBe(1);
  expect(out.endsWith('\n')).toBe(true);
  const { verdict, histories } = JSON.parse(out) as {
    verdict: string;
    histories: Record<string, unknown>[];
  };
  expect(verdict).toBe('fails');
  expect(
    histories.map((one) => [one['file'], one['verdict'], one['operations'], one['elapsedMs']]),
  ).toEqual([
    [both, 'not-linearizable', 2, 0],
    [both, 'linearizable', 1, 0],
    [good, 'linearizable', 2, 0],
  ]);
});

test('a history that holds ends with 0', async () => {
  const { code, out } = await run(good);
  expect(code).toBe(0);
  expect(out).toBe(
    `LINEARIZABLE  h  2 operations on 1 key, monitor, 0.0 ms  ${good}\n1 history: 1 linearizable.\n`,
  );
});

test('a history that fails is explained', async () => {
  const { code, out } = await run(bad);
  expect(code).toBe(1);
  expect(out.replaceAll(bad, 'FILE')).toMatchInlineSnapshot(`
    "NOT LINEARIZABLE  h  2 operations on 1 key, monitor, 0.0 ms  FILE
      key "k": load("k") = 2 (line 5), but nothing ever wrote 2.

      No order of this operation is legal:
                    line  4  5
        P1 load("k") = 2  |--|
      Longest good beginning: 2 operations called, 1 returned; it ends before load("k") = 2 returns (line 5).

    1 history: 0 linearizable, 1 not.
    "
  `);
});

test('a budget that ends is inconclusive and exits with 3', async () => {
  // Values written several times: every read is a decision of the search.
  const lines = [HEADER];
  for (let value = 0; value < 8; value++) {
    lines.push(event(value + 2, 'invoke', `"op":"store","key":"k","value":${value % 2}`));
  }
  lines.push(...read('0'), ...read('1'), ...read('0'));
  const { code, out } = await run(file('hard.ndjson', lines), '--budget', '1');
  expect(out).toContain('INCONCLUSIVE');
  expect(code).toBe(3);
  expect((await run(file('hard.ndjson', lines))).code).toBe(0);
});

test('the algorithm asked for is the one that decides', async () => {
  for (const algorithm of ['auto', 'search', 'monitor']) {
    const { histories } = JSON.parse((await run(good, '--json', '--algorithm', algorithm)).out) as {
      histories: { algorithm: string; verdict: string }[];
    };
    expect(histories[0]!.algorithm).toBe(algorithm === 'auto' ? 'monitor' : algorithm);
    expect(histories[0]!.verdict).toBe('linearizable');
  }
});

test('other conditions and contracts', async () => {
  const stale = file('stale.ndjson', [HEADER, ...STORE, ...read('null')]);
  expect((await run(stale)).code).toBe(1);
  expect((await run(stale, '--condition', 'sequential')).code).toBe(0);
  expect((await run(stale, '--contract', 'load=ignored')).code).toBe(0);
  const len = file('len.ndjson', [
    HEADER,
    ...STORE,
    event(1, 'invoke', '"op":"len"'),
    event(1, 'ok', '"value":5'),
  ]);
  expect((await run(len)).code).toBe(1);
  expect((await run(len, '--contract', 'len=ignored')).code).toBe(0);
});

describe('what cannot be used exits with 2 and says where', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['no such file', [join(folder, 'none.ndjson')], 'E-HISTORY-020'],
    ['an empty folder', [mkdtempSync(join(folder, 'empty-'))], 'E-HISTORY-021'],
    ['a damaged gzip file', [join(folder, 'damaged.gz')], 'E-HISTORY-022'],
    ['following a packed file', ['--follow', join(folder, 'packed.gz')], 'E-HISTORY-023'],
    ['following two files', ['--follow', good, bad], 'E-USAGE-020'],
    ['an unknown contract', [good, '--contract', 'rnage=snapshot'], 'E-USAGE-021'],
    ['an unknown promise', [good, '--contract', 'range=atomic'], 'E-USAGE-021'],
    ['a budget of nothing', [good, '--budget', '0'], 'E-USAGE-003'],
    ['a budget without unit', [good, '--budget', '3x'], 'E-USAGE-004'],
    [
      'an unknown algorithm',
      [good, '--algorithm', 'magic'],
      'Allowed choices are auto, search, monitor',
    ],
  ];
  writeFileSync(join(folder, 'damaged.gz'), gzipSync('x'.repeat(99)).subarray(0, 20));
  writeFileSync(join(folder, 'packed.gz'), gzipSync(HEADER));
  test.each(cases)('%s', async (_, args, expected) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });

  test('a broken line', async () => {
    const broken = file('broken.ndjson', [HEADER, STORE[0]!, STORE[0]!]);
    const { code, out, err } = await run(broken, '--json');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`error [E-HISTORY-006] ${broken}:3: `);
  });
});

test('a folder stands for its histories, sorted', async () => {
  const below = mkdtempSync(join(folder, 'several-'));
  for (const name of ['b.ndjson', 'a.ndjson', 'c.txt']) {
    writeFileSync(join(below, name), [HEADER, ...STORE].join('\n'));
  }
  const { histories } = JSON.parse((await run(below, '--json')).out) as {
    histories: { file: string }[];
  };
  expect(histories.map((one) => relative(below, one.file))).toEqual(['a.ndjson', 'b.ndjson']);
});

test('a growing file is judged as it grows, up to the first failure', async () => {
  const growing = file('growing.ndjson', [HEADER, ...STORE, '']);
  const running = run('--follow', growing);
  setTimeout(() => appendFileSync(growing, `${read('2').join('\n')}\n`), 100);
  const { code, out } = await running;
  expect(code).toBe(1);
  expect(out).toContain('nothing ever wrote 2');
});

test('following ends when nothing comes', async () => {
  const { code, err } = await run('--follow', good, '--idle', '1ms');
  expect(code).toBe(0);
  expect(err).toContain('linearizable so far');
});

test.skipIf(!existsSync(SHARED))(
  'every shared history gets the verdict it is known to have',
  async () => {
    const { out } = await run(SHARED, '--json', '--explain', '0');
    const { histories } = JSON.parse(out) as {
      histories: { file: string; name: string; verdict: string; expected: string }[];
    };
    expect(histories.length).toBeGreaterThan(2_000);
    expect(histories.filter(({ verdict, expected }) => verdict !== expected)).toEqual([]);
  },
);
