/**
 * Growth: starting one, and moving old buckets a few at a time with each write.
 *
 * G1  An old bucket is moved as a whole or not at all; its destinations are blank until then (M5).
 * G2  Old buckets below `nevacuate` are evacuated (M4).
 */
import { Block } from './block.ts';
import { FatalError, HashError, showValue } from './errors.ts';
import { hashInteger, tophashOf } from './hash.ts';
import {
  CELLS_PER_BUCKET,
  EMPTY_ONE,
  EVACUATED_EMPTY,
  EVACUATED_X,
  FLAG_ITERATOR,
  FLAG_OLD_ITERATOR,
  FLAG_SAME_SIZE_GROW,
  MIN_TOPHASH,
} from './inspection.ts';
import {
  hashOf,
  isOverloaded,
  isSameSizeGrowth,
  type MapState,
  newOverflowBucket,
  newTable,
  useTable,
} from './state.ts';
import type { Table } from './table.ts';

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

/** Starts a growth: twice the buckets if the map would be overloaded, else as many. Moves nothing yet. */
export function startGrowth(map: MapState): void {
  const isDoubling = isOverloaded(map.count + 1, map.limit);
  const old = map.table!;
  const table = newTable(map, isDoubling ? map.B + 1 : map.B);
  map.flags = isDoubling ? flagsAfterStart(map) : flagsAfterStart(map) | FLAG_SAME_SIZE_GROW;
  map.oldTable = old;
  useTable(map, table);
  map.nevacuate = 0;
  map.noverflow = 0;
  map.observer?.growthStarted?.(isDoubling ? 'doubling' : 'same-size');
}

/** The share of a write in a growth: the old bucket of the bucket it is about to use, and one more. */
export function growWork(map: MapState, bucket: number): void {
  evacuate(map, bucket & map.oldTable!.mask);
  if (map.oldTable !== null) evacuate(map, map.nevacuate);
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

/** Moves the mark past this bucket and past evacuated ones that follow, at most `SKIP_MAX`; may end the growth. */
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
  reference: number = 0;
  block: Block;
  index: number = 0;
  cell: number = 0;

  constructor(table: Table, bucket: number) {
    this.reference = bucket;
    this.block = table.main;
    this.index = bucket;
  }

  /** Makes sure there is room for one more entry. */
  makeRoom(map: MapState): void {
    if (this.cell < CELLS_PER_BUCKET) return;
    this.reference = newOverflowBucket(map, this.reference);
    this.block = map.table!.blockOf(this.reference);
    this.index = map.table!.indexOf(this.reference);
    this.cell = 0;
  }
}

/** Copies an entry to the next cell of its destination. */
function copyCell(
  map: MapState,
  block: Block,
  index: number,
  cell: number,
  to: Destination,
  tophash: number,
): void {
  to.makeRoom(map);
  to.block.setTophash(to.index, to.cell, tophash);
  if (map.hasIntegerKeys) to.block.setKeyWord(to.index, to.cell, block.keyWord(index, cell));
  else to.block.setKey(to.index, to.cell, block.key(index, cell), hashInCell(map, block, index, cell), map.hash0);
  to.block.setValue(to.index, to.cell, block.value(index, cell));
  to.cell++;
}

/** The hash of a live key as the storage knows it: kept with the key, or made from the int32 itself. */
function hashInCell(map: MapState, block: Block, index: number, cell: number): number {
  const word = block.keyWord(index, cell);
  return block.hasKeyChunk(index) ? word : hashInteger(word, map.hash0);
}

/** Moves the entries of an old bucket's chain to the current table and marks where they went. */
function moveBucket(map: MapState, old: Table, bucket: number): void {
  const isDoubling = !isSameSizeGrowth(map);
  const hashes = isDoubling && mustRehash(map) ? rehashChain(map, old, bucket) : null;
  const x = new Destination(map.table!, bucket);
  const y = isDoubling ? new Destination(map.table!, bucket + old.bucketCount) : x;
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
      let useY = 0;
      if (isDoubling) {
        const hash = hashes === null ? hashInCell(map, block, index, cell) : hashes[live++]!;
        if (hasIteratorBegun(map) && isUnequalToItself(map, block.key(index, cell))) {
          // An iterator that filters must know where such a key went, so its old tophash decides.
          useY = tophash & 1;
          tophash = tophashOf(hash);
        } else {
          useY = (hash & old.bucketCount) === 0 ? 0 : 1;
        }
      }
      block.setTophash(index, cell, EVACUATED_X + useY);
      copyCell(map, block, index, cell, useY === 0 ? x : y, tophash);
    }
    reference = block.link(index);
  } while (reference !== 0);
  if ((map.flags & FLAG_OLD_ITERATOR) === 0 && isWiping(map)) old.main.wipe(bucket);
}

/** Whether an iterator was started since this growth began. */
function hasIteratorBegun(map: MapState): boolean {
  return (map.flags & FLAG_ITERATOR) !== 0;
}

function isUnequalToItself(map: MapState, key: unknown): boolean {
  return map.hasFloatKeys && key !== key;
}

/** Whether old buckets are wiped once nobody can stand in them: by default when the storage holds references. */
function isWiping(map: MapState): boolean {
  return map.wipe ?? !(map.hasIntegerKeys && map.hasNumberValues);
}

/** Whether evacuation has to ask for hashes, because code that is not ours or a random draw makes them. */
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
