/**
 * `GoMap`: Go's built-in map as it was up to Go 1.23 (`runtime/map.go`), state for state, as a
 * `Map` look-alike.
 *
 * Structure: an array of 2^B buckets of eight cells. The low B bits of a key's hash choose the
 * bucket; its top byte, the tophash, is kept beside the cell, and values below 5 say that the cell
 * is empty or was moved. A full bucket is continued by overflow buckets. When the load would pass
 * 6.5 entries a bucket the array doubles; when overflow buckets are as many as buckets it is packed
 * into one of the same size. Either growth moves old buckets a few at a time, with each write: the
 * one that the write is about to use, and the one at the mark.
 *
 * Invariants, between operations:
 *
 * M1   `count` is the number of live cells in current chains and in chains of old buckets not
 *      evacuated yet.
 * M2   In a chain that is not evacuated only `emptyRest` follows `emptyRest`. (`emptyOne` may stand
 *      where `inspect()` shows `emptyRest`: see `hasLazyRests` in `state.ts`.)
 * M3   A chain's cells are all marked evacuated, or none is (or the chain lost its overflow link by
 *      wiping).
 * M4   Old buckets below `nevacuate` are evacuated.
 * M5   While an old bucket is not evacuated its destinations are blank.
 * M6   No growth ⇒ no same-size flag; growth ⇒ `nevacuate` < old bucket count.
 * M8   B < 16 ⇒ `noverflow` is the number of overflow buckets linked from the current array.
 * M9   After an insertion without growth `count` is within the load limit.
 * M10  The writing flag is clear.
 * M12  A key that equals itself is in exactly one live cell, in the one bucket a lookup searches.
 * M13  Its tophash is that of its hash.
 * M14  B never falls.
 *
 * Differences on purpose: hashes have 32 bits; a map has at most 2^24 buckets, and a hint beyond
 * that counts as none; keys and values are JavaScript's; an allocation that fails leaves the map as
 * it was. `profiles.ts` lists what differs between versions, `block.ts` how cells lie in memory.
 */
import { assign, storeValue } from './assign.ts';
import { cloneHint, copyInto } from './clone.ts';
import { FatalError } from './errors.ts';
import { clear, remove } from './erase.ts';
import { FLAG_HASH_WRITING, type MapView } from './inspection.ts';
import { inspect } from './inspect.ts';
import { Cursor, GoMapIterator } from './iterator.ts';
import { find, tableFor } from './lookup.ts';
import { bucketsForHint, resolveOptions, type GoMapOptions } from './options.ts';
import { deletePlain, getPlain, getReference, hasPlain, placePlain } from './plain.ts';
import { hashOf, MapState, tryNewTable, rotateSeed, type Settings, useTable } from './state.ts';

/* As in `state.ts`; V8 folds a module's own constants only. */
const NO_HOT_PATHS = 0;
const HOT_FOR_NUMBERS = 2;

/** -0 is stored as 0 where they are the same key and nobody may see the difference. */
function storedKey(map: MapState, key: unknown): unknown {
  return key === 0 && !map.hasFloatKeys ? 0 : key;
}

/** Where the last `lookup` found its key; one for all maps, read at once. */
let foundTable: MapState['table'] = null;

/** Finds a key where lookups find it. Returns its cell in `foundTable`, or -1. */
function lookup(map: MapState, key: unknown): number {
  if (map.count === 0) return -1;
  if ((map.flags & FLAG_HASH_WRITING) !== 0) {
    throw new FatalError('concurrent map read and map write');
  }
  const hash = hashOf(map, key);
  if (map.count === 0) return -1; // the hasher may have emptied the map
  foundTable = tableFor(map, hash);
  return find(map, foundTable, key, hash);
}

/** The map itself. People see it through the types of `index.ts`, which leave the state out. */
export class GoMapEngine<K, V> extends MapState implements Map<K, V> {
  /**
   * The second and the third are the engine's own: a clone's settings, and whether the map is nil.
   */
  constructor(
    options: GoMapOptions<K> = {},
    settings: Settings = resolveOptions(options),
    isNil: boolean = false,
  ) {
    super(settings);
    this.isNil = isNil;
    if (!isNil) this.#allocate(options.hint);
  }

  /** A nil map: reads find nothing, deleting and clearing do nothing, setting panics. */
  static nil<K, V>(options: GoMapOptions<K> = {}): GoMapEngine<K, V> {
    return new GoMapEngine<K, V>(options, resolveOptions(options), true);
  }

  /** A map with these entries, set in order. */
  static from<K, V>(
    entries: Iterable<readonly [K, V]>,
    options: GoMapOptions<K> = {},
  ): GoMapEngine<K, V> {
    const map = new GoMapEngine<K, V>(options);
    for (const [key, value] of entries) map.set(key, value);
    return map;
  }

  get size(): number {
    return this.count;
  }

  get(key: K): V | undefined {
    const paths = this.hotPaths;
    if (paths !== NO_HOT_PATHS && typeof key === 'number') {
      const integer = key | 0;
      if (integer === key) {
        const value = (
          paths === HOT_FOR_NUMBERS ? getPlain(this, integer) : getReference(this, integer)
        ) as V | undefined;
        return value;
      }
    }
    return this.#getAny(key);
  }

  #getAny(key: K): V | undefined {
    const slot = lookup(this, storedKey(this, key));
    if (slot < 0) return undefined;
    const reference = slot >> 3;
    const table = foundTable!;
    const index = table.indexOf(reference);
    return table.blockOf(reference).value(index, slot & 7) as V;
  }

  has(key: K): boolean {
    if (this.hotPaths !== NO_HOT_PATHS && typeof key === 'number') {
      const integer = key | 0;
      if (integer === key) return hasPlain(this, integer);
    }
    return lookup(this, storedKey(this, key)) >= 0;
  }

  set(key: K, value: V): this {
    const paths = this.hotPaths;
    if (paths !== NO_HOT_PATHS && typeof key === 'number') {
      const integer = key | 0;
      if (integer === key) {
        const slot = placePlain(this, integer);
        if (paths === HOT_FOR_NUMBERS && typeof value === 'number' && slot < this.mainSlots) {
          this.numbers[slot] = value;
        } else {
          this.#setValue(slot, value);
        }
        return this;
      }
    }
    return this.#setAny(key, value);
  }

  #setAny(key: K, value: V): this {
    this.#setValue(assign(this, storedKey(this, key)), value);
    return this;
  }

  #setValue(slot: number, value: unknown): void {
    const reference = slot >> 3;
    const table = this.table!;
    storeValue(this, table.blockOf(reference), table.indexOf(reference), slot & 7, value);
  }

  delete(key: K): boolean {
    if (this.hotPaths !== NO_HOT_PATHS && typeof key === 'number') {
      const integer = key | 0;
      if (integer === key) return deletePlain(this, integer);
    }
    return remove(this, storedKey(this, key));
  }

  clear(): void {
    clear(this);
  }

  /**
   * A map of its own with the same entries and options, without the observer; nil if this one is
   * nil.
   */
  clone(): GoMapEngine<K, V> {
    const settings = { ...this.settings, observer: null };
    const copy = new GoMapEngine<K, V>({ hint: cloneHint(this) }, settings, this.isNil);
    if (!this.isNil) copyInto(this, copy);
    return copy;
  }

  keys(): GoMapIterator<K> {
    return new GoMapIterator<K>(this, 'keys');
  }

  values(): GoMapIterator<V> {
    return new GoMapIterator<V>(this, 'values');
  }

  entries(): GoMapIterator<[K, V]> {
    return new GoMapIterator<[K, V]>(this, 'entries');
  }

  [Symbol.iterator](): GoMapIterator<[K, V]> {
    return this.entries();
  }

  forEach(
    callback: (value: V, key: K, map: GoMapEngine<K, V>) => void,
    thisArgument?: unknown,
  ): void {
    const cursor = new Cursor(this);
    while (cursor.advance()) {
      callback.call(thisArgument, cursor.value as V, cursor.key as K, this);
    }
  }

  /** The live view of the whole state. */
  inspect(): MapView {
    return inspect(this);
  }

  get [Symbol.toStringTag](): string {
    return 'GoMap';
  }

  /** Draws the seed, then the bucket array if the hint asks for more than one bucket. */
  #allocate(hint: unknown): void {
    rotateSeed(this);
    const B = bucketsForHint(this.profile, hint);
    const table = B > 0 ? tryNewTable(this, B) : null;
    if (table !== null) useTable(this, table);
  }
}
