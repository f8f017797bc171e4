/** The engine's state in the terms of the recordings: columns, full state, digest, events. */
import type { EntryView, SyncMapView } from '../../engines/sync-map/index.ts';
import type { RecordedEntry, RecordedState } from './records.ts';

/** A copy of the engine's state, keys ascending. */
export interface StateCopy {
  readonly read: ReadonlyMap<number, RecordedEntry>;
  readonly amended: boolean;
  readonly dirty: ReadonlyMap<number, RecordedEntry> | null;
  readonly misses: number;
  /** The maps themselves, for their identity. */
  readonly readMap: unknown;
  readonly dirtyMap: unknown;
}

/** Copies the state of a map. */
export function copyState(view: SyncMapView<number, number>): StateCopy {
  return {
    read: copyEntries(view.read),
    amended: view.amended,
    dirty: view.dirty === null ? null : copyEntries(view.dirty),
    misses: view.misses,
    readMap: view.read,
    dirtyMap: view.dirty,
  };
}

function copyEntries(
  entries: ReadonlyMap<number, EntryView<number>>,
): ReadonlyMap<number, RecordedEntry> {
  const keys = [...entries.keys()].toSorted((first, second) => first - second);
  return new Map(keys.map((key) => [key, entryState(entries.get(key)!)]));
}

function entryState(entry: EntryView<number>): RecordedEntry {
  return entry.kind === 'value' ? entry.value! : entry.kind;
}

/** The columns of `s`. */
export function columnsOf(state: StateCopy): number[] {
  const states = [...state.read.values()];
  return [
    state.read.size,
    state.amended ? 1 : 0,
    state.dirty === null ? -1 : state.dirty.size,
    state.misses,
    states.filter((entry) => entry === 'nil').length,
    states.filter((entry) => entry === 'expunged').length,
  ];
}

/** The full state in the form of `st`. */
export function recordedState(state: StateCopy): RecordedState {
  return {
    read: Object.fromEntries(state.read),
    amended: state.amended,
    dirty: state.dirty === null ? null : Object.fromEntries(state.dirty),
    misses: state.misses,
  };
}

/** The digest `d`: 32-bit FNV-1a over the state as text. */
export function digestOf(state: StateCopy): number {
  const dirty = state.dirty === null ? '-' : entriesText(state.dirty);
  const amended = state.amended ? 1 : 0;
  const text = `read:${entriesText(state.read)};amended:${amended};dirty:${dirty};misses:${state.misses}`;
  let digest = 2_166_136_261;
  for (let index = 0; index < text.length; index += 1) {
    digest = Math.imul(digest ^ text.charCodeAt(index), 16_777_619);
  }
  return digest >>> 0;
}

function entriesText(entries: ReadonlyMap<number, RecordedEntry>): string {
  return [...entries].map(([key, entry]) => `${key}=${entry}`).join(',');
}

/** Most events that the recorder writes down; a line with more has none. */
export const RECORDED_EVENTS_MAX = 40;

/** The events of an operation, sorted as text: what the states before and after it differ in. */
export function eventsBetween(before: StateCopy, after: StateCopy, isRange: boolean): string[] {
  const events: string[] = [];
  if (before.dirty !== null && after.dirty === null) {
    events.push(isRange ? 'rangePromote' : 'promote');
  }
  if (before.dirty === null && after.dirty !== null) events.push('dirtyNew');
  for (const [key, entry] of after.read) {
    const was = before.read.get(key);
    if (entry === 'expunged' && was !== 'expunged') events.push(`expunge:${key}`);
    if (entry !== 'expunged' && was === 'expunged') events.push(`unexpunge:${key}`);
  }
  return events.toSorted((first, second) => (first < second ? -1 : first > second ? 1 : 0));
}
