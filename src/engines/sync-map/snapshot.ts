import type { Entry } from './entry.ts';

/**
 * What read points to. Never changed once published, and `entries` is never the map that dirty is (Y6); a change is a
 * new snapshot.
 */
export interface Snapshot<K, V> {
  readonly entries: ReadonlyMap<K, Entry<V>>;
  /** Whether dirty may hold keys that `entries` lacks. Stays true after those keys are deleted again. */
  readonly amended: boolean;
}

/** The snapshot of a map in which nothing was ever stored. */
export function emptySnapshot<K, V>(): Snapshot<K, V> {
  return { entries: new Map<K, Entry<V>>(), amended: false };
}
