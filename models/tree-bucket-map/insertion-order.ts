/**
 * What an iterator of the tree-bucket map gives next, in one sentence: the live entry with the least incarnation above
 * that of the entry given last. An iterator that once found none has ended for good.
 */
import type { Entry, MapSpec } from '../go-map/spec.ts';

/** The entry due after the one of incarnation `last` (0 before the first), or `undefined` at the end. */
export function entryAfter(spec: MapSpec, last: number): Entry | undefined {
  let due: Entry | undefined;
  for (const entry of spec.liveEntries()) {
    if (entry.incarnation > last && (due === undefined || entry.incarnation < due.incarnation)) {
      due = entry;
    }
  }
  return due;
}

/** All live entries, in the order of their insertion. */
export function entriesInOrder(spec: MapSpec): readonly Entry[] {
  return spec.liveEntries().sort((left, right) => left.incarnation - right.incarnation);
}
