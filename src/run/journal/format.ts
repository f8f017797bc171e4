/**
 * The journal of a campaign: one JSON object a line, appended as tickets finish. Version 1.
 *
 * The first line says which campaign it is; then comes a line for each finished ticket, in order of arrival; a last line
 * says that the shard is complete. Every line ends with a check of its own text, so that damage is found. A last line
 * without its line feed was being written when the process died, and counts for nothing.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CampaignPlan, Shard } from '../plan.ts';
import type { TicketResult } from '../ticket.ts';

export const JOURNAL_FORMAT = 'mapcheck-journal';
export const JOURNAL_VERSION = 1;

/** Which campaign a journal belongs to, and which part of it. */
export interface CampaignIdentity {
  readonly plan: CampaignPlan;
  /** Milliseconds that a campaign by time was given; `null` for one by runs. */
  readonly timeMs: number | null;
  readonly shard: Shard;
  readonly codeHash: string;
}

const count: z.ZodType<number> = z.int().nonnegative();
const counts: z.ZodType<Record<string, number>> = z.record(z.string(), count);
const hash: z.ZodType<string> = z.string().regex(/^[0-9a-f]+$/);
const shardNumber: z.ZodType<number> = z.int().positive().max(1_000_000);

const program = z.strictObject({
  setup: z.record(z.string(), z.json()),
  draws: z.array(count),
  threads: z.array(z.array(z.looseObject({ op: z.string() }))).min(1),
});

const violation = z.strictObject({
  property: z.string(),
  message: z.string(),
  expected: z.string(),
  actual: z.string(),
  operationIndex: count,
  state: z.array(z.string()),
  known: z.string().nullable(),
});

/** The first line. */
export const headerSchema: z.ZodType<JournalHeader> = z
  .strictObject({
    format: z.literal(JOURNAL_FORMAT),
    version: z.literal(JOURNAL_VERSION),
    plan: z.strictObject({
      seed: z.string().min(1),
      targets: z
        .array(z.string())
        .min(1)
        .refine((names) => new Set(names).size === names.length, 'a target stands there twice'),
      runs: z.int().positive().nullable(),
      knownFails: z.boolean(),
      config: z.string().optional(),
    }),
    runsPerTicket: z.int().positive(),
    timeMs: z.number().positive().nullable(),
    shard: z
      .strictObject({ index: shardNumber, count: shardNumber })
      .refine(({ index, count }) => index <= count),
    codeHash: hash,
  })
  .describe('Header of a mapcheck journal.') as never;

export interface JournalHeader extends CampaignIdentity {
  readonly format: typeof JOURNAL_FORMAT;
  readonly version: typeof JOURNAL_VERSION;
  readonly runsPerTicket: number;
}

/** The line of a finished ticket. */
export const ticketSchema: z.ZodType<TicketLine> = z.strictObject({
  ticket: count,
  targetIndex: count,
  runs: count,
  operations: count,
  steps: count,
  interleavings: count,
  coverage: counts,
  known: counts,
  hash,
  failedRuns: count,
  violations: z.array(z.strictObject({ run: count, program, violation })),
  divergence: z.strictObject({ run: count, program }).nullable(),
  lost: z.strictObject({ firstRun: count, runCount: count, reason: z.string() }).nullable(),
  elapsedMs: z.number().nonnegative(),
}) as never;

/** A ticket's result under the name it has in a file, with the milliseconds worked so far. */
export interface TicketLine extends Omit<TicketResult, 'index'> {
  readonly ticket: number;
  readonly elapsedMs: number;
}

/** Why a shard is complete: all tickets done, the limit on failures reached, the time used up. */
export type JournalEnd = 'finished' | 'bail' | 'time';

/** The last line. */
export const endSchema: z.ZodType<{ readonly end: JournalEnd }> = z.strictObject({
  end: z.enum(['finished', 'bail', 'time']),
});

/** The name of a shard's file in the journal's folder. */
export function shardFileName({ index, count }: Shard): string {
  return `shard-${index}-of-${count}.ndjson`;
}

/** What `shardFileName` gives. */
export const SHARD_FILE: RegExp = /^shard-(\d+)-of-(\d+)\.ndjson$/;

/** A record as a line with its check, without the line feed. */
export function encodeLine(record: object): string {
  const text = JSON.stringify(record);
  return `${text.slice(0, -1)},"check":"${checkOf(text)}"}`;
}

/** The record of a line, or `null` when the line is not as it was written. */
export function decodeLine(line: string): unknown {
  const match = /,"check":"([0-9a-f]{8})"\}$/.exec(line);
  if (match === null) return null;
  const text = `${line.slice(0, match.index)}}`;
  return checkOf(text) === match[1] ? (JSON.parse(text) as unknown) : null;
}

function checkOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
