/** The whole catalogue of mutants, and how a mutated engine becomes a target. */
import type { Target } from '../src/core/target.ts';
import type { Mutant } from './mutant.ts';

export const allMutants: readonly Mutant[] = [];

/** Binds a mutated engine, as imported, to the models and properties of a target. */
export function bindMutant(
  mutant: Mutant,
  targetName: string,
  module: Record<string, unknown>,
): Target {
  throw new Error(`${mutant.id} ${targetName} ${Object.keys(module).join()}`);
}
