/**
 * The events of `--reporter ndjson`: one JSON object a line, written as things happen.
 *
 * Every line has `event`; the first is `begin`, the last `end`. A stream without `end` is of a run that was killed: what
 * stands in it was found all the same. `schema/events.schema.json` is made from this file.
 */
import { z } from 'zod';

export const EVENTS_FORMAT = 'mapcheck-events';
export const EVENTS_VERSION = 1;

const verdict = z.enum(['holds', 'fails', 'inconclusive', 'nondeterministic']);
const count = z.int().nonnegative();

const begin = z
  .strictObject({
    event: z.literal('begin'),
    format: z.literal(EVENTS_FORMAT),
    version: z.literal(EVENTS_VERSION),
    command: z.string().describe('run, ci or explore.'),
    seed: z.string().nullable().describe('The seed, as text; null where nothing is random.'),
    subjects: z.array(z.string()).describe('Targets, or program files.'),
  })
  .describe('First line.');

const part = z
  .strictObject({ event: z.literal('part'), name: z.string() })
  .describe('A part of the work begins.');

const progress = z
  .strictObject({
    event: z.literal('progress'),
    subject: z.string(),
    runs: count.describe('Runs just finished, not the total.'),
    operations: count,
    failedRuns: count,
  })
  .describe('Some runs of a target are done. In order of arrival, which differs from run to run.');

const violation = z
  .strictObject({
    event: z.literal('violation'),
    subject: z.string(),
    property: z.string(),
    message: z.string(),
    run: count.nullable().describe('0-based index of the run.'),
  })
  .describe('Something failed, as it was found: not yet shrunk, not yet saved.');

const program = z
  .strictObject({
    event: z.literal('program'),
    subject: z.string().describe('The program file.'),
    verdict,
    executions: count,
    steps: count,
  })
  .describe('A program file is done.');

const failure = z
  .strictObject({
    event: z.literal('failure'),
    suite: z.string(),
    property: z.string(),
    message: z.string(),
    trace: z.string().nullable().describe('The saved trace, or null where it was not written.'),
  })
  .describe('A failure as the reports have it: shrunk and saved.');

const suite = z
  .strictObject({
    event: z.literal('suite'),
    name: z.string(),
    checks: count,
    failed: count,
    undecided: count,
  })
  .describe('What came of a target, a program file, or a folder of saved traces.');

const end = z
  .strictObject({
    event: z.literal('end'),
    verdict,
    report: z.json().describe('The object that --json prints.'),
  })
  .describe('Last line.');

/** Checks one event. */
export const eventSchema: z.ZodType<ReportEvent> = z.discriminatedUnion('event', [
  begin,
  part,
  progress,
  violation,
  program,
  failure,
  suite,
  end,
]) as never;

/** One line of the stream. */
export type ReportEvent =
  | {
      readonly event: 'begin';
      readonly format: typeof EVENTS_FORMAT;
      readonly version: typeof EVENTS_VERSION;
      readonly command: string;
      readonly seed: string | null;
      readonly subjects: readonly string[];
    }
  | { readonly event: 'part'; readonly name: string }
  | {
      readonly event: 'progress';
      readonly subject: string;
      readonly runs: number;
      readonly operations: number;
      readonly failedRuns: number;
    }
  | {
      readonly event: 'violation';
      readonly subject: string;
      readonly property: string;
      readonly message: string;
      readonly run: number | null;
    }
  | {
      readonly event: 'program';
      readonly subject: string;
      readonly verdict: string;
      readonly executions: number;
      readonly steps: number;
    }
  | {
      readonly event: 'failure';
      readonly suite: string;
      readonly property: string;
      readonly message: string;
      readonly trace: string | null;
    }
  | {
      readonly event: 'suite';
      readonly name: string;
      readonly checks: number;
      readonly failed: number;
      readonly undecided: number;
    }
  | { readonly event: 'end'; readonly verdict: string; readonly report: unknown };
