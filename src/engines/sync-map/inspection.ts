/** The three states of an entry. */
export type EntryKind = 'value' | 'nil' | 'expunged';

/** The entry of one key, live: the same object for as long as the map has that entry. */
export interface EntryView<V> {
  /** `nil` is deleted; `expunged` is deleted and absent from dirty. */
  readonly kind: EntryKind;
  /** `undefined` unless `kind` is `value`. */
  readonly value: V | undefined;
}

/**
 * The whole state of a map. The two maps are the structure's own, live and to be read only; `amended` and `misses` are
 * as they were when the view was taken.
 *
 * Under the `float64` key profile a NaN key stands as an object of its own, one for each NaN that was stored.
 */
export interface SyncMapView<K, V> {
  /** The map of the published snapshot. */
  readonly read: ReadonlyMap<K, EntryView<V>>;
  /** Whether dirty may hold keys that read lacks. */
  readonly amended: boolean;
  readonly dirty: ReadonlyMap<K, EntryView<V>> | null;
  readonly misses: number;
  /** Whether the mutex is held at this moment. */
  readonly isLocked: boolean;
}

/**
 * Called by the engine at rare moments, most of them with the mutex held. Never called when no observer is given.
 *
 * A callback may inspect the map. It must not throw and must not operate on the map.
 */
export interface SyncMapObserver {
  /** The mutex was taken. */
  lockAcquired?(): void;
  /** Misses reached the size of dirty, and dirty has become read. */
  promotion?(entryCount: number): void;
  /** A Range found the map amended, and dirty has become read. */
  rangePromotion?(entryCount: number): void;
  /** A new dirty map was made from read. `entryCount` entries were copied. */
  dirtyCopy?(entryCount: number): void;
  /** A deleted entry was left out of that copy and marked. */
  expunge?(): void;
  /** A write brought an expunged entry back. */
  unexpunge?(): void;
  /** A Load had to take the mutex. */
  slowPathLoad?(): void;
  /** A Clear found something to clear. */
  clear?(): void;
}
