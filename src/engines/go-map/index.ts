/**
 * The public surface of the map: `import { GoMap } from 'mapcheck/go-map'`.
 *
 * `GoMap` is the engine itself; its public types leave the state out, so that nobody comes to rely
 * on it.
 */
import { GoMapEngine } from './go-map.ts';
import type { IteratorView, MapView } from './inspection.ts';
import type { GoMapOptions } from './options.ts';

export { FatalError, GoPanic, HashError } from './errors.ts';
export type { Hasher } from './hash.ts';
export * from './inspection.ts';
export type { GoMapOptions } from './options.ts';
export { PROFILES, type ClearMode, type Profile, type ProfileName } from './profiles.ts';

/** An iterator that begins at its first `next()` and can be inspected. */
export interface GoMapIterator<T> extends IterableIterator<T> {
  next(): IteratorResult<T, undefined>;
  [Symbol.iterator](): GoMapIterator<T>;
  /** Where the iterator stands. Live: it moves with the iterator. */
  inspect(): IteratorView;
}

/**
 * Go's map as a `Map` look-alike. Entries come in Go's order, which is drawn anew for each
 * iteration.
 */
export interface GoMap<K, V> extends Map<K, V> {
  keys(): GoMapIterator<K>;
  values(): GoMapIterator<V>;
  entries(): GoMapIterator<[K, V]>;
  [Symbol.iterator](): GoMapIterator<[K, V]>;
  /**
   * A map of its own with the same entries, seed and options, without the observer; nil if this one
   * is nil.
   */
  clone(): GoMap<K, V>;
  /** The live view of the whole state; allocated once, free when unused. */
  inspect(): MapView;
}

/** What `GoMap` itself offers. */
export interface GoMapConstructor {
  /** An empty map. */
  new <K, V>(options?: GoMapOptions<K>): GoMap<K, V>;
  readonly prototype: GoMap<unknown, unknown>;
  /** A nil map: reads find nothing, deleting and clearing do nothing, `set` throws `GoPanic`. */
  nil<K, V>(options?: GoMapOptions<K>): GoMap<K, V>;
  /** A map with these entries, set in order. */
  from<K, V>(entries: Iterable<readonly [K, V]>, options?: GoMapOptions<K>): GoMap<K, V>;
}

/** Go's map as a `Map` look-alike. */
export const GoMap: GoMapConstructor = GoMapEngine;
