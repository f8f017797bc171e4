/** Puts results that arrive in any order back into the order of their positions. */

/**
 * Passes items on in order of position, each as soon as all before it are there.
 *
 * Holds only those that came too early: a few for workers that share a counter, a window's worth for a fleet.
 */
export class InOrder<Item> {
  readonly #pass: (item: Item, position: number) => void;
  readonly #early = new Map<number, Item>();
  #next: number;

  constructor(first: number, pass: (item: Item, position: number) => void) {
    this.#next = first;
    this.#pass = pass;
  }

  /** Position that is waited for. */
  get next(): number {
    return this.#next;
  }

  /** Positions that are here and wait for an earlier one. */
  early(): ReadonlySet<number> {
    return new Set(this.#early.keys());
  }

  has(position: number): boolean {
    return position < this.#next || this.#early.has(position);
  }

  /** Takes an item; one whose position was there already is dropped, and `false` returned. */
  add(position: number, item: Item): boolean {
    if (this.has(position)) return false;
    this.#early.set(position, item);
    for (;;) {
      const next = this.#early.get(this.#next);
      if (next === undefined) return true;
      this.#early.delete(this.#next);
      this.#pass(next, this.#next++);
    }
  }

  /** Passes on what still waits, in order, over the gaps: the end of work that was stopped. */
  flush(): void {
    const rest = [...this.#early].toSorted(([left], [right]) => left - right);
    this.#early.clear();
    for (const [position, item] of rest) {
      this.#next = position + 1;
      this.#pass(item, position);
    }
  }
}
