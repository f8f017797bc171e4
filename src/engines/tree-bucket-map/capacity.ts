import type { TreeBucketProfile } from './profile.ts';

/**
 * Most buckets a map has; beyond it buckets only grow longer, and trees keep them fast. It is the longest array that V8
 * creates with fast elements (`JSArray::kInitialMaxFastElementArray`).
 */
export const MAX_BUCKET_COUNT: number = 2 ** 25;

/** The most entries that many buckets hold before the map doubles; `Infinity` when it cannot. */
export function growthLimitOf(bucketCount: number, profile: TreeBucketProfile): number {
  return bucketCount < MAX_BUCKET_COUNT ? Math.floor(profile.loadFactor * bucketCount) : Infinity;
}

/** The fewest buckets, but no fewer than the profile's, that `hint` entries fit into without doubling. */
export function bucketCountFor(hint: number, profile: TreeBucketProfile): number {
  let bucketCount = profile.initialBucketCount;
  if (!(hint <= MAX_BUCKET_COUNT * profile.loadFactor)) return bucketCount;
  while (bucketCount < MAX_BUCKET_COUNT && hint > growthLimitOf(bucketCount, profile)) {
    bucketCount *= 2;
  }
  return bucketCount;
}
