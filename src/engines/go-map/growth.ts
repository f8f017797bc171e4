/**
 * Growth: starting one, and moving old buckets a few at a time with each write.
 *
 * G1  An old bucket is moved as a whole or not at all; its destinations are blank until then (M5).
 * G2  Old buckets below `nevacuate` are evacuated (M4).
 */
import type { Block } from './block.ts';
import { FatalError, HashError, showValue } from './errors.ts';
import { hashInteger, tophashOf } from './hash.ts';
import {
  hashOf,
  isOverloaded,
  isSameSizeGrowth,
  type MapState,
  newOverflowBucket,
  newTable,
  useTable,
} from './state.ts';
import { Table } from './table.ts';

const BLANK_STORAGE = { hasIntegerKeys: true, hasNumberValues: true };

const CELLS_PER_BUCKET = 8;
const WORDS_SHIFT = 4;
const LINK = 10;
const BYTES_SHIFT = 6;
const TOPHASH_START = 32;
const EMPTY_ONE = 1;
const EVACUATED_X = 2;
const EVACUATED_EMPTY = 4;
const MIN_TOPHASH = 5;
const FLAG_ITERATOR = 1;
const FLAG_OLD_ITERATOR = 2;
const FLAG_SAME_SIZE_GROW = 8;

/** How far the evacuation mark looks ahead for evacuated buckets (Go: `advanceEvacuationMark`). */
const SKIP_MAX = 1024;

/** Flags after a growth started: an iterator from before now stands in the old table. */
function flagsAfterStart(map: MapState): number {
  const kept = map.flags & ~(FLAG_ITERATOR | FLAG_OLD_ITERATOR);
  const handedOver = map.profile.isOldIteratorSticky
    ? FLAG_ITERATOR | FLAG_OLD_ITERATOR
    : FLAG_ITERATOR;
  return (map.flags & handedOver) !== 0 ? kept | FLAG_OLD_ITERATOR : kept;
}

/**
 * Starts a growth: twice the buckets if the map would be overloaded, else as many. Moves nothing
 * yet.
 */
export function startGrowth(map: MapState): void {
  const isDoubling = isOverloaded(map.count + 1, map.countMax);
  const old = map.table!;
  const table = newTable(map, isDoubling ? map.B + 1 : map.B);
  map.flags = isDoubling ? flagsAfterStart(map) : flagsAfterStart(map) | FLAG_SAME_SIZE_GROW;
  map.oldTable = old;
  useTable(map, table);
  map.nevacuate = 0;
  map.noverflow = 0;
  map.observer?.growthStarted?.(isDoubling ? 'doubling' : 'same-size');
}

/**
 * The share of a write in a growth: the old bucket of the bucket it is about to use, and one more.
 */
export function growWork(map: MapState, bucket: number): void {
  fetchLines(map, bucket & map.oldTable!.mask);
  evacuate(map, bucket & map.oldTable!.mask);
  if (map.oldTable !== null) evacuate(map, map.nevacuate);
}

/** A number that hardly anybody stores. */
const RARE_VALUE = 1.2345e-300;
let rareReadCount = 0;

/**
 * Touches every cache line that moving an old bucket will need, so that they are all on the way at
 * once; written one after the other they would be waited for one after the other (a quarter of the
 * time of a write in a growth from 2^17 to 2^18 buckets).
 *
 * The destinations are blank (G1), so what is written is what they hold. They are not read: a page
 * that is first read and then written is handed out by the operating system twice. The comparison
 * and the count only keep the compiler from dropping the one read.
 */
function fetchLines(map: MapState, bucket: number): void {
  const old = map.oldTable!;
  if (!map.hasNumberValues || old.isEvacuated(bucket)) return;
  const { words, values } = map.table!.main;
  const twin = bucket + (map.mask - old.mask);
  if (old.main.values[bucket * CELLS_PER_BUCKET] === RARE_VALUE) {
    rareReadCount = (rareReadCount + 1) & 0xff;
  }
  words[bucket << WORDS_SHIFT] = 0;
  words[twin << WORDS_SHIFT] = 0;
  values[bucket * CELLS_PER_BUCKET] = 0;
  values[twin * CELLS_PER_BUCKET] = 0;
}

function evacuate(map: MapState, bucket: number): void {
  const old = map.oldTable!;
  const isDue = !old.isEvacuated(bucket);
  if (isDue) moveBucket(map, old, bucket);
  if (bucket === map.nevacuate) advanceMark(map, old);
  if (map.observer !== null) {
    if (isDue) map.observer.bucketEvacuated?.(bucket);
    if (map.oldTable === null) map.observer.growthFinished?.();
  }
}

/**
 * Moves the mark past this bucket and past evacuated ones that follow, at most `SKIP_MAX`; may end
 * the growth.
 */
function advanceMark(map: MapState, old: Table): void {
  map.nevacuate++;
  const stop = Math.min(map.nevacuate + SKIP_MAX, old.bucketCount);
  while (map.nevacuate !== stop && old.isEvacuated(map.nevacuate)) map.nevacuate++;
  if (map.nevacuate === old.bucketCount) {
    map.oldTable = null;
    map.flags &= ~FLAG_SAME_SIZE_GROW;
  }
}

/** Where the entries of an old bucket go: a chain of the current table that is being filled. */
class Destination {
  /**
   * One that lives for ever. V8 drops a hidden class that no living object has at a garbage
   * collection, and with it what it learnt about the code that uses it; the others live for one
   * bucket only.
   */
  static readonly kept: Destination = new Destination(new Table(0, 0, BLANK_STORAGE), 0);

  readonly #table: Table;
  #reference: number;
  block: Block;
  index: number;
  /** The next cell to fill; 8 when the bucket is full. */
  cell: number = 0;

  constructor(table: Table, bucket: number) {
    this.#table = table;
    this.#reference = bucket;
    this.block = table.main;
    this.index = bucket;
  }

  /** Goes on in a new overflow bucket. */
  extend(map: MapState): void {
    this.#reference = newOverflowBucket(map, this.#reference);
    this.block = this.#table.blockOf(this.#reference);
    this.index = this.#table.indexOf(this.#reference);
    this.cell = 0;
  }
}

/** Copies an entry to the next cell of its destination. */
function copyCell(
  map: MapState,
  from: Block,
  index: number,
  cell: number,
  to: Destination,
  tophash: number,
): void {
  if (to.cell === CELLS_PER_BUCKET) to.extend(map);
  to.block.setTophash(to.index, to.cell, tophash);
  if (map.hasIntegerKeys) {
    to.block.setKeyWord(to.index, to.cell, from.keyWord(index, cell));
  } else {
    const hash = hashInCell(map, from, index, cell);
    to.block.setKey(to.index, to.cell, from.key(index, cell), hash, map.hash0);
  }
  to.block.setValue(to.index, to.cell, from.value(index, cell));
  to.cell++;
}

/**
 * The hash of a live key as the storage knows it: kept with the key, or made from the int32 itself.
 */
function hashInCell(map: MapState, block: Block, index: number, cell: number): number {
  const word = block.keyWord(index, cell);
  return block.hasKeyChunk(index) ? word : hashInteger(word, map.hash0);
}

/**
 * Which half of a doubled table a hash belongs to: 0 the bucket of the same index, 1 the one that
 * many further on.
 */
function halfOf(hash: number, oldB: number): number {
  return (hash >>> oldB) & 1;
}

/**
 * Moves the entries of an old bucket's chain to the current table, marks where they went, wipes
 * what nobody needs.
 */
function moveBucket(map: MapState, old: Table, bucket: number): void {
  if (map.hasIntegerKeys && map.hasNumberValues && !mustRehash(map)) moveNumbers(map, old, bucket);
  else moveEntries(map, old, bucket);
  if ((map.flags & FLAG_OLD_ITERATOR) === 0 && isWiping(map)) old.main.wipe(bucket);
}

/** The chains of the current table that the entries of an old bucket go to. */
function destinationsOf(map: MapState, old: Table, bucket: number): Destination[] {
  const table = map.table!;
  const low = new Destination(table, bucket);
  return isSameSizeGrowth(map) ? [low] : [low, new Destination(table, bucket + old.bucketCount)];
}

function moveEntries(map: MapState, old: Table, bucket: number): void {
  const isDoubling = !isSameSizeGrowth(map);
  const hashes = isDoubling && mustRehash(map) ? rehashChain(map, old, bucket) : null;
  const destinations = destinationsOf(map, old, bucket);
  let live = 0;
  let reference = bucket;
  do {
    const block = old.blockOf(reference);
    const index = old.indexOf(reference);
    for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
      let tophash = block.tophash(index, cell);
      if (tophash <= EMPTY_ONE) {
        block.setTophash(index, cell, EVACUATED_EMPTY);
        continue;
      }
      if (tophash < MIN_TOPHASH) throw new FatalError('bad map state');
      let half = 0;
      if (isDoubling) {
        const hash = hashes === null ? hashInCell(map, block, index, cell) : hashes[live++]!;
        if (hasIteratorBegun(map) && isUnequalToItself(map, block.key(index, cell))) {
          // An iterator that filters must know where such a key went, so its old tophash decides.
          half = tophash & 1;
          tophash = tophashOf(hash);
        } else {
          half = halfOf(hash, old.B);
        }
      }
      block.setTophash(index, cell, EVACUATED_X + half);
      copyCell(map, block, index, cell, destinations[half]!, tophash);
    }
    reference = block.link(index);
  } while (reference !== 0);
}

/**
 * The same for int32 keys, number values and the built-in hash, where most of the time of a growing
 * map goes.
 *
 * `filled` counts the cells filled in either half, 16 bits each: a half is chosen by arithmetic,
 * because a branch that is taken every other time costs more than the copying. It makes no objects
 * on the way: V8 forgets what it learnt about code when a garbage collection finds none of a class
 * that the code uses, and those that live for one bucket only are never found.
 */
function moveNumbers(map: MapState, old: Table, bucket: number): void {
  const distance = isSameSizeGrowth(map) ? 0 : old.bucketCount;
  const { hash0 } = map;
  const { words: toWords, bytes: toBytes, values: toValues } = map.table!.main;
  let filled = 0;
  let reference = bucket;
  do {
    const block = old.blockOf(reference);
    const index = old.indexOf(reference);
    const { words, bytes, values } = block;
    const word = index << WORDS_SHIFT;
    const byte = (index << BYTES_SHIFT) + TOPHASH_START;
    const first = index * CELLS_PER_BUCKET;
    for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
      const tophash = bytes[byte + cell]!;
      if (tophash <= EMPTY_ONE) {
        bytes[byte + cell] = EVACUATED_EMPTY;
        continue;
      }
      if (tophash < MIN_TOPHASH) throw new FatalError('bad map state');
      const key = words[word + cell]!;
      const half = distance === 0 ? 0 : halfOf(hashInteger(key, hash0), old.B);
      bytes[byte + cell] = EVACUATED_X + half;
      const count = (filled >>> (half << 4)) & 0xffff;
      filled += 1 << (half << 4);
      const to = bucket + half * distance;
      if (count < CELLS_PER_BUCKET) {
        toWords[(to << WORDS_SHIFT) + count] = key;
        toBytes[(to << BYTES_SHIFT) + TOPHASH_START + count] = tophash;
        toValues[to * CELLS_PER_BUCKET + count] = values[first + cell]!;
      } else {
        appendNumber(map, to, count, key, values[first + cell]!, tophash);
      }
    }
    reference = words[word + LINK]!;
  } while (reference !== 0);
}

/** Appends an entry to a chain of the current table that holds `count`, at least one bucket full. */
function appendNumber(
  map: MapState,
  bucket: number,
  count: number,
  key: number,
  value: number,
  tophash: number,
): void {
  const table = map.table!;
  const cell = count & 7;
  let reference = lastOfChain(table, bucket);
  if (cell === 0) reference = newOverflowBucket(map, reference);
  const block = table.blockOf(reference);
  const index = table.indexOf(reference);
  block.setKeyWord(index, cell, key);
  block.setTophash(index, cell, tophash);
  block.values[index * CELLS_PER_BUCKET + cell] = value;
}

function lastOfChain(table: Table, bucket: number): number {
  let reference = bucket;
  for (;;) {
    const next = table.blockOf(reference).link(table.indexOf(reference));
    if (next === 0) return reference;
    reference = next;
  }
}

/** Whether an iterator was started since this growth began. */
function hasIteratorBegun(map: MapState): boolean {
  return (map.flags & FLAG_ITERATOR) !== 0;
}

function isUnequalToItself(map: MapState, key: unknown): boolean {
  return map.hasFloatKeys && key !== key;
}

/**
 * Whether old buckets are wiped once nobody can stand in them: by default when the storage holds
 * references.
 */
function isWiping(map: MapState): boolean {
  return map.wipe ?? !(map.hasIntegerKeys && map.hasNumberValues);
}

/**
 * Whether evacuation has to ask for hashes, because code that is not ours or a random draw makes
 * them.
 */
function mustRehash(map: MapState): boolean {
  return map.hasher !== null || map.hasFloatKeys;
}

/**
 * The hashes of the live keys of an old chain, in order, asked for before anything is moved (G1).
 *
 * @throws HashError if a hasher gives a key another tophash than before.
 */
function rehashChain(map: MapState, old: Table, bucket: number): number[] {
  const hashes: number[] = [];
  let reference = bucket;
  do {
    const block = old.blockOf(reference);
    const index = old.indexOf(reference);
    for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
      const tophash = block.tophash(index, cell);
      if (tophash < MIN_TOPHASH) continue;
      const key = block.key(index, cell);
      const hash = hashOf(map, key);
      if (tophashOf(hash) !== tophash && !isUnequalToItself(map, key)) {
        throw new HashError(
          `the hasher changed its mind about the key ${showValue(key)}: its hash now has the ` +
            `tophash ${tophashOf(hash)}, expected ${tophash} as when the key was stored`,
        );
      }
      hashes.push(hash);
    }
    reference = block.link(index);
  } while (reference !== 0);
  return hashes;
}
