import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GoMap } from '../../../src/engines/go-map/index.ts';
import { huntInterleavings } from '../../../src/run/interleaving-hunt.ts';
import { importMutant } from '../../../src/run/mutant-loader.ts';
import { campaignState } from '../../../src/run/plan.ts';
import { generateProgram } from '../../../src/run/ticket.ts';
import type { CheckedMapClass } from '../check/engine-port.ts';
import { concurrentProperties } from '../../../properties/go-map/concurrent.ts';
import { bindGoMapTarget } from '../target.ts';
import type { Mutant } from '../../mutant.ts';
import { goMapMutants } from './index.ts';

// Mutants are changes of the compiled engine, which `npm test` builds first.
const isBuilt = existsSync(new URL('../../../dist/src/engines/go-map/index.js', import.meta.url));

/**
 * The property that kills a mutant in a campaign of seed 1, `null` if it survives the runs that it
 * has.
 */
async function killer(mutant: Mutant): Promise<string | null> {
  const { GoMap: mutated } = await importMutant(mutant);
  for (const name of mutant.targets) {
    const target = bindGoMapTarget(name, mutated as CheckedMapClass);
    const campaign = campaignState('1', name);
    for (let run = 0; run < mutant.withinRuns; run++) {
      const { violation } = target.execute(generateProgram(target, campaign, run));
      if (violation !== null) return violation.property;
    }
  }
  return null;
}

test('mutants have names of their own, and name properties of their targets', () => {
  expect(new Set(goMapMutants.map(({ id }) => id)).size).toBe(goMapMutants.length);
  for (const mutant of goMapMutants) {
    for (const name of mutant.targets) {
      const names = bindGoMapTarget(name, GoMap).properties.map((property) => property.name);
      for (const property of mutant.killedBy) expect(names).toContain(property);
    }
    for (const property of mutant.interleaved?.killedBy ?? []) {
      expect(concurrentProperties.map(({ name }) => name)).toContain(property);
    }
    const isKilled = mutant.killedBy.length > 0 || mutant.interleaved !== undefined;
    expect(isKilled).toBe(mutant.equivalent === undefined);
  }
});

describe.skipIf(!isBuilt)('a campaign', () => {
  const lethal = goMapMutants.filter(({ killedBy }) => killedBy.length > 0);
  const harmless = goMapMutants.filter(({ equivalent }) => equivalent !== undefined);

  test.each(lethal.map((mutant) => [mutant.id, mutant] as const))(
    'kills %s in time',
    async (_, mutant) => {
      expect(mutant.killedBy).toContain(await killer(mutant));
    },
  );

  test.each(harmless.map((mutant) => [mutant.id, mutant] as const))(
    'cannot tell %s',
    async (_, mutant) => {
      expect(await killer(mutant)).toBeNull();
    },
  );
});

describe('an exploration of interleavings', () => {
  const seen = goMapMutants.filter(({ interleaved }) => interleaved !== undefined);

  test.each(seen.map((mutant) => [mutant.id, mutant] as const))(
    'kills %s in time',
    async (_, mutant) => {
      const kill = await huntInterleavings(mutant, { seed: '1', tracesFolder: null });
      expect(mutant.interleaved!.killedBy).toContain(kill?.by);
      expect(kill!.executions).toBeLessThanOrEqual(mutant.interleaved!.withinExecutions);
    },
  );

  // That it finds nothing in the engine as it is stands in ../concurrent/misuse.test.ts.
});
