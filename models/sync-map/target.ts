/** sync.Map as targets of campaigns, one for each profile. */
import type { Target } from '../../src/core/target.ts';
import { SyncMap } from '../../src/engines/sync-map/index.ts';
import { syncMapPropertiesFor, transitionRulesFor } from '../../properties/sync-map/index.ts';
import { familiesOf } from './generate/families.ts';
import { syncMapPrograms } from './programs.ts';
import { SYNC_MAP_RULES } from './rules.ts';
import type { ProfileName } from './rules.ts';
import { COVERAGE_KEYS, SyncMapRun } from './check/run.ts';
import { programSchema } from './schema.ts';
import { simplifyOperation, simplifySetup } from './generate/simplify.ts';

/**
 * A target for one profile of an engine.
 *
 * `engine` may be any class that behaves like `SyncMap`, such as one with a seeded bug that was loaded from elsewhere.
 */
export function createSyncMapTarget(
  name: string,
  profile: ProfileName,
  engine: typeof SyncMap,
): Target {
  const rules = SYNC_MAP_RULES[profile];
  const transitionRules = transitionRulesFor(rules);
  const coverage = COVERAGE_KEYS.filter(
    (key) => key !== 'clear' || rules.operations.includes('clear'),
  );
  return {
    name,
    title: rules.title,
    properties: syncMapPropertiesFor(rules),
    coverage,
    schema: programSchema(rules),
    programs: syncMapPrograms(rules),
    families: familiesOf(rules),
    execute: (program, options = {}) =>
      new SyncMapRun({ rules, transitionRules, coverage, engine, program, options }).run(),
    simplifyOperation: (operation) =>
      simplifyOperation(operation).filter(({ op }) =>
        (rules.operations as readonly string[]).includes(op),
      ),
    simplifySetup,
  };
}

/** Names of the targets with the profile of each, the default of campaigns first. */
const TARGETS: readonly (readonly [name: string, profile: ProfileName])[] = [
  ['sync-map', 'go1.23'],
  ['sync-map@corrected', 'corrected'],
  ['sync-map@go1.20', 'go1.20'],
  ['sync-map@go1.19', 'go1.19'],
  ['sync-map@go1.15.0', 'go1.15.0'],
  ['sync-map@go1.9', 'go1.9'],
];

/** The targets; `sync-map` is the one that campaigns run by default. */
export const syncMapTargets: readonly Target[] = TARGETS.map(([name, profile]) =>
  createSyncMapTarget(name, profile, SyncMap),
);

/** The profile of the target of that name, `null` where it is none of sync.Map. */
export function syncMapProfileOf(name: string): ProfileName | null {
  return TARGETS.find(([known]) => known === name)?.[1] ?? null;
}

/**
 * The target of that name with another engine in the place of `SyncMap`.
 *
 * @throws RangeError if there is no such target.
 */
export function bindSyncMapTarget(name: string, engine: typeof SyncMap): Target {
  const row = TARGETS.find(([known]) => known === name);
  if (row === undefined) throw new RangeError(`there is no target ${name} of sync.Map`);
  return createSyncMapTarget(name, row[1], engine);
}
