/**
 * The trace: a program, the property it is about, and the verdict it is to have. Version 1.
 *
 * It holds the program itself, not a seed, so that it means the same after any change of a generator. The shape of the
 * set-up and of the operations belongs to the target; `read.ts` checks those parts against the target's own schema.
 * `schema/trace.schema.json` is made from this file.
 */
import { z } from 'zod';
import type { Program } from '../core/program.ts';

export const TRACE_FORMAT = 'mapcheck-trace';
export const TRACE_VERSION = 1;

const json: z.ZodType = z.json();

const operation: z.ZodType = z
  .object({ op: z.string().min(1).describe('Name of the operation.') })
  .catchall(json)
  .describe('One operation with its arguments.');

const origin = z
  .strictObject({
    seed: z.string().describe('The campaign seed, as text.'),
    run: z.int().nonnegative().describe('0-based index of the run in the campaign.'),
    operations: z.int().nonnegative().describe('Operations before shrinking.'),
  })
  .describe('Where the program came from. Not needed for replay.');

/** Checks everything of a trace file but the parts that belong to its target. */
export const traceSchema: z.ZodType<Trace> = z
  .strictObject({
    $schema: z.string().optional(),
    format: z.literal(TRACE_FORMAT),
    version: z.literal(TRACE_VERSION),
    target: z.string().min(1).describe('The target, with its profile: `go-map@corrected`.'),
    property: z.string().min(1).describe('The property the trace is about.'),
    expect: z
      .enum(['holds', 'fails'])
      .describe('The verdict a replay is to have: a regression holds, a known defect fails.'),
    known: z.string().nullable().describe('Identifier of the known defect, or null.'),
    mutant: z
      .string()
      .nullable()
      .describe('Identifier of the mutant to replay against, or null for the engine as it is.'),
    message: z.string().describe('What happened when the trace was saved.'),
    expected: z.string(),
    actual: z.string(),
    origin: origin.nullable(),
    program: z.strictObject({
      setup: z.record(z.string(), json).describe('How the map is made.'),
      draws: z
        .array(z.int().min(0).max(0xffff_ffff))
        .describe('Random draws the engine receives, in order, 32 bits each; used cyclically.'),
      threads: z.array(z.array(operation)).min(1).describe('The operations of each thread.'),
    }),
  })
  .describe('A mapcheck trace: a program, a property, and the verdict expected of them.') as never;

/** A trace as it stands in its file. */
export interface Trace {
  readonly $schema?: string | undefined;
  readonly format: typeof TRACE_FORMAT;
  readonly version: typeof TRACE_VERSION;
  readonly target: string;
  readonly property: string;
  readonly expect: 'holds' | 'fails';
  readonly known: string | null;
  readonly mutant: string | null;
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
  readonly origin: {
    readonly seed: string;
    readonly run: number;
    readonly operations: number;
  } | null;
  readonly program: Program;
}
