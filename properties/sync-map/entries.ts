/** How entries may change: Y13 to Y15, and that an operation touches its own key alone. */
import type { Fault, Transition, TransitionRule } from './observation/rule.ts';
import { showKey, showStage } from './observation/rule.ts';
import type { EntryKind } from '../../src/engines/sync-map/index.ts';
import { isPromoted } from './observation/history.ts';

const WRITING = new Set(['store', 'swap', 'loadOrStore']);

/** Whether one operation may take an entry from one state to another. */
function isAllowed(transition: Transition, from: EntryKind, to: EntryKind): boolean {
  if (from === to) return true;
  if (to === 'expunged') {
    const madeDirty = transition.before.dirtySize < 0 && transition.after.dirtySize >= 0;
    return from === 'nil' && madeDirty && transition.lockCount > 0;
  }
  if (from === 'expunged') {
    return to === 'value' && WRITING.has(transition.stage) && transition.lockCount > 0;
  }
  return true;
}

/** The mark of an expunged entry tells writers that dirty lacks it, so it may appear and go only with dirty. */
export const entryTransitions: TransitionRule = {
  name: 'sync-map.entry-transitions',
  statement:
    'An entry becomes expunged only from nil while dirty is made, and leaves that state only by a write under the mutex.',
  source: 'Y13; sync/map.go, tryExpungeLocked and unexpungeLocked',
  check: (transition) => {
    const { before } = transition;
    for (let row = 0; row < before.rowCount; row += 1) {
      const entry = before.readEntries[row] ?? before.dirtyEntries[row]!;
      const from = before.kinds[row]!;
      const to = entry.kind;
      if (isAllowed(transition, from, to)) continue;
      return {
        message: `During ${showStage(transition.stage)}, the entry of key ${showKey(before.keys[row])} went from ${from} to ${to}.`,
        expected: from === 'expunged' ? 'expunged' : `${from}, or a step that is allowed`,
        actual: to,
      };
    }
    return null;
  },
};

/** Entries are shared by two maps and by every Range under way, so a write to a wrong one is seen by many. */
export const ownKeyOnly: TransitionRule = {
  name: 'sync-map.own-key-only',
  statement: 'An operation changes the value of its own key and of no other.',
  source: 'sync/map.go: each operation writes to one entry; Clear and Range to none',
  check: ({ before, key, stage }) => {
    for (let row = 0; row < before.rowCount; row += 1) {
      const name = before.keys[row];
      if (stage !== 'rangeStart' && stage !== 'rangeEnd' && stage !== 'clear') {
        if (Object.is(name, key) || (name === 0 && key === 0)) continue;
      }
      const entry = before.readEntries[row] ?? before.dirtyEntries[row]!;
      const isSame =
        before.kinds[row] === 'value'
          ? entry.kind === 'value' && Object.is(entry.value, before.values[row])
          : entry.kind !== 'value';
      if (!isSame) {
        return {
          message: `During ${showStage(stage)}, the entry of another key, ${showKey(name)}, changed.`,
          expected: `${before.kinds[row]!}, as before`,
          actual: entry.kind,
        };
      }
    }
    return null;
  },
};

/** Whoever fetched an entry from dirty goes on with it after unlocking, so the key must not get another. */
export const stableEntries: TransitionRule = {
  name: 'sync-map.stable-entries',
  statement: 'A key that stays in dirty keeps its entry.',
  source:
    'sync/map.go: an overwrite writes to the entry that is there; only a new key gets a new one',
  check: ({ before, after }) => {
    if (before.dirtyMap === null || before.dirtyMap !== after.dirtyMap) return null;
    let row = before.readSize;
    for (let now = after.readSize; now < after.rowCount; now += 1) {
      // Keys leave dirty anywhere and join it at the end, so what is in both stands in the same order.
      while (row < before.rowCount && !Object.is(before.keys[row], after.keys[now])) row += 1;
      if (row === before.rowCount) return null;
      if (before.dirtyEntries[row] !== after.dirtyEntries[now]) {
        return {
          message: `Key ${showKey(after.keys[now])} was given another entry in dirty.`,
          expected: 'the entry it had',
          actual: `a new one (${after.kinds[now]!})`,
        };
      }
      row += 1;
    }
    return null;
  },
};

/** A writer that still holds an entry which left both maps must find it expunged, or its write is lost. */
export const departedStayExpunged: TransitionRule = {
  name: 'sync-map.departed-stay-expunged',
  statement: 'An expunged entry that a promotion dropped stays expunged for ever.',
  source: 'Y14',
  check: ({ history, before, after }): Fault | null => {
    // Looked at whenever a promotion adds to the list, and at the end of the run.
    if (!isPromoted(before, after)) return null;
    return checkDeparted(history.departed);
  },
};

/** The rule above, for a list of entries that left the map. */
export function checkDeparted(departed: readonly { readonly kind: EntryKind }[]): Fault | null {
  const changed = departed.find((entry) => entry.kind !== 'expunged');
  return changed === undefined
    ? null
    : {
        message: 'An entry that left the map expunged was written to afterwards.',
        expected: 'expunged',
        actual: changed.kind,
      };
}

/** Dirty is the next read: a key that only dirty forgets is lost at the next promotion. */
export const droppedNotInRead: TransitionRule = {
  name: 'sync-map.dropped-not-in-read',
  statement: 'A key that an operation takes out of dirty is not in read.',
  source: 'Y15',
  check: ({ before, after, stage }) => {
    if (stage === 'clear' || before.dirtyMap === null || after.dirtyMap !== before.dirtyMap) {
      return null;
    }
    for (let row = 0; row < before.readSize; row += 1) {
      if (before.dirtyEntries[row] === null || after.dirtyMap.has(before.keys[row])) continue;
      return {
        message: `Key ${showKey(before.keys[row])} was taken out of dirty although read has it.`,
        expected: 'in dirty as before',
        actual: `in read only, ${before.readEntries[row]!.kind}`,
      };
    }
    return null;
  },
};

/** All rules of this family. */
export const entryRules: readonly TransitionRule[] = [
  entryTransitions,
  ownKeyOnly,
  stableEntries,
  departedStayExpunged,
  droppedNotInRead,
];
