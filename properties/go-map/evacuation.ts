/** Which old buckets a write moves, and how: checked at each bucket, in the middle of the write. */
import type { CheckedProperty } from './checked-property.ts';
import type { EvacuationFacts, StepFacts } from './facts.ts';

/**
 * Buckets a write may evacuate for each growth it works on: the one of its key, and the one at the
 * mark.
 */
const EVACUATIONS_MAX = 2;

/** At most two buckets a write. */
export const atMostTwo: CheckedProperty<EvacuationFacts> = {
  name: 'map.evacuation.at-most-two',
  statement: 'A write evacuates at most two old buckets of one growth.',
  source: 'Go runtime/map.go growWork',
  holds: ({ ordinal }) => ordinal <= EVACUATIONS_MAX,
  explain: ({ ordinal, index }) => ({
    message: `A write evacuated old bucket ${index} as its ${ordinal}. bucket.`,
    expected: `at most ${EVACUATIONS_MAX}`,
    actual: `${ordinal}`,
  }),
};

/** The right two buckets. */
export const chosen: CheckedProperty<EvacuationFacts> = {
  name: 'map.evacuation.chosen',
  statement:
    'A write evacuates the old bucket of its key if that is still to be done, then the one at ' +
    'the mark, and no other.',
  source: 'Go runtime/map.go growWork, evacuate',
  holds: isChosenRightly,
  explain: (facts) => ({
    message: `Old bucket ${facts.index} was evacuated out of turn.`,
    expected: dueBuckets(facts),
    actual: `bucket ${facts.index}, as number ${facts.ordinal}`,
  }),
};

function isChosenRightly({ index, keyBucket, markBucket, ordinal }: EvacuationFacts): boolean {
  // A NaN is hashed anew each time, so there is no telling which bucket was its own.
  if (index === markBucket || (keyBucket === -1 && ordinal === 1)) return true;
  return index === keyBucket && ordinal === 1;
}

function dueBuckets({ keyBucket, markBucket, ordinal }: EvacuationFacts): string {
  if (ordinal > 1 || keyBucket === markBucket) return `bucket ${markBucket}, at the mark`;
  return `bucket ${keyBucket} of the key, or bucket ${markBucket} at the mark if that is done`;
}

/** Evacuation packs. */
export const compact: CheckedProperty<EvacuationFacts> = {
  name: 'map.evacuation.compact',
  statement:
    'Just after a bucket was evacuated, the buckets it went to have no empty cell before a live ' +
    'one.',
  source: 'Go runtime/map.go evacuate; what same-size growth is for',
  holds: ({ destinationHoles }) => destinationHoles === 0,
  explain: ({ destinationHoles, index }) => ({
    message: `The entries of old bucket ${index} were not packed.`,
    expected: 'no holes in the destination',
    actual: `${destinationHoles} holes`,
  }),
};

/** Only writes evacuate. */
export const onlyWrites: CheckedProperty<EvacuationFacts> = {
  name: 'map.evacuation.only-writes',
  statement:
    'Only assignments and deletes evacuate: no lookup, no iteration, no delete from an empty map.',
  source: 'Go runtime/map.go mapaccess1, mapiternext, mapdelete; golang/go issue 5120',
  holds: ({ isWrite }) => isWrite,
  explain: ({ index }) => ({
    message: `Old bucket ${index} was evacuated by an operation that must not.`,
    expected: 'no evacuation',
    actual: `bucket ${index} evacuated`,
  }),
};

/** Checked at every evacuated bucket, in the middle of the write. */
export const evacuationProperties: readonly CheckedProperty<EvacuationFacts>[] = [
  onlyWrites,
  atMostTwo,
  chosen,
  compact,
];

/** Nothing left behind the mark. */
export const behindMark: CheckedProperty<StepFacts> = {
  name: 'map.evacuation.behind-mark',
  statement: 'Every old bucket below nevacuate is evacuated.',
  source: 'M4',
  holds: ({ now, layout }) => !now.isGrowing || layout.firstUnevacuated >= now.nevacuate,
  explain: ({ now, layout }) => ({
    message: 'The mark has passed an old bucket that is not evacuated.',
    expected: `nevacuate at most ${layout.firstUnevacuated}`,
    actual: `nevacuate ${now.nevacuate}`,
  }),
};

/** Look-ahead of the evacuation mark (Go: `advanceEvacuationMark`). */
const MARK_LOOK_AHEAD = 1024;

/** The mark skips what is done. */
export const atMark: CheckedProperty<StepFacts> = {
  name: 'map.evacuation.at-mark',
  statement:
    'With at most 1024 old buckets, the mark of a growth under way stands at one that is not ' +
    'evacuated.',
  source: 'M7; commit 064e44f218 of golang/go',
  holds: ({ now, layout }) =>
    !now.isGrowing ||
    now.oldBucketCount > MARK_LOOK_AHEAD ||
    layout.firstUnevacuated === now.nevacuate,
  explain: ({ now, layout }) => ({
    message: 'The mark stands at an old bucket that is evacuated already.',
    expected: `nevacuate ${layout.firstUnevacuated}`,
    actual: `nevacuate ${now.nevacuate}`,
  }),
};

/** Each write helps. */
export const touchedBucket: CheckedProperty<StepFacts> = {
  name: 'map.evacuation.touched-bucket',
  statement: 'After an assignment or a delete the old bucket of its key is evacuated.',
  source: 'Go runtime/map.go growWork: make sure to evacuate the bucket about to be used',
  holds: ({ isKeyBucketLeft }) => !isKeyBucketLeft,
  explain: ({ kind }) => ({
    message: `A ${kind} left the old bucket of its key where it was.`,
    expected: 'evacuated',
    actual: 'not evacuated',
  }),
};

/** Checked after every operation. */
export const evacuationStepProperties: readonly CheckedProperty<StepFacts>[] = [
  behindMark,
  atMark,
  touchedBucket,
];
