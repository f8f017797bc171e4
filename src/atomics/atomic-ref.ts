/**
 * One shared reference with atomic access, sequentially consistent: all loads, stores, swaps and conditional swaps on
 * all atomics of a program take effect one after the other, in an order that agrees with each thread's own.
 *
 * In plain JavaScript one thread runs at a time and every call is atomic by nature. Code written against this class
 * states where its threads may be interleaved: at these calls and nowhere else.
 *
 * **Cost** one private field; no call allocates.
 */
export class AtomicRef<T> {
  #value: T;

  constructor(initial: T) {
    this.#value = initial;
  }

  /** Reads the reference. */
  load(): T {
    return this.#value;
  }

  /** Writes the reference. */
  store(value: T): void {
    this.#value = value;
  }

  /**
   * Writes `replacement` if the reference is `expected`, and returns whether it did.
   *
   * Compared with `===`: objects by identity, and a `NaN` that is held never matches. A call that returns false is a
   * read and nothing more.
   */
  compareAndSwap(expected: T, replacement: T): boolean {
    if (this.#value !== expected) return false;
    this.#value = replacement;
    return true;
  }

  /** Writes the reference and returns what it was. */
  swap(value: T): T {
    const previous = this.#value;
    this.#value = value;
    return previous;
  }
}
