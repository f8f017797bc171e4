/**
 * The digest of a map's layout: 32-bit FNV-1a, as recorded in the traces.
 */
import {
  CELLS_PER_BUCKET,
  EVACUATED_EMPTY,
  EVACUATED_X,
  MIN_TOPHASH,
  type MapView,
  type TableView,
} from '../../engines/go-map/inspection.ts';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const OLD_MARK = 0xee;

function mixByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, FNV_PRIME);
}

function mixTophashes(hash: number, table: TableView, bucket: number): number {
  let mixed = hash;
  for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
    mixed = mixByte(mixed, table.tophash(bucket, cell));
  }
  return mixed;
}

function mixValues(hash: number, table: TableView, bucket: number): number {
  let mixed = hash;
  for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) {
    if (table.tophash(bucket, cell) < MIN_TOPHASH) continue;
    const value = table.value(bucket, cell) as number;
    for (let shift = 0; shift < 32; shift += 8) mixed = mixByte(mixed, (value >>> shift) & 0xff);
  }
  return mixed;
}

function mixTable(hash: number, table: TableView): number {
  let mixed = hash;
  for (let main = 0; main < table.bucketCount; main++) {
    const first = table.tophash(main, 0);
    if (first >= EVACUATED_X && first <= EVACUATED_EMPTY) {
      mixed = mixByte(mixTophashes(mixed, table, main), 0);
      continue;
    }
    let bucket = main;
    do {
      mixed = mixValues(mixTophashes(mixed, table, bucket), table, bucket);
      bucket = table.overflow(bucket);
      mixed = mixByte(mixed, bucket < 0 ? 0 : 1);
    } while (bucket >= 0);
  }
  return mixed;
}

/** The digest of a map's layout, unsigned. Cost: one pass over all buckets. */
export function layoutDigest(view: MapView): number {
  let hash = FNV_OFFSET;
  if (view.buckets !== null) hash = mixTable(hash, view.buckets);
  if (view.oldBuckets !== null) hash = mixTable(mixByte(hash, OLD_MARK), view.oldBuckets);
  return hash >>> 0;
}
