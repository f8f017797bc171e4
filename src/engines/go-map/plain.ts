/**
 * The hot paths: int32 keys under the built-in hash; numbers as values are hottest.
 *
 * They do what `lookup.ts`, `assign.ts` and `erase.ts` do, for the main bucket of a chain while no
 * growth is under way, and hand over to those for the rest. `hotPaths` in the state says when they
 * may run. Nothing in them calls code that is not ours, so they need no writing flag.
 *
 * The eight tophash bytes of a bucket are looked at at once, as two words, without a branch: which
 * cell a key is in cannot be foretold, and a branch that is foretold wrongly waits for the cache
 * line first. A set of cells has cells 0 to 3 at bits 0, 8, 16 and 24 and cells 4 to 7 at bits 4,
 * 12, 20 and 28. The lowest bit of either four is always right; a higher one may be a false alarm
 * (the borrow of a subtraction), so that the key decides.
 *
 * The numbers of the layout stand here once more because V8 folds a module's own constants and not
 * imported ones.
 */
import { assignHashed } from './assign.ts';
import { growWork } from './growth.ts';
import { emptyCell, remove } from './erase.ts';
import { hashInteger, tophashOf } from './hash.ts';
import { tableFor } from './lookup.ts';
import { abandonWrite, beginWrite, isGrowthDue, type MapState } from './state.ts';
import type { Table } from './table.ts';

const EMPTY_ONE = 1;
const CELLS_PER_BUCKET = 8;
const CELLS_SHIFT = 3;
const WORDS_SHIFT = 4;
const TOPHASHES = 8;
const LINK = 10;
const TOPHASH_START = 32;
const HOT_FOR_NUMBERS = 2;

const ONES = 0x01010101;
const HIGH_BITS = 0x80808080 | 0;
/** All bits of a tophash but the one that tells `emptyRest` and `emptyOne` apart. */
const NOT_EMPTY = 0xfefefefe | 0;
/** A number that hardly anybody stores. */
const RARE = 1.2345e-300;

/*
 * Constants, not declarations: V8 builds a function that is a constant into the code of its caller,
 * and compares one that is declared or imported with what it was at each call. The shorter the
 * code of an operation is, the more operations a processor has under way at once, each waiting for
 * its cache line.
 */
const mix: typeof hashInteger = hashInteger;
const topOf: typeof tophashOf = tophashOf;

/** The set of cells of a bucket that have a tophash; `word` is the bucket's first word. */
const cellsWith = (words: Int32Array, word: number, tophash: number): number => {
  const pattern = Math.imul(tophash, ONES);
  const low = words[word | TOPHASHES]! ^ pattern;
  const high = words[word | (TOPHASHES + 1)]! ^ pattern;
  const lowZeros = (low - ONES) & ~low & HIGH_BITS;
  const highZeros = (high - ONES) & ~high & HIGH_BITS;
  return (lowZeros >>> 7) | (highZeros >>> 3);
};

/** The cell of the lowest bit of a set that is not empty. */
const cellOf = (cells: number): number => {
  const bit = 31 - Math.clz32(cells & -cells);
  return (bit >> 3) | (bit & 4);
};

/** The number of bytes below the lowest bit that is set; 4 if none is. */
const countBelow = (bits: number): number => (32 - Math.clz32(~bits & (bits - 1))) >> 3;

/** The first empty cell of a bucket, or 8. */
const firstEmptyCell = (words: Int32Array, word: number): number => {
  const low = words[word | TOPHASHES]! & NOT_EMPTY;
  const high = words[word | (TOPHASHES + 1)]! & NOT_EMPTY;
  const lowFirst = countBelow((low - ONES) & ~low & HIGH_BITS);
  const highFirst = countBelow((high - ONES) & ~high & HIGH_BITS);
  return lowFirst + (highFirst & -(lowFirst >> 2));
};

/**
 * The value of an int32 key.
 *
 * On a match the first number of the bucket is read, whichever cell it is: its address does not
 * depend on the tophash bytes, so that a processor that expects a hit has its cache line on the way
 * while it still waits for theirs (a third less time for a hit among 10^7 entries). The comparison
 * only keeps the compiler from dropping that read; the rare number takes the long way round.
 */
export function getPlain(map: MapState, key: number): number | undefined {
  const hash = mix(key, map.hash0);
  if (map.oldTable !== null) return getFromChain(map, hash, key);
  const words = map.words;
  const word = (hash & map.mask) << WORDS_SHIFT;
  const cells = cellsWith(words, word, topOf(hash));
  if (cells !== 0) {
    const numbers = map.numbers;
    if (numbers[word >> 1] === RARE) return getFromChain(map, hash, key);
    const cell = cellOf(cells);
    if (words[word | cell] === key) return numbers[(word >> 1) | cell];
  } else if (words[word | LINK] === 0) {
    return undefined;
  }
  return getFromChain(map, hash, key);
}

/** The same for the whole chain of a hash, in the table that lookups search. */
function getFromChain(map: MapState, hash: number, key: number): number | undefined {
  const table = tableFor(map, hash);
  const slot = slotOf(table, hash, key);
  if (slot < 0) return undefined;
  const reference = slot >> CELLS_SHIFT;
  const index = table.indexOf(reference);
  return table.blockOf(reference).values[(index << CELLS_SHIFT) | (slot & 7)];
}

/** The value of an int32 key in a map that has values of other kinds too. */
export function getReference(map: MapState, key: number): unknown {
  const hash = hashInteger(key, map.hash0);
  const table = map.oldTable === null ? map.table! : tableFor(map, hash);
  const slot = slotOf(table, hash, key);
  if (slot < 0) return undefined;
  const reference = slot >> CELLS_SHIFT;
  return table.blockOf(reference).value(table.indexOf(reference), slot & 7);
}

/** Whether there is an entry of an int32 key. */
export function hasPlain(map: MapState, key: number): boolean {
  const hash = hashInteger(key, map.hash0);
  return slotOf(map.oldTable === null ? map.table! : tableFor(map, hash), hash, key) >= 0;
}

/** The cell of an int32 key in a table, as bucket reference times 8 plus cell, or -1. */
function slotOf(table: Table, hash: number, key: number): number {
  const tophash = tophashOf(hash);
  let reference = hash & table.mask;
  do {
    const { words } = table.blockOf(reference);
    const word = table.indexOf(reference) << WORDS_SHIFT;
    let cells = cellsWith(words, word, tophash);
    while (cells !== 0) {
      const cell = cellOf(cells);
      if (words[word + cell] === key) return (reference << CELLS_SHIFT) + cell;
      cells &= cells - 1;
    }
    reference = words[word + LINK]!;
  } while (reference !== 0);
  return -1;
}

/**
 * The cell of an int32 key in the current table, made if need be, as bucket reference times 8 plus
 * cell.
 *
 * The caller stores the number: handed on from function to function it would be boxed.
 */
export function placePlain(map: MapState, key: number): number {
  const hash = mix(key, map.hash0);
  if (map.oldTable !== null) return placeWhileGrowing(map, key, hash);
  const words = map.words;
  const word = (hash & map.mask) << WORDS_SHIFT;
  const cells = cellsWith(words, word, topOf(hash));
  if (cells !== 0) {
    const cell = cellOf(cells);
    if (words[word | cell] === key) return (word >> 1) | cell;
    return placeInChain(map, key, hash, false);
  }
  return placeNew(map, key, hash, false);
}

/** The same in a growth, with the share of it that every write has to do. */
function placeWhileGrowing(map: MapState, key: number, hash: number): number {
  shareGrowth(map, hash & map.mask);
  const words = map.words;
  const word = (hash & map.mask) << WORDS_SHIFT;
  const cells = cellsWith(words, word, topOf(hash));
  if (cells === 0) return placeNew(map, key, hash, true);
  const cell = cellOf(cells);
  if (words[word | cell] === key) return (word >> 1) | cell;
  return placeInChain(map, key, hash, true);
}

/** The same for a key that is not in the main bucket of its chain. */
function placeNew(map: MapState, key: number, hash: number, hasShared: boolean): number {
  const words = map.words;
  const word = (hash & map.mask) << WORDS_SHIFT;
  if (words[word | LINK] !== 0) return placeInChain(map, key, hash, hasShared);
  const cell = firstEmptyCell(words, word);
  if (cell === CELLS_PER_BUCKET || (map.oldTable === null && isGrowthDue(map))) {
    return assignHashed(map, key, hash, hasShared);
  }
  words[word | cell] = key;
  map.bytes[(word << 2) | TOPHASH_START | cell] = topOf(hash);
  map.count++;
  return (word >> 1) | cell;
}

/** The same with a look at the whole chain first. */
function placeInChain(map: MapState, key: number, hash: number, hasShared: boolean): number {
  const table = map.table!;
  const slot = slotOf(table, hash, key);
  if (slot >= 0) return slot;
  const isGrowing = map.oldTable !== null;
  const empty = isGrowing || !isGrowthDue(map) ? firstEmptySlot(table, hash & table.mask) : -1;
  if (empty < 0) return assignHashed(map, key, hash, hasShared);
  const block = table.blockOf(empty >> CELLS_SHIFT);
  const index = table.indexOf(empty >> CELLS_SHIFT);
  block.setKeyWord(index, empty & 7, key);
  block.setTophash(index, empty & 7, tophashOf(hash));
  map.count++;
  return empty;
}

/** The first empty cell of a chain, as bucket reference times 8 plus cell, or -1. */
function firstEmptySlot(table: Table, bucket: number): number {
  let reference = bucket;
  do {
    const { words } = table.blockOf(reference);
    const word = table.indexOf(reference) << WORDS_SHIFT;
    const cell = firstEmptyCell(words, word);
    if (cell < CELLS_PER_BUCKET) return (reference << CELLS_SHIFT) + cell;
    reference = words[word + LINK]!;
  } while (reference !== 0);
  return -1;
}

/** The share of a write in a growth, as a write of its own because an observer may be told of it. */
function shareGrowth(map: MapState, bucket: number): void {
  beginWrite(map);
  try {
    growWork(map, bucket);
  } finally {
    abandonWrite(map);
  }
}

/**
 * Deletes an int32 key. Returns whether it was there.
 *
 * The cell becomes `emptyOne`, whatever follows it: no search here tells the two kinds of empty
 * cells apart, and working out how far `emptyRest` reaches would be half of the instructions of a
 * delete. `hasLazyRests` says so, and `inspect()` shows what an eager delete would have left.
 */
export function deletePlain(map: MapState, key: number): boolean {
  if (map.oldTable !== null || map.count <= 1) return remove(map, key);
  const hash = mix(key, map.hash0);
  const words = map.words;
  const word = (hash & map.mask) << WORDS_SHIFT;
  const cells = cellsWith(words, word, topOf(hash));
  if (cells !== 0) {
    const cell = cellOf(cells);
    if (words[word | cell] === key && map.hotPaths === HOT_FOR_NUMBERS) {
      map.bytes[(word << 2) | TOPHASH_START | cell] = EMPTY_ONE;
      map.hasLazyRests = 1;
      map.count--;
      return true;
    }
  } else if (words[word | LINK] === 0) {
    return false;
  }
  return deleteFromChain(map, key, hash);
}

/** The same for the whole chain, whatever the values are. */
function deleteFromChain(map: MapState, key: number, hash: number): boolean {
  const table = map.table!;
  const bucket = hash & table.mask;
  const slot = slotOf(table, hash, key);
  if (slot < 0) return false;
  const reference = slot >> CELLS_SHIFT;
  table.blockOf(reference).dropCell(table.indexOf(reference), slot & 7);
  emptyCell(table, bucket, reference, slot & 7);
  map.count--;
  return true;
}
