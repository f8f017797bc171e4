/** Explores a program file: loads it as stepped modules, runs its interleavings, records and saves what fails. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { explorePreemptions } from '../core/explore/explore-preemptions.ts';
import { estimateClasses } from '../core/explore/estimate.ts';
import { exploreExhaustively } from '../core/explore/optimal.ts';
import { recordSchedule, type RecordedStep } from '../core/explore/record.ts';
import type { ExplorationReport, ExploreOptions } from '../core/explore/report.ts';
import {
  exploreSampled,
  type SamplingName,
  type SamplingReport,
} from '../core/explore/sample/explore-sampled.ts';
import type { SteppedProgram } from '../core/step.ts';
import type { Verdict } from '../core/property.ts';
import { loadProgram } from '../instrument/load-program.ts';
import { pointAt, takeRefusal } from '../instrument/runtime/index.ts';
import {
  formatSchedule,
  SCHEDULE_FORMAT,
  SCHEDULE_VERSION,
  type ScheduleTrace,
} from '../trace/schedule.ts';

/** How to explore. */
export interface ExploreProgramOptions {
  readonly strategy: SamplingName | 'exhaustive';
  /** Count classes by the preemptions they need, and answer for those with at most so many. */
  readonly preemptions: number | null;
  /** Budget of executions; `null` for none. Schedules, for a sampling strategy. */
  readonly executionsMax: number | null;
  readonly seed: string;
  /** Where the trace of a failure is saved; `null` for nowhere. */
  readonly tracesFolder: string | null;
  /** Told after every execution how many there were, and about how many there will be. */
  readonly onExecution?: (executions: number, total: ExecutionTotal | null) => void;
  /** Estimates the number of classes first, where that can be done; costs a fraction of a second. Default false. */
  readonly estimates?: boolean;
}

/** How many executions there will be, at most or about. */
export interface ExecutionTotal {
  readonly count: number;
  readonly isEstimate: boolean;
}

/** A step with its place in the source. */
export interface PlacedStep extends RecordedStep {
  /** `file:line:column`, or an empty string. */
  readonly place: string;
  readonly expression: string;
}

/** What the exploration of one program file came to. */
export interface ProgramReport {
  readonly file: string;
  readonly program: string;
  readonly strategy: string;
  readonly verdict: Verdict;
  readonly exploration: ExplorationReport;
  /** Complete classes by the preemptions they need; `null` unless asked for. */
  readonly histogram: readonly number[] | null;
  readonly preemptions: number | null;
  readonly sampling: SamplingReport | null;
  readonly failure: ProgramFailure | null;
}

/** A failure, with what people need to see it and to see it again. */
export interface ProgramFailure {
  readonly kind: string;
  readonly message: string;
  readonly steps: readonly PlacedStep[];
  /** The two racing steps, or `null`. */
  readonly race: readonly [number, number] | null;
  /** What a thread or the check threw. */
  readonly error: unknown;
  /** Path of the saved trace, or `null` where it was not, or could not be, written. */
  readonly trace: string | null;
  readonly writeError: string | null;
}

/**
 * Explores a program file.
 *
 * @throws UsageError for a file that cannot be loaded or stepped, and E-EXPLORE-001 where no thread reached shared memory:
 *   then nothing was explored, and no verdict means anything.
 */
export async function exploreProgram(
  file: string,
  options: ExploreProgramOptions,
): Promise<ProgramReport> {
  const { definition, program } = await loadProgram(file);
  return exploreLoaded({ file, name: definition.name, program }, options);
}

/** A program that is loaded already. */
export interface ProgramAtHand {
  /** The file it stands in, as reports and traces name it. */
  readonly file: string;
  readonly name: string;
  readonly program: SteppedProgram;
}

/** As `exploreProgram`, for a program that is loaded already. @throws UsageError E-EXPLORE-001, E-INSTRUMENT-010. */
export function exploreLoaded(
  { file, name, program }: ProgramAtHand,
  options: ExploreProgramOptions,
): ProgramReport {
  const explored = explore(program, options);
  assertExplored(file, explored.exploration);
  const { failure } = explored.exploration;
  return {
    file,
    program: name,
    strategy: options.strategy,
    ...explored,
    failure:
      failure === null ? null : describeFailure(file, name, program, explored.exploration, options),
  };
}

type Explored = Pick<
  ProgramReport,
  'verdict' | 'exploration' | 'histogram' | 'preemptions' | 'sampling'
>;

function explore(program: SteppedProgram, options: ExploreProgramOptions): Explored {
  const { strategy, preemptions, executionsMax, seed } = options;
  const onExecution = executionListener(program, options);
  const budget = { ...onExecution, ...(executionsMax === null ? {} : { executionsMax }) };
  if (strategy !== 'exhaustive') {
    const schedules = executionsMax === null ? {} : { schedules: executionsMax };
    const sampling = exploreSampled(program, { strategy, seed, ...schedules, ...onExecution });
    const { verdict } = sampling;
    return { verdict, exploration: sampling, histogram: null, preemptions: null, sampling };
  }
  if (preemptions !== null) {
    const { report, histogram } = explorePreemptions(program, budget);
    return {
      verdict: report.verdict,
      exploration: report,
      histogram,
      preemptions,
      sampling: null,
    };
  }
  const report = exploreExhaustively(program, budget);
  return {
    verdict: report.verdict,
    exploration: report,
    histogram: null,
    preemptions: null,
    sampling: null,
  };
}

/** Counts executions for whoever wants to know. */
function executionListener(
  program: SteppedProgram,
  options: ExploreProgramOptions,
): Pick<ExploreOptions, 'onExecution'> {
  const { onExecution, executionsMax, strategy } = options;
  if (onExecution === undefined) return {};
  const isCounted = strategy === 'exhaustive' && options.estimates === true;
  // One round: it says the order of magnitude, in a fraction of the time of a good estimate.
  const estimate = isCounted ? estimateClasses(program, { rounds: 1 }) : null;
  const total =
    executionsMax !== null && executionsMax <= (estimate?.classes ?? Number.POSITIVE_INFINITY)
      ? { count: executionsMax, isEstimate: false }
      : estimate === null
        ? null
        : { count: Math.round(estimate.classes), isEstimate: true };
  return {
    onExecution: ({ number }) => {
      onExecution(number, total);
      return undefined;
    },
  };
}

function assertExplored(file: string, report: ExplorationReport): void {
  const refusal = takeRefusal();
  if (refusal !== null) {
    throw new UsageError(refusal.message.slice(`${refusal.place}: `.length), {
      code: refusal.code,
      place: refusal.place,
      todo: refusal.todo,
      cause: refusal,
    });
  }
  if (report.locationCount > 0 || report.failure !== null) return;
  throw new UsageError('no thread reached shared memory, so nothing was explored', {
    code: 'E-EXPLORE-001',
    place: file,
    todo:
      'Threads share through Atomics, typed arrays over a SharedArrayBuffer, or mapcheck/atomics; ' +
      'name packages whose code does so in the `instrument` list.',
  });
}

/** Runs the failing schedule once more, slowly, and keeps every step. */
function describeFailure(
  file: string,
  name: string,
  program: SteppedProgram,
  report: ExplorationReport,
  options: ExploreProgramOptions,
): ProgramFailure {
  const { kind, message, schedule, race, error } = report.failure!;
  const steps = recordSchedule(program, schedule, {}).steps.map(placed);
  const trace: ScheduleTrace = {
    format: SCHEDULE_FORMAT,
    version: SCHEDULE_VERSION,
    file: relative(process.cwd(), file) || file,
    program: name,
    property: kind,
    expect: 'holds',
    message,
    steps: steps.map((step) => ({
      thread: step.thread,
      kind: step.kind,
      expression: step.expression,
    })),
  };
  return { kind, message, steps, race, error, ...save(options.tracesFolder, trace) };
}

/** Adds the place of a step in the source. */
export function placed(step: RecordedStep): PlacedStep {
  const point = pointAt(step.point);
  return {
    ...step,
    place: point === undefined ? '' : `${point.file}:${point.line}:${point.column}`,
    expression: point?.expression ?? '',
  };
}

function save(
  folder: string | null,
  trace: ScheduleTrace,
): { trace: string | null; writeError: string | null } {
  if (folder === null) return { trace: null, writeError: null };
  const text = formatSchedule(trace);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  const stem = trace.program.replaceAll(/[^\w.-]+/g, '-');
  const path = join(folder, 'programs', `${stem}-${trace.property}-${hash}.json`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return { trace: path, writeError: null };
  } catch (error) {
    return { trace: null, writeError: (error as Error).message };
  }
}
