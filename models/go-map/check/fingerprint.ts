/**
 * A 32-bit digest of everything a run did, by the Fowler, Noll and Vo function (FNV-1a, a word at a
 * time).
 */
import type { Scalars } from '../../../properties/go-map/facts.ts';
import { isObjectToken } from '../../value-token.ts';

const OFFSET = 0x811c_9dc5;
const PRIME = 0x0100_0193;

export class Fingerprint {
  #hash = OFFSET | 0;

  /** The digest so far, unsigned. */
  get value(): number {
    return this.#hash >>> 0;
  }

  /** Adds the low 32 bits of a number. */
  add(word: number): void {
    this.#hash = Math.imul(this.#hash ^ word, PRIME);
    this.#hash ^= this.#hash >>> 15;
  }

  /** Adds a key, a value or another result. */
  addValue(value: unknown): void {
    switch (typeof value) {
      case 'number':
        this.#addNumber(value);
        return;
      case 'string':
        this.add(value.length);
        for (let index = 0; index < value.length; index++) this.add(value.charCodeAt(index));
        return;
      case 'boolean':
        this.add(value ? 11 : 12);
        return;
      case 'bigint':
        this.addValue(value.toString());
        return;
      default:
        this.add(isObjectToken(value) ? 1000 + value.object : 13);
    }
  }

  /** Adds the scalar fields of a map. */
  addScalars(scalars: Scalars): void {
    this.add(scalars.count);
    this.add((scalars.B << 24) ^ (scalars.noverflow << 8) ^ scalars.flags);
    this.add(scalars.nevacuate ^ (scalars.oldBucketCount << 16));
    this.add(scalars.hash0);
  }

  #addNumber(value: number): void {
    const integer = value | 0;
    this.add(integer);
    if (integer !== value || Object.is(value, -0))
      this.addValue(Object.is(value, -0) ? '-0' : String(value));
  }
}
