/** Hunts mutants: runs the default campaign against each until a property kills it. */
import { allMutants, bindMutant } from '../../models/mutants.ts';
import type { Mutant } from '../../models/mutant.ts';
import type { Target } from '../core/target.ts';
import { reportFailure, type FailureReport } from './failure.ts';
import { RUNS_PER_TICKET } from './plan.ts';
import { runTicket, type FoundViolation } from './ticket.ts';
import { huntInterleavings, type InterleavedKill } from './interleaving-hunt.ts';
import { importMutant } from './mutant-loader.ts';

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

export interface MutantHuntOptions {
  readonly seed: string;
  readonly tracesFolder: string;
}

/**
 * Hunts one mutant: with campaigns on its targets in turn, and with interleavings where the catalogue says that they show
 * it.
 *
 * An equivalent mutant is hunted too, for as many runs as it states: killing it would prove the catalogue wrong.
 */
export async function huntMutant(
  mutant: Mutant,
  options: MutantHuntOptions,
): Promise<MutantReport> {
  const interleaved =
    mutant.interleaved === undefined ? null : await huntInterleavings(mutant, options);
  const module = mutant.targets.length === 0 ? {} : await importMutant(mutant);
  let runs = 0;
  for (const name of mutant.targets) {
    const target = bindMutant(mutant, name, module);
    const found = hunt(target, options.seed, mutant.withinRuns);
    if (found === null) {
      runs += mutant.withinRuns;
      continue;
    }
    const failure = reportFailure(target, found, {
      seed: options.seed,
      knownFails: false,
      tracesFolder: options.tracesFolder,
      mutant: mutant.id,
    });
    return {
      mutant,
      isKilled: true,
      by: failure.property,
      isByNamedProperty: mutant.killedBy.includes(failure.property),
      runsToKill: runs + found.run + 1,
      failure,
      interleaved,
    };
  }
  return {
    mutant,
    isKilled: interleaved !== null,
    by: interleaved?.by ?? null,
    isByNamedProperty:
      interleaved !== null && mutant.interleaved!.killedBy.includes(interleaved.by),
    runsToKill: runs,
    failure: null,
    interleaved,
  };
}

/** The first run that violates a property, or `null`. */
function hunt(target: Target, seed: string, runs: number): FoundViolation | null {
  for (let firstRun = 0, index = 0; firstRun < runs; firstRun += RUNS_PER_TICKET, index++) {
    const runCount = Math.min(RUNS_PER_TICKET, runs - firstRun);
    const ticket = { targetIndex: 0, firstRun, runCount };
    const [found] = runTicket(target, seed, index, ticket, false).violations;
    if (found !== undefined) return found;
  }
  return null;
}

/** A target that runs a mutant, for the replay of its trace; `null` where the catalogue has no such mutant. */
export async function mutantTarget(id: string, targetName: string): Promise<Target | null> {
  const mutant = allMutants.find((candidate) => candidate.id === id);
  if (mutant === undefined) return null;
  return bindMutant(mutant, targetName, await importMutant(mutant));
}
