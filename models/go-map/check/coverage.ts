/** How often a run reached the rare branches. Counts are of events. */

/** The counters; all start at 0. */
export class Coverage {
  /** Doublings started. */
  doubling = 0;
  /** Same-size growths started. */
  sameSizeGrowth = 0;
  /** Old buckets evacuated. */
  evacuatedBucket = 0;
  /** Overflow buckets attached. */
  overflowBucket = 0;
  /** Steps of iterators while a growth was under way. */
  iterationDuringGrowth = 0;
  /** `NaN` keys set under the `float64` profile. */
  nanKey = 0;
  /** Clears that found something. */
  clear = 0;
  /** Old buckets evacuated whose chain, or the chain it went to, has overflow buckets. */
  evacuatedOverflowChain = 0;
  /** Lookups answered from an old bucket. */
  lookupInOldBucket = 0;
  /** Iterators open, begun and not ended, when a same-size growth started. */
  iteratorAcrossSameSize = 0;
  /** Steps of iterators that two growths or more have started since they began. */
  agedIterator = 0;
  /** Iterators open at a clear. */
  iteratorAcrossClear = 0;
  /** Clones of a map in mid-growth. */
  cloneDuringGrowth = 0;
  /** Deletes that emptied a map in mid-growth. */
  emptiedDuringGrowth = 0;
  /** Operations tried in the middle of a write. */
  intrusion = 0;
  /** Old buckets wiped while they were evacuated. */
  wipedBucket = 0;
}

/** The counters by name, as plain data. */
export function countsOf(coverage: Coverage): Record<string, number> {
  return Object.fromEntries(Object.entries(coverage) as [string, number][]);
}

/** Names of the counters, in order. */
export const COVERAGE_KEYS: readonly string[] = Object.keys(new Coverage());
