/** The failure of a program of operations on a target's map, made small, put into words, and kept. */
import type { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import type { ExplorationFailure } from '../core/explore/report.ts';
import type { Program } from '../core/program.ts';
import { shrinkInterleaving } from '../core/shrink/shrink-interleaving.ts';
import { judgingOf, shrinkThreads, type ProgramShape } from '../core/shrink/shrink-threads.ts';
import {
  SCHEDULE_FORMAT,
  SCHEDULE_VERSION,
  type ScheduleSubject,
  type ScheduleTrace,
} from '../trace/schedule.ts';
import { saveSchedule, showRun, type ProgramFailure } from './program-failure.ts';

/** Runs to look for the failure in each smaller program: all schedules with two preemptions of some fifty steps. */
const RUNS_MAX = 2_000;

/** A subject that is a program of operations. */
export type MapSubject = Extract<ScheduleSubject, { readonly target: string }>;

/**
 * The operations of a subject, once they are known to have the shape that their target's programs have.
 *
 * @throws UsageError E-TRACE-008 if they have another.
 */
export function parsedOperations(schema: z.ZodType<Program>, operations: Program): Program {
  const parsed = schema.safeParse(operations);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(issue!.message, {
    code: 'E-TRACE-008',
    place: ['$.subject.operations', ...issue!.path].join('.'),
  });
}

/** A failing program of operations, made small. */
export interface MapFailure extends ProgramFailure {
  readonly operations: Program;
}

/** Makes a failure small: its program, then its interleaving. Saves the trace, unless the folder is `null`. */
export function describeMapFailure(
  failing: MapSubject,
  shape: ProgramShape<Program>,
  failure: ExplorationFailure,
  tracesFolder: string | null,
): MapFailure {
  const stepsMax = Math.max(500, 4 * failure.schedule.length);
  const smaller = shrinkThreads(shape, failing.operations, failure.schedule, {
    stepsMax,
    runsMax: RUNS_MAX,
  });
  const operations = smaller?.program ?? failing.operations;
  const built = shape.build(operations);
  const found = smaller?.schedule ?? failure.schedule;
  const shrunk = shrinkInterleaving(built.program, found, { stepsMax, ...judgingOf(built) });
  const { shown, threads } = showRun(built, shrunk?.schedule ?? found, shrunk, failure);
  const trace: ScheduleTrace = {
    format: SCHEDULE_FORMAT,
    version: SCHEDULE_VERSION,
    subject: { ...failing, operations },
    program: failing.target,
    property: shown.property,
    expect: failing.mutant === null ? 'holds' : 'fails',
    message: shown.message,
    threads,
  };
  return {
    ...shown,
    operations,
    leftOut: [],
    preemptions: shrunk?.preemptions ?? shown.steps.filter((step) => step.isPreemption).length,
    isFewest: shrunk?.isFewest ?? false,
    before: smaller?.before ?? { steps: failure.schedule.length, preemptions: 0 },
    error: shrunk?.finding.error ?? failure.error,
    ...saveSchedule(tracesFolder, trace),
  };
}
