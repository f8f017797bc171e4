/**
 * The mid-level model of sync.Map in steps: what one critical section makes of read, dirty, amended and misses.
 *
 * `state.ts` states whole operations of a single caller; with several threads an operation falls apart into lock-free
 * steps on one entry and at most one section under the mutex. Entries are opaque here: what they hold changes outside of
 * sections too, except that they are expunged and brought back inside only. Like `state.ts` it is written from the rules,
 * not from the steps.
 */
import { countsMiss } from './rules.ts';
import type { OperationName, Place, SyncMapRules } from './rules.ts';

/** Stands for the entry of a key that is new. */
export const NEW_ENTRY: object = Object.freeze({});

/** Read and dirty as keys with their entries, in order. */
export interface Structure {
  readonly read: ReadonlyMap<unknown, object>;
  readonly amended: boolean;
  readonly dirty: ReadonlyMap<unknown, object> | null;
  readonly misses: number;
}

/** The operation whose section it is, and what happened to entries during it. */
export interface SectionFacts {
  readonly operation: OperationName;
  readonly key: unknown;
  /** Whether an entry was expunged when the section began. */
  readonly wasExpunged: (entry: object) => boolean;
  /** Whether an entry is expunged when it ends. */
  readonly isExpunged: (entry: object) => boolean;
  /** Whether the section itself deleted the value of the key. */
  readonly hasDeleted: boolean;
}

const INSERTING: ReadonlySet<OperationName> = new Set(['store', 'swap', 'loadOrStore']);

/** The structure after a section. O(keys). */
export function afterSection(
  rules: SyncMapRules,
  before: Structure,
  facts: SectionFacts,
): Structure {
  const { operation, key } = facts;
  if (operation === 'clear') return cleared(before);
  if (operation === 'range') return before.amended ? promoted(before) : before;
  const place = placeOf(before, facts);
  let after = before;
  if (INSERTING.has(operation)) after = inserted(before, facts, place);
  else if (place === 'dirtyOnly' && isDropped(rules, facts)) {
    const dirty = new Map(before.dirty);
    dirty.delete(key);
    after = { ...before, dirty };
  }
  if (!countsMiss(rules, operation, place, before.amended)) return after;
  const misses = after.misses + 1;
  return misses >= after.dirty!.size ? promoted(after) : { ...after, misses };
}

function placeOf({ read, dirty }: Structure, { key, wasExpunged }: SectionFacts): Place {
  const settled = read.get(key);
  if (settled !== undefined) return wasExpunged(settled) ? 'readExpunged' : 'readLive';
  return dirty !== null && dirty.has(key) ? 'dirtyOnly' : 'absent';
}

function isDropped(rules: SyncMapRules, { operation, hasDeleted }: SectionFacts): boolean {
  if (operation === 'delete' || operation === 'loadAndDelete') return rules.onDelete === 'dropped';
  return operation === 'compareAndDelete' && rules.onCompareAndDelete === 'dropped' && hasDeleted;
}

function inserted(before: Structure, facts: SectionFacts, place: Place): Structure {
  const { key } = facts;
  if (place === 'readLive' || place === 'dirtyOnly') return before;
  if (place === 'readExpunged') {
    return { ...before, dirty: new Map(before.dirty).set(key, before.read.get(key)!) };
  }
  const dirty = new Map(before.dirty ?? liveOf(before.read, facts));
  return { ...before, amended: true, dirty: dirty.set(key, NEW_ENTRY) };
}

/** The entries that were not expunged on the way into dirty. */
function liveOf(
  read: ReadonlyMap<unknown, object>,
  { isExpunged }: SectionFacts,
): [unknown, object][] {
  return [...read].filter(([, entry]) => !isExpunged(entry));
}

function promoted({ dirty }: Structure): Structure {
  return { read: dirty!, amended: false, dirty: null, misses: 0 };
}

function cleared(before: Structure): Structure {
  const dirty = before.dirty === null ? null : new Map<unknown, object>();
  return { read: new Map(), amended: false, dirty, misses: 0 };
}
