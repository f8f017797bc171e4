/** Programs of operations on a target's map, as what can be explored, shrunk, saved and replayed. */
import { allMutants } from '../../models/mutants.ts';
import { steppedEngine, type SteppedEngine } from '../../models/sync-map/concurrent/engine.ts';
import { bindMapProgram } from '../../models/sync-map/concurrent/explore.ts';
import { smallerPrograms } from '../../models/sync-map/concurrent/smaller.ts';
import { SYNC_MAP_RULES } from '../../models/sync-map/rules.ts';
import { concurrentSchema } from '../../models/sync-map/schema.ts';
import { syncMapProfileOf } from '../../models/sync-map/target.ts';
import { UsageError } from '../core/errors.ts';
import type { ExplorationFailure } from '../core/explore/report.ts';
import type { Program } from '../core/program.ts';
import { shrinkInterleaving } from '../core/shrink/shrink-interleaving.ts';
import { shrinkThreads, type ProgramShape } from '../core/shrink/shrink-threads.ts';
import type { SteppedProgram } from '../core/step.ts';
import { loadEngine } from '../instrument/load-program.ts';
import {
  SCHEDULE_FORMAT,
  SCHEDULE_VERSION,
  type ScheduleSubject,
  type ScheduleTrace,
} from '../trace/schedule.ts';
import { saveSchedule, showRun, type ProgramFailure } from './program-failure.ts';
import { steppedMutant } from './stepped-mutant.ts';

/** A subject that is a program of operations. */
export type MapSubject = Extract<ScheduleSubject, { readonly target: string }>;

/** The steppable engine of sync.Map, or that of one of its mutants. */
export async function mapEngine(mutantId: string | null): Promise<SteppedEngine> {
  if (mutantId === null) return steppedEngine(await loadEngine('sync-map'));
  const mutant = allMutants.find(({ id, engine }) => id === mutantId && engine === 'sync-map');
  if (mutant === undefined) {
    throw new UsageError(`unknown mutant of sync-map ${JSON.stringify(mutantId)}`, {
      code: 'E-TRACE-009',
      place: '$.subject.mutant',
      todo: '`mapcheck mutants` lists them.',
    });
  }
  return steppedMutant(mutant);
}

/**
 * The operations of a subject, once they are known to be a program that its target can run.
 *
 * @throws UsageError E-TRACE-006 if the target runs no programs of several threads, E-TRACE-008 if it cannot run this one.
 */
export function checkedOperations({ target, operations }: MapSubject): Program {
  const profile = syncMapProfileOf(target);
  if (profile === null) {
    throw new UsageError(`target ${JSON.stringify(target)} runs no programs of several threads`, {
      code: 'E-TRACE-006',
      place: '$.subject.target',
      todo: 'Such programs run on sync-map, and on its profiles as sync-map@corrected.',
    });
  }
  const parsed = concurrentSchema(SYNC_MAP_RULES[profile]).safeParse(operations);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(issue!.message, {
    code: 'E-TRACE-008',
    place: `$.subject.operations.${issue!.path.join('.')}`,
  });
}

/** How programs on that target get smaller, and how they are run. */
export function mapShape(target: string, engine: SteppedEngine): ProgramShape<Program> {
  const profile = syncMapProfileOf(target) ?? 'go1.23';
  return {
    candidates: smallerPrograms,
    build: (program) => {
      const bound = bindMapProgram(program, engine, { profile });
      return { program: bound.program as SteppedProgram, judge: bound.judge };
    },
  };
}

/** A failing program of operations, made small. */
export interface MapFailure extends ProgramFailure {
  readonly operations: Program;
}

/** Makes a failure small: its program, then its interleaving. Saves the trace, unless the folder is `null`. */
export function describeMapFailure(
  failing: MapSubject,
  engine: SteppedEngine,
  failure: ExplorationFailure,
  tracesFolder: string | null,
  shape: ProgramShape<Program> = mapShape(failing.target, engine),
): MapFailure {
  const stepsMax = Math.max(500, 4 * failure.schedule.length);
  const smaller = shrinkThreads(shape, failing.operations, failure.schedule, { stepsMax });
  const operations = smaller?.program ?? failing.operations;
  const built = shape.build(operations);
  const found = smaller?.schedule ?? failure.schedule;
  const judged = built.judge === undefined ? {} : { judge: built.judge };
  const shrunk = shrinkInterleaving(built.program, found, { stepsMax, ...judged });
  const { shown, threads } = showRun(built, shrunk?.schedule ?? found, shrunk, failure);
  const property = shown.property === shown.kind ? failure.property : shown.property;
  const trace: ScheduleTrace = {
    format: SCHEDULE_FORMAT,
    version: SCHEDULE_VERSION,
    subject: { ...failing, operations },
    program: failing.target,
    property,
    expect: failing.mutant === null ? 'holds' : 'fails',
    message: shown.message,
    threads,
  };
  return {
    ...shown,
    property,
    operations,
    leftOut: [],
    preemptions: shrunk?.preemptions ?? shown.steps.filter((step) => step.isPreemption).length,
    isFewest: shrunk?.isFewest ?? false,
    before: smaller?.before ?? { steps: failure.schedule.length, preemptions: 0 },
    error: shrunk?.finding.error ?? failure.error,
    ...saveSchedule(tracesFolder, trace),
  };
}
