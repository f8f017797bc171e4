/** The file of a shard of an exploration, and what it has in common with the journal of one that is not done. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import type { ExplorationReport, ExploreOptions } from '../core/explore/report.ts';
import { THREADS_MAX } from '../core/threads.ts';
import type { PartResult, ShardResult } from '../core/explore/shard.ts';
import { REPETITIONS } from './explore-program.ts';
import type { Shard } from './plan.ts';

/** What the file says that it is. */
export const FORMAT = 'mapcheck-explore-shard';
/** What the journal of a shard that is not done says that it is. */
export const PARTS_FORMAT = 'mapcheck-explore-parts';
/** Which form both have. */
export const VERSION = 1;
/** The names of shards' files. */
export const SHARD_FILE: RegExp = /^explore-\d+-of-\d+\.json$/;
/** How every shard is explored. */
export const SHARD_OPTIONS: Pick<ExploreOptions, 'hasHashes' | 'repetitions'> = {
  hasHashes: true,
  repetitions: REPETITIONS,
};

/** The file of one shard. */
export interface ShardFile extends ShardResult {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly file: string;
  readonly program: string;
  /** SHA-256 of mapcheck's code and of every file that is stepped. */
  readonly codeHash: string;
  readonly options: { readonly strategy: 'exhaustive' };
  readonly shard: Shard;
  /** SHA-256 of the parts and of what was learned on the way to them. */
  readonly frontier: string;
}

const count: z.ZodInt = z.int().nonnegative();
/** Sets of threads are bits of a number, so that a thread beyond them would be taken for another. */
const threads: z.ZodType<readonly number[]> = z.array(count.max(THREADS_MAX - 1));
const place = { thread: z.int(), point: z.int() };
const report = z.strictObject({
  verdict: z.enum(['holds', 'fails', 'inconclusive', 'nondeterministic']),
  complete: count,
  deadlocks: count,
  parked: count,
  truncated: count,
  redundant: count,
  steps: count,
  stepsReplayed: count,
  isExhaustive: z.boolean(),
  locationCount: count,
  hashSum: z.string().regex(/^[0-9a-f]{16}$/),
  mispredictions: count,
  failure: z
    .strictObject({
      kind: z.enum(['assertion', 'race', 'deadlock', 'invariant', 'linearizability', 'divergence']),
      property: z.string(),
      message: z.string(),
      details: z.array(z.string()),
      schedule: threads,
      race: z.tuple([count, count]).nullable(),
      thread: z.int(),
      execution: count,
    })
    .nullable(),
  bound: z
    .strictObject({
      bound: z.enum(['steps', 'executions', 'local-loop']),
      limit: count,
      loop: z.int(),
      ...place,
    })
    .nullable(),
  divergence: z
    .strictObject({
      stepIndex: count,
      first: z.string(),
      second: z.string(),
      schedule: threads,
      ...place,
    })
    .nullable(),
});

const hash: z.ZodType<string> = z.string().regex(/^[0-9a-f]{64}$/);
const shard: z.ZodType<Shard> = z
  .strictObject({ index: z.int().positive(), count: z.int().positive() })
  .refine(({ index, count: all }) => index <= all);

/** Checks the result of a part. */
export const partResult: z.ZodType<PartResult> = z.strictObject({
  number: count,
  runs: count,
  report,
}) as never;

/** Checks the first lines of a journal of parts. */
export const partsHeader: z.ZodType<PartsHeader> = z.strictObject({
  format: z.literal(PARTS_FORMAT),
  version: z.literal(VERSION),
  codeHash: hash,
  shard,
  frontier: hash,
  lessons: z.array(threads),
}) as never;

/** A line of a journal of parts that says what the lines after it are of. */
export interface PartsHeader {
  readonly format: typeof PARTS_FORMAT;
  readonly version: typeof VERSION;
  readonly codeHash: string;
  readonly shard: Shard;
  readonly frontier: string;
  /** Schedules that had taught something when the parts were cut. */
  readonly lessons: readonly (readonly number[])[];
}

/** Checks the file. */
export const shardFile: z.ZodType<ShardFile> = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  file: z.string().min(1),
  program: z.string(),
  codeHash: hash,
  options: z.strictObject({ strategy: z.literal('exhaustive') }),
  shard,
  frontier: hash,
  parts: z
    .array(z.strictObject({ prefix: threads, asleep: z.array(z.int()), known: count }))
    .min(1),
  results: z.array(partResult),
  lessons: z.array(threads),
}) as never;

/** The result of a part as it is kept: what was thrown means something in this process only, and the schedule tells the rest. */
export function keptResult(result: PartResult): PartResult {
  const { failure } = result.report;
  if (failure === null) return result;
  const { error: _, history: __, ...kept } = failure;
  return { ...result, report: { ...result.report, failure: kept as ExplorationReport['failure'] } };
}

/** SHA-256 of the parts and of what was learned on the way to them. */
export function frontierHash({ parts, lessons }: Pick<ShardResult, 'parts' | 'lessons'>): string {
  return sha256(JSON.stringify([parts, lessons]));
}

/** SHA-256, hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** @throws UsageError E-JOURNAL-007 where the hashes differ. */
export function requireSameHash(path: string, has: string, hash: string): void {
  if (has === hash) return;
  throw new UsageError(
    `it was written by other code: ${has.slice(0, 12)}, this is ${hash.slice(0, 12)}`,
    {
      code: 'E-JOURNAL-007',
      place: path,
      todo: 'Use the program, and the version of mapcheck, that wrote it; or explore all shards anew.',
    },
  );
}

/** The error for a file that is not as it was written. */
export function damaged(path: string, what: string): UsageError {
  return new UsageError(`it is not as it was written: ${what}`, {
    code: 'E-JOURNAL-003',
    place: path,
    todo: 'Explore this shard again.',
  });
}
