/** Explores a program file: loads it as stepped modules, runs its interleavings, shrinks and saves what fails. */
import { UsageError } from '../core/errors.ts';
import { explorePreemptions } from '../core/explore/explore-preemptions.ts';
import { estimateClasses, type ClassEstimate } from '../core/explore/estimate.ts';
import { ExhaustiveExploration, exploreExhaustively } from '../core/explore/optimal.ts';
import type { ExplorationReport, ExploreOptions } from '../core/explore/report.ts';
import {
  exploreSampled,
  SampledExploration,
  type SampleOptions,
  type SamplingName,
  type SamplingReport,
} from '../core/explore/sample/explore-sampled.ts';
import type { SteppedProgram } from '../core/step.ts';
import type { Verdict } from '../core/property.ts';
import { loadProgram } from '../instrument/load-program.ts';
import { pointAt, takeRefusal } from '../instrument/runtime/index.ts';
import { exploreDivision } from './explore-division.ts';
import { describeFailure, type ProgramFailure } from './program-failure.ts';
import { inSlices } from './slices.ts';

/** How to explore. */
export interface ExploreProgramOptions {
  readonly strategy: SamplingName | 'exhaustive';
  /** Count classes by the preemptions they need, and answer for those with at most so many. */
  readonly preemptions: number | null;
  /** Budget of executions; `null` for none. Schedules, for a sampling strategy. */
  readonly executionsMax: number | null;
  readonly seed: string;
  /** The number of the one schedule of the seed that a sampling strategy is to run; all of them if not given. */
  readonly schedule?: number;
  /** Threads that explore exhaustively, part by part; the answer is the same for any number. Default: in one go. */
  readonly workers?: number;
  /** Adds the sum of the class hashes, where every class is explored; costs about a tenth. Default false. */
  readonly hasHashes?: boolean;
  /** Ends the work when aborted; the report is then of what was done. */
  readonly signal?: AbortSignal;
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
  /** Interval of an estimate: two standard errors. */
  readonly low?: number;
  readonly high?: number;
}

/** Rounds of the estimate: the fewest that give an interval. */
const ESTIMATE_ROUNDS = 2;

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
  /** Whether somebody ended the work before it was done. */
  readonly isInterrupted: boolean;
  /** Where the bound was reached or the code first did something else: `file:line:column`, or an empty string. */
  readonly place: string;
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
  const explored = await exploreInParts(file, program, options);
  return reportOf({ file, name: definition.name, program }, options, explored);
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
  return reportOf({ file, name, program }, options, explore(program, options));
}

function reportOf(
  at: ProgramAtHand,
  options: ExploreProgramOptions,
  explored: Explored,
): ProgramReport {
  assertExplored(at.file, explored.exploration);
  return describeExplored(at, options, explored);
}

/** Puts into words what was explored, whether or not that was anything. */
export function describeExplored(
  { file, name, program }: ProgramAtHand,
  options: ExploreProgramOptions,
  explored: Explored,
): ProgramReport {
  const { failure } = explored.exploration;
  const { tracesFolder } = options;
  return {
    file,
    program: name,
    strategy: options.strategy,
    ...explored,
    place: placeOf(explored.exploration),
    failure:
      failure === null ? null : describeFailure({ file, name, program, tracesFolder }, failure),
  };
}

/** What was explored, before anything is said of the file. */
type Explored = Pick<
  ProgramReport,
  'verdict' | 'exploration' | 'histogram' | 'preemptions' | 'sampling' | 'isInterrupted'
>;

/** The line of the loop that ran into a bound, or of what was about to happen; or of a step that differed. */
function placeOf({ bound, divergence }: ExplorationReport): string {
  const points =
    divergence !== null
      ? [divergence.point]
      : bound === null || bound.bound === 'executions'
        ? []
        : [bound.loop, bound.point];
  const point = points.map((number) => pointAt(number)).find((found) => found !== undefined);
  return point === undefined ? '' : `${point.file}:${point.line}:${point.column}`;
}

/** Explores as asked, in one go. */
function explore(program: SteppedProgram, options: ExploreProgramOptions): Explored {
  const { strategy, preemptions } = options;
  if (strategy !== 'exhaustive') {
    return sampled(exploreSampled(program, sampleOptions(program, options)), false);
  }
  const budget = exhaustiveOptions(program, options);
  if (preemptions === null) return exhaustive(exploreExhaustively(program, budget), false);
  const { report, histogram } = explorePreemptions(program, budget);
  return { ...exhaustive(report, false), histogram, preemptions };
}

/** The same, but whoever waits for something else is let in now and then. */
async function exploreInParts(
  file: string,
  program: SteppedProgram,
  options: ExploreProgramOptions,
): Promise<Explored> {
  const { strategy, preemptions, workers, signal } = options;
  if (strategy !== 'exhaustive') {
    const exploration = new SampledExploration(program, sampleOptions(program, options));
    const isDone = await exploreSlices(exploration, signal);
    return sampled(exploration.report(), !isDone);
  }
  if (preemptions !== null) return explore(program, options);
  if (workers !== undefined) {
    const { onProgress, executionsMax } = progressOf(program, options);
    const limit = executionsMax === null ? {} : { executionsMax };
    const budget = { ...limit, ...hashing(options), repetitions: REPETITIONS };
    const how = { options: budget, workers, ...(signal && { signal }), onProgress };
    const report = await exploreDivision(file, program, how);
    return exhaustive(report, signal?.aborted === true && report.verdict === 'inconclusive');
  }
  const exploration = new ExhaustiveExploration(program, {
    ...exhaustiveOptions(program, options),
    ...hashing(options),
  });
  const isDone = await exploreSlices(exploration, signal);
  return exhaustive(exploration.report(), !isDone);
}

/** Repetitions of the first run: code that tosses a coin passes one time in 128. */
export const REPETITIONS = 7;

/** Executions between two looks at the clock. */
const SLICE_RUNS = 32;

async function exploreSlices(
  exploration: ExhaustiveExploration | SampledExploration,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let isDone = false;
  try {
    await inSlices(() => {
      isDone = exploration.advance(SLICE_RUNS);
      return isDone;
    }, signal);
    return isDone;
  } finally {
    exploration.close();
  }
}

function exhaustive(exploration: ExplorationReport, isInterrupted: boolean): Explored {
  const { verdict } = exploration;
  return {
    verdict,
    exploration,
    histogram: null,
    preemptions: null,
    sampling: null,
    isInterrupted,
  };
}

function sampled(sampling: SamplingReport, isInterrupted: boolean): Explored {
  // Fewer schedules than were asked for are no answer, unless one of them failed.
  const isCut = isInterrupted && sampling.verdict === 'holds';
  return {
    ...exhaustive(sampling, isInterrupted),
    verdict: isCut ? 'inconclusive' : sampling.verdict,
    sampling,
  };
}

function sampleOptions(program: SteppedProgram, options: ExploreProgramOptions): SampleOptions {
  const { strategy, executionsMax, seed, schedule } = options;
  return {
    strategy: strategy as SamplingName,
    seed,
    ...(executionsMax === null ? {} : { schedules: executionsMax }),
    ...(schedule === undefined ? {} : { first: schedule, schedules: 1 }),
    ...executionListener(program, options),
  };
}

function exhaustiveOptions(
  program: SteppedProgram,
  options: ExploreProgramOptions,
): ExploreOptions {
  const { executionsMax } = options;
  const budget = executionsMax === null ? {} : { executionsMax };
  return { ...budget, repetitions: REPETITIONS, ...executionListener(program, options) };
}

function hashing({ hasHashes }: ExploreProgramOptions): Pick<ExploreOptions, 'hasHashes'> {
  return hasHashes === true ? { hasHashes } : {};
}

/** Counts executions for whoever wants to know. */
function executionListener(
  program: SteppedProgram,
  options: ExploreProgramOptions,
): Pick<ExploreOptions, 'onExecution'> {
  if (options.onExecution === undefined) return {};
  const { onProgress } = progressOf(program, options);
  return {
    onExecution: ({ number }) => {
      onProgress(number);
      return undefined;
    },
  };
}

/** Who wants to know of executions, and the budget. */
function progressOf(
  program: SteppedProgram,
  options: ExploreProgramOptions,
): {
  readonly onProgress: (executions: number) => void;
  readonly executionsMax: number | null;
} {
  const { onExecution, executionsMax, strategy } = options;
  if (onExecution === undefined) return { onProgress: () => {}, executionsMax };
  const isCounted = strategy === 'exhaustive' && options.estimates === true;
  // Few rounds: they say the order of magnitude, in a fraction of the time of a good estimate.
  const estimate = isCounted ? estimateClasses(program, { rounds: ESTIMATE_ROUNDS }) : null;
  const total = totalOf(executionsMax, estimate);
  return { onProgress: (executions) => onExecution(executions, total), executionsMax };
}

function totalOf(limit: number | null, estimate: ClassEstimate | null): ExecutionTotal | null {
  if (limit !== null && limit <= (estimate?.low ?? Number.POSITIVE_INFINITY)) {
    return { count: limit, isEstimate: false };
  }
  if (estimate === null) return null;
  const { classes, low, high } = estimate;
  return {
    count: Math.round(classes),
    isEstimate: true,
    low: Math.round(low),
    high: Math.round(high),
  };
}

/**
 * Tells an exploration that found nothing from one that saw nothing.
 *
 * @throws UsageError for code that cannot be stepped, and E-EXPLORE-001 where no thread reached shared memory.
 */
export function assertExplored(file: string, report: ExplorationReport): void {
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
