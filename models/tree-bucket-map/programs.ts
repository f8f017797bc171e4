/**
 * Random programs for the tree-bucket map: keys that collide, counts at the thresholds, iterators that live through
 * growth.
 *
 * Every choice comes from fast-check's generator. The profile decides which counts stand at the boundary of a
 * doubling.
 */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Operation, Program } from '../../src/core/program.ts';
import type { TreeBucketProfile } from '../../src/engines/tree-bucket-map/index.ts';
import type { ValueToken } from '../value-token.ts';
import type {
  NestedOperation,
  SimpleOperation,
  TreeBucketOperation,
  TreeBucketSetup,
} from './operations.ts';

/** Most operations of a generated program; a pair counts as one. */
const OPERATIONS_MAX = 50;

/**
 * Keys that hurt: equal in text, equal as numbers, unequal to themselves, beyond 32 bits, without an order of their
 * own.
 */
const ODD_KEYS: readonly ValueToken[] = [
  { float: 'NaN' },
  { float: '-0' },
  { float: 'Infinity' },
  1.5,
  -1,
  2 ** 31,
  2 ** 32,
  '',
  '0',
  '1',
  'NaN',
  '\uD800',
  true,
  false,
  null,
  { undefined: true },
  { bigint: '0' },
  { bigint: '1' },
  { bigint: '18446744073709551616' },
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((object) => ({ object })),
];

/**
 * Masks for the plain hash: all collide; a few buckets take all; the low bits collide and the upper ones tell apart
 * when the map doubles; all bits.
 */
const MASKS: readonly number[] = [0, 0, 1, 3, 7, -16, -64, -64, -128, -1];

const setup: Arbitrary<TreeBucketSetup> = fc.record({
  hint: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.constantFrom(12, 13, 48, 49, 60, 96) },
  ),
  hash: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...MASKS).map((mask) => ({ mask })) },
    { weight: 1, arbitrary: fc.constant('own' as const) },
  ),
  seed: fc.constantFrom(0, 1, -1),
});

const key: Arbitrary<ValueToken> = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 24 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 24 }).map((index) => index * 64) },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_KEYS) },
);

const value: Arbitrary<ValueToken> = fc.integer({ min: 1, max: 999 });

/** Counts one below, at and one above what a map holds before it doubles, and before a chain becomes a tree. */
function boundaryCounts(profile: TreeBucketProfile): readonly number[] {
  const counts: number[] = [6, 7, 8, 9, 10, 11, 12];
  for (let bucketCount = profile.initialBucketCount; bucketCount <= 128; bucketCount *= 2) {
    const limit = Math.floor(profile.loadFactor * bucketCount);
    if (limit > 12 && limit <= 100) counts.push(limit - 1, limit, limit + 1);
  }
  return counts;
}

function simpleOperation(profile: TreeBucketProfile): Arbitrary<SimpleOperation> {
  // Extreme keys stand where a subtraction of two hashes overflows.
  const keyRun = {
    from: fc.constantFrom(0, 0, 0, 0, 3, 64, 1000, 2 ** 31 - 1024, -(2 ** 31)),
    count: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(...boundaryCounts(profile))),
    stride: fc.constantFrom(1, 1, 2, 16, 16, 32, 64),
  };
  const fill = fc.record({ op: fc.constant('fill' as const), ...keyRun, v: fc.nat(999) });
  return fc.oneof(
    { weight: 10, arbitrary: fc.record({ op: fc.constant('set' as const), k: key, v: value }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constantFrom('get' as const, 'has'), k: key }) },
    { weight: 6, arbitrary: fc.record({ op: fc.constant('delete' as const), k: key }) },
    { weight: 6, arbitrary: fill },
    { weight: 4, arbitrary: fc.record({ op: fc.constant('drain' as const), ...keyRun }) },
    { weight: 2, arbitrary: fc.constant({ op: 'clear' as const }) },
  );
}

function operation(profile: TreeBucketProfile): Arbitrary<TreeBucketOperation> {
  const simple = simpleOperation(profile);
  const nested: Arbitrary<NestedOperation> = fc
    .tuple(simple, fc.integer({ min: 0, max: 12 }))
    .map(([inner, at]) => ({ ...inner, at }));
  const it = fc.integer({ min: 0, max: 1 });
  const kind = fc.constantFrom('entries' as const, 'keys', 'values');
  const forEach: Arbitrary<TreeBucketOperation> = fc.record(
    {
      op: fc.constant('forEach' as const),
      nested: fc.array(nested, { maxLength: 4 }),
      throwAt: fc.integer({ min: 0, max: 6 }),
    },
    { requiredKeys: ['op', 'nested'] },
  );
  return fc.oneof(
    { weight: 30, arbitrary: simple },
    { weight: 5, arbitrary: fc.record({ op: fc.constant('iterate' as const), it, kind }) },
    {
      weight: 10,
      arbitrary: fc.record({ op: fc.constant('next' as const), it, count: fc.nat(9) }),
    },
    { weight: 1, arbitrary: fc.constant({ op: 'entries' as const }) },
    { weight: 2, arbitrary: forEach },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant('clone' as const),
        keep: fc.constantFrom('original' as const, 'clone'),
      }),
    },
  );
}

/** A run of keys set and then all but a few of it deleted again: what makes a tree shrink below its threshold. */
const fillAndDrain: Arbitrary<readonly TreeBucketOperation[]> = fc
  .record({
    from: fc.constantFrom(0, 64, 1000),
    count: fc.integer({ min: 9, max: 24 }),
    stride: fc.constantFrom(1, 16, 64),
    keptCount: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ keptCount, count, ...run }) => [
    { op: 'fill', ...run, count, v: 1 },
    { op: 'drain', ...run, count: count - keptCount },
  ]);

/** Random programs for a profile. */
export function treeBucketPrograms(profile: TreeBucketProfile): Arbitrary<Program> {
  const part = fc.oneof(
    { weight: 30, arbitrary: operation(profile).map((single) => [single]) },
    { weight: 1, arbitrary: fillAndDrain },
  );
  const parts = fc.array(part, { minLength: 1, maxLength: OPERATIONS_MAX, size: 'max' });
  return fc.record({ setup, parts }).map(({ setup: made, parts: lists }) => ({
    setup: { ...made },
    draws: [],
    threads: [lists.flat() as unknown as readonly Operation[]],
  }));
}
