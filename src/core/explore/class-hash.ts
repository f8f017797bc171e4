/**
 * Hash of an equivalence class: the same for every interleaving of the class, whatever engine found
 * it.
 *
 * An event is known by its thread, its number in that thread, and the numbers of the events of each
 * thread that happen before it. The hash of a class is the sum of the hashes of its events, so
 * their order does not matter.
 */

/**
 * Mixes one event. Shape: `row[offset + u]` is how many events of thread u happen before it, itself
 * included.
 */
export function mixEvent(
  thread: number,
  row: ArrayLike<number>,
  offset: number,
  threadCount: number,
  lane: number,
): number {
  let hash = Math.imul(thread + 1, 0x9e3779b1) ^ lane;
  for (let u = 0; u < threadCount; u++) {
    hash = Math.imul(hash ^ (row[offset + u]! + 1), 0x85ebca6b);
    hash = (hash ^ (hash >>> 15)) + Math.imul(u + 1, 0x27d4eb2f);
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Different starting points for the two halves of a hash. */
export const LOW_LANE = 0x243f6a88;
/** See `LOW_LANE`. */
export const HIGH_LANE = 0x13198a2e;

/** The class hashes of all prefixes of an execution. */
export class PrefixHashes {
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  readonly #threadCount: number;

  constructor(events: number, threadCount: number) {
    this.#low = new Int32Array(events + 1);
    this.#high = new Int32Array(events + 1);
    this.#threadCount = threadCount;
  }

  /** Takes in event i, of a thread; its row is the i-th of `rows`. */
  extend(i: number, thread: number, rows: Uint16Array): void {
    const threadCount = this.#threadCount;
    const offset = i * threadCount;
    this.#low[i + 1] = this.#low[i]! + mixEvent(thread, rows, offset, threadCount, LOW_LANE);
    this.#high[i + 1] = this.#high[i]! + mixEvent(thread, rows, offset, threadCount, HIGH_LANE);
  }

  /** Lower half of the hash of the first so many events. */
  low(length: number): number {
    return this.#low[length]!;
  }

  /** Upper half of it. */
  high(length: number): number {
    return this.#high[length]!;
  }
}

/** 16 hexadecimal digits from the two halves. */
export function formatHash(low: number, high: number): string {
  return hex(high) + hex(low);
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, '0');
}

/** Sum of class hashes: the same whatever the order in which classes were found. */
export class HashSum {
  #low = 0;
  #high = 0;

  /**
   * Adds a class. The halves are mixed once more, or classes that differ in pairs of events could
   * cancel out.
   */
  add(low: number, high: number): void {
    const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    this.#low = (this.#low + (mixed ^ (mixed >>> 13))) | 0;
    const other = Math.imul(high ^ Math.imul(low, 0xc2b2ae35), 0x27d4eb2f);
    this.#high = (this.#high + (other ^ (other >>> 15))) | 0;
  }

  /** Adds what another sum has, as `toString` gave it. */
  addSum(sum: string): void {
    this.#high = (this.#high + Number.parseInt(sum.slice(0, 8), 16)) | 0;
    this.#low = (this.#low + Number.parseInt(sum.slice(8), 16)) | 0;
  }

  toString(): string {
    return formatHash(this.#low, this.#high);
  }
}
