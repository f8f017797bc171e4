/**
 * The configurations a search has been in: event position, state, and which open operations have acted.
 *
 * One open-addressing table of whole numbers; nothing is allocated but when it grows. A full table enters nothing more:
 * the search then goes over some ground twice, which costs time, not truth.
 */

/** Numbers in a table at most: a quarter of a gigabyte. */
export const WORDS_MAX: number = 1 << 26;

/** A set of configurations. */
export class Configurations {
  readonly #stride: number;
  readonly #maskWords: number;
  /** Entries of `stride` numbers: position + 1 (0 is free), state, mask words. */
  #table: Int32Array;
  #capacity: number;
  #count = 0;
  readonly #wordsMax: number;

  /** `maskWords` is the count of 32-bit words of a mask, `expected` about how many configurations there will be. */
  constructor(maskWords: number, wordsMax: number = WORDS_MAX, expected = 0) {
    this.#wordsMax = wordsMax;
    this.#maskWords = maskWords;
    this.#stride = maskWords + 2;
    this.#capacity = 64;
    while (this.#capacity < expected && this.#capacity * 2 * this.#stride <= wordsMax) {
      this.#capacity *= 2;
    }
    this.#table = new Int32Array(this.#capacity * this.#stride);
  }

  get count(): number {
    return this.#count;
  }

  /** Enters a configuration if there is room; false if it was there. */
  add(position: number, state: number, mask: Int32Array): boolean {
    const last = this.#capacity - 1;
    let slot = this.#hash(position, state, mask) & last;
    const table = this.#table;
    const stride = this.#stride;
    for (;;) {
      const at = slot * stride;
      if (table[at] === 0) {
        this.#enter(at, position, state, mask);
        return true;
      }
      if (table[at] === position + 1 && table[at + 1] === state && this.#isMask(at + 2, mask)) {
        return false;
      }
      slot = (slot + 1) & last;
    }
  }

  #enter(at: number, position: number, state: number, mask: Int32Array): void {
    const isFull = (this.#count + 1) * 2 > this.#capacity;
    if (isFull && this.#table.length * 2 > this.#wordsMax) return;
    const table = this.#table;
    table[at] = position + 1;
    table[at + 1] = state;
    for (let word = 0; word < this.#maskWords; word++) table[at + 2 + word] = mask[word]!;
    if (++this.#count * 2 > this.#capacity) this.#grow();
  }

  #isMask(at: number, mask: Int32Array): boolean {
    for (let word = 0; word < this.#maskWords; word++) {
      if (this.#table[at + word] !== mask[word]) return false;
    }
    return true;
  }

  #hash(position: number, state: number, mask: Int32Array): number {
    let hash = hashStart(position, state);
    for (let word = 0; word < this.#maskWords; word++) hash = hashWord(hash, mask[word]!);
    return hash ^ (hash >>> 13);
  }

  #grow(): void {
    const before = this.#table;
    const stride = this.#stride;
    this.#capacity *= 2;
    const table = new Int32Array(this.#capacity * stride);
    const last = this.#capacity - 1;
    for (let from = 0; from < before.length; from += stride) {
      if (before[from] === 0) continue;
      let hash = hashStart(before[from]! - 1, before[from + 1]!);
      for (let word = 2; word < stride; word++) hash = hashWord(hash, before[from + word]!);
      let slot = (hash ^ (hash >>> 13)) & last;
      while (table[slot * stride] !== 0) slot = (slot + 1) & last;
      for (let word = 0; word < stride; word++) table[slot * stride + word] = before[from + word]!;
    }
    this.#table = table;
  }
}

function hashStart(position: number, state: number): number {
  return Math.imul(position + 1, 0x9e3779b1) ^ Math.imul(state + 1, 0x85ebca6b);
}

function hashWord(hash: number, word: number): number {
  return Math.imul(hash ^ (hash >>> 15) ^ word, 0xc2b2ae35);
}
