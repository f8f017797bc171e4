/**
 * The versions of the algorithm, as data: the rules that changed between Go releases, and nothing
 * else.
 */

/** How `clear` ends the iterators that are open. */
export type ClearMode =
  /**
   * Nothing is done for them: cells outside the current array and its pool stay readable (Go up to
   * 1.20).
   */
  | 'in-place'
  /** Every cell of the current and the old chains is marked `emptyRest` first (Go 1.21 to 1.23). */
  | 'mark-empty'
  /** Iterators compare a sequence number and end when it moved on. */
  | 'sequence';

/** One version of the classic map. */
export interface Profile {
  /** Stable name, as it stands in traces and in reports. */
  readonly name: string;
  /** Numerator of the load factor (Go: `loadFactorNum`); 13 everywhere but in Go 1.21. */
  readonly loadNumerator: number;
  /** Denominator of the load factor (Go: `loadFactorDen`); always 2. */
  readonly loadDenominator: number;
  /** How `clear` ends open iterators. */
  readonly clearMode: ClearMode;
  /**
   * When it is decided whether an iterator filters the keys of an old bucket: `step` asks at each
   * step which growth runs now (Go; an iterator that outlives a doubling then errs in the next
   * growth), `pick` fixes it when the iterator takes up the bucket.
   */
  readonly iteratorFilter: 'step' | 'pick';
  /**
   * Whether `oldIterator` survives a further growth. Go drops it although an iterator from before
   * may stand in the middle of a bucket, whose memory is then wiped under it.
   */
  readonly isOldIteratorSticky: boolean;
  /**
   * Whether open iterators end when a delete empties the map. The seed of the hash is new from then
   * on, so that bucket numbers before and after have nothing to do with each other; Go goes on and
   * can give a later entry twice.
   */
  readonly endsIteratorsWhenEmptied: boolean;
}

/** Names of the profiles that come with the engine. */
export type ProfileName = 'go1.19' | 'go1.21' | 'go1.23' | 'corrected';

/** The profiles, by name. Source: `runtime/map.go` at the tags go1.19.8, go1.21.13 and go1.23.4. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  'go1.19': {
    name: 'go1.19',
    loadNumerator: 13,
    loadDenominator: 2,
    clearMode: 'in-place',
    iteratorFilter: 'step',
    isOldIteratorSticky: false,
    endsIteratorsWhenEmptied: false,
  },
  'go1.21': {
    name: 'go1.21',
    loadNumerator: 12,
    loadDenominator: 2,
    clearMode: 'mark-empty',
    iteratorFilter: 'step',
    isOldIteratorSticky: false,
    endsIteratorsWhenEmptied: false,
  },
  'go1.23': {
    name: 'go1.23',
    loadNumerator: 13,
    loadDenominator: 2,
    clearMode: 'mark-empty',
    iteratorFilter: 'step',
    isOldIteratorSticky: false,
    endsIteratorsWhenEmptied: false,
  },
  corrected: {
    name: 'corrected',
    loadNumerator: 13,
    loadDenominator: 2,
    clearMode: 'sequence',
    iteratorFilter: 'pick',
    isOldIteratorSticky: true,
    endsIteratorsWhenEmptied: true,
  },
};

/**
 * Finds a profile by its name; a profile given as data is returned as it is.
 *
 * @throws RangeError for an unknown name; the message lists the known ones.
 */
export function resolveProfile(profile: ProfileName | Profile): Profile {
  if (typeof profile !== 'string') return profile;
  if (Object.hasOwn(PROFILES, profile)) return PROFILES[profile];
  const known = Object.keys(PROFILES).join(', ');
  throw new RangeError(`unknown profile ${JSON.stringify(profile)}; known profiles: ${known}`);
}
