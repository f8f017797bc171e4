/**
 * One key with its value and its two sets of links.
 *
 * An entry is made once and stays the same object while chains become trees, trees become chains and the bucket array
 * doubles; so whoever holds one (an iterator, a tree node) is never left with a copy.
 */
export class Entry<K, V> {
  /** The hash, computed once when the key came in. */
  readonly hash: number;
  readonly key: K;
  value: V;
  /** The next entry of the chain; `null` at its end, and always `null` for an entry held by a tree. */
  next: Entry<K, V> | null = null;
  /** The entry inserted before this one. Kept when this one is removed: iterators find their way back by it. */
  before: Entry<K, V> = this;
  /** The entry inserted after this one; `null` exactly when this entry has been removed. */
  after: Entry<K, V> | null = this;

  constructor(hash: number, key: K, value: V) {
    this.hash = hash;
    this.key = key;
    this.value = value;
  }
}

/** A new entry, linked to nothing, of the same key, value and hash. */
export function copiedEntry<K, V>(entry: Entry<K, V>): Entry<K, V> {
  return new Entry(entry.hash, entry.key, entry.value);
}

/** All entries in the order of their insertion: a ring of links that begins and ends at `head`, which is no entry. */
export class InsertionOrder<K, V> {
  readonly head: Entry<K, V> = new Entry<K, V>(0, undefined as K, undefined as V);
  /** Number of resets. An iterator that remembers another number stands among entries that are all gone. */
  resetCount = 0;

  append(entry: Entry<K, V>): void {
    const last = this.head.before;
    entry.before = last;
    entry.after = this.head;
    last.after = entry;
    this.head.before = entry;
  }

  remove(entry: Entry<K, V>): void {
    const after = entry.after!;
    entry.before.after = after;
    after.before = entry.before;
    entry.after = null;
  }

  /** Forgets all entries in constant time. */
  reset(): void {
    this.head.before = this.head;
    this.head.after = this.head;
    this.resetCount = (this.resetCount + 1) | 0;
  }
}
