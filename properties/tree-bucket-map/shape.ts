/** Compares the form of every bucket with the exact model of when forms change. */
import type { Shape } from '../../models/tree-bucket-map/shape.ts';
import type { TreeBucketMapView } from '../../src/engines/tree-bucket-map/index.ts';
import type { Finding } from './finding.ts';
import { LOAD_FACTOR, TREEIFY, UNTREEIFY } from './rules.ts';
import { entriesOf } from './structure.ts';

/** The first difference between the map and the model, or `null`. Cost: O(entries + buckets). */
export function checkShape(view: TreeBucketMapView, shape: Shape): Finding | null {
  if (view.bucketCount !== shape.buckets.length) {
    return {
      property: LOAD_FACTOR,
      message: 'The map did not double exactly when it should.',
      expected: `${shape.buckets.length} buckets for ${shape.size} entries`,
      actual: `${view.bucketCount} buckets`,
    };
  }
  for (const [index, due] of shape.buckets.entries()) {
    const bucket = view.bucket(index);
    const isTree = bucket.tree !== null;
    if (isTree === due.isTree) continue;
    const size = entriesOf(bucket).length;
    // A small tree was kept too long, a great one made too early;
    // a great chain was kept too long, a small one made too early.
    const { treeifyThreshold, untreeifyThreshold } = view.profile;
    const isAboutUntreeify = size <= (isTree ? untreeifyThreshold : treeifyThreshold);
    return {
      property: isAboutUntreeify ? UNTREEIFY : TREEIFY,
      message: `Bucket ${index} did not change its form exactly when it should.`,
      expected: `${due.isTree ? 'a tree' : 'a chain'} of ${due.hashes.length}`,
      actual: `${isTree ? 'a tree' : 'a chain'} of ${size}`,
    };
  }
  return null;
}
