import { TicketLock } from './ticket-lock.ts';

const VALUE = 2;

/** A counter in shared memory: two words of a lock, then the value. */
export class Counter {
  readonly #words: Int32Array;
  readonly #lock: TicketLock;

  constructor(words: Int32Array = new Int32Array(new SharedArrayBuffer(12))) {
    this.#words = words;
    this.#lock = new TicketLock(words);
  }

  /** Adds one, under the lock. */
  increment(): number {
    this.#lock.lock();
    try {
      return (this.#words[VALUE] += 1);
    } finally {
      this.#lock.unlock();
    }
  }

  /** Adds one to what was read: another thread may come in between. */
  incrementHastily(): number {
    const value = Atomics.load(this.#words, VALUE);
    return Atomics.store(this.#words, VALUE, value + 1);
  }

  get value(): number {
    return Atomics.load(this.#words, VALUE);
  }
}
