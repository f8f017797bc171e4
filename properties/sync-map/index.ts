/** The rules of sync.Map, and which of them each profile promises. */
import type { SyncMapRules } from '../../models/sync-map/rules.ts';
import type { Property } from '../../src/core/property.ts';
import { clearRules } from './clear.ts';
import { concurrentProperties } from './concurrent.ts';
import { entryRules } from './entries.ts';
import { leakRules } from './leak.ts';
import { lockingRules } from './locking.ts';
import { promotionRules } from './promotion.ts';
import { refinement } from './refinement.ts';
import { noPanic, rangeClauses, rangeModel, rangeStops, results } from './results.ts';
import type { TransitionRule } from './observation/rule.ts';
import { snapshotRules } from './snapshots.ts';
import { structureRules } from './structure.ts';

const TRANSITION_RULES: readonly TransitionRule[] = [
  ...lockingRules,
  ...snapshotRules,
  ...promotionRules,
  ...clearRules,
  ...structureRules,
  ...entryRules,
  ...leakRules,
];

/** The rules that are checked after each operation, in this order, for a profile. */
export function transitionRulesFor(rules: SyncMapRules): readonly TransitionRule[] {
  return TRANSITION_RULES.filter((rule) => rule.appliesTo?.(rules) ?? true);
}

/** Every property that a profile promises, in the order of `mapcheck list`. */
export function syncMapPropertiesFor(rules: SyncMapRules): readonly Property[] {
  return [
    results,
    noPanic,
    ...Object.values(rangeClauses),
    rangeStops,
    rangeModel,
    ...transitionRulesFor(rules).map(({ name, statement, source }) => ({
      name,
      statement,
      source,
    })),
    refinement,
    ...concurrentProperties,
  ];
}
