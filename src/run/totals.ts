/** Adds up the results of tickets, in ticket order, in memory that does not grow with the campaign. */
import { createHash, type Hash } from 'node:crypto';
import type { Program } from '../core/program.ts';
import type { Target } from '../core/target.ts';
import type { CampaignPlan } from './plan.ts';
import {
  addCounts,
  isSameEssence,
  type FoundViolation,
  type LostRuns,
  type TicketResult,
} from './ticket.ts';

/** Ranges of lost runs that are kept for the report; of further ones only the number of runs. */
const LOST_RANGES_MAX = 100;

/** What is known of one target so far. */
export interface TargetTotals {
  runs: number;
  operations: number;
  steps: number;
  interleavings: number;
  readonly coverage: Record<string, number>;
  readonly known: Record<string, number>;
  /** The earliest run of each different failure. */
  readonly failures: FoundViolation[];
  failedRuns: number;
  /** The earliest run that came out differently the second time. */
  divergence: { readonly run: number; readonly program: Program } | null;
  readonly lost: LostRuns[];
  lostRuns: number;
}

/**
 * The totals of a campaign. Results must come in ticket order, which makes them independent of who made them.
 *
 * With a limit on different failures, results after the ticket that reaches it are ignored.
 */
export class Totals {
  readonly targets: readonly TargetTotals[];
  readonly #plan: CampaignPlan;
  readonly #bail: number;
  readonly #hashes: readonly Hash[];

  /** `bail` is the number of different failures that ends the campaign; 0 for none. */
  constructor(plan: CampaignPlan, targets: readonly Target[], bail: number) {
    this.#plan = plan;
    this.#bail = bail;
    this.targets = targets.map(emptyTotals);
    this.#hashes = targets.map(() => createHash('sha256'));
  }

  /** Whether the limit on failures is reached. */
  get isFull(): boolean {
    if (this.#bail === 0) return false;
    return this.targets.reduce((sum, { failures }) => sum + failures.length, 0) >= this.#bail;
  }

  /** Adds the next ticket's result. */
  add(result: TicketResult): void {
    if (this.isFull) return;
    this.#hashes[result.targetIndex]!.update(`${result.index} ${result.hash}\n`);
    const totals = this.targets[result.targetIndex]!;
    totals.runs += result.runs;
    totals.operations += result.operations;
    totals.steps += result.steps;
    totals.interleavings += result.interleavings;
    totals.failedRuns += result.failedRuns;
    addCounts(totals.coverage, result.coverage);
    addCounts(totals.known, result.known);
    for (const found of result.violations) {
      const isOld = totals.failures.some((old) => isSameEssence(old.violation, found.violation));
      if (!isOld) totals.failures.push(found);
    }
    totals.divergence ??= result.divergence;
    if (result.lost === null) return;
    totals.lostRuns += result.lost.runCount;
    if (totals.lost.length < LOST_RANGES_MAX) totals.lost.push(result.lost);
  }

  /** SHA-256, hexadecimal, over seed, targets and every run's fingerprint. */
  digest(): string {
    const hash = createHash('sha256');
    hash.update(JSON.stringify(['mapcheck campaign 2', this.#plan.seed, this.#plan.targets]));
    for (const part of this.#hashes) hash.update(part.copy().digest());
    return hash.digest('hex');
  }
}

function emptyTotals(target: Target): TargetTotals {
  const coverage: Record<string, number> = {};
  for (const key of target.coverage) coverage[key] = 0;
  return {
    runs: 0,
    operations: 0,
    steps: 0,
    interleavings: 0,
    coverage,
    known: {},
    failures: [],
    failedRuns: 0,
    divergence: null,
    lost: [],
    lostRuns: 0,
  };
}
