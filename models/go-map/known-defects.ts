/**
 * Go's own defects in iteration, each by its exact mechanism.
 *
 * All of them need an iterator that stays open while the map grows or is emptied more than once. In
 * each, the Go code does what it says; what it says breaks the promise of the language
 * specification. The faithful profiles have them, and a violation is `known` if and only if it
 * follows from one of these mechanisms; the corrected profile has none.
 */

/** Identifiers of the known defects. */
export type KnownDefect =
  /**
   * An iterator stands in an old bucket that it took up during a doubling, so that it must filter
   * keys by their half. A same-size growth runs when it takes its next step: Go decides by the
   * growth of now and does not filter (`mapiternext`). Keys of the other half come here and again
   * with their own bucket. Recorded from Go 1.19.8: trace f-aged-nan, iterator 9, key -65.75.
   */
  | 'go-map/aged-iterator-duplicate'
  /**
   * An iterator stands in an old bucket that it took up during a same-size growth; no filter was
   * due. The growth is over when it takes its next step, so Go filters. Keys that have a hash pass,
   * but a NaN is judged by the low bit of its tophash, which is now the mark "moved to X": in the
   * upper half of the buckets the rest of the chain's NaNs are skipped. Recorded from Go 1.19.8:
   * trace f-aged-nan, iterator 11, the NaN with value 37.
   */
  | 'go-map/aged-iterator-loses-nan'
  /**
   * A growth clears oldIterator when no iterator was started since the last one, though an older
   * iterator may take up one of its old buckets. Evacuation then wipes that bucket under it
   * (hashGrow, evacuate), and the rest of the chain is lost.
   */
  | 'go-map/wiped-under-iterator'
  /**
   * The map was emptied while an iterator was open, so that the seed changed and keys set again
   * belong to other buckets. The iterator finds the old cell of such a key, marked as moved, looks
   * it up and produces it, and produces it again with the bucket that it belongs to now.
   */
  | 'go-map/reseeded-iterator-duplicate'
  /**
   * An iterator stands in an overflow bucket of the pool when the map is cleared. The clear takes
   * the whole pool back, and the bucket is handed out to another chain, whose entries the iterator
   * produces here and again with their own bucket.
   */
  | 'go-map/clear-recycles-bucket'
  /**
   * Go 1.20 and older: a clear says nothing to iterators in arrays other than the current one, nor
   * to those in overflow buckets allocated on their own. Golang/go issue 59411 reports it for NaN
   * keys and the builtin; the loop that deletes every key has it for all keys.
   */
  | 'go-map/clear-unseen'
  /**
   * Go 1.21 to 1.23: a clear does not reach arrays retired before it, where NaNs stay readable
   * (golang/go issue 70189).
   */
  | 'go-map/clear-misses-retired-array';

/** All identifiers, with what the defect does in one line. */
export const KNOWN_DEFECTS: Readonly<Record<KnownDefect, string>> = {
  'go-map/aged-iterator-duplicate':
    'an iterator begun in a doubling gives a key twice when a later same-size growth runs',
  'go-map/aged-iterator-loses-nan':
    'an iterator that stays in a bucket of a same-size growth until after its end skips NaN keys',
  'go-map/wiped-under-iterator':
    'the second same-size growth after an iterator began wipes the bucket it stands in',
  'go-map/reseeded-iterator-duplicate':
    'an iterator older than the hash seed gives a key twice when growths follow',
  'go-map/clear-recycles-bucket':
    'an iterator in a pooled overflow bucket at a clear goes on in another chain',
  'go-map/clear-unseen':
    'before Go 1.21 an iterator outside of the current array does not notice a clear',
  'go-map/clear-misses-retired-array':
    'before Go 1.24 an iterator in a retired array gives NaN keys from before a clear',
};
