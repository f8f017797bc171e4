/**
 * One turn: an engine builds a map, is read, changed and emptied, each operation timed.
 *
 * Only the engine whose turn it is has a map, so no engine's garbage collections have to walk another's entries.
 */
import type { Clock } from './clock.ts';
import type { Keys, KeyKind } from './keys.ts';
import { makeKeys, shuffledSample } from './keys.ts';
import type { Loops, Operation } from './loops.ts';
import { OPERATIONS } from './loops.ts';

/** The keys that a turn works with. */
export interface Workload {
  readonly size: number;
  /** All keys, in the order of insertion. */
  readonly inserted: Keys;
  /** Those that are looked up and updated, in an order of their own. */
  readonly present: Keys;
  /** All keys in an order of their own: deleting them empties the map, with all that it does meanwhile to shrink. */
  readonly deleted: Keys;
  /** As many keys that are not in the map. */
  readonly absent: Keys;
}

/** Keys looked up in one pass, at most: enough to miss every cache, few enough for maps of 10^7. */
const SAMPLE_MAX = 2_000_000;

/** Makes the keys of a workload. Deterministic. */
export function makeWorkload(kind: KeyKind, size: number): Workload {
  const inserted = makeKeys(kind, 0, size);
  const sampleSize = Math.min(size, SAMPLE_MAX);
  const deleted = shuffledSample(inserted, size);
  return {
    size,
    inserted,
    present: sampleSize === size ? deleted : deleted.slice(0, sampleSize),
    deleted,
    absent: makeKeys(kind, size, sampleSize),
  };
}

/** How often each operation goes over its keys in one turn. */
export type PassCounts = Readonly<Record<Operation, number>>;

/** One pass of everything. */
export const SINGLE_PASSES: PassCounts = Object.fromEntries(
  OPERATIONS.map((operation) => [operation, 1]),
) as Record<Operation, number>;

/** What one operation came to; `null` where the engine has no such operation. */
export interface Measurement {
  /** For one key or entry. */
  readonly nanoseconds: number;
  /** Sum over one pass: the same for every engine. */
  readonly checksum: number;
}

/** The measurements of a turn. */
export type Turn = Readonly<Record<Operation, Measurement | null>>;

/** Entries in all the small maps that one timed block of deletes empties; a block of one such map would be too short. */
const DELETE_POOL_ENTRIES = 16_384;

/** Takes a turn. */
export function takeTurn(loops: Loops, workload: Workload, passes: PassCounts, clock: Clock): Turn {
  const insertStart = clock.now();
  const map = loops.insert(workload.inserted, passes.insert);
  const insertEnd = clock.now();
  loops.settle(map);
  const insert: Measurement = {
    nanoseconds: (insertEnd - insertStart) / (workload.size * passes.insert),
    checksum: workload.size,
  };
  const time = (operation: Exclude<Operation, 'insert'>, keys: Keys): Measurement | null => {
    const loop = loops.work[operation];
    if (loop === null) return null;
    const start = clock.now();
    const total = loop(map, keys, passes[operation]);
    const elapsed = clock.now() - start;
    return {
      nanoseconds: elapsed / (keys.length * passes[operation]),
      checksum: total / passes[operation],
    };
  };
  return {
    insert,
    hit: time('hit', workload.present),
    miss: time('miss', workload.absent),
    update: time('update', workload.present),
    forEach: time('forEach', workload.inserted),
    forOf: time('forOf', workload.inserted),
    keys: time('keys', workload.inserted),
    delete: timeDeletes(loops, map, workload, passes.delete, clock),
  };
}

/** Deletes every key, in maps that are filled again for each pass outside the timed block. */
function timeDeletes(
  loops: Loops,
  firstMap: object,
  workload: Workload,
  passCount: number,
  clock: Clock,
): Measurement | null {
  const loop = loops.work.delete;
  if (loop === null) return null;
  const poolSize = Math.max(1, Math.floor(DELETE_POOL_ENTRIES / workload.size));
  let elapsed = 0;
  let total = 0;
  let pool = [firstMap];
  for (let pass = 0; pass < passCount; pass++) {
    if (pass > 0) pool = [];
    while (pool.length < poolSize) {
      const map = loops.insert(workload.inserted, 1);
      loops.settle(map);
      pool.push(map);
    }
    const start = clock.now();
    for (const map of pool) total += loop(map, workload.deleted, 1);
    elapsed += clock.now() - start;
  }
  // Not timed: what was deleted is gone, so a second pass finds nothing.
  const found = loop(pool[0]!, workload.deleted, 1);
  const mapCount = poolSize * passCount;
  return {
    nanoseconds: elapsed / (workload.deleted.length * mapCount),
    checksum: total / mapCount + found,
  };
}
