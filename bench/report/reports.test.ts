import { expect, test } from 'vitest';
import { aimsText, reportText } from '../all.ts';
import { campaignMarkdown } from '../campaign.ts';
import { capacityMarkdown } from '../capacity.ts';
import { aimsOf, requestsOf } from '../maps.ts';
import type { MapsRow } from './maps.ts';
import { mapsMarkdown } from './maps.ts';
import { memoryMarkdown, memoryRequests } from '../memory.ts';
import { pausesMarkdown } from '../pauses.ts';

const row = (engine: string, size: number, nanoseconds: number, ratio: number): MapsRow => ({
  engine,
  operation: 'hit',
  keys: 'int',
  values: 'number',
  size,
  nanoseconds,
  ratio: { median: ratio, low: ratio - 0.1, high: ratio + 0.1 },
});

test('each engine has a table, the native map first and in nanoseconds', () => {
  const rows = [row('go-map', 1000, 5, 2), row('native', 1000, 10, 1), row('native', 1e5, 30, 1)];
  expect(mapsMarkdown(rows)).toMatchInlineSnapshot(`
    "Native \`Map\`: nanoseconds for one key or entry

    | keys → values, operation |  10³ |  10⁵ |
    | ------------------------ | ---: | ---: |
    | int → number, get, hit   | 10.0 | 30.0 |

    \`go-map\`: how many times as fast as the native \`Map\`, median (quartiles) of the rounds

    | keys → values, operation |               10³ |
    | ------------------------ | ----------------: |
    | int → number, get, hit   | 2.00× (1.90–2.10) |
    "
  `);
});

test('aims are those of GoMap with integer keys and number values from 10⁵ on', () => {
  const rows = [row('go-map', 1000, 5, 2), row('go-map', 1e5, 5, 0.97), row('sync-map', 1e5, 5, 2)];
  const aims = aimsOf(rows);
  expect(aims).toEqual([
    { what: 'get, hit, 10⁵ integer keys with number values', aim: 1, measured: 0.97 },
  ]);
  expect(aimsText(aims)).toMatch(/\| ≥ 1× +\| +0\.97× +\| +missed \|/);
  expect(aimsText([{ ...aims[0]!, measured: 1 }])).toContain('reached');
  expect(aimsText([])).toBe('');
});

test('the native map takes part in every cell, once and first', () => {
  const requests = requestsOf(['--sizes', '1e3,1e7', '--engines', 'sync-map,native']);
  expect(requests).toHaveLength(8);
  for (const { engines } of requests) expect(engines).toEqual(['native', 'sync-map']);
  expect(requestsOf([]).at(-1)!.engines).toEqual(['native', 'go-map']);
});

test('memory is bytes, and how many times the bytes of the native map', () => {
  const of = (
    engine: string,
    heap: number,
    external: number,
  ): Parameters<typeof memoryMarkdown>[0][number] => ({
    engine,
    keys: 'int',
    values: 'number',
    size: 1000,
    heap,
    external,
  });
  expect(memoryMarkdown([of('native', 50, 0), of('go-map', 1, 19)])).toContain(
    '| 10³, int → number      |   50.0 | 20.0 (0.40×) |',
  );
  const requests = memoryRequests(['--sizes', '1e7']);
  expect(requests.map(({ engine }) => engine)).not.toContain('tree-bucket-map');
});

test('pauses are compared with those of the native map for the same values', () => {
  const of = (engine: string, worst: number): Parameters<typeof pausesMarkdown>[0][number] => ({
    engine,
    values: 'number',
    size: 1e7,
    runs: 1,
    worst,
    second: 1,
    p9999: 1,
    p999: 1,
    median: 1,
    rawWorst: [worst],
    totals: [2e9],
  });
  const lines = pausesMarkdown([of('native', 8e8), of('go-map', 1e6)]).split('\n');
  expect(lines[3]).toMatch(/go-map, number, 10⁷ +\| 1\.00 ms \| +800 \|/);
});

test('capacity shows what a map threw', () => {
  const error = 'RangeError: Map maximum size exceeded';
  const found = { seconds: 1, bytesPerEntry: 10, checked: 3 };
  const table = capacityMarkdown([
    { engine: 'native', size: 4e7, entries: 2 ** 24, error, ...found },
    { engine: 'go-map', size: 4e7, entries: 4e7, error: null, ...found },
  ]);
  expect(table).toContain('16,777,216');
  expect(table).toContain(error);
  expect(table).toContain('all held');
});

test('a campaign that failed is not to be relied on', () => {
  const found = {
    propertyCount: 3,
    runs: 100,
    operations: 5000,
    nanoseconds: 1e9,
    generationNanoseconds: 2.5e8,
  };
  const of = (failedRuns: number): string =>
    campaignMarkdown([{ target: 'go-map', seed: '1', tickets: 2, failedRuns, ...found }]);
  expect(of(0)).toMatch(/5,000 \| +100 \| +200 µs \| +25 % \| +75 % \|/);
  expect(of(0)).not.toContain('relied');
  expect(of(2)).toContain('Not to be relied on, properties failed: go-map.');
});

test('a report says what it was measured on, and not when', () => {
  const machine = {
    processor: 'Example 3000',
    processorCount: 2,
    memoryGibibytes: 8,
    node: 'v20.20.2',
    v8: '11.3',
    loadAverage: 0.07,
  };
  const text = reportText(machine, [], ['## One\n', '## Two\n']);
  expect(text).toContain(
    'Example 3000, 2 processors, 8 GiB; Node v20.20.2, V8 11.3; load average at the start 0.07.',
  );
  expect(text).not.toMatch(/\b20[2-9]\d-|\b\d\d:\d\d\b/);
});
