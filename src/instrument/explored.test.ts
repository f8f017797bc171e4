/** Plain program files through instrumenter and explorer: the class counts are known ones. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exploreExhaustively } from '../core/explore/optimal.ts';
import { loadProgram } from './load-program.ts';
import { pointAt, takeRefusal } from './runtime/index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-explored-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PRELUDE = `import { defineProgram } from 'mapcheck';
import { AtomicRef, Mutex } from 'mapcheck/atomics';
const memory = (size: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * size));
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));
void AtomicRef; void Mutex; void times;
`;

/** Programs of the literature in plain code, with their complete classes and deadlocks. */
const PROGRAMS: Readonly<
  Record<string, readonly [source: string, complete: number, deadlocks: number]>
> = {
  'readers(3)': [
    `setup: () => memory(1), threads: [(m) => { Atomics.store(m, 0, 1); }, ...times(3, () => (m: Int32Array) => Atomics.load(m, 0))]`,
    8,
    0,
  ],
  'ainc(4)': [
    `setup: () => memory(1), threads: times(4, () => (m) => Atomics.add(m, 0, 1))`,
    24,
    0,
  ],
  'cas(4)': [
    `setup: () => memory(1), threads: times(4, (i) => (m) => Atomics.compareExchange(m, 0, 0, i + 1))`,
    4,
    0,
  ],
  'inc(3)': [
    `setup: () => memory(1), threads: times(3, () => (m) => { const x = Atomics.load(m, 0); Atomics.store(m, 0, x + 1); })`,
    36,
    0,
  ],
  'lastzero(5)': [
    `setup: () => memory(6), threads: [(m) => { let i = 5; while (Atomics.load(m, i) !== 0) i--; },
      ...times(5, (j) => (m: Int32Array) => { Atomics.store(m, j + 1, Atomics.load(m, j) + 1); })]`,
    64,
    0,
  ],
  'store buffering': [
    `setup: () => memory(2), threads: [(m) => { Atomics.store(m, 0, 1); return Atomics.load(m, 1); },
      (m) => { Atomics.store(m, 1, 1); return Atomics.load(m, 0); }]`,
    3,
    0,
  ],
  'lockinc(4)': [
    `setup: () => ({ mutex: new Mutex(), value: new AtomicRef(0) }), threads: times(4, () => ({ mutex, value }) => {
      mutex.lock(); try { value.store(value.load() + 1); } finally { mutex.unlock(); } }),
     check: ({ value }) => { if (value.load() !== 4) throw new Error('lost'); }`,
    24,
    0,
  ],
  'dining(4)': [
    `setup: () => times(4, () => new Mutex()), threads: times(4, (i) => (forks) => {
      const [left, right] = [forks[i]!, forks[(i + 1) % 4]!]; left.lock(); right.lock(); left.unlock(); right.unlock(); })`,
    14,
    1,
  ],
  'two locks in two orders': [
    `setup: () => [new Mutex(), new Mutex()] as const, threads: [([a, b]) => { a.lock(); b.lock(); a.unlock(); b.unlock(); },
      ([a, b]) => { b.lock(); a.lock(); b.unlock(); a.unlock(); }]`,
    2,
    1,
  ],
};

test.each(Object.entries(PROGRAMS))('%s', async (name, [body, complete, deadlocks]) => {
  const file = join(folder, `${name.replace(/\W/gu, '_')}.ts`);
  writeFileSync(
    file,
    `${PRELUDE}export default defineProgram({ name: ${JSON.stringify(name)}, ${body} });`,
  );
  const { program } = await loadProgram(file);
  const report = exploreExhaustively(program, { keepsGoing: true });
  expect(takeRefusal()).toBe(null);
  expect([report.complete, report.deadlocks, report.redundant]).toEqual([complete, deadlocks, 0]);
});

test('a race is found at its two places', async () => {
  const file = join(folder, 'race.ts');
  writeFileSync(
    file,
    `${PRELUDE}export default defineProgram({
  name: 'race', setup: () => memory(2),
  threads: [
    (m) => { m[0] = 42; m[1] = 1; },
    (m) => m[1] === 1 ? m[0] : -1,
  ] });`,
  );
  const { program } = await loadProgram(file);
  const { verdict, failure } = exploreExhaustively(program);
  expect(verdict).toBe('fails');
  expect(failure?.kind).toBe('race');
  expect(pointAt(0)).toMatchObject({ expression: expect.any(String), column: expect.any(Number) });
});

test('a spin lock with a waiter ends, and holds its invariant in every class', async () => {
  const file = join(folder, 'spin.ts');
  writeFileSync(
    file,
    `${PRELUDE}function lock(m: Int32Array) { while (Atomics.compareExchange(m, 0, 0, 1) !== 0) Atomics.wait(m, 0, 1); }
function unlock(m: Int32Array) { Atomics.store(m, 0, 0); Atomics.notify(m, 0, 1); }
export default defineProgram({ name: 'futex', setup: () => memory(2),
  threads: times(2, () => (m) => { lock(m); m[1]! += 1; unlock(m); }),
  check: (m) => { if (m[1] !== 2) throw new Error('lost'); } });`,
  );
  const { program } = await loadProgram(file);
  const report = exploreExhaustively(program);
  expect([report.verdict, report.failure]).toEqual(['holds', null]);
});
