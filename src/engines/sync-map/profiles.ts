/** The operations that not every Go version has. */
export type VersionedOperation =
  | 'loadAndDelete'
  | 'swap'
  | 'compareAndSwap'
  | 'compareAndDelete'
  | 'clear';

/** How the classic map of one range of Go versions behaves, as far as versions differ. */
export interface SyncMapProfile {
  readonly name: SyncMapProfileName;
  /** The Go versions it stands for. */
  readonly versions: string;
  /** Which of the operations that came later it has. */
  readonly operations: readonly VersionedOperation[];
  /**
   * What Delete and LoadAndDelete do with a key that is in dirty alone.
   *
   * `remove`: take it out of dirty, count nothing. `leak`: count a miss and leave the key there (golang/go issue 40999).
   * `removeAndMiss`: take it out and count a miss.
   */
  readonly slowDelete: 'remove' | 'leak' | 'removeAndMiss';
  /**
   * What CompareAndDelete does with a key that is in dirty alone, once it has deleted its value.
   *
   * `leave`: the deleted entry stays in dirty until a promotion. `remove`: it goes at once.
   */
  readonly slowCompareAndDelete: 'leave' | 'remove';
}

/** Names of the profiles. */
export type SyncMapProfileName =
  | 'go1.9'
  | 'go1.15.0'
  | 'go1.19'
  | 'go1.20'
  | 'go1.23'
  | 'corrected';

const GO_1_20_OPERATIONS: readonly VersionedOperation[] = [
  'loadAndDelete',
  'swap',
  'compareAndSwap',
  'compareAndDelete',
];

/**
 * The profiles, oldest first.
 *
 * In `corrected`, CompareAndDelete on a key that is in dirty alone compares and deletes under the mutex and takes the
 * key out of dirty at once, so that no deleted entry gathers there (Y22). It stays linearizable. Read was looked at
 * again under the mutex and lacks the key. An entry that is in dirty alone never was in a snapshot: entries enter dirty
 * new or as copies from read, and the only ways out of read, promotion and Clear, leave dirty without them. So whoever
 * may write to this entry holds the mutex; the one exception, a LoadAndDelete that took the entry out of dirty before,
 * has made it impossible to find here. The conditional swap is the linearization point. From it until the key leaves
 * dirty the entry is null and nobody can fill it; a Load that still holds the entry sees null, which is right by then.
 *
 * **Source** `sync/map.go` at the Go tags that `versions` names.
 */
export const SYNC_MAP_PROFILES: Readonly<Record<SyncMapProfileName, SyncMapProfile>> = {
  'go1.9': {
    name: 'go1.9',
    versions: 'Go 1.9 to 1.14',
    operations: [],
    slowDelete: 'remove',
    slowCompareAndDelete: 'leave',
  },
  'go1.15.0': {
    name: 'go1.15.0',
    versions: 'Go 1.15.0 and 1.15.1',
    operations: ['loadAndDelete'],
    slowDelete: 'leak',
    slowCompareAndDelete: 'leave',
  },
  'go1.19': {
    name: 'go1.19',
    versions: 'Go 1.15.2 to 1.19',
    operations: ['loadAndDelete'],
    slowDelete: 'removeAndMiss',
    slowCompareAndDelete: 'leave',
  },
  'go1.20': {
    name: 'go1.20',
    versions: 'Go 1.20 to 1.22',
    operations: GO_1_20_OPERATIONS,
    slowDelete: 'removeAndMiss',
    slowCompareAndDelete: 'leave',
  },
  'go1.23': {
    name: 'go1.23',
    versions: 'Go 1.23',
    operations: [...GO_1_20_OPERATIONS, 'clear'],
    slowDelete: 'removeAndMiss',
    slowCompareAndDelete: 'leave',
  },
  corrected: {
    name: 'corrected',
    versions: 'Go 1.23 without its leak',
    operations: [...GO_1_20_OPERATIONS, 'clear'],
    slowDelete: 'removeAndMiss',
    slowCompareAndDelete: 'remove',
  },
};

/** Says which profiles have an operation: the text of the error for calling it on one that lacks it. */
export function missingOperationMessage(
  profile: SyncMapProfile,
  operation: VersionedOperation,
): string {
  const owners = Object.values(SYNC_MAP_PROFILES)
    .filter((candidate) => candidate.operations.includes(operation))
    .map((candidate) => candidate.name);
  return (
    `${operation} is not part of profile ${profile.name} (${profile.versions}); ` +
    `profiles that have it: ${owners.join(', ')}`
  );
}
