/** The whole catalogue of mutants, and how a mutated engine becomes a target. */
import type { Target } from '../src/core/target.ts';
import type { SyncMap } from '../src/engines/sync-map/index.ts';
import type { CheckedMapClass } from './go-map/check/engine-port.ts';
import { goMapMutants } from './go-map/mutants/index.ts';
import { bindGoMapTarget } from './go-map/target.ts';
import type { Mutant } from './mutant.ts';
import { mutants as syncMapMutants } from './sync-map/mutants/index.ts';
import { bindSyncMapTarget } from './sync-map/target.ts';
import { treeBucketMapMutants } from './tree-bucket-map/mutants/index.ts';
import type { TreeBucketMapEngine } from './tree-bucket-map/run.ts';
import { bindTreeBucketMapTarget } from './tree-bucket-map/target.ts';

/** Every mutant, in the order in which reports list them. */
export const allMutants: readonly Mutant[] = [
  ...goMapMutants,
  ...syncMapMutants,
  ...treeBucketMapMutants,
];

/** Binds a mutated engine, as imported, to the models and properties of a target. */
export function bindMutant(
  mutant: Mutant,
  targetName: string,
  module: Record<string, unknown>,
): Target {
  switch (mutant.engine) {
    case 'go-map':
      return bindGoMapTarget(targetName, module['GoMap'] as CheckedMapClass);
    case 'sync-map':
      return bindSyncMapTarget(targetName, module['SyncMap'] as typeof SyncMap);
    case 'tree-bucket-map':
      return bindTreeBucketMapTarget(targetName, module as unknown as TreeBucketMapEngine);
    default:
      throw new Error(`no model for the engine of mutant ${mutant.id}: ${mutant.engine}`);
  }
}
