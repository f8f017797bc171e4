/** Traces of interleavings as version 1 kept them: a list of turns. */
import { z } from 'zod';
import {
  SCHEDULE_FORMAT,
  SCHEDULE_VERSION,
  type ScheduledStep,
  type ScheduleTrace,
} from './schedule.ts';

interface ScheduleV1 {
  readonly file: string;
  readonly program: string;
  readonly property: string;
  readonly expect: 'holds' | 'fails';
  readonly message: string;
  readonly steps: readonly {
    readonly thread: number;
    readonly kind: string;
    readonly expression: string;
  }[];
}

/** Checks a trace of version 1. */
export const scheduleV1Schema: z.ZodType<ScheduleV1> = z.strictObject({
  format: z.literal(SCHEDULE_FORMAT),
  version: z.literal(1),
  file: z.string().min(1),
  program: z.string(),
  property: z.enum(['assertion', 'race', 'deadlock', 'invariant', 'divergence', 'linearizability']),
  expect: z.enum(['holds', 'fails']),
  message: z.string(),
  steps: z.array(
    z.strictObject({ thread: z.int().min(0).max(30), kind: z.string(), expression: z.string() }),
  ),
});

/**
 * The same trace in the present form. A list of turns does not say which orders mattered, so every
 * step comes after the one before it.
 */
export function migrateSchedule(old: ScheduleV1): ScheduleTrace {
  const threadCount = Math.max(0, ...old.steps.map((step) => step.thread + 1));
  const threads: ScheduledStep[][] = Array.from({ length: threadCount }, () => []);
  let last = -1;
  for (const { thread, kind, expression } of old.steps) {
    const isSwitch = last >= 0 && last !== thread;
    const after: [number, number][] = isSwitch ? [[last, threads[last]!.length - 1]] : [];
    threads[thread]!.push({ kind, location: '', expression, place: '', after });
    last = thread;
  }
  return {
    format: SCHEDULE_FORMAT,
    version: SCHEDULE_VERSION,
    subject: { file: old.file, leftOut: [] },
    program: old.program,
    property: old.property,
    expect: old.expect,
    message: old.message,
    threads,
  };
}
