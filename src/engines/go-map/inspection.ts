/**
 * What the checker may see of a `GoMap`: live, read-only views over the structure itself.
 *
 * Nothing is copied. A view is valid until the next write to the map; take it again after each one.
 * The names and the numbers are those of Go's `runtime/map.go` (1.23): `B`, `noverflow`, `nevacuate`,
 * `hash0`, tophash values 0 to 4 for the empty and the evacuated states, 5 and up for a live cell.
 */

/** Cells of one bucket (Go: `bucketCnt`). */
export const CELLS_PER_BUCKET = 8;

/** This cell is empty and so is everything after it in the chain, overflow buckets included. */
export const EMPTY_REST = 0;
/** This cell is empty. */
export const EMPTY_ONE = 1;
/** The entry moved to the bucket of the same index in the new array. */
export const EVACUATED_X = 2;
/** The entry moved to the bucket `index + oldBucketCount` in the new array. */
export const EVACUATED_Y = 3;
/** The cell was empty when its bucket was evacuated. */
export const EVACUATED_EMPTY = 4;
/** The least tophash of a live cell. */
export const MIN_TOPHASH = 5;

/** An iterator was started since the current growth began. */
export const FLAG_ITERATOR = 1;
/** An iterator may stand in the old bucket array. */
export const FLAG_OLD_ITERATOR = 2;
/** A write is under way. Never set between operations. */
export const FLAG_HASH_WRITING = 4;
/** The growth under way keeps the number of buckets. */
export const FLAG_SAME_SIZE_GROW = 8;

/** A reference to one bucket of a table, main or overflow; opaque, non-negative. */
export type BucketRef = number;

/** One bucket array with its overflow buckets. Main bucket `i` has the reference `i`. */
export interface TableView {
  /** Number of main buckets, a power of two. */
  readonly bucketCount: number;
  /** The next bucket of the chain, or -1 at its end. */
  overflow(bucket: BucketRef): BucketRef;
  /** The tophash byte of a cell, 0 to 255. */
  tophash(bucket: BucketRef, cell: number): number;
  /** The key in a cell; `undefined` where the memory was wiped or never written. */
  key(bucket: BucketRef, cell: number): unknown;
  /** The value in a cell; `undefined` where the memory was wiped or never written. */
  value(bucket: BucketRef, cell: number): unknown;
}

/** The whole state of a map. */
export interface MapView {
  readonly count: number;
  /** log2 of the number of main buckets. */
  readonly B: number;
  readonly noverflow: number;
  readonly nevacuate: number;
  /** Bit set of the `FLAG_*` constants. */
  readonly flags: number;
  /** The seed of the hash, 32 bits, unsigned. */
  readonly hash0: number;
  /** Overflow buckets allocated in advance and not used yet. */
  readonly spareOverflow: number;
  /** Number of clears that found something to clear. */
  readonly clearSequence: number;
  /** `null` before the first assignment to a map with `B` 0. */
  readonly buckets: TableView | null;
  /** `null` unless a growth is under way. */
  readonly oldBuckets: TableView | null;
  /**
   * The hash the map uses for a key now: low bits choose the bucket, the top byte of the 32 bits is the tophash.
   * For a key that does not equal itself there is no such thing, and the result is `undefined`.
   */
  hash(key: unknown): number | undefined;
}

/** Where an iterator stands. */
export interface IteratorView {
  /** False for an iterator over a map that was nil or empty at its first step. */
  readonly isStarted: boolean;
  readonly isDone: boolean;
  readonly B: number;
  readonly startBucket: number;
  readonly offset: number;
  readonly wrapped: boolean;
  /** The next bucket number to visit. */
  readonly bucket: number;
  /** The next cell of the current bucket, before the offset is added; 0 to 8. */
  readonly cell: number;
  /** The bucket number whose keys alone may be produced, or -1 for no filter. */
  readonly checkBucket: number;
  /** True when the current bucket was chosen while a doubling was under way, so that a filter is due. */
  readonly pickedInDoubling: boolean;
}

/** Called by the engine at rare moments of a write. Never called when no observer is given. */
export interface MapObserver {
  /** A growth was started. `kind` says which. Nothing has been moved yet. */
  growthStarted?(kind: 'doubling' | 'same-size'): void;
  /** Old bucket `index` has just been evacuated; the map is in the middle of a write. */
  bucketEvacuated?(index: number): void;
  /** The last old bucket is gone. */
  growthFinished?(): void;
  /** An overflow bucket was attached to the current array. */
  overflowAttached?(): void;
  /** A clear that found something to clear. */
  cleared?(): void;
}
