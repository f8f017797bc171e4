/**
 * The state of a `GoMap` and the arithmetic of its growth.
 *
 * Every rule of the map is a function over this class, in the file of its name; the public class
 * adds only the `Map` look-alike. Nothing here is part of the public surface.
 */
import { Block } from './block.ts';
import { FatalError } from './errors.ts';
import { foldHash, hashBuiltIn, type Hasher, type Identities } from './hash.ts';
import {
  FLAG_HASH_WRITING,
  FLAG_SAME_SIZE_GROW,
  type MapObserver,
  type MapView,
} from './inspection.ts';
import type { Profile } from './profiles.ts';
import { Table } from './table.ts';

/**
 * The most main buckets a table can have, as log2: with their pool they stay below 2^25, so that
 * byte indexes fit 31 bits. Room for 109 million entries.
 */
export const B_MAX = 24;
/** From this `B` on overflow buckets are counted by chance (Go: `incrnoverflow`). */
const APPROXIMATE_NOVERFLOW_B = 16;
/** Bits of `noverflow` less one: the threshold of too many overflow buckets stops growing here. */
const NOVERFLOW_B_MAX = 15;

/** No hot path may run. */
const NO_HOT_PATHS = 0;
/** Those may run that are for int32 keys, with values of any kind. */
const HOT_FOR_KEYS = 1;
/** Those may run that are for int32 keys with numbers as values. */
const HOT_FOR_NUMBERS = 2;

/** What all blank maps read: one bucket of zeros. */
export const BLANK: Block = new Block(1, { hasIntegerKeys: true, hasNumberValues: true });

/** The most entries a map of 2^B buckets holds without being overloaded. */
export function loadLimit(profile: Profile, B: number): number {
  return Math.max(8, profile.loadNumerator * Math.floor((1 << B) / profile.loadDenominator)) | 0;
}

/** Whether `count` entries are more than the load factor allows. */
export function isOverloaded(count: number, limit: number): boolean {
  return count > limit;
}

/** The most overflow buckets a map of 2^B buckets has before it should be packed. */
export function overflowLimit(B: number): number {
  return (1 << Math.min(B, NOVERFLOW_B_MAX)) - 1;
}

/** Whether there are so many overflow buckets that the map should be packed. */
export function hasTooManyOverflowBuckets(noverflow: number, limit: number): boolean {
  return noverflow > limit;
}

/** Whether one more entry is a reason to grow. */
export function isGrowthDue(map: MapState): boolean {
  return (
    isOverloaded(map.count + 1, map.countMax) ||
    hasTooManyOverflowBuckets(map.noverflow, map.noverflowMax)
  );
}

/** Everything a map consists of. */
export class MapState {
  /** log2 of the number of main buckets. */
  B: number = 0;
  count: number = 0;
  flags: number = 0;
  noverflow: number = 0;
  nevacuate: number = 0;
  /** The seed of the hash, as a signed 32-bit integer. */
  hash0: number = 0;
  table: Table | null = null;
  oldTable: Table | null = null;
  /**
   * Copies of the current table's fields, a load nearer for the hot paths: `useTable` keeps them.
   */
  words: Int32Array = BLANK.words;
  bytes: Uint8Array = BLANK.bytes;
  numbers: Float64Array = BLANK.values;
  mask: number = 0;
  /** Cells of the main block: a cell number below it stands there. */
  mainSlots: number = 0;
  /** The most entries and the most overflow buckets that are no reason to grow. */
  countMax: number;
  noverflowMax: number;
  /**
   * Which hot paths of `plain.ts` may run: none, those of int32 keys, or those of number values too
   * (`NO_HOT_PATHS` and so on); `refreshHotPaths` keeps it. A number, because V8 compares a boolean
   * field with everything that counts as false.
   */
  hotPaths: number = NO_HOT_PATHS;
  /** Whether all keys so far are int32. */
  hasIntegerKeys: boolean;
  /** Whether all values so far are numbers. */
  hasNumberValues: boolean = true;
  /** Number of clears that found something to clear. */
  clearSequence: number = 0;
  /** Moves on when iterators that are open must end; only profiles that say so use it. */
  epoch: number = 0;
  isNil: boolean = false;
  /**
   * 1 once the hot path of delete has left `emptyOne` in cells behind which nothing is live, where
   * Go has `emptyRest`; else 0. Searches find the same with either, only longer; whoever shows
   * cells has to mind it. A number for the reason given above.
   */
  hasLazyRests: number = 0;

  readonly settings: Settings;
  readonly profile: Profile;
  /** Keys follow the rules of Go's floats instead of SameValueZero. */
  readonly hasFloatKeys: boolean;
  readonly hasher: Hasher<unknown> | null;
  readonly random: () => number;
  readonly observer: MapObserver | null;
  readonly poolSize: (B: number) => number;
  /** Whether evacuation wipes; `null` for "as the storage is". */
  readonly wipe: boolean | null;
  readonly identities: Identities;
  view: MapView | null = null;

  constructor(settings: Settings) {
    this.settings = settings;
    this.profile = settings.profile;
    this.countMax = loadLimit(settings.profile, 0);
    this.noverflowMax = overflowLimit(0);
    this.hasFloatKeys = settings.hasFloatKeys;
    this.hasIntegerKeys = !settings.hasFloatKeys;
    this.hasher = settings.hasher;
    this.random = settings.random;
    this.observer = settings.observer;
    this.poolSize = settings.poolSize;
    this.wipe = settings.wipe;
    this.identities = settings.identities;
  }
}

/** What stays the same for the life of a map and is handed on to its clones. */
export interface Settings {
  readonly profile: Profile;
  readonly hasFloatKeys: boolean;
  readonly hasher: Hasher<unknown> | null;
  readonly random: () => number;
  readonly observer: MapObserver | null;
  readonly poolSize: (B: number) => number;
  readonly wipe: boolean | null;
  readonly identities: Identities;
}

/** Makes `table` the current one. */
export function useTable(map: MapState, table: Table): void {
  map.table = table;
  map.B = table.B;
  map.words = table.main.words;
  map.bytes = table.main.bytes;
  map.numbers = table.main.values;
  map.mask = table.mask;
  map.mainSlots = table.poolEnd * 8;
  map.countMax = loadLimit(map.profile, table.B);
  map.noverflowMax = overflowLimit(table.B);
  refreshHotPaths(map);
}

/**
 * Words and bytes of a bucket are two views of one memory; the hot paths rely on the order of its
 * bytes.
 */
const IS_LITTLE_ENDIAN: boolean = new Uint8Array(new Int32Array([1]).buffer)[0] === 1;

/**
 * Finds out which hot paths may run: all while there is nothing special about the map and no write
 * is under way.
 */
export function refreshHotPaths(map: MapState): void {
  const mayRun =
    map.hasIntegerKeys &&
    map.table !== null &&
    map.hasher === null &&
    (map.flags & FLAG_HASH_WRITING) === 0 &&
    IS_LITTLE_ENDIAN;
  map.hotPaths = mayRun ? (map.hasNumberValues ? HOT_FOR_NUMBERS : HOT_FOR_KEYS) : NO_HOT_PATHS;
}

/** The overflow buckets to allocate together with 2^B buckets. */
function poolSizeOf(map: MapState, B: number): number {
  const poolSize = map.poolSize(B);
  if (Number.isSafeInteger(poolSize) && poolSize >= 0 && poolSize <= 1 << B_MAX) return poolSize;
  throw new RangeError(
    `poolSize(${B}) returned ${String(poolSize)}; expected an integer from 0 to 2^${B_MAX}`,
  );
}

/**
 * A new table for the map, with its pool of overflow buckets.
 *
 * @throws RangeError if the map is at its largest, or if there is no memory.
 */
export function newTable(map: MapState, B: number): Table {
  if (B > B_MAX) {
    throw new RangeError(`the map has 2^${B_MAX} buckets and ${map.count} entries; it cannot grow`);
  }
  return new Table(B, poolSizeOf(map, B) | 0, map);
}

/** A table for a hint, or null if there is no memory for it: a hint never makes a map fail. */
export function tryNewTable(map: MapState, B: number): Table | null {
  const poolSize = poolSizeOf(map, B) | 0;
  try {
    return new Table(B, poolSize, map);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The next random draw, 32 bits, unsigned. */
export function draw(map: MapState): number {
  return map.random() >>> 0;
}

/**
 * The hash of a key under the current seed. A key that does not equal itself gets a new one each
 * time.
 */
export function hashOf(map: MapState, key: unknown): number {
  const seed = map.hash0;
  if (map.hasFloatKeys && key !== key) {
    const fresh = draw(map);
    if (map.hasher === null) return hashBuiltIn(fresh, seed, map.identities);
    return foldHash(map.hasher(key, seed >>> 0, fresh), key);
  }
  if (map.hasher === null) return hashBuiltIn(key, seed, map.identities);
  return foldHash(map.hasher(key, seed >>> 0, 0), key);
}

/** Draws a new seed, so that nobody can go on using what they learnt about the old one. */
export function rotateSeed(map: MapState): void {
  map.hash0 = draw(map) | 0;
}

/** Whether the growth under way keeps the number of buckets. */
export function isSameSizeGrowth(map: MapState): boolean {
  return (map.flags & FLAG_SAME_SIZE_GROW) !== 0;
}

/**
 * Attaches a blank overflow bucket to a chain of the current table and counts it. Returns its
 * reference.
 */
export function newOverflowBucket(map: MapState, last: number): number {
  if (map.B < APPROXIMATE_NOVERFLOW_B) {
    map.noverflow = (map.noverflow + 1) & 0xffff;
  } else if ((draw(map) & ((1 << (map.B - NOVERFLOW_B_MAX)) - 1)) === 0) {
    map.noverflow = (map.noverflow + 1) & 0xffff;
  }
  const added = map.table!.attachOverflowBucket(last, map);
  map.observer?.overflowAttached?.();
  return added;
}

/**
 * Begins a write: no other may be under way.
 *
 * @throws FatalError if one is.
 */
export function beginWrite(map: MapState): void {
  if ((map.flags & FLAG_HASH_WRITING) !== 0) throw new FatalError('concurrent map writes');
  map.flags ^= FLAG_HASH_WRITING;
  map.hotPaths = NO_HOT_PATHS;
}

/**
 * Ends a write.
 *
 * @throws FatalError if the mark of this write vanished meanwhile.
 */
export function endWrite(map: MapState): void {
  if ((map.flags & FLAG_HASH_WRITING) === 0) throw new FatalError('concurrent map writes');
  map.flags &= ~FLAG_HASH_WRITING;
  refreshHotPaths(map);
}

/** Takes back the mark of a write that could not be done. */
export function abandonWrite(map: MapState): void {
  map.flags &= ~FLAG_HASH_WRITING;
  refreshHotPaths(map);
}
