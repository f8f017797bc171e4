/** Hunts mutants by exploring the interleavings of small programs, every class of each, and by sampling them. */
import type { Mutant } from '../../models/mutant.ts';
import { steppedEngine, type SteppedEngine } from '../../models/sync-map/concurrent/engine.ts';
import { exploreMapProgram, sampleMapProgram } from '../../models/sync-map/concurrent/explore.ts';
import { huntPrograms, type HuntProgram } from '../../models/sync-map/concurrent/hunt-programs.ts';
import type { ExplorationFailure } from '../core/explore/report.ts';
import type { SamplingName } from '../core/explore/sample/explore-sampled.ts';
import { loadEngine } from '../instrument/load-program.ts';
import { applyMutant, isMutatedFile } from './mutant-loader.ts';

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
  readonly failure: ExplorationFailure;
  /** Programs explored up to and with the one that killed it. */
  readonly programs: number;
  /** Executions, over all those programs. */
  readonly executions: number;
  /** By strategy: schedules of the killing program until one failed, the median of five seeds; `null` beyond 10,000. */
  readonly schedules: Readonly<Record<string, number | null>>;
}

/** The engine with the mutant's change, in steps. */
export async function steppedMutant(mutant: Mutant): Promise<SteppedEngine> {
  const module = await loadEngine(mutant.engine, {
    patch: (path, code) => (isMutatedFile(mutant, path) ? applyMutant(mutant, code) : code),
  });
  return steppedEngine(module);
}

/**
 * Explores the hunt's programs on a mutant in turn until one fails.
 *
 * Returns `null` for a mutant that lives through all of them. Cost: 30,000 executions at most, one or two seconds.
 */
export async function huntInterleavings(
  mutant: Mutant,
  seed: string,
): Promise<InterleavedKill | null> {
  const engine = await steppedMutant(mutant);
  let programs = 0;
  let executions = 0;
  for (const hunted of huntPrograms()) {
    const report = exploreMapProgram(hunted.program, engine);
    programs++;
    executions += report.complete + report.deadlocks;
    const { failure } = report;
    if (failure === null) continue;
    const schedules = Object.fromEntries(
      COUNTED_STRATEGIES.map((strategy) => [
        strategy,
        schedulesToKill(hunted, engine, strategy, seed),
      ]),
    );
    return { by: failure.property, hunted, failure, programs, executions, schedules };
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
