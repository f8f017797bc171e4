/** Exhaustive exploration with an account of how many preemptions each class needs. */
import type { Verdict } from '../property.ts';
import type { SteppedProgram } from '../step.ts';
import { exploreExhaustively } from './optimal.ts';
import { minPreemptions } from './preemptions.ts';
import type { Execution, ExplorationFailure, ExplorationReport, ExploreOptions } from './report.ts';

export interface PreemptionOptions extends ExploreOptions {
  /** Bound on preemptions: failures that need more do not count. Default none. */
  readonly preemptionsMax?: number;
}

export interface PreemptionReport {
  /** Its `failure` and `verdict` are those of classes within the bound. */
  readonly report: ExplorationReport;
  /** `histogram[k]`: classes in which all threads end and that need exactly k preemptions. */
  readonly histogram: readonly number[];
  /** The same of classes that end in a deadlock or with a parked thread. */
  readonly blockedHistogram: readonly number[];
  /** Classes for which the search for the minimum was given up; they count as within the bound. */
  readonly unknown: number;
  /** Preemptions that the failure needs, or `null`. */
  readonly failurePreemptions: number | null;
}

/**
 * Explores all classes and counts them by the preemptions they need.
 *
 * "All classes with at most K preemptions" is then the sum of the first K + 1 entries. Nothing is
 * pruned: a bounded search with the usual conservative backtracking explores more executions than
 * an unbounded optimal one.
 */
export function explorePreemptions<Shared>(
  program: SteppedProgram<Shared>,
  options: PreemptionOptions = {},
): PreemptionReport {
  let account = new Account();
  const report = exploreExhaustively(program, {
    ...options,
    // A run that fails goes on to its end, where its class is known.
    keepsGoing: true,
    onExecution: (execution) => {
      // The exploration may have started over with what it had learned.
      if (execution.number === 1) account = new Account();
      account.add(execution, options.preemptionsMax ?? Infinity);
      const isOver = account.failure !== null && options.keepsGoing !== true;
      return options.onExecution?.(execution) === true || isOver;
    },
  });
  const { histogram, blockedHistogram, unknown, failure, failurePreemptions } = account;
  return {
    report: { ...report, failure, verdict: verdictOf(report, failure !== null) },
    histogram,
    blockedHistogram,
    unknown,
    failurePreemptions,
  };
}

function verdictOf(report: ExplorationReport, hasFailure: boolean): Verdict {
  if (report.divergence !== null) return 'nondeterministic';
  if (hasFailure) return 'fails';
  return report.isExhaustive ? 'holds' : 'inconclusive';
}

class Account {
  readonly histogram: number[] = [];
  readonly blockedHistogram: number[] = [];
  unknown = 0;
  failure: ExplorationFailure | null = null;
  failurePreemptions: number | null = null;

  add({ machine, trail, ending, failure }: Execution, preemptionsMax: number): void {
    if (ending === 'truncated') return;
    const least = minPreemptions(machine, trail);
    if (least === null) this.unknown++;
    else count(ending === 'complete' ? this.histogram : this.blockedHistogram, least);
    if (failure === null || this.failure !== null || (least ?? 0) > preemptionsMax) return;
    this.failure = failure;
    this.failurePreemptions = least;
  }
}

function count(histogram: number[], value: number): void {
  while (histogram.length <= value) histogram.push(0);
  histogram[value]!++;
}
