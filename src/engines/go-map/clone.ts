/**
 * Clone: bucket by bucket under the same seed (Go 1.23.2: `mapclone2`).
 *
 * The clone may have fewer buckets than the map; then several buckets of the map fill one of the
 * clone, which is right because the low bits of a hash choose the bucket.
 */
import { assign, storeKey, storeValue } from './assign.ts';
import type { Block } from './block.ts';
import { FatalError } from './errors.ts';
import { CELLS_PER_BUCKET, EMPTY_ONE, FLAG_HASH_WRITING } from './inspection.ts';
import { hashInteger } from './hash.ts';
import {
  isOverloaded,
  loadLimit,
  type MapState,
  newOverflowBucket,
  newTable,
  useTable,
} from './state.ts';
import type { Table } from './table.ts';

/** The size to ask for: the entries, but never more buckets than the map has itself. */
export function cloneHint(map: MapState): number {
  const limit = loadLimit(map.profile, map.B);
  return isOverloaded(map.count, limit) ? limit : map.count;
}

function assertNotWriting(map: MapState): void {
  if ((map.flags & FLAG_HASH_WRITING) !== 0) {
    throw new FatalError('concurrent map clone and map write');
  }
}

/** A chain of the clone and the cell its next entry goes to. */
interface Target {
  reference: number;
  cell: number;
}

/** One cell of a block. */
interface Place {
  block: Block;
  index: number;
  cell: number;
}

/** Copies key and value of a cell. */
function copyCell(from: MapState, source: Place, to: MapState, target: Place): void {
  const { block, index, cell } = source;
  const word = block.keyWord(index, cell);
  const hash = block.hasKeyChunk(index) ? word : hashInteger(word, from.hash0);
  storeKey(to, target.block, target.index, target.cell, block.key(index, cell), hash);
  storeValue(to, target.block, target.index, target.cell, block.value(index, cell));
}

/** Copies the live cells of a bucket behind what the target holds. */
function copyBucket(from: MapState, block: Block, index: number, to: MapState, at: Target): void {
  for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
    const tophash = block.tophash(index, cell);
    if (tophash <= EMPTY_ONE) continue;
    skipOccupied(to.table!, at);
    if (at.cell === CELLS_PER_BUCKET) {
      at.reference = newOverflowBucket(to, at.reference);
      at.cell = 0;
    }
    const target = {
      block: to.table!.blockOf(at.reference),
      index: to.table!.indexOf(at.reference),
      cell: at.cell,
    };
    copyCell(from, { block, index, cell }, to, target);
    target.block.setTophash(target.index, target.cell, tophash);
    at.cell++;
    to.count++;
  }
}

function skipOccupied(table: Table, at: Target): void {
  const block = table.blockOf(at.reference);
  const index = table.indexOf(at.reference);
  while (at.cell < CELLS_PER_BUCKET && block.tophash(index, at.cell) > EMPTY_ONE) at.cell++;
}

function copyChain(from: MapState, table: Table, bucket: number, to: MapState, at: Target): void {
  let reference = bucket;
  do {
    const block = table.blockOf(reference);
    const index = table.indexOf(reference);
    copyBucket(from, block, index, to, at);
    reference = block.link(index);
  } while (reference !== 0);
}

function lastOfChain(table: Table, bucket: number): number {
  let reference = bucket;
  for (;;) {
    const next = table.blockOf(reference).link(table.indexOf(reference));
    if (next === 0) return reference;
    reference = next;
  }
}

/**
 * Enters the entries of an old chain one at a time: they belong to several buckets of the clone.
 */
function reassignChain(from: MapState, old: Table, bucket: number, to: MapState): void {
  let reference = bucket;
  do {
    const block = old.blockOf(reference);
    const index = old.indexOf(reference);
    for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
      if (block.tophash(index, cell) <= EMPTY_ONE) continue;
      assertNotWriting(from);
      const slot = assign(to, block.key(index, cell));
      const target = slot >> 3;
      const table = to.table!;
      const value = block.value(index, cell);
      storeValue(to, table.blockOf(target), table.indexOf(target), slot & 7, value);
    }
    reference = block.link(index);
  } while (reference !== 0);
}

/** A map of one bucket is copied cell for cell, holes included. */
function copySmall(from: MapState, to: MapState): void {
  const block = from.table!.main;
  const target = to.table!.main;
  for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
    const tophash = block.tophash(0, cell);
    if (tophash > EMPTY_ONE) {
      copyCell(from, { block, index: 0, cell }, to, { block: target, index: 0, cell });
    }
    target.setTophash(0, cell, tophash);
  }
  to.count = from.count;
  to.hasLazyRests = from.hasLazyRests;
}

/** Fills `to`, a new map made with `cloneHint(from)`, with the entries and the seed of `from`. */
export function copyInto(from: MapState, to: MapState): void {
  to.hash0 = from.hash0;
  if (from.count === 0) return;
  assertNotWriting(from);
  if (to.table === null) useTable(to, newTable(to, 0));
  if (from.B === 0) {
    copySmall(from, to);
    return;
  }
  const buckets = to.table!.bucketCount;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const at = { reference: bucket, cell: 0 };
    for (let source = bucket; source < from.table!.bucketCount; source += buckets) {
      copyChain(from, from.table!, source, to, at);
    }
  }
  const old = from.oldTable;
  if (old === null) return;
  for (let bucket = 0; bucket < old.bucketCount; bucket++) {
    if (old.isEvacuated(bucket)) continue;
    if (old.B >= to.B) {
      const target = bucket & to.mask;
      copyChain(from, old, bucket, to, { reference: lastOfChain(to.table!, target), cell: 0 });
    } else {
      reassignChain(from, old, bucket, to);
    }
  }
}
