/** Hunts mutants by exploring the interleavings of small programs, every class of each, and by sampling them. */
import type { Mutant } from '../../models/mutant.ts';
import type { SteppedEngine } from '../../models/sync-map/concurrent/engine.ts';
import { exploreMapProgram, sampleMapProgram } from '../../models/sync-map/concurrent/explore.ts';
import { huntPrograms, type HuntProgram } from '../../models/sync-map/concurrent/hunt-programs.ts';
import type { SamplingName } from '../core/explore/sample/explore-sampled.ts';
import { describeMapFailure, type MapFailure } from './map-program.ts';
import { steppedMutant } from './stepped-mutant.ts';

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
  readonly hunted: HuntProgram;
  /** Made small, and saved. */
  readonly failure: MapFailure;
  /** Programs explored up to and with the one that killed it. */
  readonly programs: number;
  /** Executions, over all those programs. */
  readonly executions: number;
  /** By strategy: schedules of the killing program until one failed, the median of five seeds; `null` beyond 10,000. */
  readonly schedules: Readonly<Record<string, number | null>>;
}

export interface InterleavingHuntOptions {
  readonly seed: string;
  /** Where the trace is saved; `null` for nowhere. */
  readonly tracesFolder: string | null;
}

/**
 * Explores the hunt's programs on a mutant in turn until one fails.
 *
 * Returns `null` for a mutant that lives through all of them. Cost: 30,000 executions at most, one or two seconds.
 */
export async function huntInterleavings(
  mutant: Mutant,
  options: InterleavingHuntOptions,
): Promise<InterleavedKill | null> {
  const engine = await steppedMutant(mutant);
  let programs = 0;
  let executions = 0;
  for (const hunted of huntPrograms()) {
    const report = exploreMapProgram(hunted.program, engine);
    programs++;
    executions += report.complete + report.deadlocks;
    if (report.failure === null) continue;
    const subject = { target: 'sync-map', operations: hunted.program, mutant: mutant.id };
    const failure = describeMapFailure(subject, engine, report.failure, options.tracesFolder);
    const schedules = Object.fromEntries(
      COUNTED_STRATEGIES.map((strategy) => [
        strategy,
        schedulesToKill(hunted, engine, strategy, options.seed),
      ]),
    );
    return { by: report.failure.property, hunted, failure, programs, executions, schedules };
  }
  return null;
}

function schedulesToKill(
  { program }: HuntProgram,
  engine: SteppedEngine,
  strategy: SamplingName,
  seed: string,
): number | null {
  const counts = Array.from({ length: SEEDS }, (_, index) => {
    const { failedSchedule } = sampleMapProgram(program, engine, {
      strategy,
      seed: `${seed}/${index}`,
      schedules: SCHEDULES_MAX,
    });
    return failedSchedule < 0 ? Number.POSITIVE_INFINITY : failedSchedule + 1;
  });
  const median = counts.toSorted((left, right) => left - right)[SEEDS >> 1]!;
  return Number.isFinite(median) ? median : null;
}
