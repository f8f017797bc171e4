/** Explores a program file: loads it as stepped modules, runs its interleavings, shrinks and saves what fails. */
import { UsageError } from '../core/errors.ts';
import { explorePreemptions } from '../core/explore/explore-preemptions.ts';
import { exploreExhaustively } from '../core/explore/optimal.ts';
import type { ExplorationReport } from '../core/explore/report.ts';
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
  readonly tracesFolder: string;
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
  const explored = explore(program, options);
  assertExplored(file, explored.exploration);
  const { failure } = explored.exploration;
  const { tracesFolder } = options;
  return {
    file,
    program: definition.name,
    strategy: options.strategy,
    ...explored,
    failure:
      failure === null
        ? null
        : describeFailure({ file, name: definition.name, program, tracesFolder }, failure),
  };
}

type Explored = Pick<
  ProgramReport,
  'verdict' | 'exploration' | 'histogram' | 'preemptions' | 'sampling'
>;

function explore(program: SteppedProgram, options: ExploreProgramOptions): Explored {
  const { strategy, preemptions, executionsMax, seed } = options;
  const budget = executionsMax === null ? {} : { executionsMax };
  if (strategy !== 'exhaustive') {
    const schedules = executionsMax === null ? {} : { schedules: executionsMax };
    const sampling = exploreSampled(program, { strategy, seed, ...schedules });
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
