/** Programs of several threads on sync.Map: the engine holds, engines with seeded bugs do not. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ExplorationReport } from '../../../src/core/explore/report.ts';
import type { Operation } from '../../../src/core/program.ts';
import { loadEngine } from '../../../src/instrument/load-program.ts';
import { steppedEngine, type SteppedEngine } from './engine.ts';
import { exploreMapProgram, sampleMapProgram } from './explore.ts';
import { concurrentProgram } from './program.ts';
import { load, mutated, range, remove, store } from './testing/engines.ts';

let engine: SteppedEngine;
beforeAll(async () => {
  engine = steppedEngine(await loadEngine('sync-map'));
});

function explore(
  on: SteppedEngine,
  start: readonly Operation[],
  ...threads: (readonly Operation[])[]
): ExplorationReport {
  // Of a broken engine only what callers see is judged here.
  return exploreMapProgram(concurrentProgram(start, threads), on, { watchesState: on === engine });
}

describe('the engine holds, in so many classes', () => {
  test.each([
    ['store and load of a new key', [], [[store(1, 11)], [load(1)]], 2],
    ['three on a key of dirty', [store(1, 10)], [[store(1, 11)], [remove(1)], [load(1)]], 65],
    ['three on a key of read', [store(1, 10), range], [[store(1, 11)], [remove(1)], [load(1)]], 12],
    [
      'range beside two stores',
      [store(1, 10), range],
      [[store(1, 11)], [store(2, 21)], [range]],
      13,
    ],
  ] as const)('%s', (_, start, threads, classes) => {
    expect(explore(engine, start, ...threads)).toMatchObject({
      verdict: 'holds',
      complete: classes,
      deadlocks: 0,
      redundant: 0,
      failure: null,
    });
  });
});

describe('a seeded bug is found, by name', () => {
  test('a delete that does not compare loses a store', async () => {
    const broken = await mutated(
      'entry.ts',
      'if (this.pointer.compareAndSwap(pointer, null)) return pointer;',
      'this.pointer.store(null); return pointer;',
    );
    const swap: Operation = { op: 'swap', k: 1, v: 11 };
    const { failure } = explore(broken, [store(1, 10), range], [remove(1)], [swap]);
    expect(failure).toMatchObject({ kind: 'linearizability', property: 'sync-map.linearizable' });
    expect([failure!.message, ...failure!.details]).toMatchInlineSnapshot(`
      [
        "In a real-time order that this interleaving admits, no order of the 2 operations allows their results.",
        "T1 loadAndDelete(1) → { value: 10, loaded: true }",
        "T2 swap(1, 11) → { previous: 10, loaded: true }",
      ]
    `);
  });

  test('a lookup that does not look again loses a promoted key', async () => {
    const broken = await mutated(
      'sync-map.ts',
      `      // A promotion while this thread waited may have brought the key into read.
      snapshot = this.#read.load();
      entry = snapshot.entries.get(sought);`,
      '',
    );
    const { failure } = explore(broken, [store(1, 10)], [load(1)], [load(1)]);
    expect(failure?.property).toBe('sync-map.linearizable');
  });

  test('a range that reports what it should not breaks a clause', async () => {
    const twice = await mutated(
      'sync-map.ts',
      'if (visit(this.#hasFloatKeys ? callerKey(key) : key, box.value) === false) break;',
      'visit(key, box.value); visit(key, box.value);',
    );
    const start = [store(1, 10), range];
    expect(explore(twice, start, [range], [load(1)]).failure?.property).toBe('sync-map.range.once');
    const blind = await mutated(
      'sync-map.ts',
      'if (box === null) continue;',
      'if (box === null || snapshot.entries.size > 1) continue;',
    );
    expect(
      explore(blind, [store(1, 10), store(2, 20), range], [range], [load(1)]).failure?.property,
    ).toBe('sync-map.range.complete');
  });

  test('a mutex that is not given back is a deadlock', async () => {
    const broken = await mutated(
      'sync-map.ts',
      `        this.#missLocked();
      }
      this.#mutex.unlock();`,
      '        this.#missLocked();\n this.#mutex.unlock(); }',
    );
    const { failure } = explore(broken, [store(1, 10)], [load(1)], [load(1), store(2, 20)]);
    expect(failure).toMatchObject({ kind: 'deadlock', property: 'sync-map.no-deadlock' });
  });
});

test('a program too big to be exhausted is sampled, and judged alike', async () => {
  const start = [store(1, 10)];
  const threads = [
    [store(1, 11), remove(2), load(1)],
    [remove(1), store(2, 21), load(2)],
    [load(2), store(1, 12), range],
  ];
  const options = { seed: '7', schedules: 200, strategy: 'pos' } as const;
  const program = concurrentProgram(start, threads);
  expect(sampleMapProgram(program, engine, options).failure).toBe(null);
  const broken = await mutated(
    'entry.ts',
    'if (this.pointer.compareAndSwap(pointer, box)) return pointer;',
    'this.pointer.store(box); return pointer;',
  );
  expect(sampleMapProgram(program, broken, options).failure?.kind).toBe('linearizability');
});

test('a module that was not made steppable is refused', () => {
  expect(() =>
    steppedEngine({
      SyncMap: class {
        load(): void {}
      },
    }),
  ).toThrow('no stepped forms');
});
