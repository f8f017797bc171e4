/**
 * The hot paths: int32 keys, number values, the built-in hash.
 *
 * They do what `lookup.ts`, `assign.ts` and `erase.ts` do, for the main bucket of a chain while no growth is under way,
 * and hand over to those for the rest. `isPlain` in the state says when they may run. Nothing in them
 * calls code that is not ours, so they need no writing flag.
 *
 * The eight tophash bytes of a bucket are looked at at once, as two words, without a branch: which cell a key is in
 * cannot be foretold, and a branch that is foretold wrongly waits for the cache line first. Sets of cells are bytes with
 * bit n for cell n. The lowest bit of a set is always right; a higher one may be a false alarm (the borrow of a
 * subtraction), so that the key decides.
 *
 * The numbers of the layout stand here once more because V8 folds a module's own constants and not imported ones.
 */
import { assignHashed } from './assign.ts';
import { emptyCell, removeHashed } from './erase.ts';
import { hashInteger, tophashOf } from './hash.ts';
import { findInteger, tableFor } from './lookup.ts';
import { isGrowthDue, type MapState } from './state.ts';

const EMPTY_ONE = 1;
const CELLS_SHIFT = 3;
const WORDS_SHIFT = 4;
const WORDS_START = 12;
const TOPHASHES = 8;
const LINK = 10;
const BYTES_SHIFT = 6;
const TOPHASH_START = 80;
const VALUES_START = 6;

const ONES = 0x01010101;
const HIGH_BITS = 0x80808080 | 0;
/** All bits of a tophash but the one that tells `emptyRest` and `emptyOne` apart. */
const NOT_EMPTY = 0xfefefefe | 0;
/** Multiplied by bits 0, 8, 16, 24 it brings them together as bits 28 to 31. */
const GATHER = 0x10204080;
/** A number that hardly anybody stores. */
const RARE = 1.2345e-300;

/** The set of cells whose byte is zero in two words. */
function zeroBytes(low: number, high: number): number {
  const lowZeros = (low - ONES) & ~low & HIGH_BITS;
  const highZeros = (high - ONES) & ~high & HIGH_BITS;
  return (Math.imul(lowZeros >>> 7, GATHER) >>> 28) | ((Math.imul(highZeros >>> 7, GATHER) >>> 28) << 4);
}

/** The set of cells of a bucket that have a tophash. */
function cellsWith(words: Int32Array, word: number, tophash: number): number {
  const pattern = Math.imul(tophash, ONES);
  return zeroBytes(words[word + TOPHASHES]! ^ pattern, words[word + TOPHASHES + 1]! ^ pattern);
}

/** The set of empty cells of a bucket. */
function emptyCells(words: Int32Array, word: number): number {
  return zeroBytes(words[word + TOPHASHES]! & NOT_EMPTY, words[word + TOPHASHES + 1]! & NOT_EMPTY);
}

/** The lowest cell of a set that is not empty. */
function lowest(cells: number): number {
  return 31 - Math.clz32(cells & -cells);
}

/**
 * The value of an int32 key.
 *
 * The first number of the bucket is read before anything is known, so that its cache line is on the way while the
 * tophash bytes are still awaited (a hit in 10^7 entries takes two thirds of the time). The comparison only keeps the
 * compiler from dropping that read; the rare number takes the long way round.
 */
export function getPlain(map: MapState, key: number): number | undefined {
  const hash = hashInteger(key, map.hash0);
  if (map.oldTable !== null) return getFromChain(map, hash, key);
  const bucket = hash & map.mask;
  const numbers = map.numbers;
  const first = (bucket << CELLS_SHIFT) + VALUES_START;
  if (numbers[first] === RARE) return getFromChain(map, hash, key);
  const words = map.words;
  const word = (bucket << WORDS_SHIFT) + WORDS_START;
  let cells = cellsWith(words, word, tophashOf(hash));
  while (cells !== 0) {
    const cell = lowest(cells);
    if (words[word + cell] === key) return numbers[first + cell];
    cells &= cells - 1;
  }
  return words[word + LINK] === 0 ? undefined : getFromChain(map, hash, key);
}

/** The same for the whole chain of a hash, in the table that lookups search. */
function getFromChain(map: MapState, hash: number, key: number): number | undefined {
  const table = tableFor(map, hash);
  const slot = findInteger(table, hash & table.mask, key);
  if (slot < 0) return undefined;
  const reference = slot >> CELLS_SHIFT;
  const index = table.indexOf(reference);
  return table.blockOf(reference).values[(index << CELLS_SHIFT) + VALUES_START + (slot & 7)];
}

/** Whether there is an entry of an int32 key. */
export function hasPlain(map: MapState, key: number): boolean {
  const hash = hashInteger(key, map.hash0);
  if (map.oldTable !== null) return hasInChain(map, hash, key);
  const words = map.words;
  const word = ((hash & map.mask) << WORDS_SHIFT) + WORDS_START;
  let cells = cellsWith(words, word, tophashOf(hash));
  while (cells !== 0) {
    if (words[word + lowest(cells)] === key) return true;
    cells &= cells - 1;
  }
  return words[word + LINK] !== 0 && hasInChain(map, hash, key);
}

function hasInChain(map: MapState, hash: number, key: number): boolean {
  const table = tableFor(map, hash);
  return findInteger(table, hash & table.mask, key) >= 0;
}

/** Sets an int32 key to a number. */
export function setPlain(map: MapState, key: number, value: number): void {
  const hash = hashInteger(key, map.hash0);
  if (map.oldTable !== null) {
    setInChain(map, hash, key, value);
    return;
  }
  const bucket = hash & map.mask;
  const numbers = map.numbers;
  const first = (bucket << CELLS_SHIFT) + VALUES_START;
  const words = map.words;
  const word = (bucket << WORDS_SHIFT) + WORDS_START;
  const tophash = tophashOf(hash);
  let cells = cellsWith(words, word, tophash);
  while (cells !== 0) {
    const cell = lowest(cells);
    if (words[word + cell] === key) {
      numbers[first + cell] = value;
      return;
    }
    cells &= cells - 1;
  }
  const empty = emptyCells(words, word);
  if (empty === 0 || words[word + LINK] !== 0 || isGrowthDue(map)) {
    setInChain(map, hash, key, value);
    return;
  }
  const cell = lowest(empty);
  words[word + cell] = key;
  map.bytes[(bucket << BYTES_SHIFT) + TOPHASH_START + cell] = tophash;
  numbers[first + cell] = value;
  map.count++;
}

/** The same with all that an assignment may have to do. */
function setInChain(map: MapState, hash: number, key: number, value: number): void {
  const slot = assignHashed(map, key, hash);
  const table = map.table!;
  const reference = slot >> CELLS_SHIFT;
  const index = table.indexOf(reference);
  table.blockOf(reference).values[(index << CELLS_SHIFT) + VALUES_START + (slot & 7)] = value;
}

/** The bytes of a word up to its last one that is no empty cell, as a mask of bits. */
function upToLastLive(word: number): number {
  const rest = word & NOT_EMPTY;
  const live = (((rest & ~HIGH_BITS) + ~HIGH_BITS) | rest) & HIGH_BITS;
  const dead = Math.clz32(live);
  return (-1 >>> (dead >> 1)) >>> (dead - (dead >> 1));
}

/**
 * Empties a cell of a bucket that no other follows.
 *
 * The general rule (`emptyCell`) comes to this here: the last cell that is not `emptyRest` is always live, so that after
 * a delete everything behind the last live cell is `emptyRest`.
 */
function emptyLastCell(
  words: Int32Array,
  word: number,
  bytes: Uint8Array,
  bucket: number,
  cell: number,
): void {
  bytes[(bucket << BYTES_SHIFT) + TOPHASH_START + cell] = EMPTY_ONE;
  const low = words[word + TOPHASHES]!;
  const high = words[word + TOPHASHES + 1]!;
  const keptHigh = upToLastLive(high);
  const isHighLive = (keptHigh | -keptHigh) >> 31;
  words[word + TOPHASHES] = low & (upToLastLive(low) | isHighLive);
  words[word + TOPHASHES + 1] = high & keptHigh;
}

/** Deletes an int32 key. Returns whether it was there. */
export function deletePlain(map: MapState, key: number): boolean {
  if (map.count === 0) return false;
  const hash = hashInteger(key, map.hash0);
  if (map.oldTable !== null || map.count === 1) return removeHashed(map, key, hash);
  const bucket = hash & map.mask;
  const words = map.words;
  const word = (bucket << WORDS_SHIFT) + WORDS_START;
  let cells = cellsWith(words, word, tophashOf(hash));
  while (cells !== 0) {
    const cell = lowest(cells);
    if (words[word + cell] === key) {
      if (words[word + LINK] === 0) emptyLastCell(words, word, map.bytes, bucket, cell);
      else emptyCell(map.table!, bucket, bucket, cell);
      map.count--;
      return true;
    }
    cells &= cells - 1;
  }
  return words[word + LINK] !== 0 && removeHashed(map, key, hash);
}
