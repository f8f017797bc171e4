/**
 * A hash map with chained buckets that turn into balanced trees when they grow long.
 *
 * This is the map that a widespread description of Go's map tells of. Go never had it; `java.util.HashMap` does
 * since Java 8 (OpenJDK 8, `java/util/HashMap.java`), and the rules followed here are Java's, in own code.
 *
 * Structure: an array of 2^n buckets. A bucket is empty, a chain of entries linked by `next`, or a tree (`tree.ts`).
 * The low bits of an entry's hash name its bucket. All entries also stand in one ring in insertion order
 * (`entry.ts`), which is the order of iteration and is never touched by growth. The whole map is rehashed when it
 * doubles, in one operation, as Java does; there is no progressive migration.
 *
 * Invariants between operations:
 * I1: `#size` is the number of entries in the buckets, and of entries in the ring.
 * I2: every entry stands in bucket `hash & (bucketCount - 1)`, once.
 * I3: a bucket with a tree has no chain. Trees hold T1 to T4 and more than `untreeifyThreshold` entries.
 * I4: an insertion leaves no chain of more than `treeifyThreshold` entries, unless there were fewer than
 *     `minTreeifyBucketCount` buckets: then it doubled the map instead, and the chain may be that long until the
 *     next insertion into it.
 * I5: `#size <= loadFactor * bucketCount`, up to `MAX_BUCKET_COUNT` buckets.
 * I6: no key occurs twice. Keys are equal as in `Map`: identical or both `NaN`; `-0` is stored as `0`.
 *
 * Differences from Java on purpose: iteration is in insertion order and never fails because of changes; AVL instead
 * of red-black trees, a total order over all keys instead of `Comparable`; a delete turns a tree of exactly
 * `untreeifyThreshold` entries into a chain, where Java looks at the tree's shape (2 to 6 entries); an injected hash
 * is used as it is, without spreading its upper bits: should the low bits collide, trees order by the whole hash.
 */
import { bucketCountFor, growthLimitOf, MAX_BUCKET_COUNT } from './capacity.ts';
import type { Chain } from './chain.ts';
import { appendToChain, chainOf, copiedChain, removeFromChain, splitChain } from './chain.ts';
import { copiedEntry, Entry, InsertionOrder } from './entry.ts';
import type { KeyHash } from './hash.ts';
import { defaultHash } from './hash.ts';
import type { DoublingCause, TreeBucketMapView, TreeBucketObserver } from './inspection.ts';
import { EntryIterator } from './iterator.ts';
import { isSameKey, KeyOrder } from './key-order.ts';
import type { TreeBucketProfile, TreeBucketProfileName } from './profile.ts';
import { JAVA8, resolveProfile } from './profile.ts';
import {
  collectAscending,
  findInTree,
  insertIntoTree,
  removeFromTree,
  Tree,
  treeOfSorted,
} from './tree.ts';

/** How a `TreeBucketMap` is made. */
export interface TreeBucketMapOptions<K> {
  /** Number of entries to make room for. A hint that is no such number, or far too great, counts as 0. */
  readonly hint?: number;
  /** Replaces the map's own hash. Must return an integer, the same for the same key each time. */
  readonly hash?: KeyHash<K>;
  /** `java8` (default), `description`, or numbers of your own. */
  readonly profile?: TreeBucketProfileName | TreeBucketProfile;
  /** Goes into the hash; 32 bits. Default 0: the trees, not a secret, guard against colliding keys. */
  readonly seed?: number;
  /** Told of rare moments. Costs nothing when absent but a test against `null`. */
  readonly observer?: TreeBucketObserver;
}

/**
 * A `Map` look-alike whose lookups stay O(log n) even if all keys collide.
 *
 * Same results, key equality and iteration as a native `Map`. Cost: expected O(1) a operation; an insertion that
 * doubles the map is O(n).
 *
 * @throws RangeError from the constructor for an unknown or impossible profile; TypeError for entries in place of
 *   options.
 */
export class TreeBucketMap<K, V> implements Iterable<[K, V]> {
  readonly #profile: TreeBucketProfile;
  readonly #hash: KeyHash<K> | null;
  readonly #seed: number;
  readonly #observer: TreeBucketObserver | null;
  readonly #insertionOrder: InsertionOrder<K, V> = new InsertionOrder();
  /** Shared with clones, because they share hashes. */
  #keyOrder: KeyOrder = new KeyOrder();
  /** The first entry of each bucket's chain; its length is the bucket count. */
  #chains: Chain<K, V>[];
  /** The trees, by bucket; `null` until the first is made, as in most maps none ever is. */
  #trees: (Tree<K, V> | null)[] | null = null;
  #size = 0;
  #growthLimit: number;

  constructor(options: TreeBucketMapOptions<K> = {}) {
    if (Symbol.iterator in options) {
      throw new TypeError(
        'TreeBucketMap takes options, not entries; use TreeBucketMap.from(entries, options)',
      );
    }
    this.#profile = resolveProfile(options.profile ?? JAVA8);
    this.#hash = options.hash ?? null;
    this.#seed = (options.seed ?? 0) | 0;
    this.#observer = options.observer ?? null;
    const bucketCount = bucketCountFor(options.hint ?? 0, this.#profile);
    this.#chains = emptyBuckets(bucketCount);
    this.#growthLimit = growthLimitOf(bucketCount, this.#profile);
  }

  /** A map of these entries, set in their order. */
  static from<K, V>(
    entries: Iterable<readonly [K, V]>,
    options: TreeBucketMapOptions<K> = {},
  ): TreeBucketMap<K, V> {
    const map = new TreeBucketMap<K, V>(options);
    for (const [key, value] of entries) map.set(key, value);
    return map;
  }

  get size(): number {
    return this.#size;
  }

  get [Symbol.toStringTag](): string {
    return 'TreeBucketMap';
  }

  get(key: K): V | undefined {
    return this.#find(this.#hashOf(key, false), key)?.value;
  }

  has(key: K): boolean {
    return this.#find(this.#hashOf(key, false), key) !== null;
  }

  /** Sets a key's value. An update keeps the key's place in the order; a new key goes to the end. */
  set(key: K, value: V): this {
    const hash = this.#hashOf(key, true);
    const present = this.#find(hash, key);
    if (present !== null) present.value = value;
    // `-0` is stored as `0`, as `Map` does.
    else this.#add(new Entry(hash, key === 0 ? (0 as K) : key, value));
    return this;
  }

  /** Removes a key; true if it was there. */
  delete(key: K): boolean {
    const entry = this.#find(this.#hashOf(key, false), key);
    if (entry === null) return false;
    const bucket = entry.hash & (this.#chains.length - 1);
    const tree = this.#treeAt(bucket);
    if (tree === null) removeFromChain(this.#chains, bucket, entry);
    else this.#removeFromTree(bucket, tree, entry);
    this.#insertionOrder.remove(entry);
    this.#size--;
    return true;
  }

  /** Removes all entries and keeps the number of buckets. Cost: O(buckets). */
  clear(): void {
    if (this.#size === 0) return;
    this.#chains.fill(null);
    this.#trees = null;
    this.#insertionOrder.reset();
    this.#size = 0;
    this.#observer?.cleared?.();
  }

  keys(): IterableIterator<K> {
    return new EntryIterator(this.#insertionOrder, keyOf);
  }

  values(): IterableIterator<V> {
    return new EntryIterator(this.#insertionOrder, valueOf);
  }

  entries(): IterableIterator<[K, V]> {
    return new EntryIterator(this.#insertionOrder, pairOf);
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  /** Calls back for each entry; what the callback changes is seen as by an iterator. Its exceptions pass through. */
  forEach(callback: (value: V, key: K, map: this) => void, thisArgument?: unknown): void {
    const entries = new EntryIterator(this.#insertionOrder, entryOf<K, V>);
    for (const entry of entries) callback.call(thisArgument, entry.value, entry.key, this);
  }

  /** A second map of the same entries, order, hash, seed, profile, structure and observer. Cost: O(n). */
  clone(): TreeBucketMap<K, V> {
    const copy = new TreeBucketMap<K, V>({
      profile: this.#profile,
      seed: this.#seed,
      ...(this.#hash === null ? {} : { hash: this.#hash }),
      ...(this.#observer === null ? {} : { observer: this.#observer }),
    });
    copy.#keyOrder = this.#keyOrder;
    copy.#chains = this.#chains.map(copiedChain);
    copy.#growthLimit = this.#growthLimit;
    copy.#size = this.#size;
    this.#trees?.forEach((tree, bucket) => {
      if (tree === null) return;
      const entries: Entry<K, V>[] = [];
      collectAscending(tree.root, entries);
      copy.#putTree(bucket, entries.map(copiedEntry));
    });
    for (const entry of new EntryIterator(this.#insertionOrder, entryOf<K, V>)) {
      copy.#insertionOrder.append(copy.#find(entry.hash, entry.key)!);
    }
    return copy;
  }

  /** A live view of the structure, for the checker. Cost: one object. */
  inspect(): TreeBucketMapView {
    const chains = this.#chains;
    return {
      profile: this.#profile,
      size: this.#size,
      seed: this.#seed,
      bucketCount: chains.length,
      growthLimit: this.#growthLimit,
      head: this.#insertionOrder.head,
      bucket: (index) => {
        const chain = chains[index];
        if (chain === undefined) {
          throw new RangeError(`bucket ${index} is outside 0 to ${chains.length - 1}`);
        }
        return { chain, tree: this.#treeAt(index) };
      },
      hash: (key) => this.#hashOf(key as K, false),
      identity: (key) => this.#keyOrder.identity(key),
    };
  }

  #hashOf(key: K, isAdmitting: boolean): number {
    if (this.#hash === null) return defaultHash(key, this.#seed, this.#keyOrder, isAdmitting);
    const hash = this.#hash(key === 0 ? (0 as K) : key, this.#seed);
    if (!Number.isInteger(hash)) {
      throw new TypeError(`hash must return an integer; got ${typeof hash} ${String(hash)}`);
    }
    return hash | 0;
  }

  #treeAt(bucket: number): Tree<K, V> | null {
    return this.#trees === null ? null : this.#trees[bucket]!;
  }

  #find(hash: number, key: K): Chain<K, V> {
    const chains = this.#chains;
    const observer = this.#observer;
    const bucket = hash & (chains.length - 1);
    let entry = chains[bucket] as Chain<K, V>;
    if (entry === null) {
      const tree = this.#treeAt(bucket);
      return tree === null ? null : findInTree(tree.root, hash, key, this.#keyOrder, observer);
    }
    do {
      if (observer !== null) observer.compared?.();
      if (entry.hash === hash && isSameKey(entry.key, key)) return entry;
      entry = entry.next;
    } while (entry !== null);
    return null;
  }

  /** Adds an entry whose key is not in the map. */
  #add(entry: Entry<K, V>): void {
    this.#insertionOrder.append(entry);
    this.#size++;
    const bucket = entry.hash & (this.#chains.length - 1);
    const tree = this.#treeAt(bucket);
    if (tree === null) {
      const length = appendToChain(this.#chains, bucket, entry);
      if (length > this.#profile.treeifyThreshold) this.#shorten(bucket);
    } else {
      this.#keyOrder.admit(entry.key);
      tree.root = insertIntoTree(tree.root, entry, this.#keyOrder);
      tree.size++;
    }
    if (this.#size > this.#growthLimit) this.#double('load');
  }

  #removeFromTree(bucket: number, tree: Tree<K, V>, entry: Entry<K, V>): void {
    const root = removeFromTree(tree.root, entry, this.#keyOrder);
    tree.size--;
    if (root !== null) tree.root = root;
    if (tree.size > this.#profile.untreeifyThreshold) return;
    const rest: Entry<K, V>[] = [];
    collectAscending(root, rest);
    this.#trees![bucket] = null;
    this.#chains[bucket] = chainOf(rest);
    this.#observer?.untreeified?.(bucket);
  }

  /** Deals with a chain that has become too long: a tree, or more buckets while they are few. */
  #shorten(bucket: number): void {
    const bucketCount = this.#chains.length;
    if (bucketCount < this.#profile.minTreeifyBucketCount && bucketCount < MAX_BUCKET_COUNT) {
      this.#double('long-chain');
      return;
    }
    const entries: Entry<K, V>[] = [];
    for (let entry = this.#chains[bucket] as Chain<K, V>; entry !== null; entry = entry.next) {
      this.#keyOrder.admit(entry.key);
      entries.push(entry);
    }
    const order = this.#keyOrder;
    entries.sort((a, b) => (a.hash === b.hash ? order.compare(a.key, b.key) : a.hash - b.hash));
    this.#chains[bucket] = null;
    this.#putTree(bucket, entries);
    this.#observer?.treeified?.(bucket);
  }

  #putTree(bucket: number, ascending: readonly Entry<K, V>[]): void {
    this.#trees ??= emptyBuckets(this.#chains.length);
    this.#trees[bucket] = new Tree(treeOfSorted(ascending), ascending.length);
  }

  /**
   * Replaces the bucket array by one twice as long. Bucket i parts into i and i + old count, by one bit of the hash.
   */
  #double(cause: DoublingCause): void {
    const oldChains = this.#chains;
    const oldTrees = this.#trees;
    const oldCount = oldChains.length;
    this.#chains = emptyBuckets(2 * oldCount);
    this.#trees = null;
    this.#growthLimit = growthLimitOf(2 * oldCount, this.#profile);
    for (let bucket = 0; bucket < oldCount; bucket++) {
      const chain = oldChains[bucket] as Chain<K, V>;
      if (chain !== null) splitChain(chain, this.#chains, bucket, oldCount);
    }
    oldTrees?.forEach((tree, bucket) => {
      if (tree !== null) this.#splitTree(tree, bucket, oldCount);
    });
    this.#observer?.doubled?.(2 * oldCount, cause);
  }

  #splitTree(tree: Tree<K, V>, bucket: number, oldCount: number): void {
    const entries: Entry<K, V>[] = [];
    collectAscending(tree.root, entries);
    const low = entries.filter((entry) => (entry.hash & oldCount) === 0);
    const high = entries.filter((entry) => (entry.hash & oldCount) !== 0);
    if (low.length > 0 && high.length > 0) this.#observer?.treeSplit?.(bucket);
    this.#placeHalf(bucket, low);
    this.#placeHalf(bucket + oldCount, high);
  }

  #placeHalf(bucket: number, ascending: readonly Entry<K, V>[]): void {
    if (ascending.length > this.#profile.untreeifyThreshold) {
      this.#putTree(bucket, ascending);
    } else if (ascending.length > 0) {
      this.#chains[bucket] = chainOf(ascending);
      this.#observer?.untreeified?.(bucket);
    }
  }
}

function emptyBuckets<T>(count: number): (T | null)[] {
  return new Array<T | null>(count).fill(null);
}

function keyOf<K, V>(entry: Entry<K, V>): K {
  return entry.key;
}

function valueOf<K, V>(entry: Entry<K, V>): V {
  return entry.value;
}

function pairOf<K, V>(entry: Entry<K, V>): [K, V] {
  return [entry.key, entry.value];
}

function entryOf<K, V>(entry: Entry<K, V>): Entry<K, V> {
  return entry;
}
