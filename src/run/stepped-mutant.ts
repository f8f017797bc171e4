/** Mutants in steps: the engine's source with the change, made steppable. */
import { shareFields } from '../../models/go-map/concurrent/shared-fields.ts';
import { sharedEngine, type SharedEngine } from '../../models/go-map/concurrent/threads.ts';
import type { Mutant } from '../../models/mutant.ts';
import { allMutants } from '../../models/mutants.ts';
import { steppedEngine, type SteppedEngine } from '../../models/sync-map/concurrent/engine.ts';
import { UsageError } from '../core/errors.ts';
import { loadEngine } from '../instrument/load-program.ts';
import { applyMutant, isMutatedFile } from './mutant-loader.ts';

/**
 * The mutant of an engine that a trace names.
 *
 * @throws UsageError E-TRACE-009 if the catalogue has none of that name for that engine.
 */
export function mutantNamed(name: string, engine: string): Mutant {
  const mutant = allMutants.find((each) => each.id === name && each.engine === engine);
  if (mutant !== undefined) return mutant;
  throw new UsageError(`unknown mutant of ${engine} ${JSON.stringify(name)}`, {
    code: 'E-TRACE-009',
    place: '$.subject.mutant',
    todo: '`mapcheck mutants` lists them.',
  });
}

/** The sync.Map engine with the mutant's change. */
export async function steppedMutant(mutant: Mutant): Promise<SteppedEngine> {
  const module = await loadEngine(mutant.engine, {
    patch: (path, code) => (isMutatedFile(mutant, path) ? applyMutant(mutant, code, path) : code),
  });
  return steppedEngine(module);
}

/** The GoMap engine with the mutant's change, its memory shared by threads. */
export async function sharedMutant(mutant: Mutant): Promise<SharedEngine> {
  const module = await loadEngine(mutant.engine, {
    patch: (path, code) => {
      const shared = shareFields(path, code);
      return isMutatedFile(mutant, path) ? applyMutant(mutant, shared, path) : shared;
    },
  });
  return sharedEngine(module);
}
