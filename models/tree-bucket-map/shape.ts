/**
 * The exact model of a tree-bucket map's form: how many buckets, and which of them are trees. It knows hashes only,
 * no keys.
 *
 * Source: OpenJDK 8, `java/util/HashMap.java`, `putVal`, `treeifyBin`, `resize`, `TreeNode.split`.
 */
import type { TreeBucketProfile } from '../../src/engines/tree-bucket-map/index.ts';

/** One bucket: the hashes of its entries in no order, and its form. */
export interface BucketShape {
  readonly hashes: number[];
  isTree: boolean;
}

export class Shape {
  readonly profile: TreeBucketProfile;
  buckets: BucketShape[];
  size = 0;

  constructor(profile: TreeBucketProfile, hint: number) {
    this.profile = profile;
    let bucketCount = profile.initialBucketCount;
    while (hint > profile.loadFactor * bucketCount) bucketCount *= 2;
    this.buckets = emptyBuckets(bucketCount);
  }

  /** Tells whether an entry with exactly this hash is there. */
  hasHash(hash: number): boolean {
    return this.#bucketOf(hash).hashes.includes(hash);
  }

  /** An entry came in that was not there. */
  insert(hash: number): void {
    const { treeifyThreshold, minTreeifyBucketCount, loadFactor } = this.profile;
    const bucket = this.#bucketOf(hash);
    bucket.hashes.push(hash);
    this.size++;
    if (!bucket.isTree && bucket.hashes.length > treeifyThreshold) {
      if (this.buckets.length < minTreeifyBucketCount) this.#double();
      else bucket.isTree = true;
    }
    if (this.size > loadFactor * this.buckets.length) this.#double();
  }

  /** An entry was taken out. */
  remove(hash: number): void {
    const bucket = this.#bucketOf(hash);
    bucket.hashes.splice(bucket.hashes.indexOf(hash), 1);
    this.size--;
    if (bucket.hashes.length <= this.profile.untreeifyThreshold) bucket.isTree = false;
  }

  clear(): void {
    this.buckets = emptyBuckets(this.buckets.length);
    this.size = 0;
  }

  clone(): Shape {
    const copy = new Shape(this.profile, 0);
    copy.size = this.size;
    copy.buckets = this.buckets.map(({ hashes, isTree }) => ({ hashes: [...hashes], isTree }));
    return copy;
  }

  #bucketOf(hash: number): BucketShape {
    return this.buckets[hash & (this.buckets.length - 1)]!;
  }

  #double(): void {
    const before = this.buckets;
    this.buckets = emptyBuckets(2 * before.length);
    for (const [index, { hashes, isTree }] of before.entries()) {
      for (const hash of hashes) this.#bucketOf(hash).hashes.push(hash);
      for (const half of [this.buckets[index]!, this.buckets[index + before.length]!]) {
        // A tree's halves stay trees if they are long enough; a chain's halves stay chains, however long.
        half.isTree = isTree && half.hashes.length > this.profile.untreeifyThreshold;
      }
    }
  }
}

function emptyBuckets(count: number): BucketShape[] {
  return Array.from({ length: count }, () => ({ hashes: [], isTree: false }));
}
