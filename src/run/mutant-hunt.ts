/** Hunts one mutant, on whatever thread this is: it may never come back. */
import { bindMutant } from '../../models/mutants.ts';
import type { Mutant } from '../../models/mutant.ts';
import type { Target } from '../core/target.ts';
import { reportFailure, type FailureReport } from './failure.ts';
import { huntInterleavings, type InterleavedKill } from './interleaving-hunt.ts';
import { importMutant } from './mutant-loader.ts';
import { RUNS_PER_TICKET } from './plan.ts';
import { runTicket, type FoundViolation } from './ticket.ts';

/** What hunts need to know. */
export interface MutantHuntOptions {
  readonly seed: string;
  readonly tracesFolder: string;
}

/** What is known of a hunt before it is over. */
export type HuntNews =
  | { readonly kind: 'interleaved'; readonly interleaved: InterleavedKill | null }
  /** The campaign on a target begins; runs of earlier targets are counted in `runs`. */
  | { readonly kind: 'target'; readonly target: string; readonly runs: number }
  /** A run of that campaign fails. */
  | { readonly kind: 'found'; readonly found: FoundViolation };

/** Who is told of a hunt as it goes on. */
export interface HuntWatch {
  readonly onNews: (news: HuntNews) => void;
  /** Told each run before it is made, and the run that failed before each smaller program is. */
  readonly onRun: (run: number) => void;
}

/** What became of the mutant. */
export interface HuntResult {
  readonly interleaved: InterleavedKill | null;
  /** The failure of one caller, or `null` where there was none. */
  readonly failure: FailureReport | null;
  /** Runs up to and including the one that failed; all runs made where none did. */
  readonly runs: number;
}

/**
 * Hunts one mutant: with interleavings where the catalogue says that they show it, and with campaigns on its targets in
 * turn.
 */
export async function huntMutant(
  mutant: Mutant,
  { seed, tracesFolder }: MutantHuntOptions,
  { onNews, onRun }: HuntWatch,
): Promise<HuntResult> {
  const interleaved =
    mutant.interleaved === undefined
      ? null
      : await huntInterleavings(mutant, { seed, tracesFolder });
  onNews({ kind: 'interleaved', interleaved });
  const module = mutant.targets.length === 0 ? {} : await importMutant(mutant);
  let runs = 0;
  for (const name of mutant.targets) {
    const target = bindMutant(mutant, name, module);
    onNews({ kind: 'target', target: name, runs });
    const found = hunt(target, seed, mutant.withinRuns, onRun);
    if (found === null) {
      runs += mutant.withinRuns;
      continue;
    }
    onNews({ kind: 'found', found });
    const watched: Target = {
      ...target,
      execute: (program, options) => {
        onRun(found.run);
        return target.execute(program, options);
      },
    };
    const failure = reportFailure(watched, found, {
      seed,
      knownFails: false,
      tracesFolder,
      mutant,
    });
    return { interleaved, failure, runs: runs + found.run + 1 };
  }
  return { interleaved, failure: null, runs };
}

/** The first run that violates a property, or `null`. */
function hunt(
  target: Target,
  seed: string,
  runs: number,
  onRun: (run: number) => void,
): FoundViolation | null {
  for (let firstRun = 0, index = 0; firstRun < runs; firstRun += RUNS_PER_TICKET, index++) {
    const runCount = Math.min(RUNS_PER_TICKET, runs - firstRun);
    const ticket = { targetIndex: 0, firstRun, runCount };
    const options = { onRun: (offset: number) => onRun(firstRun + offset) };
    const [found] = runTicket(target, seed, index, ticket, false, options).violations;
    if (found !== undefined) return found;
  }
  return null;
}
