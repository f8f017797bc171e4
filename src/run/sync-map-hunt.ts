/** Hunts mutants of sync.Map by exploring small programs, every class of each, and by sampling the one that kills. */
import type { Mutant } from '../../models/mutant.ts';
import type { SteppedEngine } from '../../models/sync-map/concurrent/engine.ts';
import { exploreMapProgram, sampleMapProgram } from '../../models/sync-map/concurrent/explore.ts';
import { huntPrograms, type HuntProgram } from '../../models/sync-map/concurrent/hunt-programs.ts';
import type { SamplingName } from '../core/explore/sample/explore-sampled.ts';
import type { Operation, Program } from '../core/program.ts';
import type { InterleavedKill, InterleavingHuntOptions } from './interleaving-hunt.ts';
import { describeMapFailure } from './map-program.ts';
import { steppedMutant } from './stepped-mutant.ts';

/** Schedules that a strategy gets with each of its seeds. */
const SCHEDULES_MAX = 10_000;
/** The counts of strategies are medians over so many seeds. */
const SEEDS = 5;

/**
 * Explores the hunt's programs on a mutant in turn until one fails.
 *
 * Returns `null` for a mutant that lives through all of them. Cost: 30,000 executions at most, one or two seconds.
 */
export async function huntSyncMap(
  mutant: Mutant,
  strategies: readonly SamplingName[],
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
      strategies.map((strategy) => [
        strategy,
        schedulesToKill(hunted, engine, strategy, options.seed),
      ]),
    );
    return {
      by: report.failure.property,
      program: showProgram(hunted.start, failure.operations),
      message: failure.message,
      programs,
      executions,
      operations: failure.operations.threads.flat().length,
      steps: failure.steps.length,
      trace: failure.trace,
      schedules,
    };
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

/** `in read: store(1, 100) | load(1)`: what the start means for key 1, then the threads. */
function showProgram(start: string, { threads }: Program): string {
  return `${start}: ${threads.map((operations) => operations.map(showCall).join('; ')).join(' | ')}`;
}

function showCall({ op, ...fields }: Operation): string {
  return `${op}(${Object.values(fields)
    .map((value) => JSON.stringify(value))
    .join(', ')})`;
}
