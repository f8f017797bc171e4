/** Mutants of sync.Map in steps. */
import type { Mutant } from '../../models/mutant.ts';
import { steppedEngine, type SteppedEngine } from '../../models/sync-map/concurrent/engine.ts';
import { loadEngine } from '../instrument/load-program.ts';
import { applyMutant, isMutatedFile } from './mutant-loader.ts';

/** The engine with the mutant's change, in steps. */
export async function steppedMutant(mutant: Mutant): Promise<SteppedEngine> {
  const module = await loadEngine(mutant.engine, {
    patch: (path, code) => (isMutatedFile(mutant, path) ? applyMutant(mutant, code) : code),
  });
  return steppedEngine(module);
}
