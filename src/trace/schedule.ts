/**
 * The trace of an explored program file: the schedule that failed, and what each of its steps was. Version 1.
 *
 * The steps are kept beside the schedule so that a replay of a program that has changed can say which step no longer
 * matches, instead of showing some other interleaving under the old name.
 */
import { z } from 'zod';

export const SCHEDULE_FORMAT = 'mapcheck-schedule';
export const SCHEDULE_VERSION = 1;

/** One step as the trace keeps it. */
export interface ScheduledStep {
  /** 0-based thread. */
  readonly thread: number;
  /** What it did: `load`, `store`, `compareExchange`, `lock` … */
  readonly kind: string;
  /** Source text of the access, or an empty string. */
  readonly expression: string;
}

/** A schedule as it stands in its file. */
export interface ScheduleTrace {
  readonly format: typeof SCHEDULE_FORMAT;
  readonly version: typeof SCHEDULE_VERSION;
  /** The program file, from the folder that mapcheck ran in. */
  readonly file: string;
  readonly program: string;
  /** The kind of failure. */
  readonly property: string;
  readonly expect: 'holds' | 'fails';
  readonly message: string;
  readonly steps: readonly ScheduledStep[];
}

/** Checks a schedule that comes from a file. */
export const scheduleSchema: z.ZodType<ScheduleTrace> = z.strictObject({
  format: z.literal(SCHEDULE_FORMAT),
  version: z.literal(SCHEDULE_VERSION),
  file: z.string().min(1),
  program: z.string(),
  property: z.enum(['assertion', 'race', 'deadlock', 'invariant', 'divergence', 'linearizability']),
  expect: z.enum(['holds', 'fails']),
  message: z.string(),
  steps: z.array(
    z.strictObject({ thread: z.int().min(0).max(30), kind: z.string(), expression: z.string() }),
  ),
});

/** The text of a schedule's file: a line for each step. The same schedule gives the same bytes. */
export function formatSchedule(trace: ScheduleTrace): string {
  const { steps, ...head } = trace;
  const fields = Object.entries(head).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
  );
  const lines = steps.map(
    ({ thread, kind, expression }) =>
      `    { "thread": ${thread}, "kind": ${JSON.stringify(kind)}, "expression": ${JSON.stringify(expression)} }`,
  );
  return ['{', ...fields, '  "steps": [', lines.join(',\n'), '  ]', '}', ''].join('\n');
}
