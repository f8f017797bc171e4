/** Bounds on the work of single operations, and what must cost nothing at all. */
import type { CheckedProperty } from './checked-property.ts';
import type { StepFacts } from './facts.ts';

/** Growths end. */
export const growthFinishes: CheckedProperty<StepFacts> = {
  name: 'map.work.growth-finishes',
  statement:
    'A growth is finished within as many writes as there were buckets, the one that started it ' +
    'included.',
  source:
    'Go runtime/map.go growWork: the mark moves on with every write; commit 064e44f218 of ' +
    'golang/go',
  holds: ({ now, writesInGrowth, growthBucketCount }) =>
    writesInGrowth < growthBucketCount || (writesInGrowth === growthBucketCount && !now.isGrowing),
  explain: ({ writesInGrowth, growthBucketCount }) => ({
    message: `A growth of ${growthBucketCount} buckets is still under way after ${writesInGrowth} writes.`,
    expected: `finished within ${growthBucketCount} writes`,
    actual: `not finished after ${writesInGrowth}`,
  }),
};

/** Each write takes the mark forward. */
export const markAdvances: CheckedProperty<StepFacts> = {
  name: 'map.work.mark-advances',
  statement: 'Every write during a growth moves the evacuation mark on.',
  source: 'Go runtime/map.go growWork',
  holds: (facts) =>
    !facts.isEffectiveWrite ||
    facts.kind === 'clear' ||
    !facts.before.isGrowing ||
    !facts.now.isGrowing ||
    facts.doublings + facts.sameSizeGrowths > 0 ||
    facts.now.nevacuate > facts.before.nevacuate,
  explain: ({ before, now }) => ({
    message: 'A write did not move the evacuation mark.',
    expected: `nevacuate above ${before.nevacuate}`,
    actual: `nevacuate ${now.nevacuate}`,
  }),
};

/** Reads are free. */
export const readsChangeNothing: CheckedProperty<StepFacts> = {
  name: 'map.work.reads-change-nothing',
  statement:
    'Lookups, steps of iterators, cloning, and deletes and clears of an empty map leave every ' +
    'field of ' +
    'the map as it was, but for the iterator flags at the start of an iteration.',
  source:
    'Go runtime/map.go mapaccess1, mapiternext, mapdelete and mapclear of an empty map; ' +
    'golang/go issue 5120',
  holds: (facts) =>
    facts.isEffectiveWrite || facts.kind === 'make' || (isSame(facts) && !hasEvents(facts)),
  explain: (facts) => ({
    message: `The operation ${facts.kind} changed the map although it must not.`,
    expected: describe(facts.before),
    actual: describe(facts.now),
  }),
};

function isSame({ before, now, isIterationStart }: StepFacts): boolean {
  return (
    before.count === now.count &&
    before.B === now.B &&
    before.noverflow === now.noverflow &&
    before.nevacuate === now.nevacuate &&
    (before.flags === now.flags || isIterationStart) &&
    before.hash0 === now.hash0 &&
    before.spareOverflow === now.spareOverflow &&
    before.clearSequence === now.clearSequence &&
    before.hasBuckets === now.hasBuckets &&
    before.oldBucketCount === now.oldBucketCount
  );
}

function hasEvents(facts: StepFacts): boolean {
  return facts.evacuated + facts.attached + facts.doublings + facts.sameSizeGrowths > 0;
}

function describe(scalars: StepFacts['now']): string {
  return (
    `count ${scalars.count}, B ${scalars.B}, noverflow ${scalars.noverflow}, nevacuate ${scalars.nevacuate}, ` +
    `flags ${scalars.flags}, hash0 ${scalars.hash0}, spare ${scalars.spareOverflow}, ` +
    `clears ${scalars.clearSequence}, old buckets ${scalars.oldBucketCount}`
  );
}

/** Checked after every operation. */
export const workProperties: readonly CheckedProperty<StepFacts>[] = [
  growthFinishes,
  markAdvances,
  readsChangeNothing,
];
