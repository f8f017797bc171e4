/** Exhaustive exploration with an account of how many preemptions each class needs. */
import type { SteppedProgram } from '../step.ts';
import { exploreExhaustively } from './optimal.ts';
import { minPreemptions } from './preemptions.ts';
import type { ExplorationReport, ExploreOptions } from './report.ts';

export interface PreemptionReport {
  readonly report: ExplorationReport;
  /** `histogram[k]`: classes in which all threads end and that need exactly k preemptions. */
  readonly histogram: readonly number[];
  /** The same of classes that end in a deadlock or with a parked thread. */
  readonly blockedHistogram: readonly number[];
  /** Classes for which the search for the minimum was given up. */
  readonly unknown: number;
  /** Preemptions that the failure needs, or `null`. */
  readonly failurePreemptions: number | null;
}

/**
 * Explores all classes and counts them by the preemptions they need.
 *
 * "All classes with at most K preemptions" is then the sum of the first K + 1 entries. Nothing is pruned: a bounded search
 * with the usual conservative backtracking explores more executions than an unbounded optimal one.
 */
export function explorePreemptions<Shared>(
  program: SteppedProgram<Shared>,
  options: ExploreOptions = {},
): PreemptionReport {
  const histogram: number[] = [];
  const blockedHistogram: number[] = [];
  let unknown = 0;
  let failurePreemptions: number | null = null;
  let hasFailed = false;
  const report = exploreExhaustively(program, {
    ...options,
    onExecution: (execution) => {
      if (execution.number === 1) {
        // The exploration may have started over with what it had learned.
        histogram.length = 0;
        blockedHistogram.length = 0;
        unknown = 0;
      }
      if (execution.ending !== 'truncated') {
        const least = minPreemptions(execution.machine, execution.trail);
        const counts = execution.ending === 'complete' ? histogram : blockedHistogram;
        if (least === null) unknown++;
        else count(counts, least);
        if (execution.hasFailed && !hasFailed) failurePreemptions = least;
        hasFailed ||= execution.hasFailed;
      }
      return options.onExecution?.(execution);
    },
  });
  return { report, histogram, blockedHistogram, unknown, failurePreemptions };
}

function count(histogram: number[], value: number): void {
  while (histogram.length <= value) histogram.push(0);
  histogram[value]!++;
}
