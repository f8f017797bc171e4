/** Adds up what the parts of an exploration came to. */
import type { Verdict } from '../property.ts';
import { HashSum } from './class-hash.ts';
import { TRUNCATED_MAX } from './outcome.ts';
import type {
  BoundReached,
  Divergence,
  ExplorationFailure,
  ExplorationReport,
  ExploreOptions,
} from './report.ts';
import type { SubtreeResult } from './subtree.ts';

export class Totals {
  runs = 0;
  /** Whether nothing more is to be added. */
  isOver = false;
  readonly #options: ExploreOptions;
  readonly #hashes = new HashSum();
  readonly #counts = {
    complete: 0,
    deadlocks: 0,
    parked: 0,
    truncated: 0,
    redundant: 0,
    steps: 0,
    stepsReplayed: 0,
    locationCount: 0,
    mispredictions: 0,
  };
  #failure: ExplorationFailure | null = null;
  #bound: BoundReached | null = null;
  #divergence: Divergence | null = null;

  constructor(options: ExploreOptions) {
    this.#options = options;
  }

  /** Adds the result of the part whose turn it is. */
  add({ report, runs, handover }: SubtreeResult): void {
    const counts = this.#counts;
    counts.complete += report.complete;
    counts.deadlocks += report.deadlocks;
    counts.parked += report.parked;
    counts.truncated += report.truncated;
    counts.redundant += report.redundant;
    counts.steps += report.steps;
    counts.stepsReplayed += report.stepsReplayed;
    counts.locationCount = Math.max(counts.locationCount, report.locationCount);
    counts.mispredictions += report.mispredictions;
    if (report.hashSum !== '') this.#hashes.addSum(report.hashSum);
    const { failure, bound, divergence } = report;
    if (failure !== null) {
      this.#failure ??= { ...failure, execution: failure.execution + this.runs };
    }
    this.#bound ??= bound;
    this.#divergence ??= divergence;
    this.runs += runs;
    // A part that ended without being done and without handing over was told to end.
    if (!report.isExhaustive && handover === null && bound === null) this.isOver = true;
    if (failure !== null && this.#options.keepsGoing !== true) this.isOver = true;
    if (bound?.bound === 'local-loop' || counts.truncated >= TRUNCATED_MAX) this.isOver = true;
  }

  /** Notes that the budget of runs is used up. */
  reached(limit: number): void {
    this.#bound ??= { bound: 'executions', limit, thread: 0, point: -1, loop: -1 };
    this.isOver = true;
  }

  /** The sum; `isDone` tells whether no part is missing. */
  report(isDone: boolean): ExplorationReport {
    const isExhaustive = isDone && !this.isOver && this.#bound === null;
    return {
      verdict: this.#verdict(isExhaustive),
      ...this.#counts,
      isExhaustive,
      hashSum: this.#options.hasHashes === true ? this.#hashes.toString() : '',
      failure: this.#failure,
      bound: this.#bound,
      divergence: this.#divergence,
    };
  }

  #verdict(isExhaustive: boolean): Verdict {
    if (this.#divergence !== null) return 'nondeterministic';
    if (this.#failure !== null) return 'fails';
    return isExhaustive ? 'holds' : 'inconclusive';
  }
}
