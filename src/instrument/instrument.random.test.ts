import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runOutside, runPlain, runStepped, snippetModule } from './testing/compare.ts';
import type { Observation } from './testing/compare.ts';
import { snippetBodies } from './testing/programs.ts';

/** The engine's messages quote expressions in its own way; names of errors must agree. */
function withErrorName(observation: Observation): Observation {
  return { ...observation, error: observation.error?.replace(/:.*/su, '') ?? null };
}

test('random snippets do in steps what they do plainly', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(snippetBodies, (body) => {
      const source = snippetModule(body);
      const plain = runPlain(source);
      const { steps: _, refusal, ...stepped } = runStepped(source);
      expect(withErrorName(stepped)).toEqual(withErrorName(plain));
      expect(refusal).toBe(null);
      expect(withErrorName(runOutside(source))).toEqual(withErrorName(plain));
    }),
    { seed: 20261122, numRuns: Number(process.env['MAPCHECK_RUNS'] ?? 250) },
  );
});
