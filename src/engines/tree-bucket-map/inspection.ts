import type { TreeBucketProfile } from './profile.ts';

/**
 * What the checker may see of a `TreeBucketMap`: live, read-only views over the structure itself. Nothing is copied;
 * a view is valid until the next write to the map.
 */
export interface EntryView {
  readonly key: unknown;
  readonly value: unknown;
  readonly hash: number;
  /** The next entry of the chain, or `null`. */
  readonly next: EntryView | null;
  /** The entry inserted before this one; the head of the ring for the first. */
  readonly before: EntryView;
  /** The entry inserted after this one; the head of the ring for the last; `null` for a removed entry. */
  readonly after: EntryView | null;
}

/** A node of a bucket in tree form. */
export interface TreeNodeView {
  readonly entry: EntryView;
  readonly left: TreeNodeView | null;
  readonly right: TreeNodeView | null;
  readonly height: number;
}

/** One bucket: at most one of `chain` and `tree` is not `null`; an empty bucket has neither. */
export interface BucketView {
  readonly chain: EntryView | null;
  readonly tree: { readonly root: TreeNodeView; readonly size: number } | null;
}

/** The whole state of a map. */
export interface TreeBucketMapView {
  readonly profile: TreeBucketProfile;
  readonly size: number;
  readonly seed: number;
  readonly bucketCount: number;
  /** The map doubles when it holds more entries than this. */
  readonly growthLimit: number;
  /** Head of the ring of all entries in insertion order; no entry itself. */
  readonly head: EntryView;
  /** @throws RangeError for an index outside 0 to `bucketCount - 1`. */
  bucket(index: number): BucketView;
  /** The hash the map uses for a key now: its low bits choose the bucket. */
  hash(key: unknown): number;
  /** The number by which a key with identity only is ordered; 0 if it has none. */
  identity(key: object): number;
}

/** Why the number of buckets doubled. */
export type DoublingCause = 'load' | 'long-chain';

/** Called by the map at rare moments of a write, and at comparisons. Never called when none is given. */
export interface TreeBucketObserver {
  /** The bucket array was replaced by one twice as long and all entries moved. */
  doubled?(bucketCount: number, cause: DoublingCause): void;
  /** A chain became a tree. */
  treeified?(bucket: number): void;
  /** A tree became a chain, by a delete or by a doubling. */
  untreeified?(bucket: number): void;
  /** A doubling parted a tree: entries went to both halves. `bucket` is the index before. */
  treeSplit?(bucket: number): void;
  /** A search compared the key with an entry. */
  compared?(): void;
  /** A clear that found something to clear. */
  cleared?(): void;
}
