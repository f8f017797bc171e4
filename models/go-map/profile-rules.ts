/**
 * What the models expect of each profile of the classic map: written down apart from the engine, so
 * that a wrong constant in the engine does not become the expectation.
 */

/** How a profile differs, as far as it can be seen from outside. */
export interface ProfileRules {
  readonly profile: ProfileName;
  /** Entries that make two buckets full: 13, that is, 6.5 a bucket; 12 in Go 1.21. */
  readonly loadNumerator: number;
  /** Whether `oldIterator` survives a further growth. */
  readonly isOldIteratorSticky: boolean;
  /** What `clear` does about iterators that are open. */
  readonly clearMode: 'in-place' | 'mark-empty' | 'sequence';
  /** Whether Go's known defects are part of the profile. */
  readonly isFaithful: boolean;
}

/** The profiles by name. */
export type ProfileName = 'go1.19' | 'go1.21' | 'go1.23' | 'corrected';

/** The rules of each profile. Source: `runtime/map.go` at go1.19.8, go1.21.13, go1.23.4. */
export const PROFILE_RULES: Readonly<Record<ProfileName, ProfileRules>> = {
  'go1.19': {
    profile: 'go1.19',
    loadNumerator: 13,
    isOldIteratorSticky: false,
    clearMode: 'in-place',
    isFaithful: true,
  },
  'go1.21': {
    profile: 'go1.21',
    loadNumerator: 12,
    isOldIteratorSticky: false,
    clearMode: 'mark-empty',
    isFaithful: true,
  },
  'go1.23': {
    profile: 'go1.23',
    loadNumerator: 13,
    isOldIteratorSticky: false,
    clearMode: 'mark-empty',
    isFaithful: true,
  },
  corrected: {
    profile: 'corrected',
    loadNumerator: 13,
    isOldIteratorSticky: true,
    clearMode: 'sequence',
    isFaithful: false,
  },
};
