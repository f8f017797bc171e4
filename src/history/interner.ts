/**
 * Gives JSON texts small whole numbers, equal texts equal numbers, straight from bytes.
 *
 * Whole numbers from 0 to 4,194,303 go through a direct table; everything else through a hash table over one growing
 * array of bytes. No string is made until somebody asks for a text.
 */

const DIRECT_LIMIT = 1 << 22;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Turns JSON scalars into ids: 0, 1, 2 … in the order of first sight. */
export class Interner {
  /** Id + 1 of each small whole number. */
  #direct: Int32Array = new Int32Array(1024);
  /** Ids + 1 by hash; 0 is free. A power of two long. */
  #table: Int32Array = new Int32Array(1024);
  #hashes: Int32Array = new Int32Array(256);
  /** Where the text of an id starts in `#bytes`; for small whole numbers, -1 - number. */
  #starts: Int32Array = new Int32Array(256);
  #ends: Int32Array = new Int32Array(256);
  #bytes: Uint8Array = new Uint8Array(4096);
  #byteCount = 0;
  #count = 0;
  #hashedCount = 0;

  /** How many distinct texts were seen. */
  get size(): number {
    return this.#count;
  }

  /** The id of a canonical JSON text. Canonical means: one value has one text. */
  intern(buffer: Uint8Array, start: number, end: number): number {
    const small = smallInteger(buffer, start, end);
    return small >= 0 ? this.internSmall(small) : this.#internBytes(buffer, start, end);
  }

  /** The id of a whole number below 4,194,304. */
  internSmall(small: number): number {
    if (small >= this.#direct.length) this.#growDirect(small);
    const known = this.#direct[small]!;
    if (known > 0) return known - 1;
    const id = this.#newId();
    this.#starts[id] = -1 - small;
    this.#direct[small] = id + 1;
    return id;
  }

  /** The text behind an id. */
  text(id: number): string {
    const start = this.#starts[id]!;
    if (start < 0) return String(-1 - start);
    return new TextDecoder().decode(this.#bytes.subarray(start, this.#ends[id]));
  }

  /** The id of a text, or -1 if it was never seen. */
  find(text: string): number {
    const bytes = new TextEncoder().encode(text);
    const small = smallInteger(bytes, 0, bytes.length);
    if (small >= 0) return small < this.#direct.length ? this.#direct[small]! - 1 : -1;
    return this.#table[this.#slotOf(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length))]! - 1;
  }

  #internBytes(buffer: Uint8Array, start: number, end: number): number {
    const hash = hashOf(buffer, start, end);
    const slot = this.#slotOf(buffer, start, end, hash);
    const known = this.#table[slot]!;
    if (known > 0) return known - 1;
    const id = this.#newId();
    const length = end - start;
    if (this.#byteCount + length > this.#bytes.length) this.#growBytes(length);
    this.#bytes.set(buffer.subarray(start, end), this.#byteCount);
    this.#starts[id] = this.#byteCount;
    this.#byteCount += length;
    this.#ends[id] = this.#byteCount;
    this.#hashes[id] = hash;
    this.#table[slot] = id + 1;
    if (++this.#hashedCount * 2 > this.#table.length) this.#growTable();
    return id;
  }

  #slotOf(buffer: Uint8Array, start: number, end: number, hash: number): number {
    const table = this.#table;
    const last = table.length - 1;
    let slot = hash & last;
    for (let known = table[slot]!; known > 0; known = table[slot]!) {
      if (this.#hashes[known - 1] === hash && this.#isText(known - 1, buffer, start, end)) break;
      slot = (slot + 1) & last;
    }
    return slot;
  }

  #isText(id: number, buffer: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[id]!;
    if (this.#ends[id]! - from !== end - start) return false;
    const bytes = this.#bytes;
    for (let at = start; at < end; at++) {
      if (buffer[at] !== bytes[from + at - start]) return false;
    }
    return true;
  }

  #newId(): number {
    if (this.#count === this.#starts.length) {
      this.#starts = grown(this.#starts, this.#count * 2);
      this.#ends = grown(this.#ends, this.#count * 2);
      this.#hashes = grown(this.#hashes, this.#count * 2);
    }
    return this.#count++;
  }

  #growDirect(small: number): void {
    let length = this.#direct.length * 2;
    while (length <= small) length *= 2;
    this.#direct = grown(this.#direct, length);
  }

  #growBytes(extra: number): void {
    const wider = new Uint8Array((this.#byteCount + extra) * 2);
    wider.set(this.#bytes);
    this.#bytes = wider;
  }

  #growTable(): void {
    const table = new Int32Array(this.#table.length * 2);
    const last = table.length - 1;
    for (const known of this.#table) {
      if (known === 0) continue;
      let slot = this.#hashes[known - 1]! & last;
      while (table[slot] !== 0) slot = (slot + 1) & last;
      table[slot] = known;
    }
    this.#table = table;
  }
}

/** A longer copy. */
export function grown(array: Int32Array, length: number): Int32Array {
  const wider = new Int32Array(length);
  wider.set(array);
  return wider;
}

function smallInteger(buffer: Uint8Array, start: number, end: number): number {
  if (end - start > 7) return -1;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = buffer[at]! - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  // A text such as 007 is no JSON and never gets here.
  return number < DIRECT_LIMIT ? number : -1;
}

function hashOf(buffer: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ buffer[at]!, FNV_PRIME);
  // The low bits of FNV are its worst; the table uses them.
  return hash ^ (hash >>> 15);
}
