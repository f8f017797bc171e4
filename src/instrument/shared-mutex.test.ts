/** The mutex over `Atomics.wait` and `notify` under every interleaving, as it is and with what it needs taken away. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exploreExhaustively } from '../core/explore/optimal.ts';
import type { ExplorationReport } from '../core/explore/report.ts';
import { SharedMutex } from '../engines/shared-mutex/index.ts';
import { loadProgram } from './load-program.ts';
import { takeRefusal } from './runtime/index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-shared-mutex-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Threads that increment plain memory under the lock, each so many times; a data race is a failure of exclusion. */
const INCREMENTS = (rounds: readonly number[]): string => `
import { defineProgram } from 'mapcheck';
import { SharedMutex } from 'mapcheck/shared-mutex';
const increments = (rounds) => (memory) => {
  const mutex = new SharedMutex(memory, 0);
  for (let round = 0; round < rounds; round++) {
    mutex.lock();
    memory[1] = memory[1] + 1;
    mutex.unlock();
  }
};
export default defineProgram({
  name: 'increments under a lock',
  setup: () => new Int32Array(new SharedArrayBuffer(8)),
  threads: [${rounds.map((count) => `increments(${count})`).join(', ')}],
  check: (memory) => {
    if (memory[0] !== 0) throw new Error('still held');
    if (memory[1] !== ${rounds.reduce((sum, count) => sum + count, 0)}) throw new Error('lost');
  },
});`;

const TRYING = `
import { defineProgram } from 'mapcheck';
import { SharedMutex } from 'mapcheck/shared-mutex';
const guarded = (memory, mutex) => { memory[1] = memory[1] + 1; mutex.unlock(); };
export default defineProgram({
  name: 'one tries, two insist',
  setup: () => new Int32Array(new SharedArrayBuffer(8)),
  threads: [
    (memory) => { const mutex = new SharedMutex(memory); if (!mutex.tryLock()) return 0; guarded(memory, mutex); return 1; },
    (memory) => { const mutex = new SharedMutex(memory); mutex.lock(); guarded(memory, mutex); return 1; },
    (memory) => { const mutex = new SharedMutex(memory); mutex.lock(); guarded(memory, mutex); return 1; },
  ],
  check: (memory, results) => {
    if (memory[1] !== results.reduce((sum, one) => sum + one)) throw new Error('lost');
  },
});`;

async function explore(
  source: string,
  change?: readonly [find: string, replace: string],
): Promise<ExplorationReport> {
  const file = join(folder, `${Math.abs(source.length)}.mjs`);
  writeFileSync(file, source);
  let count = 0;
  const { program } = await loadProgram(file, {
    patch: (path, code) => {
      if (change === undefined || !path.endsWith('shared-mutex.ts')) return code;
      count = code.split(change[0]).length - 1;
      return code.replace(...change);
    },
  });
  if (change !== undefined) expect(count).toBe(1);
  const report = exploreExhaustively(program);
  expect(takeRefusal()).toBe(null);
  return report;
}

describe('exclusion, no lost wake-up, no deadlock: in all classes of', () => {
  test.each([
    ['two threads', INCREMENTS([1, 1]), 12],
    ['two threads, twice each', INCREMENTS([2, 2]), 766],
    ['three threads', INCREMENTS([1, 1, 1]), 4794],
    ['three threads, one of which only tries', TRYING, 1792],
  ] as const)('%s', async (_, source, classes) => {
    const report = await explore(source);
    expect(report.failure).toBe(null);
    expect(report).toMatchObject({ verdict: 'holds', deadlocks: 0, redundant: 0 });
    expect(report.complete).toBe(classes);
  });
});

describe('what the lock needs', () => {
  test.each([
    [
      'a woken thread that takes it as merely held leaves the next one asleep (L3)',
      [
        'if (found === FREE) return;',
        'if (found === FREE) { Atomics.store(this.#words, this.#index, HELD); return; }',
      ],
      [1, 1, 1],
      'deadlock',
    ],
    [
      'an unlock that wakes nobody',
      ['if (found === CONTENDED)', 'if (found === HELD)'],
      [1, 1],
      'deadlock',
    ],
    [
      'a lock taken by looking first and writing afterwards',
      [
        'let found = Atomics.compareExchange(this.#words, this.#index, FREE, HELD);',
        'let found = Atomics.load(this.#words, this.#index); if (found === FREE) Atomics.store(this.#words, this.#index, HELD);',
      ],
      [1, 1],
      'race',
    ],
  ] as const)('%s', async (_, change, rounds, kind) => {
    const report = await explore(INCREMENTS(rounds), change);
    expect(report.failure?.kind).toBe(kind);
  });
});

test('outside of exploration: taken once, given back once', () => {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const mutex = new SharedMutex(words, 1);
  mutex.lock();
  expect([mutex.tryLock(), ...words]).toEqual([false, 0, 1]);
  mutex.unlock();
  expect([mutex.tryLock(), ...words]).toEqual([true, 0, 1]);
  mutex.unlock();
  expect(() => mutex.unlock()).toThrow('not locked');
});
