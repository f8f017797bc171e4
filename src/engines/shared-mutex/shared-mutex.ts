/**
 * A mutual exclusion lock in shared memory, for threads that really run at once: over `Atomics.wait` and `notify`.
 *
 * One word has three states: free, held, and held with somebody who may be waiting. Only the third makes `unlock` wake
 * a waiter, so a lock that nobody fights for costs two atomic accesses and no call of the operating system.
 *
 *   L1  Who finds the word free has the lock: a change from free to anything else is one atomic access.
 *   L2  A thread waits only while the word says CONTENDED, and has itself made it say so, or found it so, just before.
 *   L3  A thread that was woken takes the lock as CONTENDED: others may still be waiting, and only that state makes its
 *       own `unlock` wake the next one. Taking it as HELD would leave them asleep for ever.
 *
 * Counterexample to doing without L3, three threads: A holds, B and C wait. A unlocks and wakes B. B takes the lock as
 * HELD, and its unlock wakes nobody: C sleeps on a free lock.
 *
 * Source: U. Drepper, "Futexes Are Tricky" (2011), the second of its three mutexes.
 */

const FREE = 0;
const HELD = 1;
const CONTENDED = 2;

/**
 * A lock on one element of an `Int32Array` over a `SharedArrayBuffer`; 0 is free, as fresh memory is.
 *
 * Every thread makes its own `SharedMutex` on the same element. Not re-entrant: a thread that locks twice waits for
 * itself. Waiting blocks the thread, which a browser's main thread may not do.
 */
export class SharedMutex {
  readonly #words: Int32Array;
  readonly #index: number;

  /** `index` is the element's, 0-based. */
  constructor(words: Int32Array, index = 0) {
    this.#words = words;
    this.#index = index;
  }

  /** Takes the lock, waiting while another thread has it. */
  lock(): void {
    let found = Atomics.compareExchange(this.#words, this.#index, FREE, HELD);
    while (found !== FREE) {
      // L2, L3.
      found = Atomics.exchange(this.#words, this.#index, CONTENDED);
      if (found === FREE) return;
      Atomics.wait(this.#words, this.#index, CONTENDED);
    }
  }

  /** Takes the lock if it is free, and returns whether it did. */
  tryLock(): boolean {
    return Atomics.compareExchange(this.#words, this.#index, FREE, HELD) === FREE;
  }

  /**
   * Gives the lock back.
   *
   * @throws Error if it is free.
   */
  unlock(): void {
    const found = Atomics.exchange(this.#words, this.#index, FREE);
    if (found === FREE) throw new Error('unlock of a mutex that is not locked');
    if (found === CONTENDED) Atomics.notify(this.#words, this.#index, 1);
  }
}
