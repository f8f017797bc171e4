const NEXT_TICKET = 0;
const NOW_SERVING = 1;

/** A lock that lets threads in by the order of their arrival. */
export class TicketLock {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  lock(): void {
    const ticket = Atomics.add(this.#words, NEXT_TICKET, 1);
    for (;;) {
      const serving = Atomics.load(this.#words, NOW_SERVING);
      if (serving === ticket) return;
      Atomics.wait(this.#words, NOW_SERVING, serving);
    }
  }

  unlock(): void {
    Atomics.add(this.#words, NOW_SERVING, 1);
    Atomics.notify(this.#words, NOW_SERVING);
  }
}
