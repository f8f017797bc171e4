/** How read, dirty, amended and misses fit together between operations: Y1 to Y5, Y8 to Y12, Y16. */
import type { Fault, Transition, TransitionRule } from './observation/rule.ts';
import { showKey } from './observation/rule.ts';
import type { Moment } from './observation/moment.ts';
import { showValue } from '../../models/value-token.ts';

/** Calls `isBroken` for each row and reports the first row for which it says yes. */
function firstRow(
  moment: Moment,
  isBroken: (moment: Moment, row: number) => boolean,
  describe: (moment: Moment, row: number) => Fault,
): Fault | null {
  for (let row = 0; row < moment.rowCount; row += 1) {
    if (isBroken(moment, row)) return describe(moment, row);
  }
  return null;
}

function inRead(moment: Moment, row: number): string {
  const entry = moment.readEntries[row]!;
  return entry === null ? 'no entry in read' : `${moment.kinds[row]!} in read`;
}

/** Amended sends lookups to dirty, so there must be one. */
export const amendedHasDirty: TransitionRule = {
  name: 'sync-map.amended-has-dirty',
  statement: 'While read is amended, there is a dirty map.',
  source: 'Y1; sync/map.go, readOnly.amended',
  check: ({ after }) =>
    after.amended && after.dirtySize < 0
      ? {
          message: 'Read is amended, yet there is no dirty map that could hold the missing keys.',
          expected: 'a dirty map, since read is amended',
          actual: 'dirty is nil',
        }
      : null,
};

/** Keys in a dirty map that nobody is sent to would be invisible. */
export const unamendedHasNoDirty: TransitionRule = {
  name: 'sync-map.unamended-has-no-dirty',
  statement:
    'While read is not amended, dirty is nil, or, after a Clear, read and dirty are empty.',
  source: 'Y2',
  check: ({ after }) =>
    !after.amended && after.dirtySize >= 0 && after.dirtySize + after.readSize > 0
      ? {
          message: 'Read is not amended, yet there is a dirty map beside it.',
          expected: 'dirty is nil, or both maps are empty',
          actual: `read has ${after.readSize} keys, dirty ${after.dirtySize}`,
        }
      : null,
};

/** Misses count towards the promotion of dirty; without one there is nothing to count. */
export const noDirtyNoMisses: TransitionRule = {
  name: 'sync-map.no-dirty-no-misses',
  statement: 'While dirty is nil, misses is 0.',
  source: 'Y3',
  check: ({ after }) =>
    after.dirtySize < 0 && after.misses !== 0
      ? {
          message: 'Misses are left over although there is no dirty map to promote.',
          expected: 'misses 0',
          actual: `misses ${after.misses}`,
        }
      : null,
};

/** A lookup misses only where read may lack keys. */
export const missesNeedAmended: TransitionRule = {
  name: 'sync-map.misses-need-amended',
  statement: 'Misses are above 0 only while read is amended.',
  source: 'Y4',
  check: ({ after }) =>
    after.misses > 0 && !after.amended
      ? {
          message: 'Misses were counted although read is not amended.',
          expected: 'misses 0',
          actual: `misses ${after.misses}`,
        }
      : null,
};

/** Had misses reached the size of dirty, it would have been promoted. */
export const missesBelowDirty: TransitionRule = {
  name: 'sync-map.misses-below-dirty',
  statement: 'Misses is 0 or below the number of entries in dirty.',
  source: 'Y5; not before Go 1.15, whose Delete shrinks dirty without a miss',
  appliesTo: (rules) => rules.boundsMisses,
  check: ({ after }) =>
    after.misses !== 0 && after.misses >= after.dirtySize
      ? {
          message: 'Misses have reached the size of dirty, which should have been promoted.',
          expected: `misses below ${after.dirtySize}, the size of dirty`,
          actual: `misses ${after.misses}`,
        }
      : null,
};

/** Expunged means absent from dirty, and dirty will be read, where the mark would hide later writes. */
export const dirtyNotExpunged: TransitionRule = {
  name: 'sync-map.dirty-not-expunged',
  statement: 'No entry in dirty is expunged.',
  source: 'Y8',
  check: ({ after }) =>
    firstRow(
      after,
      (moment, row) => {
        const entry = moment.dirtyEntries[row]!;
        if (entry === null) return false;
        return (entry === moment.readEntries[row] ? moment.kinds[row] : entry.kind) === 'expunged';
      },
      (moment, row) => ({
        message: `Key ${showKey(moment.keys[row])} is in dirty with an expunged entry, which nobody may write to.`,
        expected: 'a value or nil',
        actual: 'expunged',
      }),
    ),
};

/** Dirty is the next read: what it lacks is lost at the promotion. Deleted entries may be written again. */
export const liveReadInDirty: TransitionRule = {
  name: 'sync-map.live-read-in-dirty',
  statement:
    'While there is a dirty map, it has each entry of read that is not expunged, deleted ones included.',
  source: 'Y9, Y19; that a deleted entry may stay in dirty: golang/go issue 45429',
  check: ({ after }) =>
    after.dirtySize < 0
      ? null
      : firstRow(
          after,
          (moment, row) =>
            moment.readEntries[row] !== null &&
            moment.kinds[row] !== 'expunged' &&
            moment.dirtyEntries[row] === null,
          (moment, row) => ({
            message: `Key ${showKey(moment.keys[row])} is in read and would be lost at the next promotion.`,
            expected: 'the same entry in dirty',
            actual: `${inRead(moment, row)}, no entry in dirty`,
          }),
        ),
};

/** The mark and dirty must agree, or a write would put a second entry there. */
export const expungedNotInDirty: TransitionRule = {
  name: 'sync-map.expunged-not-in-dirty',
  statement: 'A key whose entry in read is expunged is not in dirty.',
  source: 'Y10',
  check: ({ after }) =>
    firstRow(
      after,
      (moment, row) =>
        moment.readEntries[row] !== null &&
        moment.kinds[row] === 'expunged' &&
        moment.dirtyEntries[row] !== null,
      (moment, row) => ({
        message: `Key ${showKey(moment.keys[row])} is expunged in read, yet dirty has it.`,
        expected: 'no entry in dirty',
        actual: `${moment.dirtyEntries[row]!.kind} in dirty`,
      }),
    ),
};

/** Without dirty there is nothing an entry could be absent from. */
export const expungedNeedsDirty: TransitionRule = {
  name: 'sync-map.expunged-needs-dirty',
  statement: 'While dirty is nil, no entry of read is expunged.',
  source: 'Y10, Y11',
  check: ({ after }) =>
    after.dirtySize >= 0
      ? null
      : firstRow(
          after,
          (moment, row) => moment.kinds[row] === 'expunged',
          (moment, row) => ({
            message: `Key ${showKey(moment.keys[row])} is expunged although there is no dirty map that lacks it.`,
            expected: 'a value or nil',
            actual: 'expunged',
          }),
        ),
};

/** A lock-free write reaches the entry of read alone, so dirty must have the same one. */
export const sharedEntry: TransitionRule = {
  name: 'sync-map.shared-entry',
  statement: 'A key that is in read and in dirty has one entry, shared by both.',
  source: 'Y12',
  check: ({ after }) =>
    firstRow(
      after,
      (moment, row) =>
        moment.readEntries[row] !== null &&
        moment.dirtyEntries[row] !== null &&
        moment.readEntries[row] !== moment.dirtyEntries[row],
      (moment, row) => ({
        message: `Key ${showKey(moment.keys[row])} has two entries, so a write to one of them can be lost.`,
        expected: 'one entry in both maps',
        actual: `${inRead(moment, row)}, another entry (${moment.dirtyEntries[row]!.kind}) in dirty`,
      }),
    ),
};

/** What the two maps hold together is the map that callers see. */
export const visibleKeys: TransitionRule = {
  name: 'sync-map.visible-keys',
  statement: 'The keys with a value in read or dirty are the keys of the map, with their values.',
  source: 'Y16',
  check: checkVisibleKeys,
};

function checkVisibleKeys({ after, contents }: Transition): Fault | null {
  let count = 0;
  for (let row = 0; row < after.rowCount; row += 1) {
    if (after.kinds[row] !== 'value') continue;
    count += 1;
    const key = after.keys[row];
    // A NaN that is a key of its own has another name in the spec; the count and the other rules cover it.
    if (showsNoName(key, contents)) continue;
    if (!contents.has(key)) {
      return {
        message: `Key ${showKey(key)} has a value although the map does not contain it.`,
        expected: 'no value',
        actual: showValue(after.values[row]),
      };
    }
    if (!Object.is(contents.get(key), after.values[row])) {
      return {
        message: `Key ${showKey(key)} has another value than the one stored last.`,
        expected: showValue(contents.get(key)),
        actual: showValue(after.values[row]),
      };
    }
  }
  if (count === contents.size) return null;
  return {
    message: 'Keys of the map are in neither read nor dirty.',
    expected: `${contents.size} keys with a value`,
    actual: `${count}`,
  };
}

function showsNoName(key: unknown, contents: ReadonlyMap<unknown, unknown>): boolean {
  return typeof key === 'object' && key !== null && !contents.has(key);
}

/** All rules of this family. */
export const structureRules: readonly TransitionRule[] = [
  amendedHasDirty,
  unamendedHasNoDirty,
  noDirtyNoMisses,
  missesNeedAmended,
  missesBelowDirty,
  sharedEntry,
  dirtyNotExpunged,
  liveReadInDirty,
  expungedNotInDirty,
  expungedNeedsDirty,
  visibleKeys,
];
