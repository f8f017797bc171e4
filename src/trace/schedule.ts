/**
 * The trace of a failing interleaving: the program, or where it stands, and the partial order of its
 * steps that failed. Version 2.
 *
 * It holds what each thread did and which steps of other threads each step came after, not a list of
 * turns: so a replay survives changes of the program that do not touch what matters, and can say of
 * other changes which step they took away. `schema/schedule.schema.json` is made from this file.
 */
import { z } from 'zod';
import type { Program } from '../core/program.ts';
import { linearize, type PlannedOrder } from '../core/replay/planned-order.ts';

export const SCHEDULE_FORMAT = 'mapcheck-schedule';
export const SCHEDULE_VERSION = 2;

/** One step of a thread. */
export interface ScheduledStep {
  /** What it did: `load`, `store`, `compareExchange`, `lock` … */
  readonly kind: string;
  /** What it touched, as `setup #0, byte 4`; an empty string when not known. */
  readonly location: string;
  /** Source text of the access, or an empty string. */
  readonly expression: string;
  /** Where it stood, `file:line:column`, or an empty string. Not needed for replay. */
  readonly place: string;
  /** Steps of other threads that came before: thread and number in the thread, both from 0. */
  readonly after: readonly (readonly [number, number])[];
}

/** A program file, or a program of operations on a target's map. */
export type ScheduleSubject =
  | {
      /** The program file, from the folder that mapcheck ran in. */
      readonly file: string;
      /** Threads that were left out, from 0; the others keep their numbers. */
      readonly leftOut: readonly number[];
    }
  | {
      readonly target: string;
      readonly operations: Program;
      /** Identifier of the mutant to replay against, or `null` for the engine as it is. */
      readonly mutant: string | null;
    };

/** A trace as it stands in its file. */
export interface ScheduleTrace {
  readonly $schema?: string | undefined;
  readonly format: typeof SCHEDULE_FORMAT;
  readonly version: typeof SCHEDULE_VERSION;
  readonly subject: ScheduleSubject;
  /** Name of the program. */
  readonly program: string;
  /** The kind of failure, or the name of the target's property that failed. */
  readonly property: string;
  readonly expect: 'holds' | 'fails';
  readonly message: string;
  /** The steps of each thread, in the order in which the thread took them. */
  readonly threads: readonly (readonly ScheduledStep[])[];
}

const number = z.int().min(0).max(60_000);
const thread = z.int().min(0).max(30);

const step = z.strictObject({
  kind: z.string().min(1).describe('What the step did: load, store, compareExchange, lock …'),
  location: z.string().describe('What it touched; empty when not known.'),
  expression: z.string().describe('Source text of the access; empty when not known.'),
  place: z.string().describe('file:line:column, where it stood. Not needed for replay.'),
  after: z
    .array(z.tuple([thread, number]))
    .describe('Steps of other threads that came before: thread and number in it, from 0.'),
});

const operations: z.ZodType<Program> = z
  .strictObject({
    setup: z.record(z.string(), z.json()),
    draws: z.array(z.int().min(0).max(0xffff_ffff)),
    threads: z.array(z.array(z.object({ op: z.string().min(1) }).catchall(z.json()))).min(1),
  })
  .describe('The operations of each thread, with everything else a run depends on.');

const subject = z.union([
  z.strictObject({
    file: z.string().min(1).describe('The program file, from the folder that mapcheck ran in.'),
    leftOut: z.array(thread).describe('Threads left out; the others keep their numbers.'),
  }),
  z.strictObject({
    target: z.string().min(1).describe('The target, with its profile: `sync-map@corrected`.'),
    operations,
    mutant: z
      .string()
      .nullable()
      .describe('Identifier of the mutant to replay against, or null for the engine as it is.'),
  }),
]);

const properties = [
  'assertion',
  'race',
  'deadlock',
  'invariant',
  'divergence',
  'linearizability',
] as const;

/** Checks a trace that comes from a file. */
export const scheduleSchema: z.ZodType<ScheduleTrace> = z
  .strictObject({
    $schema: z.string().optional(),
    format: z.literal(SCHEDULE_FORMAT),
    version: z.literal(SCHEDULE_VERSION),
    subject,
    program: z.string().describe('Name of the program.'),
    property: z
      .union([z.enum(properties), z.string().regex(/^[a-z-]+(\.[a-z-]+)+$/)])
      .describe('The kind of failure, or the name of the property that failed.'),
    expect: z.enum(['holds', 'fails']).describe('The verdict a replay is to have.'),
    message: z.string().describe('What happened when the trace was saved.'),
    threads: z.array(z.array(step)).max(31).describe('The steps of each thread, in its order.'),
  })
  .superRefine(({ threads }, context) => {
    for (const [t, steps] of threads.entries()) {
      for (const [i, { after }] of steps.entries()) {
        for (const [k, [u, j]] of after.entries()) {
          if (u !== t && threads[u]?.[j] !== undefined) continue;
          const path = ['threads', t, i, 'after', k];
          const message = `there is no step ${j} of another thread ${u}`;
          context.addIssue({ code: 'custom', message, path });
        }
      }
    }
    const circle = firstInCircle(threads);
    if (circle !== null) {
      const message = 'this step would have to come before itself';
      context.addIssue({ code: 'custom', message, path: ['threads', ...circle, 'after'] });
    }
  })
  .describe('A mapcheck trace of a failing interleaving: a partial order of steps.');

/** The first step that no order of all can reach, or `null`. */
function firstInCircle(threads: PlannedOrder): [number, number] | null {
  const counts = threads.map(() => 0);
  for (const { thread: t } of linearize(threads)) counts[t]!++;
  const stuck = threads.findIndex((steps, t) => counts[t]! < steps.length);
  return stuck < 0 ? null : [stuck, counts[stuck]!];
}

/** The text of a trace's file: a line for each step. The same trace gives the same bytes. */
export function formatSchedule(trace: ScheduleTrace): string {
  const { threads, ...head } = trace;
  const fields = Object.entries(head).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
  );
  const lists = threads.map((steps) => {
    const lines = steps.map((each) => `      ${formatStep(each)}`);
    return lines.length === 0 ? '    []' : `    [\n${lines.join(',\n')}\n    ]`;
  });
  return ['{', ...fields, '  "threads": [', lists.join(',\n'), '  ]', '}', ''].join('\n');
}

function formatStep({ kind, location, expression, place, after }: ScheduledStep): string {
  const fields = Object.entries({ kind, location, expression, place, after });
  return `{ ${fields.map(([name, value]) => `"${name}": ${JSON.stringify(value)}`).join(', ')} }`;
}
