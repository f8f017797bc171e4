import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SyncMap } from '../../../src/engines/sync-map/index.ts';
import { huntInterleavings } from '../../../src/run/interleaving-hunt.ts';
import { importMutant } from '../../../src/run/mutant-loader.ts';
import type { Mutant } from '../../mutant.ts';
import { bindSyncMapTarget } from '../target.ts';
import { mutants } from './index.ts';

// Mutants are changes of the compiled engine, which `npm test` builds first.
const isBuilt = existsSync(new URL('../../../dist/src/engines/sync-map/index.js', import.meta.url));

/** For each seed the property that kills a mutant, `null` if it survives the runs that it has. */
async function killers(mutant: Mutant, seeds: readonly number[]): Promise<(string | null)[]> {
  const module = await importMutant(mutant);
  const engine = module['SyncMap'] as typeof SyncMap;
  return seeds.map((seed) => {
    for (const name of mutant.targets) {
      const target = bindSyncMapTarget(name, engine);
      for (const program of fc.sample(target.programs, { seed, numRuns: mutant.withinRuns })) {
        const { violation } = target.execute(program);
        if (violation !== null) return violation.property;
      }
    }
    return null;
  });
}

test('mutants have names of their own, and name properties of their targets', () => {
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  for (const mutant of mutants) {
    for (const name of mutant.targets) {
      const { properties } = bindSyncMapTarget(name, class {} as unknown as typeof SyncMap);
      const names = properties.map((property) => property.name);
      for (const property of mutant.killedBy) expect(names).toContain(property);
    }
  }
});

describe.skipIf(!isBuilt)('a campaign', () => {
  const lethal = mutants.filter(
    ({ equivalent, targets }) => equivalent === undefined && targets.length > 0,
  );
  const harmless = mutants.filter(({ equivalent }) => equivalent !== undefined);

  test.each(lethal.map((mutant) => [mutant.id, mutant] as const))(
    'kills %s in time',
    async (_, mutant) => {
      for (const property of await killers(mutant, [1, 2, 3])) {
        expect(mutant.killedBy).toContain(property);
      }
    },
  );

  test.each(harmless.map((mutant) => [mutant.id, mutant] as const))(
    'cannot tell %s',
    async (_, mutant) => {
      expect(await killers(mutant, [1])).toEqual([null]);
    },
  );
});

describe('an exploration of interleavings', () => {
  const seen = mutants.filter(({ interleaved }) => interleaved !== undefined);

  test.each(seen.map((mutant) => [mutant.id, mutant] as const))(
    'kills %s in time',
    async (_, mutant) => {
      const kill = await huntInterleavings(mutant, { seed: '1', tracesFolder: null });
      expect(mutant.interleaved!.killedBy).toContain(kill?.by);
      expect(kill!.executions).toBeLessThanOrEqual(mutant.interleaved!.withinExecutions);
      expect(kill!.schedules['portfolio']).not.toBeNull();
    },
  );

  // That they find nothing in the engine as it is stands in ../concurrent/suites.test.ts.
});
