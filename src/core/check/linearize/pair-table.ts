/**
 * Ids for pairs of a key and a value, and what is known of each pair.
 *
 * What is known of a pair lies in one record of eight numbers, so that one line of the processor's cache holds it.
 * Records start as zeros; that is why numbers whose natural start is another are written as a difference from it.
 */
import type { ScratchColumn } from './scratch.ts';
import { doubled } from './typed-arrays.ts';

/** `pair << PAIR_SHIFT` is where a pair's record begins. There it has the key that uses a value's own id, plus 1. */
export const PAIR_SHIFT = 3;
/** Offset: the observation that wrote the value, plus 1; 0 for none, {@link INITIAL_WRITER}. */
export const PAIR_WRITER = 1;
/** Offset: the observation that replaced the value, plus 1; 0 for none. */
export const PAIR_CONSUMER = 2;
/** Offset: NEVER minus the earliest return of a read; 0 without reads. */
export const PAIR_READ_RETURN = 3;
/** Offset: the latest call of a read, plus 1; 0 without reads. */
export const PAIR_READ_CALL = 4;
/** Offset: the slot from which the value is there in a linearization that was found, plus 2; 0 if it never is. */
export const PAIR_START = 5;
/** Offset: NEVER minus the last slot at which it is there; 0 for the last value of its key. */
export const PAIR_END = 6;
/** Offset: 1 where the monitor found the value in a chain. */
export const PAIR_IN_CHAIN = 7;

/** The writer of a value that was there before the first event. */
export const INITIAL_WRITER = -1;

/**
 * One id for each pair of key and value.
 *
 * Most histories write a value to one key only; then the pair's id is the value's own, and only the pairs of later keys
 * go through a hash table. Pair 0 is ABSENT on any key; its record is scrap, but for its owner, writer and consumer,
 * which stay 0.
 */
export class PairTable {
  /** By pair, {@link PAIR_SHIFT}. Replaced when it grows: {@link PairTable.idOf} may do that. */
  records: Int32Array;
  readonly #valueCount: number;
  /** Pair id of a hash slot, 0 for none. A power of two long. */
  #table: Int32Array = new Int32Array(64);
  #keys: Int32Array = new Int32Array(32);
  #values: Int32Array = new Int32Array(32);
  #extraCount = 0;
  /** Records that may be used. */
  #capacity: number;

  constructor(valueCount: number, column: ScratchColumn) {
    this.#valueCount = valueCount;
    this.#capacity = Math.max(1, valueCount);
    this.records = column.takeZeros(this.#capacity << PAIR_SHIFT);
  }

  /** Ids are below this. */
  get size(): number {
    return this.#valueCount + this.#extraCount;
  }

  /** The id of a pair; `value` is not ABSENT. */
  idOf(key: number, value: number): number {
    const at = value << PAIR_SHIFT;
    const owner = this.records[at]!;
    if (owner === key + 1) return value;
    if (owner === 0) {
      this.records[at] = key + 1;
      return value;
    }
    return this.#extraId(key, value);
  }

  valueOf(pair: number): number {
    return pair < this.#valueCount ? pair : this.#values[pair - this.#valueCount]!;
  }

  #extraId(key: number, value: number): number {
    const last = this.#table.length - 1;
    let slot = mix(key, value) & last;
    for (let id = this.#table[slot]!; id !== 0; id = this.#table[slot]!) {
      const extra = id - this.#valueCount;
      if (this.#keys[extra] === key && this.#values[extra] === value) return id;
      slot = (slot + 1) & last;
    }
    const extra = this.#extraCount++;
    if (extra === this.#keys.length) {
      this.#keys = doubled(this.#keys);
      this.#values = doubled(this.#values);
    }
    if (this.size > this.#capacity) this.#growRecords();
    this.#keys[extra] = key;
    this.#values[extra] = value;
    this.#table[slot] = this.#valueCount + extra;
    if (this.#extraCount * 2 > this.#table.length) this.#growTable();
    return this.#valueCount + extra;
  }

  #growRecords(): void {
    const records = new Int32Array(this.#capacity << (PAIR_SHIFT + 1));
    records.set(this.records.subarray(0, this.#capacity << PAIR_SHIFT));
    this.records = records;
    this.#capacity *= 2;
  }

  #growTable(): void {
    const table = new Int32Array(this.#table.length * 2);
    const last = table.length - 1;
    for (let extra = 0; extra < this.#extraCount; extra++) {
      let slot = mix(this.#keys[extra]!, this.#values[extra]!) & last;
      while (table[slot] !== 0) slot = (slot + 1) & last;
      table[slot] = this.#valueCount + extra;
    }
    this.#table = table;
  }
}

function mix(key: number, value: number): number {
  const mixed = Math.imul(key, 0x9e3779b1) ^ Math.imul(value, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
