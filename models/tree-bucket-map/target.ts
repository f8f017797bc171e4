/** The tree-bucket map as targets: engine, models and properties bound together. */
import { NO_PANIC, TREE_BUCKET_MAP_PROPERTIES } from '../../properties/tree-bucket-map/rules.ts';
import type { Program } from '../../src/core/program.ts';
import type { ExecuteOptions, Outcome, Target } from '../../src/core/target.ts';
import type { TreeBucketProfile } from '../../src/engines/tree-bucket-map/index.ts';
import { DESCRIPTION, JAVA8, TreeBucketMap } from '../../src/engines/tree-bucket-map/index.ts';
import { treeBucketProgramSchema } from './operations.ts';
import { treeBucketPrograms } from './programs.ts';
import type { TreeBucketMapEngine } from './run.ts';
import { TreeBucketRun } from './run.ts';
import { simplifyTreeBucketOperation, simplifyTreeBucketSetup } from './simplify.ts';

/** Rare branches that every profile must reach. */
const COVERAGE: readonly string[] = [
  'doubling',
  'treeify',
  'untreeify',
  'treeSplit',
  'collision',
  'clear',
  'clone',
  'iterationDuringGrowth',
  'iterationDuringTreeify',
];

/** Binds an engine under a profile, as it ships or mutated. */
export function createTreeBucketMapTarget(
  name: string,
  profile: TreeBucketProfile,
  engine: TreeBucketMapEngine,
): Target {
  const canDoubleForChain = profile.minTreeifyBucketCount > profile.initialBucketCount;
  return {
    name,
    title: `chained buckets that become balanced trees, doubling at load ${profile.loadFactor}`,
    properties: TREE_BUCKET_MAP_PROPERTIES,
    coverage: canDoubleForChain ? [...COVERAGE, 'longChainDoubling'] : COVERAGE,
    schema: treeBucketProgramSchema,
    programs: treeBucketPrograms(profile),
    execute: (program, options) => execute(program, profile, engine, options),
    simplifyOperation: simplifyTreeBucketOperation,
    simplifySetup: simplifyTreeBucketSetup,
  };
}

function execute(
  program: Program,
  profile: TreeBucketProfile,
  engine: TreeBucketMapEngine,
  options: ExecuteOptions = {},
): Outcome {
  try {
    return new TreeBucketRun(program, profile, engine, options.onStep).execute(program);
  } catch (error) {
    // Operations are guarded one by one; what gets here is a map that cannot even be made.
    const violation = {
      property: NO_PANIC.name,
      message: 'The map cannot be made.',
      expected: 'no error',
      actual: String(error),
      operationIndex: 0,
      state: [],
      known: null,
    };
    return { operations: 0, violation, known: {}, coverage: {}, fingerprint: 0 };
  }
}

const TARGETS: readonly (readonly [name: string, profile: TreeBucketProfile])[] = [
  ['tree-bucket-map', JAVA8],
  ['tree-bucket-map@description', DESCRIPTION],
];

/** The tree-bucket map under both profiles. */
export const treeBucketMapTargets: readonly Target[] = TARGETS.map(([name, profile]) =>
  createTreeBucketMapTarget(name, profile, { TreeBucketMap }),
);

/**
 * The target of this name with another engine, such as a mutated one.
 *
 * @throws RangeError if there is no such target here.
 */
export function bindTreeBucketMapTarget(name: string, engine: TreeBucketMapEngine): Target {
  const row = TARGETS.find(([known]) => known === name);
  if (row === undefined) throw new RangeError(`there is no target ${name} of the tree-bucket map`);
  return createTreeBucketMapTarget(name, row[1], engine);
}
