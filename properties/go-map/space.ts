/** Bounds on memory: what churn may leave behind, and how the pool of overflow buckets is used. */
import type { CheckedProperty } from './checked-property.ts';
import type { StepFacts } from './facts.ts';

/**
 * The churn bound.
 *
 * Why fewer than 2 · 2^B: outside a growth an insertion adds at most one overflow bucket, and only
 * where it met fewer than 2^B of them. A growth starts the count over at 0. What it moves is at
 * most 6.5 entries a bucket of the new array (7.5 if the last same-size growth let more in), and n
 * entries of one chain need no more than n / 8 overflow buckets: fewer than 2^B in all. It is over
 * within as many writes as there were old buckets, at most 2^B, the first of which may attach one
 * only after it evacuated; so the insertions meanwhile attach at most 2^B. A map of one bucket
 * never evacuates into overflow buckets, and gets the bound 2.
 */
export const overflowBound: CheckedProperty<StepFacts> = {
  name: 'map.space.overflow-bound',
  statement:
    'However much is inserted and deleted, the current array never has 2 · 2^B overflow ' +
    'buckets, with B up to 15.',
  source: 'golang/go issue 16070: same-size growth bounds what churn leaves behind',
  holds: ({ now, layout }) => now.B > 15 || layout.newOverflow < 2 * 2 ** now.B,
  explain: ({ now, layout }) => ({
    message: `${layout.newOverflow} overflow buckets have gathered for ${now.count} entries.`,
    expected: `fewer than ${2 * 2 ** now.B}`,
    actual: `${layout.newOverflow}`,
  }),
};

/** The pool is used first. */
export const poolFirst: CheckedProperty<StepFacts> = {
  name: 'map.space.pool-first',
  statement:
    'Overflow buckets come from the pool that was allocated with the array until that is used ' +
    'up; ' +
    'a new array or a clear brings a full pool.',
  source: 'Go runtime/map.go newoverflow, makeBucketArray, mapclear',
  holds: (facts) => facts.now.spareOverflow === dueSpare(facts),
  explain: (facts) => ({
    message: 'The pool of overflow buckets has the wrong size.',
    expected: `${dueSpare(facts)} spare`,
    actual: `${facts.now.spareOverflow} spare`,
  }),
};

function dueSpare(facts: StepFacts): number {
  const { before, now } = facts;
  const isNewArray =
    facts.doublings + facts.sameSizeGrowths > 0 || before.hasBuckets !== now.hasBuckets;
  const isCleared = now.clearSequence !== before.clearSequence;
  if (!now.hasBuckets) return 0;
  if (isCleared) return facts.poolSize(now.B);
  if (!isNewArray) return Math.max(0, before.spareOverflow - facts.attached);
  return Math.max(0, facts.poolSize(now.B) - facts.attachedSinceGrowth);
}

/** Checked after every operation. */
export const spaceProperties: readonly CheckedProperty<StepFacts>[] = [overflowBound, poolFirst];
