/**
 * Walks all cells of a map once, against the specification, and fills the facts that the properties
 * read.
 *
 * Cost: a call or two for each cell, a lookup in the specification for each live one; nothing is
 * allocated. The hash of an entry is computed once: it cannot change while the entry lives, for the
 * seed stays as long as the map is not empty (which is a property of its own; should the seed
 * change all the same, the hashes are computed anew).
 */
import type { LayoutFacts } from '../../../properties/go-map/facts.ts';
import {
  CELLS_PER_BUCKET,
  EMPTY_ONE,
  EMPTY_REST,
  EVACUATED_EMPTY,
  MIN_TOPHASH,
  type MapView,
  type TableView,
} from '../../../src/engines/go-map/inspection.ts';
import type { HashFunction } from '../hashes.ts';
import type { MapSpec } from '../spec.ts';

/** Buckets of a chain after which it is taken to have no end; no program has that many entries. */
const CHAIN_LENGTH_MAX = 4096;

/** The tophash that belongs to a hash: its top byte, kept out of the range of the marks. */
export function tophashOf(hash: number): number {
  const top = hash >>> 24;
  return top < MIN_TOPHASH ? top + MIN_TOPHASH : top;
}

/** Tells whether an old bucket has been evacuated: its first cell says so. */
export function isEvacuated(table: TableView, bucket: number): boolean {
  const top = table.tophash(bucket, 0);
  return top > EMPTY_ONE && top < MIN_TOPHASH;
}

export class LayoutScanner {
  readonly #spec: MapSpec;
  readonly #hash: HashFunction | null;
  /** By incarnation: the entry's hash, or `undefined` when it was not needed yet. */
  #hashes: (number | undefined)[] = [];
  #seed = 0;
  /** By incarnation: the walk in which a cell of the entry was seen last. */
  readonly #seen: number[] = [];
  /** By incarnation: buckets before the entry's in its chain, as of the last walk. */
  readonly #depths: number[] = [];
  #walk = 0;
  // The state of the walk under way.
  #facts!: LayoutFacts;
  #view!: MapView;
  #mask = 0;
  #main = 0;
  #isOld = false;

  /** `hash` is `null` for the engine's own hash, which the view is then asked for. */
  constructor(spec: MapSpec, hash: HashFunction | null) {
    this.#spec = spec;
    this.#hash = hash;
  }

  /** Fills `facts` with what a walk over the view finds. */
  scan(view: MapView, facts: LayoutFacts): void {
    facts.reset(this.#spec.size);
    this.#facts = facts;
    this.#view = view;
    this.#walk++;
    this.#useSeed(view.hash0);
    const { buckets, oldBuckets } = view;
    if (buckets !== null) {
      this.#isOld = false;
      this.#mask = buckets.bucketCount - 1;
      for (let index = 0; index < buckets.bucketCount; index++) this.#walkChain(buckets, index);
    }
    if (oldBuckets !== null && buckets !== null) this.#walkOld(oldBuckets, buckets);
  }

  /** The hash of an entry under the seed of the last walk. */
  hashOf(incarnation: number, key: unknown): number {
    return (this.#hashes[incarnation] ??= this.#compute(key) | 0);
  }

  /** Buckets before the entry's in its chain, as of the last walk; 0 for one not seen yet. */
  depthOf(incarnation: number): number {
    return this.#depths[incarnation] ?? 0;
  }

  #compute(key: unknown): number {
    return this.#hash === null ? (this.#view.hash(key) ?? 0) : this.#hash(key, this.#seed, 0);
  }

  #useSeed(seed: number): void {
    if (seed === this.#seed) return;
    this.#seed = seed;
    this.#hashes = [];
  }

  #fault(): void {
    this.#facts.faultAt ??= this.#isOld ? -1 - this.#main : this.#main;
  }

  #walkOld(oldBuckets: TableView, buckets: TableView): void {
    const facts = this.#facts;
    const oldCount = oldBuckets.bucketCount;
    this.#isOld = true;
    this.#mask = oldCount - 1;
    facts.firstUnevacuated = oldCount;
    for (let index = 0; index < oldCount; index++) {
      if (isEvacuated(oldBuckets, index)) {
        this.#walkEvacuated(oldBuckets, index);
        continue;
      }
      if (facts.firstUnevacuated === oldCount) facts.firstUnevacuated = index;
      this.#walkChain(oldBuckets, index);
      for (let to = index; to < buckets.bucketCount; to += oldCount) {
        if (isPristine(buckets, to)) continue;
        facts.spoiltDestinations++;
        this.#fault();
      }
    }
  }

  /** A chain in use: the new ones, and the old ones that have not been evacuated. */
  #walkChain(table: TableView, index: number): void {
    const facts = this.#facts;
    this.#main = index;
    let hasRest = false;
    let depth = 0;
    for (let bucket = index; ;) {
      for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
        const top = table.tophash(bucket, cell);
        if (top >= MIN_TOPHASH) this.#walkLive(table, bucket, cell, top, depth);
        if (top === EMPTY_REST) hasRest = true;
        else if (hasRest) this.#misplaced('cellsAfterRest');
        if (top > EMPTY_ONE && top < MIN_TOPHASH) this.#misplaced('marksOutOfPlace');
      }
      bucket = table.overflow(bucket);
      if (bucket < 0) return;
      if (this.#isOld) facts.oldOverflow++;
      else facts.newOverflow++;
      if (++depth > CHAIN_LENGTH_MAX) return this.#misplaced('endlessChains');
    }
  }

  #misplaced(
    what: 'cellsAfterRest' | 'marksOutOfPlace' | 'endlessChains' | 'cellsNotMarked',
  ): void {
    this.#facts[what]++;
    this.#fault();
  }

  #walkEvacuated(table: TableView, index: number): void {
    const facts = this.#facts;
    this.#main = index;
    let depth = 0;
    for (let bucket = index; ;) {
      for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
        const top = table.tophash(bucket, cell);
        if (top <= EMPTY_ONE || top > EVACUATED_EMPTY) this.#misplaced('cellsNotMarked');
      }
      bucket = table.overflow(bucket);
      if (bucket < 0) return;
      facts.oldOverflow++;
      if (++depth > CHAIN_LENGTH_MAX) return this.#misplaced('endlessChains');
    }
  }

  #walkLive(table: TableView, bucket: number, cell: number, top: number, depth: number): void {
    const facts = this.#facts;
    facts.liveCells++;
    const key = table.key(bucket, cell);
    if (!this.#spec.isReflexive(key)) {
      this.#walkIrreflexive(table.value(bucket, cell), depth);
      return;
    }
    const entry = this.#spec.find(key);
    if (entry === undefined) {
      facts.strayCells++;
      this.#fault();
      return;
    }
    const { incarnation } = entry;
    if (this.#seen[incarnation] === this.#walk) {
      facts.duplicateCells++;
      this.#fault();
      return;
    }
    this.#seen[incarnation] = this.#walk;
    this.#depths[incarnation] = depth;
    this.#judge(entry, key, table.value(bucket, cell));
    const hash = this.hashOf(incarnation, key);
    const hasTophash = tophashOf(hash) === top;
    if (hasTophash && (hash & this.#mask) === this.#main) facts.reachable++;
    else this.#fault();
    if (!hasTophash) facts.wrongTophashCells++;
  }

  #judge(entry: { key: unknown; value: unknown }, key: unknown, value: unknown): void {
    if (!Object.is(entry.key, key)) {
      this.#facts.wrongKeyCells++;
      this.#fault();
    }
    if (!Object.is(entry.value, value)) {
      this.#facts.wrongValueCells++;
      this.#fault();
    }
  }

  /**
   * A `NaN` may stand in any bucket; it must be one that was set, with its value, and each only
   * once.
   */
  #walkIrreflexive(value: unknown, depth: number): void {
    for (const entry of this.#spec.irreflexiveEntries()) {
      if (entry.removedBy !== null || this.#seen[entry.incarnation] === this.#walk) continue;
      if (!Object.is(entry.value, value)) continue;
      this.#seen[entry.incarnation] = this.#walk;
      this.#depths[entry.incarnation] = depth;
      this.#facts.reachable++;
      return;
    }
    this.#facts.strayCells++;
    this.#fault();
  }
}

/**
 * Tells whether a main bucket has never been written: eight times `emptyRest`, no overflow bucket.
 */
function isPristine(table: TableView, bucket: number): boolean {
  for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
    if (table.tophash(bucket, cell) !== EMPTY_REST) return false;
  }
  return table.overflow(bucket) < 0;
}
