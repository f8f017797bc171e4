/** Targets that run a mutant, for the replay of its trace. */
import { allMutants, bindMutant } from '../../models/mutants.ts';
import type { Mutant } from '../../models/mutant.ts';
import type { Target } from '../core/target.ts';
import { importMutant } from './mutant-loader.ts';

/** The mutant of an identifier; `null` where the catalogue has no such mutant. */
export function findMutant(id: string): Mutant | null {
  return allMutants.find((candidate) => candidate.id === id) ?? null;
}

/** A target that runs a mutant of the catalogue; `null` where it has none of that identifier. */
export async function mutantTarget(id: string, targetName: string): Promise<Target | null> {
  const mutant = findMutant(id);
  return mutant === null ? null : targetOfMutant(mutant, targetName);
}

/** A target that runs a mutant, whether or not the catalogue has it. */
export async function targetOfMutant(mutant: Mutant, targetName: string): Promise<Target> {
  return bindMutant(mutant, targetName, await importMutant(mutant));
}
