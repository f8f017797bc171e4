/** Does the work of one ticket: generates each program, runs it, counts. Pure but for the target it is given. */
import type { Program } from '../core/program.ts';
import type { Violation } from '../core/property.ts';
import type { Target } from '../core/target.ts';
import { createStream } from '../random/stream.ts';
import type { SeedState } from '../random/seed.ts';
import { campaignState, runState, type Ticket } from './plan.ts';

/** One run in so many is done twice and must come out the same: mapcheck's check of its own determinism. */
const RUNS_PER_RERUN = 32;

/** A run that violated a property. Plain data: it crosses from worker to main thread. */
export interface FoundViolation {
  readonly run: number;
  readonly program: Program;
  readonly violation: Violation;
}

/** What the runs of a ticket came to. Plain data. */
export interface TicketResult {
  readonly index: number;
  readonly targetIndex: number;
  readonly operations: number;
  readonly coverage: Readonly<Record<string, number>>;
  readonly known: Readonly<Record<string, number>>;
  /** Fingerprint of each run, in order. */
  readonly fingerprints: Uint32Array;
  /** The first run for each property and mechanism that failed in this ticket, in order of runs. */
  readonly violations: readonly FoundViolation[];
  /** Number of runs that violated something. */
  readonly failedRuns: number;
  /** A run that came out differently the second time, or `null`. */
  readonly divergence: { readonly run: number; readonly program: Program } | null;
}

/** Makes the program of one run. */
export function generateProgram(target: Target, campaign: SeedState, run: number): Program {
  // No bias factor: fast-check would derive it from the number of runs asked for, and run k must not depend on that.
  return target.programs.generate(createStream(runState(campaign, run)), undefined).value;
}

/** Runs a ticket. Cost: the ticket's runs, and one more in 32. */
export function runTicket(
  target: Target,
  seed: string,
  index: number,
  ticket: Ticket,
  knownFails: boolean,
): TicketResult {
  const campaign = campaignState(seed, target.name);
  const coverage: Record<string, number> = {};
  for (const key of target.coverage) coverage[key] = 0;
  const known: Record<string, number> = {};
  const fingerprints = new Uint32Array(ticket.runCount);
  const violations: FoundViolation[] = [];
  let operations = 0;
  let failedRuns = 0;
  let divergence: TicketResult['divergence'] = null;

  for (let offset = 0; offset < ticket.runCount; offset++) {
    const run = ticket.firstRun + offset;
    const program = generateProgram(target, campaign, run);
    const outcome = target.execute(program, { knownFails });
    fingerprints[offset] = outcome.fingerprint;
    operations += outcome.operations;
    addCounts(coverage, outcome.coverage);
    addCounts(known, outcome.known);
    if (outcome.violation !== null) {
      failedRuns++;
      if (!violations.some((found) => isSameEssence(found.violation, outcome.violation!))) {
        violations.push({ run, program, violation: outcome.violation });
      }
    }
    if (run % RUNS_PER_RERUN === 0 && divergence === null) {
      const again = target.execute(program, { knownFails });
      if (again.fingerprint !== outcome.fingerprint) divergence = { run, program };
    }
  }
  return {
    index,
    targetIndex: ticket.targetIndex,
    operations,
    coverage,
    known,
    fingerprints,
    violations,
    failedRuns,
    divergence,
  };
}

/** Two violations are one failure when the property and the mechanism are the same, whatever the message says. */
export function isSameEssence(left: Violation, right: Violation): boolean {
  return left.property === right.property && left.known === right.known;
}

/** Adds counts in place. */
export function addCounts(
  total: Record<string, number>,
  counts: Readonly<Record<string, number>>,
): void {
  for (const [key, count] of Object.entries(counts)) total[key] = (total[key] ?? 0) + count;
}
