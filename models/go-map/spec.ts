/**
 * What a map is, for one who knows nothing of buckets: the specification that engines are judged
 * by.
 *
 * A map is a set of entries. An entry is one insertion of one key: updating keeps the entry,
 * deleting and setting again makes another one, with the next incarnation number. Of each key that
 * equals itself there is at most one live entry; of a key that does not (`NaN` under the `float64`
 * profile) any number, and nothing but `clear` removes them.
 *
 * Source: the Go language specification, "Map types", "Deletion of map elements", "Clear", and
 * section "Comparison operators" for which keys are equal; ECMAScript's SameValueZero for the
 * `javascript` profile.
 */

/** Which keys are equal: as in JavaScript's `Map`, or as among Go's `float64`. */
export type KeyProfile = 'javascript' | 'float64';

/** One insertion of one key. */
export interface Entry {
  /**
   * The key as it was last written: under `float64`, setting `-0` over `0` changes the sign of
   * this.
   */
  key: unknown;
  value: unknown;
  /** 1 for the first insertion into the map, 2 for the second, … Never used again. */
  readonly incarnation: number;
  /** `null` while the entry is in the map. */
  removedBy: 'delete' | 'clear' | null;
}

/** The specification of a map, as an executable object. */
export class MapSpec {
  readonly keys: KeyProfile;
  /** Go's nil map: reads as an empty one, cannot be assigned to. */
  readonly isNil: boolean;
  /**
   * The latest entry of each key that equals itself, live or removed. JavaScript's `Map` decides
   * which keys are equal.
   */
  readonly #latest = new Map<unknown, Entry>();
  /** Every entry whose key does not equal itself, oldest first, live or removed. */
  readonly #irreflexive: Entry[] = [];
  #insertions = 0;
  #size = 0;

  constructor(keys: KeyProfile, isNil = false) {
    this.keys = keys;
    this.isNil = isNil;
  }

  /** Number of live entries. */
  get size(): number {
    return this.#size;
  }

  /** Number of insertions so far, which is the incarnation of the newest entry. */
  get insertions(): number {
    return this.#insertions;
  }

  /** Tells whether a key equals itself. */
  isReflexive(key: unknown): boolean {
    return this.keys === 'javascript' || key === key;
  }

  /** Returns the live entry of a key. */
  find(key: unknown): Entry | undefined {
    const entry = this.latest(key);
    return entry !== undefined && entry.removedBy === null ? entry : undefined;
  }

  /**
   * Returns the newest entry a key ever had, live or removed; nothing for a key that does not equal
   * itself.
   */
  latest(key: unknown): Entry | undefined {
    return this.isReflexive(key) ? this.#latest.get(key) : undefined;
  }

  /** `m[k] = v`. Returns the entry that now holds the value. */
  set(key: unknown, value: unknown): Entry {
    const present = this.find(key);
    if (present === undefined) return this.#insert(this.#stored(key), value);
    present.key = this.#stored(key);
    present.value = value;
    return present;
  }

  /** `delete(m, k)`. Returns the entry that was removed, if any. */
  delete(key: unknown): Entry | undefined {
    const entry = this.find(key);
    if (entry === undefined) return undefined;
    entry.removedBy = 'delete';
    this.#size--;
    return entry;
  }

  /** `clear(m)`: the only way to be rid of a key that does not equal itself. */
  clear(): void {
    for (const entry of this.liveEntries()) entry.removedBy = 'clear';
    this.#size = 0;
  }

  /** `maps.Clone(m)`: equal entries, independent from now on. A nil map's clone is nil. */
  clone(): MapSpec {
    const copy = new MapSpec(this.keys, this.isNil);
    for (const entry of this.liveEntries()) copy.#insert(entry.key, entry.value);
    return copy;
  }

  /** The live entries. The order means nothing. */
  liveEntries(): Entry[] {
    const isLive = (entry: Entry): boolean => entry.removedBy === null;
    return [...[...this.#latest.values()].filter(isLive), ...this.#irreflexive.filter(isLive)];
  }

  /** Every entry ever made whose key does not equal itself, oldest first. */
  irreflexiveEntries(): readonly Entry[] {
    return this.#irreflexive;
  }

  #insert(key: unknown, value: unknown): Entry {
    const entry: Entry = { key, value, incarnation: ++this.#insertions, removedBy: null };
    if (this.isReflexive(key)) this.#latest.set(key, entry);
    else this.#irreflexive.push(entry);
    this.#size++;
    return entry;
  }

  /** JavaScript's maps store `-0` as `0`; Go's keep the sign. */
  #stored(key: unknown): unknown {
    return this.keys === 'javascript' && key === 0 ? 0 : key;
  }
}
