/**
 * One bucket array: the main buckets and the pool of overflow buckets allocated with them, in one
 * block, and blocks of further overflow buckets, allocated as they are needed.
 *
 * T1  Bucket reference `r`: `r < bucketCount` is main bucket `r`; `r < poolEnd` is an overflow
 *     bucket of the pool; from `poolEnd` on they are overflow buckets of `overflowBlocks`.
 * T2  Pool buckets are handed out in order, and all of them before the first separate one (Go:
 *     `extra.nextOverflow`).
 * T3  A clear zeroes main block in place and starts a new list of overflow blocks; iterators keep
 *     the list they had.
 */
import { Block, type StorageKind } from './block.ts';
import type { TableView } from './inspection.ts';

const CELLS_PER_BUCKET = 8;
const EMPTY_REST = 0;
const EVACUATED_X = 2;
const EVACUATED_EMPTY = 4;

/** log2 of the most buckets in one overflow block: 512 of them fill a chunk of 4096 slots. */
const OVERFLOW_BLOCK_SHIFT_MAX = 9;

/** One bucket array with its overflow buckets. */
export class Table {
  /** log2 of the number of main buckets. */
  readonly B: number;
  readonly bucketCount: number;
  readonly mask: number;
  /** The first reference beyond the pool. */
  readonly poolEnd: number;
  readonly main: Block;
  overflowBlocks: Block[] = [];
  /** The pool bucket that will be handed out next; `poolEnd` when none is left. */
  nextSpare: number;
  /** Overflow buckets handed out beyond the pool. */
  separateCount: number = 0;
  /** Made by `inspect()` at its first use. */
  view: TableView | null = null;
  readonly #blockShift: number;

  /** @throws RangeError if there is no memory for it. */
  constructor(B: number, poolSize: number, kind: StorageKind) {
    this.B = B;
    this.bucketCount = 1 << B;
    this.mask = this.bucketCount - 1;
    this.poolEnd = this.bucketCount + poolSize;
    this.main = new Block(this.poolEnd, kind);
    this.nextSpare = this.bucketCount;
    this.#blockShift = Math.min(Math.max(B - 3, 0), OVERFLOW_BLOCK_SHIFT_MAX);
  }

  /** The block that holds a bucket. */
  blockOf(reference: number): Block {
    if (reference < this.poolEnd) return this.main;
    return this.overflowBlocks[(reference - this.poolEnd) >> this.#blockShift]!;
  }

  /** The bucket's index in its block. */
  indexOf(reference: number): number {
    if (reference < this.poolEnd) return reference;
    return (reference - this.poolEnd) & ((1 << this.#blockShift) - 1);
  }

  /** The bucket's block in a list of overflow blocks from before a clear (T3). */
  blockIn(overflowBlocks: readonly Block[], reference: number): Block {
    if (reference < this.poolEnd) return this.main;
    return overflowBlocks[(reference - this.poolEnd) >> this.#blockShift]!;
  }

  /** Whether main bucket `bucket` was evacuated: its first cell tells. */
  isEvacuated(bucket: number): boolean {
    const tophash = this.main.tophash(bucket, 0);
    return tophash >= EVACUATED_X && tophash <= EVACUATED_EMPTY;
  }

  /**
   * Takes a blank overflow bucket: from the pool while it lasts, else a separate one (T2). Returns
   * its reference.
   */
  takeOverflowBucket(kind: StorageKind): number {
    if (this.nextSpare < this.poolEnd) return this.nextSpare++;
    const index = this.separateCount;
    if (index >> this.#blockShift === this.overflowBlocks.length) {
      this.overflowBlocks.push(new Block(1 << this.#blockShift, kind));
    }
    this.separateCount++;
    return this.poolEnd + index;
  }

  /** Links a blank overflow bucket behind the last bucket of a chain and returns its reference. */
  attachOverflowBucket(last: number, kind: StorageKind): number {
    const added = this.takeOverflowBucket(kind);
    this.blockOf(last).setLink(this.indexOf(last), added);
    return added;
  }

  /**
   * Marks every cell of every chain `emptyRest`, so that iterators that stand there find nothing
   * more.
   */
  markEmpty(): void {
    for (let bucket = 0; bucket < this.bucketCount; bucket++) {
      let reference = bucket;
      do {
        const block = this.blockOf(reference);
        const index = this.indexOf(reference);
        for (let cell = 0; cell < CELLS_PER_BUCKET; cell++)
          block.setTophash(index, cell, EMPTY_REST);
        reference = block.link(index);
      } while (reference !== 0);
    }
  }

  /** Makes the table blank again, in place (T3). */
  zero(): void {
    this.main.zero();
    this.overflowBlocks = [];
    this.nextSpare = this.bucketCount;
    this.separateCount = 0;
  }
}
