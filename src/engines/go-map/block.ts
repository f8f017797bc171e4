/**
 * A run of buckets in memory.
 *
 * Shape: `words` holds 16 words (64 bytes, one cache line) for each bucket:
 *
 *     0-7   the keys, one a cell: the key itself if it is an int32, else its hash (B1)
 *     8-9   the eight tophash bytes
 *     10    the link to the next bucket of the chain; 0 at its end (0 is no overflow bucket)
 *     11    1 if the bucket's memory was wiped when it was evacuated
 *     12-15 unused
 *
 * `values` holds eight numbers for each bucket. A slack of 48 bytes in front of both puts bucket 0
 * on a cache line, because large allocations begin 16 bytes after a multiple of 64.
 *
 * Keys that are no int32 and values that are no numbers stand in plain arrays of at most 4096
 * slots, each made when something first has to stand there. A chunk that was not made yet still has
 * its ints and numbers in the typed arrays, so a map changes its storage a chunk at a time and
 * never in one long pause.
 *
 * B1  A key chunk exists ⇒ all keys of its slots stand in it, and the words hold their hashes.
 * B2  A value chunk exists ⇒ all values of its slots stand in it.
 */
import { EMPTY_ONE, EVACUATED_EMPTY, EVACUATED_Y } from './inspection.ts';
import { hashInteger } from './hash.ts';

const CELLS_PER_BUCKET = 8;
/** log2 of the words of a bucket. */
const WORDS_SHIFT = 4;
/** Bytes in front of bucket 0. */
const SLACK = 48;
/** Byte index of bucket 0's first tophash. */
const TOPHASH_START = 32;
/** Bytes of the words of a bucket, and of its values. */
const BYTES_PER_BUCKET = 64;
/** log2 of that. */
const BYTES_SHIFT = 6;
/** Word of a bucket: the link. */
const LINK = 10;
/** Word of a bucket: the wiped mark. */
const WIPED = 11;

const CHUNK_SHIFT = 12;
const CHUNK_SIZE = 1 << CHUNK_SHIFT;
const CHUNK_MASK = CHUNK_SIZE - 1;

type Chunk = unknown[];
type Directory = (Chunk | undefined)[];

const NO_VALUES: Float64Array = new Float64Array(0);

/** What a map stores in typed arrays at the time a block is made. */
export interface StorageKind {
  /** Whether all keys so far are int32. */
  readonly hasIntegerKeys: boolean;
  /** Whether all values so far are numbers. */
  readonly hasNumberValues: boolean;
}

/** Wipes the slots of one bucket in a chunk. */
function wipeSlots(chunk: Chunk | undefined, first: number): void {
  if (chunk === undefined) return;
  for (let cell = 0; cell < CELLS_PER_BUCKET; cell++) chunk[first + cell] = undefined;
}

/** A run of buckets; the layout is described at the head of this file. */
export class Block {
  readonly bucketCapacity: number;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  readonly values: Float64Array;
  keyChunks: Directory | null;
  valueChunks: Directory | null;

  /**
   * Cost: two zeroed allocations, which the operating system fills in page by page as they are
   * touched.
   */
  constructor(bucketCapacity: number, kind: StorageKind) {
    this.bucketCapacity = bucketCapacity;
    const size = SLACK + bucketCapacity * BYTES_PER_BUCKET;
    const memory = new ArrayBuffer(size);
    this.words = new Int32Array(memory, SLACK);
    this.bytes = new Uint8Array(memory, SLACK);
    this.values = kind.hasNumberValues ? new Float64Array(new ArrayBuffer(size), SLACK) : NO_VALUES;
    this.keyChunks = kind.hasIntegerKeys ? null : this.#emptyDirectory();
    this.valueChunks = kind.hasNumberValues ? null : this.#emptyDirectory();
  }

  /** The tophash of a cell. */
  tophash(bucket: number, cell: number): number {
    return this.bytes[(bucket << BYTES_SHIFT) + TOPHASH_START + cell]!;
  }

  setTophash(bucket: number, cell: number, tophash: number): void {
    this.bytes[(bucket << BYTES_SHIFT) + TOPHASH_START + cell] = tophash;
  }

  /** The link to the next bucket of the chain; 0 at its end. */
  link(bucket: number): number {
    return this.words[(bucket << WORDS_SHIFT) + LINK]!;
  }

  setLink(bucket: number, reference: number): void {
    this.words[(bucket << WORDS_SHIFT) + LINK] = reference;
  }

  isWiped(bucket: number): boolean {
    return this.words[(bucket << WORDS_SHIFT) + WIPED] !== 0;
  }

  /** The key word of a cell: a key or a hash, see B1. */
  keyWord(bucket: number, cell: number): number {
    return this.words[(bucket << WORDS_SHIFT) + cell]!;
  }

  setKeyWord(bucket: number, cell: number, word: number): void {
    this.words[(bucket << WORDS_SHIFT) + cell] = word;
  }

  /**
   * Whether the keys of a bucket stand in a chunk; if not they are int32 and stand in the words.
   */
  hasKeyChunk(bucket: number): boolean {
    const chunks = this.keyChunks;
    return chunks !== null && chunks[(bucket * CELLS_PER_BUCKET) >> CHUNK_SHIFT] !== undefined;
  }

  /** The key in a cell that is live or was moved away. Undefined where the memory was wiped. */
  key(bucket: number, cell: number): unknown {
    const slot = bucket * CELLS_PER_BUCKET + cell;
    const chunk = this.keyChunks === null ? undefined : this.keyChunks[slot >> CHUNK_SHIFT];
    if (chunk !== undefined) return chunk[slot & CHUNK_MASK];
    return this.isWiped(bucket) ? undefined : this.keyWord(bucket, cell);
  }

  /**
   * Stores a key that is no int32, or any key of a map that has such; `hash` goes into the key
   * word.
   */
  setKey(bucket: number, cell: number, key: unknown, hash: number, seed: number): void {
    const slot = bucket * CELLS_PER_BUCKET + cell;
    this.keyChunks ??= this.#emptyDirectory();
    const chunk = this.keyChunks[slot >> CHUNK_SHIFT] ?? this.#makeKeyChunk(slot, seed);
    chunk[slot & CHUNK_MASK] = key;
    this.setKeyWord(bucket, cell, hash);
  }

  /** The value in a cell that is live or was moved away. Undefined where the memory was wiped. */
  value(bucket: number, cell: number): unknown {
    const slot = bucket * CELLS_PER_BUCKET + cell;
    const chunk = this.valueChunks === null ? undefined : this.valueChunks[slot >> CHUNK_SHIFT];
    if (chunk !== undefined) return chunk[slot & CHUNK_MASK];
    return this.isWiped(bucket) ? undefined : this.values[slot];
  }

  setValue(bucket: number, cell: number, value: unknown): void {
    const slot = bucket * CELLS_PER_BUCKET + cell;
    if (typeof value === 'number' && this.valueChunks === null) {
      this.values[slot] = value;
      return;
    }
    this.valueChunks ??= this.#emptyDirectory();
    const chunk = this.valueChunks[slot >> CHUNK_SHIFT] ?? this.#makeValueChunk(slot);
    chunk[slot & CHUNK_MASK] = value;
  }

  /**
   * Lets go of what a cell holds, so that the garbage collector can have it; ints and numbers may
   * stay.
   */
  dropCell(bucket: number, cell: number): void {
    const slot = bucket * CELLS_PER_BUCKET + cell;
    const keyChunk = this.keyChunks?.[slot >> CHUNK_SHIFT];
    if (keyChunk !== undefined) keyChunk[slot & CHUNK_MASK] = undefined;
    const valueChunk = this.valueChunks?.[slot >> CHUNK_SHIFT];
    if (valueChunk !== undefined) valueChunk[slot & CHUNK_MASK] = undefined;
  }

  /**
   * Wipes a bucket but for its tophash bytes: keys, values and the link to its overflow buckets.
   */
  wipe(bucket: number): void {
    const slot = bucket * CELLS_PER_BUCKET;
    wipeSlots(this.keyChunks?.[slot >> CHUNK_SHIFT], slot & CHUNK_MASK);
    wipeSlots(this.valueChunks?.[slot >> CHUNK_SHIFT], slot & CHUNK_MASK);
    this.setLink(bucket, 0);
    this.words[(bucket << WORDS_SHIFT) + WIPED] = 1;
  }

  /** Makes every bucket blank again, in place. */
  zero(): void {
    this.words.fill(0);
    if (this.keyChunks !== null) this.keyChunks.fill(undefined);
    if (this.valueChunks !== null) this.valueChunks.fill(undefined);
  }

  #emptyDirectory(): Directory {
    const slots = this.bucketCapacity * CELLS_PER_BUCKET;
    return new Array<Chunk | undefined>(Math.ceil(slots / CHUNK_SIZE)).fill(undefined);
  }

  #newChunk(slot: number): Chunk {
    const first = slot & ~CHUNK_MASK;
    const length = Math.min(CHUNK_SIZE, this.bucketCapacity * CELLS_PER_BUCKET - first);
    return new Array<unknown>(length).fill(undefined);
  }

  /** B1: the ints that stand in the words move over, and their hashes take their place. */
  #makeKeyChunk(slot: number, seed: number): Chunk {
    const chunk = this.#newChunk(slot);
    const firstBucket = (slot & ~CHUNK_MASK) / CELLS_PER_BUCKET;
    for (let index = 0; index < chunk.length; index++) {
      const bucket = firstBucket + (index >> 3);
      if (!this.#isOccupied(bucket, index & 7)) continue;
      const key = this.keyWord(bucket, index & 7);
      chunk[index] = key;
      this.setKeyWord(bucket, index & 7, hashInteger(key, seed));
    }
    this.keyChunks![slot >> CHUNK_SHIFT] = chunk;
    return chunk;
  }

  /** B2: the numbers of the chunk move over. */
  #makeValueChunk(slot: number): Chunk {
    const chunk = this.#newChunk(slot);
    const firstSlot = slot & ~CHUNK_MASK;
    const firstBucket = firstSlot / CELLS_PER_BUCKET;
    if (this.values.length > 0) {
      for (let index = 0; index < chunk.length; index++) {
        if (!this.#isOccupied(firstBucket + (index >> 3), index & 7)) continue;
        chunk[index] = this.values[firstSlot + index];
      }
    }
    this.valueChunks![slot >> CHUNK_SHIFT] = chunk;
    return chunk;
  }

  /** Whether a cell's memory still matters: it is live, or moved away and not wiped. */
  #isOccupied(bucket: number, cell: number): boolean {
    const tophash = this.tophash(bucket, cell);
    if (tophash <= EMPTY_ONE || tophash === EVACUATED_EMPTY) return false;
    return tophash > EVACUATED_Y || !this.isWiped(bucket);
  }
}
