/**
 * The live views behind `inspect()`; see `inspection.ts` for what they promise.
 */
import {
  EMPTY_ONE,
  EMPTY_REST,
  EVACUATED_EMPTY,
  type BucketRef,
  type MapView,
  type TableView,
} from './inspection.ts';
import { hashOf, type MapState } from './state.ts';
import type { Table } from './table.ts';

const CELLS_PER_BUCKET = 8;

/**
 * Whether a live cell follows in the chain: what tells `emptyOne` and `emptyRest` apart, because the
 * last cell of a chain that is not `emptyRest` is always a live one.
 */
function isFollowed(table: Table, bucket: BucketRef, cell: number): boolean {
  let reference = bucket;
  let first = cell + 1;
  do {
    const block = table.blockOf(reference);
    const index = table.indexOf(reference);
    for (let next = first; next < CELLS_PER_BUCKET; next++) {
      if (block.tophash(index, next) > EMPTY_ONE) return true;
    }
    reference = block.link(index);
    first = 0;
  } while (reference !== 0);
  return false;
}

class LiveTableView implements TableView {
  readonly #map: MapState;
  readonly #table: Table;

  constructor(map: MapState, table: Table) {
    this.#map = map;
    this.#table = table;
  }

  get bucketCount(): number {
    return this.#table.bucketCount;
  }

  overflow(bucket: BucketRef): BucketRef {
    const link = this.#table.blockOf(bucket).link(this.#table.indexOf(bucket));
    return link === 0 ? -1 : link;
  }

  tophash(bucket: BucketRef, cell: number): number {
    const table = this.#table;
    const tophash = table.blockOf(bucket).tophash(table.indexOf(bucket), cell);
    if (tophash !== EMPTY_ONE || this.#map.hasLazyRests === 0) return tophash;
    return isFollowed(table, bucket, cell) ? EMPTY_ONE : EMPTY_REST;
  }

  key(bucket: BucketRef, cell: number): unknown {
    if (!this.#hasMemory(bucket, cell)) return undefined;
    return this.#table.blockOf(bucket).key(this.#table.indexOf(bucket), cell);
  }

  value(bucket: BucketRef, cell: number): unknown {
    if (!this.#hasMemory(bucket, cell)) return undefined;
    return this.#table.blockOf(bucket).value(this.#table.indexOf(bucket), cell);
  }

  /** Nobody ever reads what an empty cell holds, so it counts as nothing. */
  #hasMemory(bucket: BucketRef, cell: number): boolean {
    const tophash = this.tophash(bucket, cell);
    return tophash > EMPTY_ONE && tophash !== EVACUATED_EMPTY;
  }
}

/** A table has one view, made at the first call. */
function viewOf(map: MapState, table: Table | null): TableView | null {
  if (table === null) return null;
  table.view ??= new LiveTableView(map, table);
  return table.view;
}

class LiveMapView implements MapView {
  readonly #map: MapState;

  constructor(map: MapState) {
    this.#map = map;
  }

  get count(): number {
    return this.#map.count;
  }

  get B(): number {
    return this.#map.B;
  }

  get noverflow(): number {
    return this.#map.noverflow;
  }

  get nevacuate(): number {
    return this.#map.nevacuate;
  }

  get flags(): number {
    return this.#map.flags;
  }

  get hash0(): number {
    return this.#map.hash0 >>> 0;
  }

  get spareOverflow(): number {
    const table = this.#map.table;
    return table === null ? 0 : table.poolEnd - table.nextSpare;
  }

  get clearSequence(): number {
    return this.#map.clearSequence;
  }

  get buckets(): TableView | null {
    return viewOf(this.#map, this.#map.table);
  }

  get oldBuckets(): TableView | null {
    return viewOf(this.#map, this.#map.oldTable);
  }

  hash(key: unknown): number | undefined {
    if (this.#map.hasFloatKeys && key !== key) return undefined;
    return hashOf(this.#map, key) >>> 0;
  }
}

/** The view of a map, made at the first call and live from then on. */
export function inspect(map: MapState): MapView {
  map.view ??= new LiveMapView(map);
  return map.view;
}
