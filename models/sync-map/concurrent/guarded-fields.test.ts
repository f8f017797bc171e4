/**
 * The fields that the mutex guards are plain: the explorer does not see them, and need not if they are touched with the
 * mutex held only. Here each of them is given an element of shared memory that is touched with it, as a plain access: then
 * a touch without the mutex is a data race, and one that matters would be a class of its own.
 */
import { expect, test } from 'vitest';
import { loadEngine } from '../../../src/instrument/load-program.ts';
import { steppedEngine } from './engine.ts';
import { exploreMapProgram } from './explore.ts';
import { syncMapSuites } from './suites.ts';

/** Source text and what it becomes. Private names cannot be accessors of the stepped build, so they are renamed. */
const CHANGES: readonly (readonly [string, string])[] = [
  [
    '  #dirty: Map<K, Entry<V>> | null = null;',
    `  readonly #cells = new Int32Array(new SharedArrayBuffer(8));
     #dirtyField: Map<K, Entry<V>> | null = null;
     get sharedDirty(): Map<K, Entry<V>> | null { void this.#cells[0]; return this.#dirtyField; }
     set sharedDirty(value: Map<K, Entry<V>> | null) { this.#cells[0] = 0; this.#dirtyField = value; }`,
  ],
  [
    '  #misses = 0;',
    `  #missesField = 0;
     get sharedMisses(): number { void this.#cells[1]; return this.#missesField; }
     set sharedMisses(value: number) { this.#cells[1] = 0; this.#missesField = value; }`,
  ],
];

/** Every pair of operations at once, from each start state. */
const pairs = syncMapSuites
  .filter(({ shape }) => shape === '1 + 1')
  .flatMap(({ programs }) => [...programs()]);

function watchFields(path: string, source: string): string {
  if (!path.endsWith('sync-map/sync-map.ts')) return source;
  let code = source;
  for (const [find, replace] of CHANGES) {
    expect(code.split(find).length, find).toBe(2);
    code = code.replace(find, replace);
  }
  return code
    .replaceAll(/this\.#dirty\b/g, 'this.sharedDirty')
    .replaceAll(/this\.#misses\b/g, 'this.sharedMisses');
}

test('dirty and misses are touched with the mutex held only', async () => {
  const plain = steppedEngine(await loadEngine('sync-map'));
  const watched = steppedEngine(await loadEngine('sync-map', { patch: watchFields }));
  const counts = { programs: 0, classes: 0, steps: 0 };
  for (const program of pairs) {
    const report = exploreMapProgram(program, watched);
    expect(report.failure, JSON.stringify(program)).toBe(null);
    // As many classes as without: what stands under the mutex adds no interleavings.
    const unwatched = exploreMapProgram(program, plain);
    expect(report.complete).toBe(unwatched.complete);
    counts.programs++;
    counts.classes += report.complete;
    counts.steps += report.steps - unwatched.steps;
  }
  expect(counts.programs).toBe(564);
  expect(counts.classes).toBeGreaterThan(1_000);
  // The watched accesses are steps: more than one for each class.
  expect(counts.steps).toBeGreaterThan(counts.classes);
});

test('a touch without the mutex is a race', async () => {
  const find =
    'const entry = this.#read.load().entries.get(sought);\n    if (entry !== undefined) {\n      const previous';
  const engine = steppedEngine(
    await loadEngine('sync-map', {
      patch: (path, source) => {
        if (path.endsWith('sync-map/sync-map.ts')) expect(source.split(find).length).toBe(2);
        const touching = source.replace(
          find,
          find.replace('const entry', 'void this.#misses;\n    const entry'),
        );
        return watchFields(path, touching);
      },
    }),
  );
  const failed = pairs
    .map((program) => exploreMapProgram(program, engine).failure?.kind)
    .filter((kind) => kind !== undefined);
  expect(new Set(failed)).toEqual(new Set(['race']));
});
