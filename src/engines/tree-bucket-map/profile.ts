/** The rules of a `TreeBucketMap` that are numbers: when it doubles, when a bucket changes its form. */
export interface TreeBucketProfile {
  readonly name: string;
  /** Buckets of an empty map made without a hint; a power of two. */
  readonly initialBucketCount: number;
  /** The map doubles when entries exceed `loadFactor * buckets`. At least 0.5. */
  readonly loadFactor: number;
  /** A chain that holds this many entries turns into a tree when another one arrives. */
  readonly treeifyThreshold: number;
  /** A tree left with this many entries or fewer, by a delete or by a split, turns into a chain. */
  readonly untreeifyThreshold: number;
  /** With fewer buckets than this, a chain that should become a tree makes the map double instead. */
  readonly minTreeifyBucketCount: number;
}

/**
 * The numbers of `java.util.HashMap` since Java 8.
 *
 * Source: OpenJDK 8, `java/util/HashMap.java`, `DEFAULT_INITIAL_CAPACITY`, `DEFAULT_LOAD_FACTOR`, `TREEIFY_THRESHOLD`,
 * `UNTREEIFY_THRESHOLD`, `MIN_TREEIFY_CAPACITY`.
 */
export const JAVA8: TreeBucketProfile = Object.freeze({
  name: 'java8',
  initialBucketCount: 16,
  loadFactor: 0.75,
  treeifyThreshold: 8,
  untreeifyThreshold: 6,
  minTreeifyBucketCount: 64,
});

/**
 * The map that the description of Go's map tells of and Go never had: trees in buckets, and growth at 6.5 entries a
 * bucket. It begins with one bucket, as Go's map does, and has no least number of buckets for trees.
 */
export const DESCRIPTION: TreeBucketProfile = Object.freeze({
  name: 'description',
  initialBucketCount: 1,
  loadFactor: 6.5,
  treeifyThreshold: 8,
  untreeifyThreshold: 6,
  minTreeifyBucketCount: 1,
});

/** The profiles by name. */
export const TREE_BUCKET_PROFILES: Readonly<Record<'java8' | 'description', TreeBucketProfile>> =
  Object.freeze({ java8: JAVA8, description: DESCRIPTION });

/** Name of a profile. */
export type TreeBucketProfileName = keyof typeof TREE_BUCKET_PROFILES;

/**
 * The profile that an option names, or the profile itself when it was given as data.
 *
 * @throws RangeError for an unknown name, or for numbers with which the map could not work.
 */
export function resolveProfile(
  profile: TreeBucketProfileName | TreeBucketProfile,
): TreeBucketProfile {
  if (typeof profile === 'string') {
    if (Object.hasOwn(TREE_BUCKET_PROFILES, profile)) return TREE_BUCKET_PROFILES[profile];
    const names = Object.keys(TREE_BUCKET_PROFILES).join(', ');
    throw new RangeError(`profile must be one of ${names}; got ${JSON.stringify(profile)}`);
  }
  const { initialBucketCount, loadFactor, treeifyThreshold, untreeifyThreshold } = profile;
  const isPowerOfTwo = Number.isInteger(Math.log2(initialBucketCount));
  if (!isPowerOfTwo || initialBucketCount < 1 || initialBucketCount > 2 ** 20) {
    throw new RangeError(
      `initialBucketCount must be a power of two up to 2^20; got ${initialBucketCount}`,
    );
  }
  // With less, one doubling would not be enough after an insertion.
  if (!(loadFactor >= 0.5)) {
    throw new RangeError(`loadFactor must be at least 0.5; got ${loadFactor}`);
  }
  // A tree needs an entry, and one made by treeify must not be due for untreeify at once.
  if (!(untreeifyThreshold >= 1 && untreeifyThreshold <= treeifyThreshold)) {
    throw new RangeError(
      `untreeifyThreshold must be from 1 to treeifyThreshold (${treeifyThreshold}); got ${untreeifyThreshold}`,
    );
  }
  return profile;
}
