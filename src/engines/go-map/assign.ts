/**
 * Assignment: finds the cell of a key or makes one.
 */
import type { Block } from './block.ts';
import { GoPanic } from './errors.ts';
import { growWork, startGrowth } from './growth.ts';
import { tophashOf } from './hash.ts';
import { isInteger, isSameKey } from './lookup.ts';
import {
  abandonWrite,
  beginWrite,
  endWrite,
  hashOf,
  isGrowthDue,
  type MapState,
  newOverflowBucket,
  newTable,
  refreshHotPaths,
  useTable,
} from './state.ts';
import type { Table } from './table.ts';

const CELLS_PER_BUCKET = 8;
const EMPTY_REST = 0;
const EMPTY_ONE = 1;
const WORDS_SHIFT = 4;
const LINK = 10;
const BYTES_SHIFT = 6;
const TOPHASH_START = 32;

/** Stores a key in a cell, as an int32 while all keys are such. */
export function storeKey(
  map: MapState,
  block: Block,
  index: number,
  cell: number,
  key: unknown,
  hash: number,
): void {
  if (map.hasIntegerKeys) {
    if (isInteger(key)) {
      block.setKeyWord(index, cell, key | 0);
      return;
    }
    map.hasIntegerKeys = false;
    refreshHotPaths(map);
  }
  block.setKey(index, cell, key, hash, map.hash0);
}

/** Stores a value in a cell of the map. */
export function storeValue(
  map: MapState,
  block: Block,
  index: number,
  cell: number,
  value: unknown,
): void {
  if (typeof value !== 'number' && map.hasNumberValues) {
    map.hasNumberValues = false;
    refreshHotPaths(map);
  }
  block.setValue(index, cell, value);
}

/** What a scan for a key came to; one for all maps, read before anything else can run. */
const scan = {
  /** The first empty cell of the chain, as bucket reference times 8 plus cell, or -1. */
  empty: -1,
  /** The last bucket of the chain; only of use when there is no empty cell. */
  last: 0,
};

/**
 * Looks through a chain of the current table for an int32 key. Returns its cell or -1 and leaves
 * `scan`.
 */
function scanInteger(table: Table, bucket: number, key: number): number {
  scan.empty = -1;
  let reference = bucket;
  for (;;) {
    const block = table.blockOf(reference);
    const index = table.indexOf(reference);
    const { words, bytes } = block;
    const word = index << WORDS_SHIFT;
    const byte = (index << BYTES_SHIFT) + TOPHASH_START;
    for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
      const found = bytes[byte + cell]!;
      if (found <= EMPTY_ONE) {
        if (scan.empty < 0) scan.empty = reference * CELLS_PER_BUCKET + cell;
        if (found === EMPTY_REST) return -1;
      } else if (words[word + cell] === key) {
        return reference * CELLS_PER_BUCKET + cell;
      }
    }
    const next = words[word + LINK]!;
    if (next === 0) {
      scan.last = reference;
      return -1;
    }
    reference = next;
  }
}

/**
 * Looks through a chain of the current table for a key of any kind. Returns its cell or -1 and
 * leaves `scan`.
 */
function scanAny(map: MapState, table: Table, bucket: number, key: unknown, hash: number): number {
  const tophash = tophashOf(hash);
  scan.empty = -1;
  let reference = bucket;
  for (;;) {
    const block = table.blockOf(reference);
    const index = table.indexOf(reference);
    for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
      const found = block.tophash(index, cell);
      if (found <= EMPTY_ONE) {
        if (scan.empty < 0) scan.empty = reference * CELLS_PER_BUCKET + cell;
        if (found === EMPTY_REST) return -1;
      } else if (found === tophash && isSameKey(map, block.key(index, cell), key)) {
        return reference * CELLS_PER_BUCKET + cell;
      }
    }
    const next = block.link(index);
    if (next === 0) {
      scan.last = reference;
      return -1;
    }
    reference = next;
  }
}

function scanChain(map: MapState, bucket: number, key: unknown, hash: number): number {
  const table = map.table!;
  if (map.hasIntegerKeys && isInteger(key)) return scanInteger(table, bucket, key);
  return scanAny(map, table, bucket, key, hash);
}

/**
 * Puts a new key into the first empty cell of its chain, or into a new overflow bucket. Returns the
 * cell.
 */
function insert(map: MapState, key: unknown, hash: number): number {
  const slot = scan.empty >= 0 ? scan.empty : newOverflowBucket(map, scan.last) * CELLS_PER_BUCKET;
  const table = map.table!;
  const reference = slot >> 3;
  const cell = slot & 7;
  const block = table.blockOf(reference);
  const index = table.indexOf(reference);
  storeKey(map, block, index, cell, key, hash);
  block.setTophash(index, cell, tophashOf(hash));
  map.count++;
  return slot;
}

/** Go overwrites the key of an updated entry where equal keys can look different: 0 and -0. */
function updateKey(map: MapState, slot: number, key: unknown, hash: number): void {
  const table = map.table!;
  const reference = slot >> 3;
  const block = table.blockOf(reference);
  block.setKey(table.indexOf(reference), slot & 7, key, hash, map.hash0);
}

/** `hasShared`: whether this write has done its share of a growth already. */
function assignLocked(map: MapState, key: unknown, hash: number, hasShared: boolean): number {
  if (map.table === null) useTable(map, newTable(map, 0));
  for (let isShareDue = !hasShared; ; isShareDue = true) {
    const bucket = hash & map.mask;
    if (isShareDue && map.oldTable !== null) growWork(map, bucket);
    const slot = scanChain(map, bucket, key, hash);
    if (slot >= 0) {
      if (map.hasFloatKeys) updateKey(map, slot, key, hash);
      return slot;
    }
    if (map.oldTable !== null || !isGrowthDue(map)) return insert(map, key, hash);
    startGrowth(map);
  }
}

/**
 * The cell of a key in the current table, made if need be, as bucket reference times 8 plus cell.
 *
 * @throws GoPanic if the map is nil.
 * @throws FatalError if another write is under way.
 */
export function assign(map: MapState, key: unknown): number {
  if (map.isNil) throw new GoPanic('assignment to entry in nil map');
  return assignHashed(map, key, hashOf(map, key), false);
}

/** The same for a key whose hash is known, of a map that is not nil; `hasShared` as above. */
export function assignHashed(
  map: MapState,
  key: unknown,
  hash: number,
  hasShared: boolean,
): number {
  beginWrite(map);
  let slot: number;
  try {
    slot = assignLocked(map, key, hash, hasShared);
  } catch (error) {
    abandonWrite(map);
    throw error;
  }
  endWrite(map);
  return slot;
}
