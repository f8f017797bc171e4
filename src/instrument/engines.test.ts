/** The sync.Map engine in steps, one thread, does what the engine does plainly, down to its inner state. */
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registers } from '../core/step.ts';
import type { SteppedProgram } from '../core/step.ts';
import { SyncMap } from '../engines/sync-map/index.ts';
import { loadProgram } from './load-program.ts';
import { pointAt, takeRefusal } from './runtime/index.ts';

type Step = readonly [operation: string, key: string, value: number];
type Shared = { map: SyncMap<string, number>; steps: readonly Step[] };

const PROGRAM = `import { defineProgram } from 'mapcheck';
import { SyncMap } from 'mapcheck/sync-map';
import { runAll } from './run-all.mjs';
export default defineProgram({ name: 'sequence',
  setup: () => ({ map: new SyncMap(globalThis.sequenceOptions), steps: [] }), threads: [runAll] });`;

const RUN_ALL = `export function runAll({ map, steps }) {
  const results = [];
  for (const [operation, key, value] of steps) {
    switch (operation) {
      case 'range': { const seen = []; map.range((k, v) => { seen.push([k, v, map.load(k)]); return k !== 'c'; }); results.push(seen); break; }
      case 'compareAndSwap': results.push(map.compareAndSwap(key, value, value + 1)); break;
      default: results.push(map[operation](key, value));
    }
  }
  return results;
}`;

let folder = '';
let program: SteppedProgram<Shared>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-engines-'));
  writeFileSync(join(folder, 'run-all.mjs'), RUN_ALL);
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
  const loaded = await loadProgram(join(folder, 'program.mjs'));
  expect(loaded.files.some((file) => file.endsWith('sync-map/entry.ts'))).toBe(true);
  program = loaded.program as SteppedProgram<Shared>;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPERATIONS = [
  'load',
  'store',
  'loadOrStore',
  'loadAndDelete',
  'delete',
  'swap',
  'compareAndSwap',
  'compareAndDelete',
  'range',
  'clear',
];
const sequences = fc.array(
  fc.tuple(fc.constantFrom(...OPERATIONS), fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(2)),
  { minLength: 20, maxLength: 60, size: 'max' },
);

function drive(shared: Shared): { results: unknown; expressions: Set<string> } {
  const run = program.threads[0]!(shared);
  const expressions = new Set<string>();
  registers.thread = 0;
  try {
    for (let next = run.next(); ; next = run.next()) {
      if (next.done) return { results: next.value, expressions };
      expressions.add(pointAt(registers.point)?.expression ?? '?');
    }
  } finally {
    registers.thread = -1;
  }
}

/** The entries' kinds and values, read and dirty, and the scalars. */
function stateOf(map: SyncMap<string, number>): unknown {
  const { read, dirty, ...scalars } = map.inspect();
  const list = (entries: typeof dirty): unknown =>
    entries === null ? null : [...entries].map(([key, entry]) => [key, entry.kind, entry.value]);
  return { read: list(read), dirty: list(dirty), ...scalars };
}

test.each(['corrected', 'go1.23'] as const)('profile %s', (profile) => {
  const all = new Set<string>();
  (globalThis as Record<string, unknown>)['sequenceOptions'] = { profile };
  fc.assert(
    fc.property(sequences, (steps) => {
      const plain = new SyncMap<string, number>({ profile });
      const runAll = compileFunction(`${RUN_ALL.replace('export ', '')} return runAll(shared);`, [
        'shared',
      ]);
      const expected = runAll({ map: plain, steps }) as unknown;
      const shared = { ...program.setup(), steps };
      const { results, expressions } = drive(shared);
      expect(takeRefusal()).toBe(null);
      expect(results).toEqual(expected);
      expect(stateOf(shared.map)).toEqual(stateOf(plain));
      for (const expression of expressions) all.add(expression);
    }),
    { seed: 20261122, numRuns: 100 },
  );
  // Every kind of access of the engine was announced.
  for (const expression of [
    'this.#read.load()',
    'this.#mutex.lock()',
    'this.#mutex.unlock()',
    'this.pointer.load()',
    'this.pointer.compareAndSwap(pointer, box)',
    'this.pointer.compareAndSwap(null, EXPUNGED)',
    'this.pointer.swap(box)',
    'this.#read.store(snapshot)',
  ]) {
    expect(all).toContain(expression);
  }
});
