/** Explores a program file: loads it as stepped modules, runs its interleavings, shrinks and saves what fails. */
import { UsageError } from '../core/errors.ts';
import { explorePreemptions } from '../core/explore/explore-preemptions.ts';
import { estimateClasses } from '../core/explore/estimate.ts';
import { exploreExhaustively } from '../core/explore/optimal.ts';
import type { ExplorationReport, ExploreOptions } from '../core/explore/report.ts';
import {
  exploreSampled,
  type SamplingName,
  type SamplingReport,
} from '../core/explore/sample/explore-sampled.ts';
import type { SteppedProgram } from '../core/step.ts';
import type { Verdict } from '../core/property.ts';
import { loadProgram } from '../instrument/load-program.ts';
import { takeRefusal } from '../instrument/runtime/index.ts';
import { describeFailure, type ProgramFailure } from './program-failure.ts';

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
  const { tracesFolder } = options;
  return {
    file,
    program: name,
    strategy: options.strategy,
    ...explored,
    failure:
      failure === null ? null : describeFailure({ file, name, program, tracesFolder }, failure),
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
