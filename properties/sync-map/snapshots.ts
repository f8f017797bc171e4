/** What may happen to the published snapshot: Y6, Y7. */
import type { KeptSnapshot } from './observation/history.ts';
import { showKey, showStage } from './observation/rule.ts';
import type { Fault, TransitionRule } from './observation/rule.ts';

/** Readers walk the published map without a lock, so it must never change under them. */
export const snapshotImmutable: TransitionRule = {
  name: 'sync-map.snapshot-immutable',
  statement: 'A published read map never changes, and is never the dirty map.',
  source: 'Y6; in Go a violation is an unsynchronised write under readers that hold no lock',
  check: ({ before, after }) => {
    if (after.readMap === after.dirtyMap) {
      return {
        message:
          'Read and dirty are one map, so the next insertion writes to a published snapshot.',
        expected: 'two maps',
        actual: 'one',
      };
    }
    if (before.readMap !== after.readMap) return null;
    return checkSnapshot(
      {
        map: after.readMap,
        keys: before.keys,
        entries: before.readEntries as KeptSnapshot['entries'],
      },
      before.readSize,
    );
  },
};

/** The rule above, for a snapshot that was kept; `size` is the number of its keys. */
export function checkSnapshot(snapshot: KeptSnapshot, size: number): Fault | null {
  if (snapshot.map.size !== size) {
    return {
      message: 'The number of keys in a published read map changed.',
      expected: `${size} keys`,
      actual: `${snapshot.map.size}`,
    };
  }
  let row = 0;
  for (const [key, entry] of snapshot.map) {
    if (snapshot.entries[row] !== entry || !Object.is(snapshot.keys[row], key)) {
      return {
        message: `A published read map was changed at key ${showKey(snapshot.keys[row])}.`,
        expected: 'the entry it was published with',
        actual: `another entry (${entry.kind}) under key ${showKey(key)}`,
      };
    }
    row += 1;
  }
  return null;
}

/** Two writers of read would each publish a snapshot without what the other one did. */
export const readUnderMutex: TransitionRule = {
  name: 'sync-map.read-under-mutex',
  statement: 'Read is replaced only by an operation that takes the mutex.',
  source: 'Y7, as far as a single caller can see it',
  check: ({ before, after, lockCount, stage }) =>
    lockCount === 0 && (before.readMap !== after.readMap || before.amended !== after.amended)
      ? {
          message: `${showStage(stage)} replaced read without taking the mutex.`,
          expected: 'the mutex taken once',
          actual: 'not taken',
        }
      : null,
};

/** All rules of this family. */
export const snapshotRules: readonly TransitionRule[] = [snapshotImmutable, readUnderMutex];
