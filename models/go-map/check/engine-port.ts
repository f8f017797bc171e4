/**
 * What the models need of a map: the shape that `GoMap` has, so that mutants of it can be passed in
 * its place.
 */
import type { IteratorView, MapObserver, MapView } from '../../../src/engines/go-map/inspection.ts';
import type { ProfileName } from '../profile-rules.ts';
import type { HashFunction } from '../hashes.ts';
import type { KeyProfile } from '../spec.ts';

/** A `Map` look-alike with the checker's windows. */
export interface CheckedMap {
  readonly size: number;
  get(key: unknown): unknown;
  has(key: unknown): boolean;
  set(key: unknown, value: unknown): unknown;
  delete(key: unknown): boolean;
  clear(): void;
  clone(): CheckedMap;
  keys(): Iterable<unknown>;
  values(): Iterable<unknown>;
  entries(): CheckedIterator;
  forEach(callback: (value: unknown, key: unknown) => void): void;
  inspect(): MapView;
}

/** An iterator of such a map. */
export interface CheckedIterator {
  next(): IteratorResult<unknown, unknown>;
  inspect(): IteratorView;
}

/** How a map is made. */
export interface CheckedMapOptions {
  readonly hint: number;
  readonly hash?: HashFunction;
  readonly profile: ProfileName;
  readonly keys: KeyProfile;
  readonly random: () => number;
  readonly observer: MapObserver;
  readonly poolSize?: (B: number) => number;
  readonly wipe?: boolean;
}

/** The class of such maps. */
export interface CheckedMapClass {
  new (options: CheckedMapOptions): CheckedMap;
  nil(options: CheckedMapOptions): CheckedMap;
}
