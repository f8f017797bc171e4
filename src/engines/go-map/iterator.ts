/**
 * Iteration: Go's `hiter`, step for step.
 *
 * An iterator walks the bucket array it began on, from a drawn bucket and a drawn cell. While a
 * growth runs it borrows the old buckets that are not evacuated yet, and an entry that moved away
 * is looked up where it is now.
 *
 * N1  `table` is the array the iterator began on, for ever; it may be retired meanwhile.
 * N2  The current bucket may be one that a clear let go of: it is held by `block`, its links are
 *     followed in the list of overflow blocks of its time.
 * N3  Profiles with an `epoch`: when it moved on, nothing that was there at the start is left, and
 *     the iterator ends.
 */
import { BLANK, draw, hashOf, isSameSizeGrowth, type MapState } from './state.ts';
import type { Block } from './block.ts';
import { FatalError } from './errors.ts';
import {
  FLAG_HASH_WRITING,
  FLAG_ITERATOR,
  FLAG_OLD_ITERATOR,
  type IteratorView,
} from './inspection.ts';
import { find, tableFor } from './lookup.ts';
import type { Table } from './table.ts';

const CELLS_PER_BUCKET = 8;
const EMPTY_ONE = 1;
const EVACUATED_Y = 3;
const EVACUATED_EMPTY = 4;
const BYTES_SHIFT = 6;
const TOPHASH_START = 32;

const NO_FILTER = -1;

/** An iterator over a map; the entry it stands on is in `foundBlock`, `foundIndex`, `foundCell`. */
export class Cursor implements IteratorView {
  readonly #map: MapState;
  isStarted: boolean = false;
  isDone: boolean = false;
  B: number = 0;
  startBucket: number = 0;
  offset: number = 0;
  wrapped: boolean = false;
  bucket: number = 0;
  cell: number = 0;
  checkBucket: number = NO_FILTER;
  pickedInDoubling: boolean = false;

  #isFresh: boolean = true;
  #epoch: number = 0;
  #table: Table | null = null;
  /**
   * The current bucket: its table, its reference there, where it is held (N2). `#block` is null
   * between chains.
   */
  #chainTable: Table | null = null;
  #overflowBlocks: readonly Block[] = [];
  #reference: number = 0;
  #block: Block | null = null;
  #index: number = 0;

  foundBlock: Block = BLANK;
  foundIndex: number = 0;
  foundCell: number = 0;

  constructor(map: MapState) {
    this.#map = map;
  }

  /**
   * Moves to the next entry. Returns false at the end, and ever after.
   *
   * @throws FatalError if a write is under way.
   */
  advance(): boolean {
    if (this.isDone) return false;
    const map = this.#map;
    if (this.#isFresh) this.#start(map);
    if (this.isDone) return false;
    if ((map.flags & FLAG_HASH_WRITING) !== 0) {
      throw new FatalError('concurrent map iteration and map write');
    }
    if (this.#epoch !== map.epoch) return this.#end();
    for (;;) {
      if (this.#block === null && !this.#pickBucket(map)) return this.#end();
      if (this.#findInBucket(map)) return true;
      this.#followLink();
    }
  }

  get key(): unknown {
    return this.foundBlock.key(this.foundIndex, this.foundCell);
  }

  get value(): unknown {
    return this.foundBlock.value(this.foundIndex, this.foundCell);
  }

  #start(map: MapState): void {
    if (map.count === 0) {
      this.isDone = true;
      return;
    }
    const drawn = draw(map);
    this.#isFresh = false;
    this.isStarted = true;
    this.B = map.B;
    this.#table = map.table;
    this.#epoch = map.epoch;
    this.startBucket = drawn & map.mask;
    this.offset = Math.floor(drawn / 2 ** map.B) & 7;
    this.bucket = this.startBucket;
    map.flags |= FLAG_ITERATOR | FLAG_OLD_ITERATOR;
  }

  #end(): false {
    this.isDone = true;
    this.#table = null;
    this.#chainTable = null;
    this.#overflowBlocks = [];
    this.#block = null;
    this.foundBlock = BLANK;
    return false;
  }

  /** Takes up the next bucket number. Returns false when all were visited. */
  #pickBucket(map: MapState): boolean {
    const bucket = this.bucket;
    if (bucket === this.startBucket && this.wrapped) return false;
    const old = map.oldTable;
    if (old !== null && this.B === map.B && !old.isEvacuated(bucket & old.mask)) {
      this.checkBucket = bucket;
      this.pickedInDoubling = !isSameSizeGrowth(map);
      this.#enterChain(old, bucket & old.mask);
    } else {
      this.checkBucket = NO_FILTER;
      this.pickedInDoubling = false;
      this.#enterChain(this.#table!, bucket);
    }
    this.bucket = bucket + 1;
    if (this.bucket === 1 << this.B) {
      this.bucket = 0;
      this.wrapped = true;
    }
    return true;
  }

  #enterChain(table: Table, bucket: number): void {
    this.#chainTable = table;
    this.#overflowBlocks = table.overflowBlocks;
    this.#reference = bucket;
    this.#block = table.main;
    this.#index = bucket;
    this.cell = 0;
  }

  #followLink(): void {
    const table = this.#chainTable!;
    const next = this.#block!.link(this.#index);
    if (next === 0) {
      this.#block = null;
      return;
    }
    // A link that stands in the main block is of now, one in an overflow block of that block's time
    // (N2).
    if (this.#reference < table.poolEnd) this.#overflowBlocks = table.overflowBlocks;
    this.#reference = next;
    this.#block = table.blockIn(this.#overflowBlocks, next);
    this.#index = table.indexOf(next);
    this.cell = 0;
  }

  /** Whether the keys of the current bucket are filtered at this step. */
  #isFiltering(map: MapState): boolean {
    if (this.checkBucket === NO_FILTER) return false;
    if (map.profile.iteratorFilter === 'pick') return this.pickedInDoubling;
    return !isSameSizeGrowth(map);
  }

  /** Looks through the rest of the current bucket; true if an entry is to be produced now. */
  #findInBucket(map: MapState): boolean {
    const block = this.#block!;
    const { bytes } = block;
    const byte = (this.#index << BYTES_SHIFT) + TOPHASH_START;
    for (let turn = this.cell; turn < CELLS_PER_BUCKET; turn++) {
      const cell = (turn + this.offset) & 7;
      const tophash = bytes[byte + cell]!;
      if (tophash <= EMPTY_ONE || tophash === EVACUATED_EMPTY) continue;
      this.cell = turn; // a hasher may throw now; the next step then begins here again
      const isPlain = tophash > EVACUATED_EMPTY && this.checkBucket === NO_FILTER;
      if (isPlain) this.#found(block, this.#index, cell);
      else if (!this.#tryCell(map, cell, tophash)) continue;
      this.cell = turn + 1;
      return true;
    }
    this.cell = CELLS_PER_BUCKET;
    return false;
  }

  /** Looks at a live or moved cell; true if its entry is to be produced now. */
  #tryCell(map: MapState, cell: number, tophash: number): boolean {
    const block = this.#block!;
    const isMoved = tophash <= EVACUATED_Y;
    const key = block.key(this.#index, cell);
    const isUnequalToItself = map.hasFloatKeys && key !== key;
    if (this.#isFiltering(map)) {
      const bucket = isUnequalToItself
        ? // Such a key has no hash to ask for; the low bit of its tophash names its half.
          (this.checkBucket & ((1 << (this.B - 1)) - 1)) | ((tophash & 1) << (this.B - 1))
        : hashOf(map, key) & ((1 << this.B) - 1);
      if (bucket !== this.checkBucket) return false;
    }
    if (!isMoved || isUnequalToItself) {
      this.#found(block, this.#index, cell);
      return true;
    }
    return this.#findMoved(map, key);
  }

  /** Looks up a key that moved away: the entry of now is produced, if there is one. */
  #findMoved(map: MapState, key: unknown): boolean {
    if (map.count === 0) return false;
    const hash = hashOf(map, key);
    const table = tableFor(map, hash);
    const slot = find(map, table, key, hash);
    if (slot < 0) return false;
    const reference = slot >> 3;
    this.#found(table.blockOf(reference), table.indexOf(reference), slot & 7);
    return true;
  }

  #found(block: Block, index: number, cell: number): void {
    this.foundBlock = block;
    this.foundIndex = index;
    this.foundCell = cell;
  }
}

/** What an iterator yields. */
export type IterationKind = 'keys' | 'values' | 'entries';

/** The iterator behind `keys()`, `values()` and `entries()`. It begins at its first `next()`. */
export class GoMapIterator<T> implements IterableIterator<T> {
  readonly #cursor: Cursor;
  readonly #kind: IterationKind;

  constructor(map: MapState, kind: IterationKind) {
    this.#cursor = new Cursor(map);
    this.#kind = kind;
  }

  next(): IteratorResult<T, undefined> {
    const cursor = this.#cursor;
    if (!cursor.advance()) return { value: undefined, done: true };
    switch (this.#kind) {
      case 'keys':
        return { value: cursor.key as T, done: false };
      case 'values':
        return { value: cursor.value as T, done: false };
      default:
        return { value: [cursor.key, cursor.value] as T, done: false };
    }
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** Where the iterator stands. Live: it moves with the iterator. */
  inspect(): IteratorView {
    return this.#cursor;
  }

  get [Symbol.toStringTag](): string {
    return 'GoMap Iterator';
  }
}
