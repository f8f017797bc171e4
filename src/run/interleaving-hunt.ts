/** Hunts mutants through interleavings: explores small programs, every class of each, and samples the one that kills. */
import { showStart } from '../../models/go-map/concurrent/program.ts';
import { goMapSuites } from '../../models/go-map/concurrent/suites.ts';
import type { Mutant } from '../../models/mutant.ts';
import { syncMapSingleSuites, type Suite } from '../../models/sync-map/concurrent/suites.ts';
import { InternalError } from '../core/errors.ts';
import { exploreExhaustively } from '../core/explore/optimal.ts';
import { exploreSampled, type SamplingName } from '../core/explore/sample/explore-sampled.ts';
import type { Operation, Program } from '../core/program.ts';
import {
  judgingOf,
  propertyOf,
  type BuiltProgram,
  type ProgramShape,
} from '../core/shrink/shrink-threads.ts';
import { goMapShape } from './go-map-program.ts';
import { mapShape } from './map-program.ts';
import { describeMapFailure } from './operations-failure.ts';
import { sharedMutant, steppedMutant } from './stepped-mutant.ts';

/** Strategies whose schedules are counted. */
export const COUNTED_STRATEGIES: readonly SamplingName[] = [
  'random',
  'pct',
  'pos',
  'surw',
  'portfolio',
];

/** Schedules that a strategy gets with each of its seeds. */
const SCHEDULES_MAX = 10_000;
/** The counts of strategies are medians over so many seeds. */
const SEEDS = 5;

/** How interleavings killed a mutant. */
export interface InterleavedKill {
  /** The property that failed. */
  readonly by: string;
  /** The smallest program found, as text. */
  readonly program: string;
  readonly message: string;
  /** Programs explored up to and with the one that killed it. */
  readonly programs: number;
  /** Executions, over all those programs. */
  readonly executions: number;
  /** Operations of the smallest program, and steps of the failing execution. */
  readonly operations: number;
  readonly steps: number;
  /** Path of the saved trace, or `null` where none is saved. */
  readonly trace: string | null;
  /** By strategy: schedules of the killing program until one failed, the median of five seeds, `null` beyond 10,000. */
  readonly schedules: Readonly<Record<string, number | null>>;
}

export interface InterleavingHuntOptions {
  readonly seed: string;
  /** Where the trace is saved; `null` for nowhere. */
  readonly tracesFolder: string | null;
}

/** A mutated engine, and the programs it is hunted with: the same ones, in the same order, for every mutant of it. */
interface Hunt {
  readonly target: string;
  readonly shape: ProgramShape<Program>;
  readonly suites: readonly Suite[];
  /** What a program starts with, where its suite does not say. */
  readonly showStart: (program: Program) => string;
}

/** Hunts one mutant. Returns `null` for one that lives. Cost: seconds. */
export async function huntInterleavings(
  mutant: Mutant,
  options: InterleavingHuntOptions,
): Promise<InterleavedKill | null> {
  const hunt = await huntOf(mutant);
  let programs = 0;
  let executions = 0;
  for (const { start, program } of programsOf(hunt)) {
    const built = hunt.shape.build(program);
    const { complete, deadlocks, failure } = exploreExhaustively(built.program, judgingOf(built));
    programs++;
    executions += complete + deadlocks;
    if (failure === null) continue;
    const by = propertyOf(built, failure);
    const small = describeMapFailure(
      { target: hunt.target, operations: program, mutant: mutant.id },
      hunt.shape,
      failure,
      options.tracesFolder,
    );
    const schedules = Object.fromEntries(
      COUNTED_STRATEGIES.map((name) => [name, schedulesToKill(built, name, options.seed)]),
    );
    return {
      by,
      program: `${start === '' ? hunt.showStart(small.operations) : start}: ${showThreads(small.operations)}`,
      message: small.message,
      programs,
      executions,
      operations: small.operations.threads.flat().length,
      steps: small.steps.length,
      trace: small.trace,
      schedules,
    };
  }
  return null;
}

async function huntOf(mutant: Mutant): Promise<Hunt> {
  switch (mutant.engine) {
    case 'sync-map':
      return {
        target: 'sync-map',
        shape: mapShape('sync-map', await steppedMutant(mutant)),
        suites: syncMapSingleSuites,
        showStart: () => '',
      };
    case 'go-map':
      return {
        target: 'go-map',
        shape: goMapShape('go-map', await sharedMutant(mutant)),
        suites: goMapSuites,
        showStart,
      };
    default:
      throw new InternalError(`no programs of several threads for ${mutant.engine}`, {
        code: 'E-MUTANT-002',
      });
  }
}

function* programsOf({ suites }: Hunt): Generator<{ start: string; program: Program }> {
  for (const { start, programs } of suites)
    for (const program of programs()) yield { start, program };
}

function schedulesToKill(built: BuiltProgram, strategy: SamplingName, seed: string): number | null {
  const counts = Array.from({ length: SEEDS }, (_, index) => {
    const { failedSchedule } = exploreSampled(built.program, {
      ...judgingOf(built),
      strategy,
      seed: `${seed}/${index}`,
      schedules: SCHEDULES_MAX,
    });
    return failedSchedule < 0 ? Number.POSITIVE_INFINITY : failedSchedule + 1;
  });
  const median = counts.toSorted((left, right) => left - right)[SEEDS >> 1]!;
  return Number.isFinite(median) ? median : null;
}

/** `swap(1, 11) | load(1)`. */
function showThreads({ threads }: Program): string {
  return threads.map((operations) => operations.map(showCall).join('; ')).join(' | ');
}

function showCall({ op, ...fields }: Operation): string {
  return `${op}(${Object.values(fields)
    .map((value) => JSON.stringify(value))
    .join(', ')})`;
}
