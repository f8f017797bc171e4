/** A property campaign from plan to report: pool, totals, digest, failures shrunk and saved. */
import { createHash } from 'node:crypto';
import type { Verdict, Violation } from '../core/property.ts';
import type { Target } from '../core/target.ts';
import type { CampaignPlan } from './plan.ts';
import { ticketCount } from './plan.ts';
import { runPool, type PoolOptions } from './pool.ts';
import { reportFailure, type FailureReport } from './failure.ts';
import { addCounts, isSameEssence, type FoundViolation, type TicketResult } from './ticket.ts';

/** What a campaign came to for one target. */
export interface TargetReport {
  readonly target: string;
  readonly verdict: Verdict;
  readonly runs: number;
  readonly operations: number;
  /** Steps of modelled threads; 0 in a sequential campaign. */
  readonly steps: number;
  /** Interleavings explored; 0 in a sequential campaign. */
  readonly interleavings: number;
  readonly coverage: Readonly<Record<string, number>>;
  /** Rare branches of the coverage that no run reached. */
  readonly notReached: readonly string[];
  /** Known defects of Go that were seen, with how often. */
  readonly known: Readonly<Record<string, number>>;
  readonly failures: readonly FailureReport[];
  /** Runs that violated something. */
  readonly failedRuns: number;
}

export interface CampaignReport {
  readonly verdict: Verdict;
  readonly seed: string;
  /** SHA-256, hexadecimal, over every run's fingerprint; depends on seed, targets and runs only. */
  readonly digest: string;
  readonly targets: readonly TargetReport[];
}

export interface CampaignOptions extends PoolOptions {
  /** Folder that failing traces are written into. */
  readonly tracesFolder: string;
  /** Stop after this many different failures; 0 for never. */
  readonly bail: number;
}

/** Runs a campaign. Cost: the runs asked for, and the shrinking of each different failure. */
export async function runCampaign(
  plan: CampaignPlan,
  targets: readonly Target[],
  options: CampaignOptions,
): Promise<CampaignReport> {
  const bail = new BailOut(options.bail);
  const signals = [bail.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const results = await runPool(plan, ticketCount(plan), {
    workers: options.workers,
    signal: AbortSignal.any(signals),
    onResult: (result) => {
      options.onResult?.(result);
      bail.note(result);
    },
  });
  const counted = results.slice(0, bail.cut());
  const reports = targets.map((target, index) =>
    reportTarget(
      plan,
      target,
      counted.filter((result) => result.targetIndex === index),
      options.tracesFolder,
    ),
  );
  return {
    verdict: worstVerdict(reports.map((report) => report.verdict)),
    seed: plan.seed,
    digest: digestOf(plan, counted),
    targets: reports,
  };
}

/**
 * Stops a campaign after N different failures, without making the report depend on which worker was fast: only the
 * tickets up to the one that completes the N-th failure count, in ticket order.
 */
class BailOut {
  readonly #limit: number;
  readonly #results: TicketResult[] = [];
  readonly #controller = new AbortController();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  note(result: TicketResult): void {
    if (this.#limit === 0) return;
    this.#results.push(result);
    if (Number.isFinite(this.cut())) this.#controller.abort();
  }

  /** Number of tickets that count. */
  cut(): number {
    if (this.#limit === 0) return Number.POSITIVE_INFINITY;
    const ordered = this.#results.toSorted((left, right) => left.index - right.index);
    const seen: { targetIndex: number; violation: Violation }[] = [];
    for (const [position, result] of ordered.entries()) {
      if (result.index !== position) break;
      for (const { violation } of result.violations) {
        const isNew = !seen.some(
          (other) =>
            other.targetIndex === result.targetIndex && isSameEssence(other.violation, violation),
        );
        if (isNew) seen.push({ targetIndex: result.targetIndex, violation });
      }
      if (seen.length >= this.#limit) return position + 1;
    }
    return Number.POSITIVE_INFINITY;
  }
}

function reportTarget(
  plan: CampaignPlan,
  target: Target,
  results: readonly TicketResult[],
  tracesFolder: string,
): TargetReport {
  const coverage: Record<string, number> = {};
  for (const key of target.coverage) coverage[key] = 0;
  const known: Record<string, number> = {};
  for (const result of results) {
    addCounts(coverage, result.coverage);
    addCounts(known, result.known);
  }
  const failures = firstOfEach(results).map((found) =>
    reportFailure(target, found, { seed: plan.seed, knownFails: plan.knownFails, tracesFolder }),
  );
  const isNondeterministic = results.some((result) => result.divergence !== null);
  return {
    target: target.name,
    verdict: isNondeterministic ? 'nondeterministic' : failures.length > 0 ? 'fails' : 'holds',
    runs: sum(results.map((result) => result.fingerprints.length)),
    operations: sum(results.map((result) => result.operations)),
    steps: 0,
    interleavings: 0,
    coverage,
    notReached: target.coverage.filter((key) => coverage[key] === 0),
    known,
    failures,
    failedRuns: sum(results.map((result) => result.failedRuns)),
  };
}

/** The earliest run of each different failure. */
function firstOfEach(results: readonly TicketResult[]): FoundViolation[] {
  const first: FoundViolation[] = [];
  for (const found of results.flatMap((result) => result.violations)) {
    if (!first.some((other) => isSameEssence(other.violation, found.violation))) first.push(found);
  }
  return first;
}

function digestOf(plan: CampaignPlan, results: readonly TicketResult[]): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(['mapcheck campaign 1', plan.seed, plan.targets]));
  for (const targetIndex of plan.targets.keys()) {
    for (const result of results) {
      if (result.targetIndex !== targetIndex) continue;
      const bytes = Buffer.alloc(result.fingerprints.length * 4);
      result.fingerprints.forEach((fingerprint, run) => bytes.writeUInt32LE(fingerprint, run * 4));
      hash.update(bytes);
    }
  }
  return hash.digest('hex');
}

/** The worst of several verdicts: nondeterminism, then failure, then no answer. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  const order: readonly Verdict[] = ['nondeterministic', 'fails', 'inconclusive'];
  return order.find((verdict) => verdicts.includes(verdict)) ?? 'holds';
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
