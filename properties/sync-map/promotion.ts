/** When dirty becomes read and when it is made anew: promotion, the first new key, Y17, Y18, Y20, and the miss table. */
import { countsMiss } from '../../models/sync-map/rules.ts';
import type { OperationName } from '../../models/sync-map/rules.ts';
import { isPromoted } from './observation/history.ts';
import { showKey, showStage } from './observation/rule.ts';
import type { Transition, TransitionRule } from './observation/rule.ts';

function isMiss({ stage, rules, place, before }: Transition): boolean {
  if (stage === 'rangeStart' || stage === 'rangeEnd') return false;
  return countsMiss(rules, stage, place, before.amended);
}

/** Entries in dirty when the miss of this operation is counted: a deletion has taken its key out by then. */
function dirtySizeAtMiss({ stage, place, rules, before, expectedFlag }: Transition): number {
  if (place !== 'dirtyOnly') return before.dirtySize;
  const isDropped =
    ((stage === 'delete' || stage === 'loadAndDelete') && rules.onDelete === 'dropped') ||
    (stage === 'compareAndDelete' && rules.onCompareAndDelete === 'dropped' && expectedFlag);
  return isDropped ? before.dirtySize - 1 : before.dirtySize;
}

/** As many misses as dirty has entries have paid for copying it: no sooner, no later. */
export const promotionThreshold: TransitionRule = {
  name: 'sync-map.promotion-threshold',
  statement:
    'A miss promotes dirty exactly when misses, with it, have reached the number of entries in dirty.',
  source: 'sync/map.go, missLocked: misses < len(m.dirty)',
  check: (transition) => {
    const { before, after, stage } = transition;
    if (stage === 'rangeStart' || stage === 'rangeEnd' || stage === 'clear') return null;
    const misses = before.misses + 1;
    const size = dirtySizeAtMiss(transition);
    const isDue = isMiss(transition) && misses >= size;
    const isDone = isPromoted(before, after);
    if (isDue === isDone) return null;
    return {
      message: isDue
        ? `The miss of ${showStage(stage)} was number ${misses} with ${size} entries in dirty, and nothing was promoted.`
        : `${showStage(stage)} promoted dirty too early.`,
      expected: isDue ? 'dirty becomes read' : 'no promotion',
      actual: isDone
        ? `promoted at misses ${before.misses} of ${before.dirtySize}`
        : `misses ${after.misses}`,
    };
  },
};

/** Who pays for a promotion differs by operation; the table is part of the design. */
export const missAccounting: TransitionRule = {
  name: 'sync-map.miss-accounting',
  statement:
    'Each operation counts a miss exactly where the table says: by the operation, and by whether dirty has its key.',
  source:
    'sync/map.go, calls of missLocked; not counted: Store and Swap, CompareAndSwap of an absent key, Delete up to 1.14',
  check: (transition) => {
    const { before, after, stage, place } = transition;
    if (stage === 'rangeStart' || stage === 'clear' || isPromoted(before, after)) return null;
    const expected = before.misses + (isMiss(transition) ? 1 : 0);
    if (after.misses === expected) return null;
    return {
      message: `${showStage(stage)} of a key that is ${describePlace(place)} miscounted misses.`,
      expected: `misses ${expected}`,
      actual: `misses ${after.misses}`,
    };
  },
};

function describePlace(place: Transition['place']): string {
  if (place === 'dirtyOnly') return 'in dirty alone';
  return place === 'absent' ? 'in neither map' : 'in read';
}

/** A promotion hands dirty over whole and starts counting anew. */
export const promotionState: TransitionRule = {
  name: 'sync-map.promotion-state',
  statement:
    'Right after a promotion read is the former dirty map, not amended, there is no dirty map, and misses is 0.',
  source: 'Y17',
  check: ({ before, after }) =>
    isPromoted(before, after) && (after.dirtySize >= 0 || after.misses !== 0 || after.amended)
      ? {
          message: 'The promotion left something of the former dirty map behind.',
          expected: 'amended false, dirty nil, misses 0',
          actual: `amended ${after.amended}, dirty ${after.dirtySize < 0 ? 'nil' : `of ${after.dirtySize}`}, misses ${after.misses}`,
        }
      : null,
};

/** Range costs O(size) anyway, so it promotes at once and then walks the snapshot. */
export const rangePromotes: TransitionRule = {
  name: 'sync-map.range-promotes',
  statement: 'Range promotes dirty if read is amended, and changes nothing else.',
  source: 'sync/map.go, Range; clause (i): it changes the performance state',
  check: ({ stage, before, after }) => {
    if (stage !== 'rangeStart' && stage !== 'rangeEnd') return null;
    const isDue = stage === 'rangeStart' && before.amended;
    if (isDue === isPromoted(before, after) && (isDue || isUnchanged(before, after))) return null;
    return {
      message: `${showStage(stage)} left the maps in the wrong state.`,
      expected: isDue ? 'dirty becomes read' : 'both maps as they were',
      actual: `read of ${after.readSize}, dirty ${after.dirtySize < 0 ? 'nil' : `of ${after.dirtySize}`}, misses ${after.misses}`,
    };
  },
};

function isUnchanged(before: Transition['before'], after: Transition['after']): boolean {
  return (
    before.readMap === after.readMap &&
    before.dirtyMap === after.dirtyMap &&
    before.dirtySize === after.dirtySize &&
    before.amended === after.amended &&
    before.misses === after.misses
  );
}

const INSERTING = new Set<OperationName>(['store', 'swap', 'loadOrStore']);

/** The first new key after a promotion makes dirty, and everything alive must be in it. */
export const firstNewKey: TransitionRule = {
  name: 'sync-map.first-new-key',
  statement:
    'The first new key makes read amended; dirty then has all live entries of read and the key, which read lacks.',
  source: 'Y18; sync/map.go, dirtyLocked',
  check: (transition) => {
    const { stage, place, before, after, key } = transition;
    if (place !== 'absent' || before.amended) return null;
    if (!INSERTING.has(stage as OperationName)) return null;
    let copied = 0;
    let live = 0;
    for (let row = 0; row < after.readSize; row += 1) {
      if (after.kinds[row] !== 'value') continue;
      live += 1;
      if (after.dirtyEntries[row] !== null) copied += 1;
    }
    const fresh = after.rowCount - after.readSize;
    if (after.amended && after.readMap === before.readMap && copied === live && fresh === 1) {
      return null;
    }
    return {
      message: `${stage} of the new key ${showKey(key)} left dirty incomplete.`,
      expected: `amended, ${live} live entries of read in dirty, 1 new key in dirty alone`,
      actual: `${after.amended ? 'amended' : 'not amended'}, ${copied} live entries of read in dirty, ${fresh} keys in dirty alone`,
    };
  },
};

/** Making dirty is the one moment at which deleted entries are let go of; copied, they would live for ever. */
export const copyDropsDeleted: TransitionRule = {
  name: 'sync-map.copy-drops-deleted',
  statement:
    'A dirty map that has just been made holds no deleted entry, so the next promotion releases them.',
  source: 'sync/map.go, dirtyLocked: deleted entries are expunged instead of copied',
  check: ({ before, after, stage }) => {
    if (before.dirtySize >= 0 || after.dirtySize < 0) return null;
    for (let row = 0; row < after.rowCount; row += 1) {
      if (after.dirtyEntries[row] === null || after.kinds[row] !== 'nil') continue;
      return {
        message: `${showStage(stage)} copied the deleted entry of key ${showKey(after.keys[row])} into dirty.`,
        expected: 'expunged in read, not in dirty',
        actual: 'nil in dirty',
      };
    }
    return null;
  },
};

/** Making dirty costs O(size), so each one must have been preceded by a promotion, or by a clear. */
export const copyCount: TransitionRule = {
  name: 'sync-map.copy-count',
  statement: 'Dirty is made at most once more often than there were promotions and clears.',
  source: 'Y20',
  check: ({ history }) =>
    history.copyCount > history.promotionCount + history.clearCount + 1
      ? {
          message: 'Dirty was copied from read more often than promotions can explain.',
          expected: `at most ${history.promotionCount + history.clearCount + 1} copies`,
          actual: `${history.copyCount}`,
        }
      : null,
};

/** All rules of this family. */
export const promotionRules: readonly TransitionRule[] = [
  promotionState,
  promotionThreshold,
  missAccounting,
  rangePromotes,
  firstNewKey,
  copyDropsDeleted,
  copyCount,
];
