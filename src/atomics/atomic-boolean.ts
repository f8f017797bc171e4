/**
 * One shared boolean with atomic access, sequentially consistent as `AtomicRef` is.
 *
 * **Cost** one private field; no call allocates.
 */
export class AtomicBoolean {
  #value: boolean;

  constructor(initial = false) {
    this.#value = initial;
  }

  /** Reads the boolean. */
  load(): boolean {
    return this.#value;
  }

  /** Writes the boolean. */
  store(value: boolean): void {
    this.#value = value;
  }

  /** Writes `replacement` if the boolean is `expected`, and returns whether it did. */
  compareAndSwap(expected: boolean, replacement: boolean): boolean {
    if (this.#value !== expected) return false;
    this.#value = replacement;
    return true;
  }

  /** Writes the boolean and returns what it was. */
  swap(value: boolean): boolean {
    const previous = this.#value;
    this.#value = value;
    return previous;
  }
}
