/**
 * What the maps of these targets are held to: the native `Map`, over the identities of keys.
 *
 * That is the whole model. A key whose identity is another one each time can never be found again, like Go's NaN. An
 * update keeps the entry's place; a key that is deleted and set again goes to the end; an iterator of `entries` lives
 * through changes as the native one does.
 */
export class ReferenceMap {
  /** The entries by the identity of their keys, in the order of their insertion. */
  readonly entries: Map<unknown, ReferenceEntry> = new Map<unknown, ReferenceEntry>();
  readonly identityOf: (key: unknown) => unknown;
  #insertions = 0;

  constructor(identityOf: (key: unknown) => unknown) {
    this.identityOf = identityOf;
  }

  get size(): number {
    return this.entries.size;
  }

  find(key: unknown): ReferenceEntry | undefined {
    return this.entries.get(this.identityOf(key));
  }

  set(key: unknown, value: unknown): void {
    const identity = this.identityOf(key);
    const present = this.entries.get(identity);
    // The key stays the one that was inserted, as in most maps; which of two equal keys is kept is not compared.
    if (present !== undefined) this.entries.set(identity, { ...present, value });
    else this.entries.set(identity, { key, value, incarnation: ++this.#insertions });
  }

  delete(key: unknown): boolean {
    return this.entries.delete(this.identityOf(key));
  }

  clear(): void {
    this.entries.clear();
  }

  /** Makes an entry the newest: as if it had been deleted and set again. */
  use(key: unknown): void {
    const identity = this.identityOf(key);
    const entry = this.entries.get(identity);
    if (entry === undefined) return;
    this.entries.delete(identity);
    this.entries.set(identity, entry);
  }

  /** Removes oldest entries until there are no more than that; returns how many. */
  evictTo(capacity: number): number {
    let evicted = 0;
    for (const identity of this.entries.keys()) {
      if (this.entries.size <= capacity) break;
      this.entries.delete(identity);
      evicted++;
    }
    return evicted;
  }

  /** A map of the same entries, independent from now on. */
  clone(): ReferenceMap {
    const copy = new ReferenceMap(this.identityOf);
    copy.#insertions = this.#insertions;
    for (const [identity, entry] of this.entries) copy.entries.set(identity, entry);
    return copy;
  }
}

/** A key with its value. Never changed: an update makes another one. */
export interface ReferenceEntry {
  readonly key: unknown;
  readonly value: unknown;
  /** 1 for the first insertion into the map, 2 for the second, … */
  readonly incarnation: number;
}

/** Stands for one insertion of a key that does not equal itself. */
class Nameless {}

/** Identity where NaN is not itself, as in Go and under `===`. */
export function neverNan(key: unknown): unknown {
  return key === key ? key : new Nameless();
}

/** Identity as in the native `Map`, which does the rest by itself. */
export function itself(key: unknown): unknown {
  return key;
}
