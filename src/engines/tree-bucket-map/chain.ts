import type { Entry } from './entry.ts';
import { copiedEntry } from './entry.ts';

/** A bucket as a linked list: its first entry, or `null`. */
export type Chain<K, V> = Entry<K, V> | null;

/** Appends an entry to a bucket's chain and returns the new length. */
export function appendToChain<K, V>(
  chains: Chain<K, V>[],
  bucket: number,
  entry: Entry<K, V>,
): number {
  let last = chains[bucket] as Chain<K, V>;
  if (last === null) {
    chains[bucket] = entry;
    return 1;
  }
  let length = 2;
  for (; last.next !== null; last = last.next) length++;
  last.next = entry;
  return length;
}

/** Takes an entry that is there out of a bucket's chain. */
export function removeFromChain<K, V>(
  chains: Chain<K, V>[],
  bucket: number,
  entry: Entry<K, V>,
): void {
  let previous = chains[bucket]!;
  if (previous === entry) {
    chains[bucket] = entry.next;
  } else {
    while (previous.next !== entry) previous = previous.next!;
    previous.next = entry.next;
  }
  // An iterator may hold the entry for long; the rest of the chain must not live on with it.
  entry.next = null;
}

/** Parts a chain over two buckets, each half in its old order. */
export function splitChain<K, V>(
  chain: Entry<K, V>,
  chains: Chain<K, V>[],
  bucket: number,
  oldCount: number,
): void {
  let lowLast: Chain<K, V> = null;
  let highLast: Chain<K, V> = null;
  for (let entry: Chain<K, V> = chain; entry !== null;) {
    const next: Chain<K, V> = entry.next;
    entry.next = null;
    if ((entry.hash & oldCount) === 0) {
      if (lowLast === null) chains[bucket] = entry;
      else lowLast.next = entry;
      lowLast = entry;
    } else {
      if (highLast === null) chains[bucket + oldCount] = entry;
      else highLast.next = entry;
      highLast = entry;
    }
    entry = next;
  }
}

/** Links entries into a chain, in the order given, and returns the first. */
export function chainOf<K, V>(entries: readonly Entry<K, V>[]): Chain<K, V> {
  let chain: Chain<K, V> = null;
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index]!;
    entry.next = chain;
    chain = entry;
  }
  return chain;
}

/** A chain of new entries with the same keys, values and hashes, in the same order. */
export function copiedChain<K, V>(chain: Chain<K, V>): Chain<K, V> {
  const copies: Entry<K, V>[] = [];
  for (let entry = chain; entry !== null; entry = entry.next) copies.push(copiedEntry(entry));
  return chainOf(copies);
}
