/**
 * How many overflow buckets Go's allocator makes together with a bucket array.
 */

/**
 * By bucket bytes, then by `B` from 4 on, as recorded: small arrays follow the size classes of the
 * allocator.
 */
const RECORDED: ReadonlyMap<number, readonly number[]> = new Map([
  [112, [2, 4, 9, 18, 36, 73, 73, 146, 292]],
  [144, [2, 5, 7, 14, 28, 56, 113, 170, 284]],
  [208, [3, 7, 4, 9, 19, 39, 78, 157, 275]],
]);
const RECORDED_B_MIN = 4;
const PAGE_BYTES = 8192;

/** Whether pool sizes are known for buckets of this size. */
export function arePoolSizesKnown(bucketBytes: number): boolean {
  return RECORDED.has(bucketBytes);
}

/**
 * Overflow buckets allocated with 2^B buckets; beyond the record arrays are large and fill whole
 * pages.
 */
export function recordedPoolSize(bucketBytes: number, B: number): number {
  if (B < RECORDED_B_MIN) return 0;
  const recorded = RECORDED.get(bucketBytes)?.[B - RECORDED_B_MIN];
  if (recorded !== undefined) return recorded;
  const bytes = (2 ** B + 2 ** (B - 4)) * bucketBytes;
  const allocated = Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
  return Math.floor(allocated / bucketBytes) - 2 ** B;
}
