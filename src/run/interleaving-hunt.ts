/** Hunts mutants through interleavings: each engine with the programs of several threads that are its own. */
import type { Mutant } from '../../models/mutant.ts';
import { huntBrokenPromise } from '../../models/go-map/concurrent/hunt.ts';
import { InternalError } from '../core/errors.ts';
import type { SamplingName } from '../core/explore/sample/explore-sampled.ts';
import { describeReadersFailure, GO_MAP_TARGET, readersOperations } from './go-map-program.ts';
import { sharedMutant } from './stepped-mutant.ts';
import { huntSyncMap } from './sync-map-hunt.ts';

/** Strategies whose schedules are counted. */
export const COUNTED_STRATEGIES: readonly SamplingName[] = [
  'random',
  'pct',
  'pos',
  'surw',
  'portfolio',
];

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
  /** Operations of the smallest program, and steps of the failing execution; `null` where no single execution fails. */
  readonly operations: number | null;
  readonly steps: number | null;
  /** Path of the saved trace, or `null`. */
  readonly trace: string | null;
  /**
   * By strategy: schedules of the killing program until one failed, the median of five seeds, `null` beyond 10,000. No
   * strategy where only all interleavings together show the bug.
   */
  readonly schedules: Readonly<Record<string, number | null>>;
}

export interface InterleavingHuntOptions {
  readonly seed: string;
  /** Where the trace is saved; `null` for nowhere. */
  readonly tracesFolder: string | null;
}

/** Hunts one mutant. Returns `null` for one that lives. Cost: seconds. */
export function huntInterleavings(
  mutant: Mutant,
  options: InterleavingHuntOptions,
): Promise<InterleavedKill | null> {
  switch (mutant.engine) {
    case 'sync-map':
      return huntSyncMap(mutant, COUNTED_STRATEGIES, options);
    case 'go-map':
      return huntGoMap(mutant, options);
    default:
      throw new InternalError(`no programs of several threads for ${mutant.engine}`, {
        code: 'E-MUTANT-002',
      });
  }
}

/** Some of what is asked of GoMap is asked of all interleavings together: then there is none to keep. */
async function huntGoMap(
  mutant: Mutant,
  { tracesFolder }: InterleavingHuntOptions,
): Promise<InterleavedKill | null> {
  const engine = await sharedMutant(mutant);
  const broken = huntBrokenPromise(engine);
  if (broken === null) return null;
  const { property: by, program, message, programs, executions, readers } = broken;
  const kill = { by, program, message, programs, executions, schedules: {} };
  if (readers === null) return { ...kill, operations: null, steps: null, trace: null };
  const operations = readersOperations(readers.keys, readers.threads, readers.isHashed);
  const subject = { target: GO_MAP_TARGET, operations, mutant: mutant.id };
  const small = describeReadersFailure(subject, by, engine, tracesFolder);
  return {
    ...kill,
    message: small?.message ?? message,
    operations: readers.threads.flat().length,
    steps: small?.steps ?? null,
    trace: small?.trace ?? null,
  };
}
