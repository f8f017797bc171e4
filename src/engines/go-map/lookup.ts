/**
 * Lookup: one table, one chain, first match wins. Reads change nothing.
 */
import { tophashOf } from './hash.ts';
import { type MapState } from './state.ts';
import type { Table } from './table.ts';

const CELLS_PER_BUCKET = 8;
const EMPTY_REST = 0;
const EMPTY_ONE = 1;
const WORDS_SHIFT = 4;
const LINK = 10;
const BYTES_SHIFT = 6;
const TOPHASH_START = 32;

/** Whether a key is an int32 that can stand in a key word as it is. */
export function isInteger(key: unknown): key is number {
  return typeof key === 'number' && (key | 0) === key;
}

/** Whether two keys are the same: Go's `==` for float keys, else SameValueZero. */
export function isSameKey(map: MapState, left: unknown, right: unknown): boolean {
  return left === right || (!map.hasFloatKeys && left !== left && right !== right);
}

/**
 * The one table that can hold a hash: the old one while the hash's old bucket is not evacuated,
 * else the current one.
 */
export function tableFor(map: MapState, hash: number): Table {
  const old = map.oldTable;
  if (old !== null && !old.isEvacuated(hash & old.mask)) return old;
  return map.table!;
}

/** Finds an int32 key in a chain of words. Returns bucket reference times 8 plus cell, or -1. */
export function findInteger(table: Table, bucket: number, key: number): number {
  let reference = bucket;
  do {
    const block = table.blockOf(reference);
    const index = table.indexOf(reference);
    const { words, bytes } = block;
    const word = index << WORDS_SHIFT;
    const byte = (index << BYTES_SHIFT) + TOPHASH_START;
    for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
      if (words[word + cell] === key && bytes[byte + cell]! > EMPTY_ONE) {
        return reference * CELLS_PER_BUCKET + cell;
      }
    }
    reference = words[word + LINK]!;
  } while (reference !== 0);
  return -1;
}

/** Finds a key of any kind in a chain. Returns bucket reference times 8 plus cell, or -1. */
function findAny(map: MapState, table: Table, bucket: number, key: unknown, hash: number): number {
  const tophash = tophashOf(hash);
  let reference = bucket;
  do {
    const block = table.blockOf(reference);
    const index = table.indexOf(reference);
    const { bytes } = block;
    const byte = (index << BYTES_SHIFT) + TOPHASH_START;
    for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
      const found = bytes[byte + cell]!;
      if (found === tophash) {
        if (isSameKey(map, block.key(index, cell), key)) {
          return reference * CELLS_PER_BUCKET + cell;
        }
      } else if (found === EMPTY_REST) {
        return -1;
      }
    }
    reference = block.link(index);
  } while (reference !== 0);
  return -1;
}

/**
 * Finds a key in the chain of its hash in `table`. Returns bucket reference times 8 plus cell, or
 * -1.
 */
export function find(map: MapState, table: Table, key: unknown, hash: number): number {
  const bucket = hash & table.mask;
  if (map.hasIntegerKeys && isInteger(key)) return findInteger(table, bucket, key);
  return findAny(map, table, bucket, key, hash);
}
