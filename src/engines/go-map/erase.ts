/**
 * Delete and clear.
 */
import { growWork } from './growth.ts';
import { find } from './lookup.ts';
import { abandonWrite, beginWrite, endWrite, hashOf, type MapState, rotateSeed } from './state.ts';
import type { Table } from './table.ts';

const CELLS_PER_BUCKET = 8;
const EMPTY_REST = 0;
const EMPTY_ONE = 1;
const FLAG_SAME_SIZE_GROW = 8;

/**
 * Whether the cell after this one, in the same bucket or the next of the chain, begins an empty
 * rest.
 */
function isRestEmpty(table: Table, reference: number, cell: number): boolean {
  const block = table.blockOf(reference);
  const index = table.indexOf(reference);
  if (cell + 1 < CELLS_PER_BUCKET) return block.tophash(index, cell + 1) === EMPTY_REST;
  const next = block.link(index);
  return next === 0 || table.blockOf(next).tophash(table.indexOf(next), 0) === EMPTY_REST;
}

/** The bucket before `reference` in the chain of `bucket`. */
function predecessor(table: Table, bucket: number, reference: number): number {
  let previous = bucket;
  for (;;) {
    const next = table.blockOf(previous).link(table.indexOf(previous));
    if (next === reference) return previous;
    previous = next;
  }
}

/**
 * Empties a cell. If nothing follows it in the chain, it and the empty cells right before it become
 * `emptyRest`, so that later scans stop there.
 */
export function emptyCell(table: Table, bucket: number, reference: number, cell: number): void {
  let block = table.blockOf(reference);
  let index = table.indexOf(reference);
  block.setTophash(index, cell, EMPTY_ONE);
  if (!isRestEmpty(table, reference, cell)) return;
  let current = reference;
  let at = cell;
  do {
    block.setTophash(index, at, EMPTY_REST);
    if (at > 0) {
      at--;
    } else {
      if (current === bucket) return;
      current = predecessor(table, bucket, current);
      block = table.blockOf(current);
      index = table.indexOf(current);
      at = CELLS_PER_BUCKET - 1;
    }
  } while (block.tophash(index, at) === EMPTY_ONE);
}

function removeLocked(map: MapState, key: unknown, hash: number): boolean {
  const bucket = hash & map.mask;
  if (map.oldTable !== null) growWork(map, bucket);
  const table = map.table!;
  const slot = find(map, table, key, hash);
  if (slot < 0) return false;
  const reference = slot >> 3;
  const cell = slot & 7;
  // The last entry goes. Drawn before anything changes, in case the source of draws throws.
  if (map.count === 1) rotateSeed(map);
  table.blockOf(reference).dropCell(table.indexOf(reference), cell);
  emptyCell(table, bucket, reference, cell);
  map.count--;
  if (map.count === 0 && map.profile.endsIteratorsWhenEmptied) map.epoch++;
  return true;
}

/**
 * Removes a key. Returns whether it was there.
 *
 * On a nil or an empty map it does nothing at all, not even its share of a growth.
 */
export function remove(map: MapState, key: unknown): boolean {
  if (map.count === 0) return false;
  const hash = hashOf(map, key);
  beginWrite(map);
  let isRemoved: boolean;
  try {
    isRemoved = removeLocked(map, key, hash);
  } catch (error) {
    abandonWrite(map);
    throw error;
  }
  endWrite(map);
  return isRemoved;
}

/**
 * Removes every entry; the bucket array stays, with its size. On a nil or an empty map it does
 * nothing at all.
 */
export function clear(map: MapState): void {
  if (map.count === 0) return;
  beginWrite(map);
  try {
    rotateSeed(map);
  } catch (error) {
    abandonWrite(map);
    throw error;
  }
  if (map.profile.clearMode === 'mark-empty') {
    map.table!.markEmpty();
    map.oldTable?.markEmpty();
  }
  map.flags &= ~FLAG_SAME_SIZE_GROW;
  map.oldTable = null;
  map.nevacuate = 0;
  map.noverflow = 0;
  map.count = 0;
  map.clearSequence++;
  if (map.profile.clearMode === 'sequence') map.epoch++;
  map.table!.zero();
  map.hasLazyRests = 0;
  endWrite(map);
  map.observer?.cleared?.();
}
