/** Compares what a section did with the mid-level model. */
import type { Moment, ObservedEntry } from '../../../properties/sync-map/observation/moment.ts';
import { showKey, type Fault } from '../../../properties/sync-map/observation/rule.ts';
import type { OperationName, SyncMapRules } from '../rules.ts';
import { afterSection, NEW_ENTRY, type Structure } from '../section.ts';

/** The operation whose section it is, and what happened to entries during it. */
export interface SectionRun {
  readonly operation: OperationName;
  readonly key: unknown;
  readonly hasDeleted: boolean;
  /** Entries of read that were nil all through the section. */
  readonly nilThroughout: ReadonlySet<ObservedEntry>;
}

/** The difference between the engine and the model after a section, or `null`. */
export function sectionFault(
  rules: SyncMapRules,
  before: Moment,
  after: Moment,
  run: SectionRun,
): Fault | null {
  const expected = afterSection(rules, structureOf(before), {
    operation: run.operation,
    key: run.key,
    hasDeleted: run.hasDeleted,
    wasExpunged: (entry) => isExpunged(before, entry),
    isExpunged: (entry) => isExpunged(after, entry),
  });
  const actual = structureOf(after);
  if (
    actual.amended !== expected.amended ||
    actual.misses !== expected.misses ||
    !isSame(actual.read, expected.read) ||
    !isSame(actual.dirty, expected.dirty)
  ) {
    return {
      message: 'The section under the mutex did not do what the model of read and dirty does.',
      expected: show(expected),
      actual: show(actual),
    };
  }
  return copyFault(before, after, run);
}

/** A copy of read leaves out, and marks, every entry that was deleted before and stayed so. */
function copyFault(before: Moment, after: Moment, { nilThroughout }: SectionRun): Fault | null {
  if (before.dirtySize >= 0 || after.dirtySize < 0) return null;
  for (let row = 0; row < after.readSize; row++) {
    const entry = after.readEntries[row]!;
    if (!nilThroughout.has(entry) || after.kinds[row] === 'expunged') continue;
    return {
      message: `Dirty was made from read with the deleted entry of key ${showKey(after.keys[row])} in it.`,
      expected: 'the entry expunged',
      actual: after.kinds[row]!,
    };
  }
  return null;
}

/** The state as it was at that moment; the maps themselves may have changed since. */
function structureOf(moment: Moment): Structure {
  const { keys, readEntries, dirtyEntries, readSize, rowCount } = moment;
  const read = new Map<unknown, object>();
  const dirty = new Map<unknown, object>();
  for (let row = 0; row < rowCount; row++) {
    if (row < readSize) read.set(keys[row], readEntries[row]!);
    if (dirtyEntries[row] !== null) dirty.set(keys[row], dirtyEntries[row]!);
  }
  const { amended, misses } = moment;
  return { read, amended, dirty: moment.dirtySize < 0 ? null : dirty, misses };
}

function isExpunged(moment: Moment, entry: object): boolean {
  for (let row = 0; row < moment.rowCount; row++) {
    if (moment.readEntries[row] === entry) return moment.kinds[row] === 'expunged';
  }
  return false;
}

type Entries = ReadonlyMap<unknown, object> | null;

function isSame(actual: Entries, expected: Entries): boolean {
  if (actual === null || expected === null) return actual === expected;
  if (actual.size !== expected.size) return false;
  for (const [key, entry] of expected) {
    const found = actual.get(key);
    if (found === undefined || (entry !== NEW_ENTRY && found !== entry)) return false;
  }
  return true;
}

function show({ read, amended, dirty, misses }: Structure): string {
  const list = (entries: ReadonlyMap<unknown, object>): string =>
    `{${[...entries.keys()].map(showKey).join(', ')}}`;
  const shown = dirty === null ? 'nil' : list(dirty);
  return `read ${list(read)}, amended ${amended}, dirty ${shown}, misses ${misses}`;
}
