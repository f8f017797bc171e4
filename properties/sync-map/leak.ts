import { showKey } from './observation/rule.ts';
import type { Transition, TransitionRule } from './observation/rule.ts';

/**
 * Space, not results: a deleted entry that dirty alone holds is paid for by nobody. Dirty then grows with every key that
 * comes and goes, promotion moves away as fast as the misses come near, and nothing is ever released.
 *
 *   store(0)  store(1)  compareAndDelete(1)  store(2)  compareAndDelete(2)  …    size of dirty: 2, 2, 3, 3, …
 *
 * Deleted entries that read holds too are no leak: there are never more of them than read has keys.
 */
export const leakBound: TransitionRule = {
  name: 'sync-map.leak-bound',
  statement:
    'Dirty has no more entries than there are live keys and deleted entries of read: no deleted entry is in dirty alone.',
  source: 'Y22; golang/go issue 40999',
  check: (transition) => {
    const { after, history, rules } = transition;
    let leaked = 0;
    let explained = 0;
    let first: unknown;
    for (let row = after.readSize; row < after.rowCount; row += 1) {
      if (after.kinds[row] !== 'nil') continue;
      leaked += 1;
      if (history.leftBehind.has(after.dirtyEntries[row]!)) explained += 1;
      else first = after.keys[row];
    }
    const isGrown = leaked > history.leftBehindCount;
    history.leftBehindCount = leaked;
    if (leaked === 0) return null;
    if (explained === leaked && !isGrown) return null;
    const isKnown = explained === leaked && rules.knownLeak !== null;
    return {
      message: leakMessage(transition, leaked, isKnown ? transition.key : first),
      expected: `${countEntries(after.dirtySize - leaked)} in dirty at most`,
      actual: `${countEntries(after.dirtySize)}, ${leaked} of them deleted and in dirty alone`,
      ...(isKnown ? { known: rules.knownLeak.id } : {}),
    };
  },
};

function leakMessage({ stage }: Transition, leaked: number, key: unknown): string {
  return leaked === 1
    ? `After ${stage}, the deleted entry of key ${showKey(key)} stays in dirty, which alone has it.`
    : `After ${stage}, ${leaked} deleted entries, that of key ${showKey(key)} among them, are in dirty alone.`;
}

function countEntries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

/** All rules of this family. */
export const leakRules: readonly TransitionRule[] = [leakBound];
