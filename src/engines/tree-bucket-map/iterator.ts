import type { Entry, InsertionOrder } from './entry.ts';

/**
 * An iterator over a `TreeBucketMap`, in insertion order, that stands any change to the map while it runs.
 *
 * It remembers the entry it gave last and nothing of the buckets, so doublings, treeification and splits are invisible
 * to it. What a native `Map` promises holds word for word: an entry present from the first step to the last is given
 * exactly once; an entry removed before it was reached is not given; one inserted before the end is reached is given;
 * the value is the one at the moment of the step; a key that is removed and set again is a new entry, at the end.
 * After it has ended it stays ended.
 */
export class EntryIterator<K, V, T> implements IterableIterator<T> {
  readonly #order: InsertionOrder<K, V>;
  readonly #pick: (entry: Entry<K, V>) => T;
  /** The entry given last, `head` before the first; `null` after the end, so that a finished iterator holds nothing. */
  #last: Entry<K, V> | null;
  #resetCount: number;

  constructor(order: InsertionOrder<K, V>, pick: (entry: Entry<K, V>) => T) {
    this.#order = order;
    this.#pick = pick;
    this.#last = order.head;
    this.#resetCount = order.resetCount;
  }

  /** Takes one step. Cost: O(1) amortised over the entries removed since the last step. */
  next(): IteratorResult<T, undefined> {
    let last = this.#last;
    if (last === null) return { done: true, value: undefined };
    if (this.#resetCount !== this.#order.resetCount) {
      // Everything given or passed so far is gone; what is there now was all inserted after the clear.
      this.#resetCount = this.#order.resetCount;
      last = this.#order.head;
    }
    // New entries only ever go to the end, so what follows the nearest surviving predecessor is what was due next.
    while (last.after === null) last = last.before;
    const entry = last.after;
    if (entry === this.#order.head) {
      this.#last = null;
      return { done: true, value: undefined };
    }
    this.#last = entry;
    return { done: false, value: this.#pick(entry) };
  }

  [Symbol.iterator](): this {
    return this;
  }
}
