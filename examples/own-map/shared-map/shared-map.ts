/**
 * A map of small numbers that threads share: open addressing over a SharedArrayBuffer, without locks.
 *
 * A slot is two words, the key and the value, each plus 1, so that 0 is neither. A key takes a slot once and keeps it.
 */
export class SharedNumberMap {
  readonly #slots: Int32Array;
  readonly #mask: number;

  /** `capacity` is a power of two, and no more keys than that are ever set. */
  constructor(capacity: number) {
    this.#slots = new Int32Array(new SharedArrayBuffer(capacity * 8));
    this.#mask = capacity - 1;
  }

  get(key: number): number | undefined {
    const slot = this.#find(key);
    const value = slot < 0 ? 0 : Atomics.load(this.#slots, slot + 1);
    return value === 0 ? undefined : value - 1;
  }

  set(key: number, value: number): void {
    Atomics.store(this.#slots, this.#claim(key) + 1, value + 1);
  }

  delete(key: number): void {
    const slot = this.#find(key);
    if (slot >= 0) Atomics.store(this.#slots, slot + 1, 0);
  }

  /** The slot of a key, or -1. */
  #find(key: number): number {
    for (let probe = key; ; probe++) {
      const slot = (probe & this.#mask) * 2;
      const there = Atomics.load(this.#slots, slot);
      if (there === key + 1) return slot;
      if (there === 0) return -1;
    }
  }

  /** The slot of a key, taken for it if it has none. */
  #claim(key: number): number {
    for (let probe = key; ; probe++) {
      const slot = (probe & this.#mask) * 2;
      const there = Atomics.compareExchange(this.#slots, slot, 0, key + 1);
      if (there === 0 || there === key + 1) return slot;
    }
  }
}
