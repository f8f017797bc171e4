/** Ids for pairs of a key and a value. */
import { doubled } from './typed-arrays.ts';

/**
 * One id for each pair of key and value.
 *
 * Most histories write a value to one key only; then the pair's id is the value's own, and only the pairs of later keys
 * go through a hash table.
 */
export class PairIds {
  readonly #valueCount: number;
  /** The key that uses a value's own id, plus 1. */
  readonly #owner: Int32Array;
  /** Pair id of a hash slot, 0 for none. A power of two long. */
  #table: Int32Array = new Int32Array(64);
  #keys: Int32Array = new Int32Array(32);
  #values: Int32Array = new Int32Array(32);
  #extraCount = 0;

  constructor(valueCount: number) {
    this.#valueCount = valueCount;
    this.#owner = new Int32Array(valueCount);
  }

  /** Ids are below this. */
  get size(): number {
    return this.#valueCount + this.#extraCount;
  }

  /** The id of a pair; `value` is not ABSENT. */
  idOf(key: number, value: number): number {
    const owner = this.#owner[value]!;
    if (owner === key + 1) return value;
    if (owner === 0) {
      this.#owner[value] = key + 1;
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
    this.#keys[extra] = key;
    this.#values[extra] = value;
    this.#table[slot] = this.#valueCount + extra;
    if (this.#extraCount * 2 > this.#table.length) this.#growTable();
    return this.#valueCount + extra;
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
