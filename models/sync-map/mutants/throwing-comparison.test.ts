/**
 * C10 of the catalogue: a comparison that panics leaves the mutex locked, as in HashTrieMap.CompareAndDelete of Go 1.24 to
 * 1.27. In JavaScript it is the caller's `equal` that throws. The engine gives the mutex back; without `finally` it would not.
 */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SyncMap } from '../../../src/engines/sync-map/index.ts';
import { importMutant } from '../../../src/run/mutant-loader.ts';
import type { Mutant } from '../../mutant.ts';
import { syncMapSingleSuites } from '../concurrent/suites.ts';
import { planOf } from '../concurrent/program.ts';
import { perform } from '../check/calls.ts';

const isBuilt = existsSync(new URL('../../../dist/src/engines/sync-map/index.js', import.meta.url));

const LEAVES_LOCKED: Mutant = {
  id: 'C10',
  title: 'A comparison that throws leaves the mutex locked',
  origin: 'HashTrieMap.CompareAndDelete, Go 1.24 to 1.27',
  engine: 'sync-map',
  file: 'sync-map.js',
  find: 'return this.#compareAndSwapLocked(sought, old, box); } finally { this.#mutex.unlock(); }',
  replace:
    'const isSwapped = this.#compareAndSwapLocked(sought, old, box); this.#mutex.unlock(); return isSwapped; } finally {}',
  killedBy: [],
  withinRuns: 0,
  targets: [],
};

/** Calls of the hunt's programs after which the mutex was not free, where comparisons throw; and those that threw. */
function countLocked(engine: typeof SyncMap): { locked: number; threw: number } {
  let locked = 0;
  let threw = 0;
  for (const program of syncMapSingleSuites.flatMap(({ programs }) => [...programs()])) {
    const { start, threads } = planOf(program);
    const map = new engine<unknown, unknown>({
      profile: 'go1.23',
      equal: () => {
        throw new TypeError('values of this kind cannot be compared');
      },
    });
    for (const { name, call } of [...start, ...threads.flat()]) {
      try {
        if (name === 'range') map.range(() => true);
        else perform(map, call);
      } catch {
        threw++;
      }
      if (!map.inspect().isLocked) continue;
      locked++;
      break;
    }
  }
  return { locked, threw };
}

describe('a comparison that throws', () => {
  test('leaves the mutex free', () => {
    const { locked, threw } = countLocked(SyncMap);
    expect(locked).toBe(0);
    expect(threw).toBeGreaterThan(100);
  });

  test.skipIf(!isBuilt)('is noticed where it does not', async () => {
    const module = await importMutant(LEAVES_LOCKED);
    expect(countLocked(module['SyncMap'] as typeof SyncMap).locked).toBeGreaterThan(10);
  });
});
