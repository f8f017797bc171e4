/** Looks up entries and counts the comparisons. */
import { showValue } from '../../models/value-token.ts';
import type { TreeBucketMapView } from '../../src/engines/tree-bucket-map/index.ts';
import type { Finding } from './finding.ts';
import { LOOKUP_COST, REACHABLE } from './rules.ts';
import { entriesOf } from './structure.ts';

/** What a lookup came to. */
export interface Lookup {
  readonly key: unknown;
  readonly isFound: boolean;
  /** Entries that the key was compared with. */
  readonly comparisonCount: number;
}

/** Whether a lookup of a present key found it, and at what cost; `null` if all is well. */
export function checkLookup(view: TreeBucketMapView, lookup: Lookup): Finding | null {
  const index = view.hash(lookup.key) & (view.bucketCount - 1);
  if (!lookup.isFound) {
    return {
      property: REACHABLE,
      message: `A lookup of key ${showValue(lookup.key)} does not find it.`,
      expected: 'found',
      actual: `not found in bucket ${index}`,
    };
  }
  const bucket = view.bucket(index);
  const most = comparisonsMax(entriesOf(bucket).length, bucket.tree !== null);
  if (lookup.comparisonCount <= most) return null;
  return {
    property: LOOKUP_COST,
    message: `A lookup of key ${showValue(lookup.key)} compared it with too many entries.`,
    expected: `at most ${most} comparisons in bucket ${index}`,
    actual: `${lookup.comparisonCount}`,
  };
}

/** The most comparisons for a bucket of `size` entries: all of a chain, the height of a tree. */
export function comparisonsMax(size: number, isTree: boolean): number {
  return isTree ? Math.floor(1.4405 * Math.log2(size + 2) - 0.3277) : size;
}
