export type { KeyHash } from './hash.ts';
export type {
  BucketView,
  DoublingCause,
  EntryView,
  TreeBucketMapView,
  TreeBucketObserver,
  TreeNodeView,
} from './inspection.ts';
export type { TreeBucketProfile, TreeBucketProfileName } from './profile.ts';
export { DESCRIPTION, JAVA8, TREE_BUCKET_PROFILES } from './profile.ts';
export type { TreeBucketMapOptions } from './tree-bucket-map.ts';
export { TreeBucketMap } from './tree-bucket-map.ts';
