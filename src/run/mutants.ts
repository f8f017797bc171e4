/**
 * Hunts mutants: runs the default campaign against each until a property kills it.
 *
 * The hunt is in a worker: a mutant may loop for ever, or use all memory. Then that is what it is killed by.
 */
import type { Mutant } from '../../models/mutant.ts';
import { builtInTargets } from '../../models/targets.ts';
import { InternalError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import { noReturnViolation, type NoReturn } from '../core/termination.ts';
import { reportFailureGuarded, type FailureReport } from './failure.ts';
import type { GuardLimits } from './guarded.ts';
import type { InterleavedKill } from './interleaving-hunt.ts';
import type { HuntNews, HuntResult, MutantHuntOptions } from './mutant-hunt.ts';
import { campaignState } from './plan.ts';
import { HANG_TIMEOUT_MS, WORKER_MEMORY_MB } from './pool.ts';
import { generateProgram, type FoundViolation } from './ticket.ts';
import { startWorker } from './workers/start-worker.ts';

/** What became of one mutant. */
export interface MutantReport {
  readonly mutant: Mutant;
  readonly isKilled: boolean;
  /** The property that killed it, or `null`. */
  readonly by: string | null;
  /** Whether that property is one of those the catalogue names. */
  readonly isByNamedProperty: boolean;
  /** Runs up to and including the one that killed it; all runs made where it lived. */
  readonly runsToKill: number;
  readonly failure: FailureReport | null;
  /** How interleavings killed it; `null` where they did not, or were not tried. */
  readonly interleaved: InterleavedKill | null;
}

/** How to hunt, and who is told of each mutant before it is. */
export interface HuntOptions extends MutantHuntOptions, GuardLimits {
  readonly onMutant?: (mutant: Mutant, index: number) => void;
}

/** What the worker is given. */
export interface MutantInput {
  readonly mutants: readonly Mutant[];
  /** Index of the first mutant to hunt. */
  readonly first: number;
  readonly options: MutantHuntOptions;
}

/** What the worker tells. */
export type MutantMessage =
  | HuntNews
  | { readonly kind: 'begin'; readonly index: number }
  | { readonly kind: 'done'; readonly result: HuntResult };

/**
 * Hunts mutants, in order.
 *
 * An equivalent mutant is hunted too, for as many runs as it states: killing it would prove the catalogue wrong.
 */
export async function huntMutants(
  mutants: readonly Mutant[],
  options: HuntOptions,
): Promise<MutantReport[]> {
  const reports: MutantReport[] = [];
  while (reports.length < mutants.length) {
    const lost = await huntFrom(mutants, options, reports);
    if (lost !== null) reports.push(await reportLost(mutants[reports.length]!, lost, options));
  }
  return reports;
}

/** What was known of a hunt when its worker was lost. */
interface LostHunt {
  interleaved: InterleavedKill | null;
  target: string | null;
  /** Runs of targets before that one. */
  runs: number;
  found: FoundViolation | null;
  /** Run that was in work. */
  run: number;
  how: NoReturn | null;
}

/** Lets a worker hunt the mutants that have no report yet; what became of the one that it did not survive, if any. */
async function huntFrom(
  mutants: readonly Mutant[],
  { seed, tracesFolder, onMutant, hangTimeoutMs, workerMemoryMb }: HuntOptions,
  reports: MutantReport[],
): Promise<LostHunt | null> {
  let hunt = nothingKnown();
  const worker = startWorker<MutantMessage>({
    module: 'mutant-worker',
    input: {
      mutants,
      first: reports.length,
      options: { seed, tracesFolder },
    } satisfies MutantInput,
    isProcess: false,
    hangTimeoutMs: hangTimeoutMs ?? HANG_TIMEOUT_MS,
    memoryMb: workerMemoryMb ?? WORKER_MEMORY_MB,
    onMessage: (message) => {
      switch (message.kind) {
        case 'begin':
          hunt = nothingKnown();
          onMutant?.(mutants[message.index]!, message.index);
          break;
        case 'interleaved':
          hunt.interleaved = message.interleaved;
          break;
        case 'target':
          hunt.target = message.target;
          hunt.runs = message.runs;
          break;
        case 'found':
          hunt.found = message.found;
          break;
        case 'done':
          reports.push(reportOf(mutants[reports.length]!, message.result));
      }
    },
  });
  const { how } = await worker.ended;
  if (reports.length === mutants.length) return null;
  return { ...hunt, run: worker.progress().offset, how };
}

function nothingKnown(): LostHunt {
  return { interleaved: null, target: null, runs: 0, found: null, run: 0, how: null };
}

/** A mutant that took its worker along: killed by that, or by what it had failed by before. */
async function reportLost(
  mutant: Mutant,
  { interleaved, target: name, runs, found, run, how }: LostHunt,
  options: HuntOptions,
): Promise<MutantReport> {
  const target = builtInTargets.find((each) => each.name === name);
  if (target === undefined) {
    throw new InternalError(`the hunt of mutant ${mutant.id} came to no end: ${how!.seen}`, {
      code: 'E-MUTANT-003',
      todo: 'Report it; hunt the others by their names.',
    });
  }
  const lost = found ?? lostRun(target, run, how!, options.seed);
  const failure = await reportFailureGuarded(target, lost, {
    ...options,
    knownFails: false,
    mutant,
    config: undefined,
  });
  return reportOf(mutant, { interleaved, failure, runs: runs + lost.run + 1 });
}

function lostRun(target: Target, run: number, how: NoReturn, seed: string): FoundViolation {
  const program = generateProgram(target, campaignState(seed, target.name), run);
  return { run, program, violation: noReturnViolation(target.name, program, how) };
}

function reportOf(mutant: Mutant, { interleaved, failure, runs }: HuntResult): MutantReport {
  const by = failure?.property ?? interleaved?.by ?? null;
  const named = failure === null ? mutant.interleaved?.killedBy : mutant.killedBy;
  return {
    mutant,
    isKilled: by !== null,
    by,
    isByNamedProperty: by !== null && named!.includes(by),
    runsToKill: runs,
    failure,
    interleaved,
  };
}
