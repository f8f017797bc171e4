/** Every built-in target, in the order in which reports list them. */
import type { Target } from '../src/core/target.ts';
import { withTermination } from '../src/core/termination.ts';
import { goMapTargets } from './go-map/target.ts';
import { syncMapTargets } from './sync-map/target.ts';
import { treeBucketMapTargets } from './tree-bucket-map/target.ts';

export const builtInTargets: readonly Target[] = [
  ...goMapTargets,
  ...syncMapTargets,
  ...treeBucketMapTargets,
].map(withTermination);

/** The targets that a campaign checks when none is named: the ones whose every property must hold. */
export const defaultTargetNames: readonly string[] = [
  'go-map',
  'go-map@corrected',
  'sync-map',
  'sync-map@corrected',
  'tree-bucket-map',
  'tree-bucket-map@description',
];
