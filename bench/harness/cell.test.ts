import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CellRequest } from './cell.ts';
import { measureCell } from './cell.ts';
import { findEngine } from './engines.ts';
import type { KeyKind } from './keys.ts';
import { compileLoops, OPERATIONS } from './loops.ts';
import { pool } from './processes.ts';
import type { ValueKind } from './values.ts';

const ENGINES = ['native', 'go-map', 'go-map@go1.23', 'tree-bucket-map', 'sync-map'];

function request(keys: KeyKind, values: ValueKind, engines: readonly string[]): CellRequest {
  return {
    size: 300,
    keys,
    values,
    engines,
    operations: OPERATIONS,
    rounds: 2,
    blockMilliseconds: 1,
  };
}

// Goal: every engine sums to the same checksums in every operation, or `measureCell` throws.
test.each([
  ['int', 'number'],
  ['int', 'object'],
  ['int', 'small-integer'],
  ['string', 'number'],
  ['string', 'object'],
] as const)('engines agree on %s keys with %s values', async (keys, values) => {
  const { times } = await measureCell(request(keys, values, ENGINES));
  // SyncMap has no iterators.
  expect(times).toHaveLength(ENGINES.length * OPERATIONS.length - 2);
  for (const { nanoseconds } of times) {
    expect(nanoseconds).toHaveLength(2);
    expect(Math.min(...nanoseconds)).toBeGreaterThan(0);
  }
});

test('an engine that answers wrongly is reported, not timed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-bench-test-'));
  try {
    const path = join(folder, 'liar.mjs');
    writeFileSync(
      path,
      'export class GoMap extends Map { get(key) { return key === 17 ? undefined : 0.5; } }\n',
    );
    const lying = measureCell(request('int', 'number', ['native', `go-map=${path}`]));
    await expect(lying).rejects.toThrow(/go-map=.*liar\.mjs summed \d+.*, native \d+/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('no two loops have the same source text', () => {
  const texts: string[] = [];
  for (const name of ['native', 'go-map', 'tree-bucket-map']) {
    for (const keys of ['int', 'string'] as const) {
      for (const values of ['number', 'object'] as const) {
        const { insert, work } = compileLoops(findEngine(name), Map, keys, values);
        texts.push(String(insert), ...Object.values(work).map(String));
      }
    }
  }
  expect(new Set(texts).size).toBe(3 * 2 * 2 * OPERATIONS.length);
});

test('rounds are pooled over processes, ratios taken round by round', () => {
  const result = (native: number[], other: number[]): Parameters<typeof pool>[0][number] => ({
    clock: 'processor',
    times: [
      { engine: 'other', operation: 'hit', nanoseconds: other },
      { engine: 'native', operation: 'hit', nanoseconds: native },
    ],
  });
  const results = [result([10, 20], [5, 40]), result([30], [10])];
  expect(pool(results, ['hit', 'miss'], ['native', 'other'], 'native')).toEqual([
    { engine: 'native', operation: 'hit', nanoseconds: 20, ratios: [[1, 1], [1]] },
    { engine: 'other', operation: 'hit', nanoseconds: 10, ratios: [[2, 0.5], [3]] },
  ]);
});
