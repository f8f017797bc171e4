/**
 * When a growth starts, and which: checked at the start itself, and after each operation that
 * started none.
 */
import { FLAG_ITERATOR, FLAG_OLD_ITERATOR } from '../../src/engines/go-map/inspection.ts';
import type { CheckedProperty } from './checked-property.ts';
import {
  hintedB,
  loadLimit,
  overflowLimit,
  type GrowthFacts,
  type Scalars,
  type StepFacts,
} from './facts.ts';

function hasNoRoom(facts: GrowthFacts): boolean {
  return facts.before.count + 1 > loadLimit(facts.before.B, facts.loadNumerator);
}

function situation(facts: GrowthFacts): string {
  const { before, loadNumerator } = facts;
  return (
    `count ${before.count} of at most ${loadLimit(before.B, loadNumerator)}, ` +
    `${before.noverflow} overflow buckets (too many: ${overflowLimit(before.B)}), ` +
    (facts.isInsertion ? 'inserting' : 'not inserting')
  );
}

/** Doubling means full. */
export const doublingThreshold: CheckedProperty<GrowthFacts> = {
  name: 'map.growth.doubling-threshold',
  statement:
    'A growth doubles the buckets exactly when one entry more would exceed the load factor ' +
    '(6.5; 6 in Go 1.21) and 8.',
  source: 'Go runtime/map.go overLoadFactor; golang/go issue 63438',
  holds: (facts) => hasNoRoom(facts) === (facts.kind === 'doubling'),
  explain: (facts) => ({
    message: `A ${facts.kind} growth started at ${situation(facts)}.`,
    expected: hasNoRoom(facts) ? 'doubling' : 'no doubling',
    actual: facts.kind,
  }),
};

/** Same-size growth means too many overflow buckets. */
export const sameSizeThreshold: CheckedProperty<GrowthFacts> = {
  name: 'map.growth.same-size-threshold',
  statement:
    'A same-size growth starts only with at least 2^min(B,15) overflow buckets, and never where ' +
    'a doubling is due.',
  source: 'Go runtime/map.go tooManyOverflowBuckets, hashGrow; golang/go issue 16070',
  holds: (facts) =>
    facts.kind === 'doubling' || facts.before.noverflow >= overflowLimit(facts.before.B),
  explain: (facts) => ({
    message: `A same-size growth started at ${situation(facts)}.`,
    expected: 'no growth',
    actual: facts.kind,
  }),
};

/** Only insertions grow a map. */
export const onlyInsertions: CheckedProperty<GrowthFacts> = {
  name: 'map.growth.only-insertions',
  statement:
    'Nothing but the insertion of a new key starts a growth: no lookup, update, delete, clear ' +
    'or iteration.',
  source: 'Go runtime/map.go mapassign',
  holds: (facts) => facts.isInsertion,
  explain: (facts) => ({
    message: `A ${facts.kind} growth started at ${situation(facts)}.`,
    expected: 'no growth',
    actual: facts.kind,
  }),
};

/** One growth at a time. */
export const oneAtATime: CheckedProperty<GrowthFacts> = {
  name: 'map.growth.one-at-a-time',
  statement: 'No growth starts while another is under way.',
  source: 'Go runtime/map.go mapassign, hashGrow',
  holds: (facts) => !facts.wasGrowing,
  explain: (facts) => ({
    message: `A ${facts.kind} growth started while another was under way.`,
    expected: 'no growth before the last old bucket is evacuated',
    actual: facts.kind,
  }),
};

/** What a start leaves behind, all at once. */
export const cleanStart: CheckedProperty<GrowthFacts> = {
  name: 'map.growth.clean-start',
  statement:
    'The start of a growth moves nothing: the old array has the old size, the new one twice ' +
    'that or the same, ' +
    'nevacuate and noverflow are 0, and B grows by one in a doubling only.',
  source: 'M14; Go runtime/map.go hashGrow',
  holds: ({ before, now, kind }) =>
    now.B === before.B + (kind === 'doubling' ? 1 : 0) &&
    now.oldBucketCount === 2 ** before.B &&
    now.nevacuate === 0 &&
    now.noverflow === 0 &&
    now.count === before.count &&
    now.isSameSize === (kind === 'same-size'),
  explain: ({ before, now, kind }) => ({
    message: `The start of a ${kind} growth left the map in a wrong state.`,
    expected:
      `B ${before.B + (kind === 'doubling' ? 1 : 0)}, ${2 ** before.B} old buckets, nevacuate 0, noverflow 0, ` +
      `count ${before.count}, sameSizeGrow ${kind === 'same-size'}`,
    actual:
      `B ${now.B}, ${now.oldBucketCount} old buckets, nevacuate ${now.nevacuate}, noverflow ${now.noverflow}, ` +
      `count ${now.count}, sameSizeGrow ${now.isSameSize}`,
  }),
};

/** Whether iterators may stand in the array that is now the old one. */
export const iteratorFlags: CheckedProperty<GrowthFacts> = {
  name: 'map.growth.iterator-flags',
  statement:
    'A growth takes over iterator as oldIterator and clears iterator. Go forgets oldIterator ' +
    'when iterator was not ' +
    'set; the corrected profile keeps it.',
  source: 'M15; Go runtime/map.go hashGrow',
  holds: (facts) => (facts.now.flags & ITERATOR_FLAGS) === dueFlags(facts),
  explain: (facts) => ({
    message: 'The iterator flags are wrong after the start of a growth.',
    expected: flagText(dueFlags(facts)),
    actual: flagText(facts.now.flags),
  }),
};

const ITERATOR_FLAGS = FLAG_ITERATOR | FLAG_OLD_ITERATOR;

function dueFlags({ before, isOldIteratorSticky }: GrowthFacts): number {
  const kept = isOldIteratorSticky ? ITERATOR_FLAGS : FLAG_ITERATOR;
  return (before.flags & kept) === 0 ? 0 : FLAG_OLD_ITERATOR;
}

function flagText(flags: number): string {
  const names: string[] = [];
  if ((flags & FLAG_ITERATOR) !== 0) names.push('iterator');
  if ((flags & FLAG_OLD_ITERATOR) !== 0) names.push('oldIterator');
  return names.length === 0 ? 'neither' : names.join(' and ');
}

/** Checked at every start of a growth, in the middle of the assignment. */
export const growthProperties: readonly CheckedProperty<GrowthFacts>[] = [
  onlyInsertions,
  oneAtATime,
  doublingThreshold,
  sameSizeThreshold,
  cleanStart,
  iteratorFlags,
];

/**
 * Whether the growth that ran when the insertion looked, or that it started, is still under way or
 * was just ended.
 */
function isDueButMissing(facts: StepFacts): boolean {
  const { now } = facts;
  if (!facts.isInsertion || now.isGrowing || facts.doublings + facts.sameSizeGrowths > 0)
    return false;
  const noverflow = now.noverflow - facts.attachedByInsertion;
  return (
    now.count > loadLimit(now.B, facts.loadNumerator) ||
    (now.B < 16 && noverflow >= overflowLimit(now.B))
  );
}

/** No growth that is due is left out. */
export const started: CheckedProperty<StepFacts> = {
  name: 'map.growth.started',
  statement:
    'An insertion that meets no growth under way starts one if it would exceed the load factor ' +
    'or meets too many ' +
    'overflow buckets.',
  source: 'M9; Go runtime/map.go mapassign; golang/go issue 16070',
  holds: (facts) => !isDueButMissing(facts),
  explain: ({ now, attachedByInsertion, loadNumerator }) => ({
    message: 'An insertion did not start the growth that was due.',
    expected:
      `a growth: more than ${loadLimit(now.B, loadNumerator)} entries, or at least ` +
      `${overflowLimit(now.B)} overflow buckets before the insertion`,
    actual: `no growth at ${now.count} entries, ${now.noverflow - attachedByInsertion} overflow buckets`,
  }),
};

/** B moves by doublings only. */
export const bucketsMonotone: CheckedProperty<StepFacts> = {
  name: 'map.growth.buckets',
  statement: 'B grows by one with each doubling and otherwise never changes.',
  source: 'M14',
  holds: ({ kind, before, now, doublings }) => kind === 'make' || now.B === before.B + doublings,
  explain: ({ before, now, doublings }) => ({
    message: 'The number of buckets changed in a way that no growth explains.',
    expected: `B ${before.B + doublings}`,
    actual: `B ${now.B}`,
  }),
};

/** Ends leave nothing behind. */
export const ended: CheckedProperty<StepFacts> = {
  name: 'map.growth.ended',
  statement:
    'While a growth is under way the mark has not reached the end and the old array is as large ' +
    'as its kind says; ' +
    'otherwise sameSizeGrow is clear.',
  source: 'M6',
  holds: ({ now }) =>
    now.isGrowing
      ? now.nevacuate < now.oldBucketCount && now.oldBucketCount === dueOldBuckets(now)
      : !now.isSameSize,
  explain: ({ now }) => ({
    message: 'The growth is in a state between under way and ended.',
    expected: now.isGrowing
      ? `nevacuate < ${dueOldBuckets(now)} old buckets`
      : 'sameSizeGrow clear',
    actual: now.isGrowing
      ? `nevacuate ${now.nevacuate}, ${now.oldBucketCount} old buckets`
      : 'sameSizeGrow set',
  }),
};

function dueOldBuckets(now: Scalars): number {
  return now.isSameSize ? 2 ** now.B : 2 ** (now.B - 1);
}

/** A map made with a hint has room for it. */
export interface HintFacts {
  readonly hint: number;
  readonly now: Scalars;
  readonly loadNumerator: number;
}

/** Hints choose B. */
export const hintSize: CheckedProperty<HintFacts> = {
  name: 'map.growth.hint',
  statement:
    'A map made with a hint has the least B whose load limit is not below the hint; a hint that ' +
    'is no size counts as 0.',
  source: 'Go runtime/map.go makemap; commit dbe3522c7f; golang/go issues 19926 and 20195',
  holds: ({ hint, now, loadNumerator }) =>
    now.B === hintedB(hint, loadNumerator) && now.hasBuckets === now.B > 0 && now.count === 0,
  explain: ({ hint, now, loadNumerator }) => ({
    message: `A map made with the hint ${hint} has the wrong size.`,
    expected: `B ${hintedB(hint, loadNumerator)}, an array only if B is above 0`,
    actual: `B ${now.B}, ${now.hasBuckets ? 'an array' : 'no array'}, count ${now.count}`,
  }),
};

/** Checked after every operation. */
export const growthStepProperties: readonly CheckedProperty<StepFacts>[] = [
  started,
  bucketsMonotone,
  ended,
];
