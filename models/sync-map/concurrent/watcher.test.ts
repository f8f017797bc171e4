/** State rules and the mid-level model, step by step: bugs that no caller sees, or not in these programs. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ExplorationReport } from '../../../src/core/explore/report.ts';
import type { Operation } from '../../../src/core/program.ts';
import { createIntegers } from '../../../src/random/integers.ts';
import { deriveState, expandSeed } from '../../../src/random/seed.ts';
import { loadEngine } from '../../../src/instrument/load-program.ts';
import { SYNC_MAP_RULES, type OperationName, type ProfileName } from '../rules.ts';
import { steppedEngine, type SteppedEngine } from './engine.ts';
import { exploreMapProgram } from './explore.ts';
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
  return exploreMapProgram(concurrentProgram(start, threads), on);
}

describe('a single caller, every profile: the sections do what the model does', () => {
  test.each(Object.keys(SYNC_MAP_RULES) as ProfileName[])('%s', (profile) => {
    const { operations } = SYNC_MAP_RULES[profile];
    for (let run = 0; run < 150; run++) {
      const draw = createIntegers(deriveState(expandSeed('1', `sections of ${profile}`), run));
      const list = Array.from({ length: 14 }, (_, step) =>
        operation(operations[draw.below(operations.length)]!, draw.below(3), step, draw.below(14)),
      );
      const report = exploreMapProgram(concurrentProgram([], [list]), engine, { profile });
      expect(report.failure).toBe(null);
      expect(report.verdict).toBe('holds');
    }
  });
});

function operation(op: OperationName, k: number, v: number, old: number): Operation {
  switch (op) {
    case 'range':
    case 'clear':
      return { op };
    case 'store':
    case 'swap':
    case 'loadOrStore':
      return { op, k, v };
    case 'compareAndSwap':
      return { op, k, old, v };
    case 'compareAndDelete':
      return { op, k, old };
    default:
      return { op, k };
  }
}

describe('bugs that results do not show', () => {
  test.each([
    [
      'a promotion that keeps dirty',
      ['sync-map.ts', '    this.#dirty = null;\n    this.#misses = 0;', '    this.#misses = 0;'],
      [store(1, 10)],
      [[load(1)], [load(2)]],
      'sync-map.snapshot-immutable',
    ],
    [
      'a promotion one miss too late',
      ['sync-map.ts', 'if (this.#misses < (', 'if (this.#misses <= ('],
      [store(1, 10)],
      [[load(1)], [load(2)]],
      'sync-map.misses-below-dirty',
    ],
    [
      'misses that outlive a promotion',
      ['sync-map.ts', '    this.#dirty = null;\n    this.#misses = 0;', '    this.#dirty = null;'],
      [store(1, 10)],
      [[load(1)], [load(2)]],
      'sync-map.no-dirty-no-misses',
    ],
    [
      'a deleted entry that is copied into dirty',
      [
        'entry.ts',
        'if (this.pointer.compareAndSwap(null, EXPUNGED)) return true;',
        'return false;',
      ],
      [store(1, 10), range, remove(1)],
      [[store(2, 20)], [load(1)]],
      'sync-map.refinement',
    ],
    [
      'an entry expunged without looking',
      [
        'entry.ts',
        'if (this.pointer.compareAndSwap(null, EXPUNGED)) return true;',
        'this.pointer.store(EXPUNGED as never); return true;',
      ],
      [store(1, 10), range, remove(1)],
      [[store(2, 20)], [{ op: 'loadOrStore', k: 1, v: 11 }]],
      'sync-map.linearizable',
    ],
    [
      'an insertion outside of the mutex',
      [
        'sync-map.ts',
        '    const entry = this.#read.load().entries.get(sought);\n    if (entry !== undefined) {\n      const previous',
        '    const entry = this.#read.load().entries.get(sought);\n    this.#dirty?.set(7 as K, new Entry(box));\n    if (entry !== undefined) {\n      const previous',
      ],
      [store(1, 10)],
      [[store(1, 11)], [load(1)]],
      'sync-map.refinement',
    ],
    [
      'a range that walks its snapshot from the end',
      [
        'sync-map.ts',
        "for (const key of this.#visit(snapshot.entries, 'range')) {",
        'for (const key of [...snapshot.entries.keys()].reverse()) {',
      ],
      [store(1, 10), store(2, 20), range],
      [[range], [store(2, 21)]],
      'sync-map.range.snapshot-walk',
    ],
    [
      'a miss that nobody counts',
      [
        'sync-map.ts',
        '        this.#missLocked();\n      }\n      this.#mutex',
        '      }\n      this.#mutex',
      ],
      [store(1, 10), store(2, 20)],
      [[load(1)], [load(2)]],
      'sync-map.refinement',
    ],
  ] as const)('%s', async (_, [file, find, replace], start, threads, property) => {
    const broken = await mutated(file, find, replace);
    const { failure } = explore(broken, start, ...threads);
    expect(failure?.property).toBe(property);
    expect(explore(engine, start, ...threads).verdict).toBe('holds');
  });
});

test('a deletion that marks the entry expunged is caught at the step that does it', async () => {
  const broken = await mutated(
    'entry.ts',
    'if (this.pointer.compareAndSwap(pointer, null)) return pointer;',
    'if (this.pointer.compareAndSwap(pointer, EXPUNGED)) return pointer;',
  );
  const program = concurrentProgram([store(1, 10), range], [[remove(1)], [load(1)]]);
  const { failure } = exploreMapProgram(program, broken);
  expect([failure!.property, failure!.message, ...failure!.details]).toMatchInlineSnapshot(`
    [
      "sync-map.entry-transitions",
      "T1 loadAndDelete(1): An entry went from value to expunged, which needs the mutex.",
      "expected: held, by a write that may do so",
      "actual:   not so",
    ]
  `);
  // Without the watcher nothing is seen here.
  expect(exploreMapProgram(program, broken, { watchesState: false }).verdict).toBe('holds');
});
