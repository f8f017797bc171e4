/** Does the work of one ticket: generates each program, runs it, counts. Pure but for the target it is given. */
import { createHash } from 'node:crypto';
import type { Program } from '../core/program.ts';
import type { Violation } from '../core/property.ts';
import type { Outcome, Target } from '../core/target.ts';
import { noReturnFingerprint, noReturnViolation, type NoReturn } from '../core/termination.ts';
import { createStream } from '../random/stream.ts';
import type { SeedState } from '../random/seed.ts';
import type { InterleavedOutcome, Interleaver } from './interleaver.ts';
import { campaignState, runState, type Ticket } from './plan.ts';

/** One run in so many is done twice and must come out the same: mapcheck's check of its own determinism. */
const RUNS_PER_RERUN = 32;

/** A run that violated a property. Plain data: it crosses from worker to main thread. */
export interface FoundViolation {
  readonly run: number;
  readonly program: Program;
  readonly violation: Violation;
}

/** Runs that nothing is known about, because the worker died of them twice. */
export interface LostRuns {
  readonly firstRun: number;
  readonly runCount: number;
  readonly reason: string;
}

/** What the runs of a ticket came to. Plain JSON, of a size that does not grow with the runs. */
export interface TicketResult {
  readonly index: number;
  readonly targetIndex: number;
  /** Runs made. */
  readonly runs: number;
  readonly operations: number;
  /** Steps of modelled threads, and interleavings that they were taken in. */
  readonly steps: number;
  readonly interleavings: number;
  readonly coverage: Readonly<Record<string, number>>;
  readonly known: Readonly<Record<string, number>>;
  /** Digest of the fingerprints of all runs, in order, and of steps and interleavings: 32 hexadecimal digits. */
  readonly hash: string;
  /** The first run for each property and mechanism that failed in this ticket, in order of runs. */
  readonly violations: readonly FoundViolation[];
  /** Number of runs that violated something. */
  readonly failedRuns: number;
  /** A run that came out differently the second time, or `null`. */
  readonly divergence: { readonly run: number; readonly program: Program } | null;
  readonly lost: LostRuns | null;
}

export interface TicketOptions {
  /** Runs that are known not to come back: they are recorded, not made. Keys are run numbers. */
  readonly noReturn?: ReadonlyMap<number, NoReturn>;
  /** Told each run before it is begun, and before interleavings of it may be. */
  readonly onRun?: (offset: number, interleaves: boolean) => void;
  /** Makes some runs with several threads too. */
  readonly interleave?: Interleaver | null;
}

/** Makes the program of one run. */
export function generateProgram(target: Target, campaign: SeedState, run: number): Program {
  // No bias factor: fast-check would derive it from the number of runs asked for, and run k must not depend on that.
  return target.programs.generate(createStream(runState(campaign, run)), undefined).value;
}

/** Makes the runs of a ticket. Cost: its runs, and one in 32 of them again. */
export function runTicket(
  target: Target,
  seed: string,
  index: number,
  ticket: Ticket,
  knownFails: boolean,
  options: TicketOptions = {},
): TicketResult {
  const campaign = campaignState(seed, target.name);
  const tally = new Tally(target, ticket.runCount);
  for (let offset = 0; offset < ticket.runCount; offset++) {
    const run = ticket.firstRun + offset;
    options.onRun?.(offset, false);
    const program = generateProgram(target, campaign, run);
    const noReturn = options.noReturn?.get(run);
    if (noReturn !== undefined) {
      tally.add(run, program, outcomeWithoutReturn(target, program, noReturn));
      continue;
    }
    const outcome = target.execute(program, { knownFails });
    tally.add(run, program, outcome);
    if (options.interleave) {
      options.onRun?.(offset, true);
      const interleaved = options.interleave(run);
      if (interleaved !== null) tally.addInterleaved(interleaved);
      options.onRun?.(offset, false);
    }
    if (run % RUNS_PER_RERUN === 0) {
      const again = target.execute(program, { knownFails });
      if (again.fingerprint !== outcome.fingerprint) tally.noteDivergence(run, program);
    }
  }
  return tally.result(index, ticket.targetIndex);
}

/** The result of a ticket that could not be done. */
export function lostTicket(index: number, ticket: Ticket, reason: string): TicketResult {
  return {
    index,
    targetIndex: ticket.targetIndex,
    runs: 0,
    operations: 0,
    steps: 0,
    interleavings: 0,
    coverage: {},
    known: {},
    hash: '0'.repeat(32),
    violations: [],
    failedRuns: 0,
    divergence: null,
    lost: { firstRun: ticket.firstRun, runCount: ticket.runCount, reason },
  };
}

function outcomeWithoutReturn(target: Target, program: Program, how: NoReturn): Outcome {
  return {
    operations: 0,
    violation: noReturnViolation(target.name, program, how),
    known: {},
    coverage: {},
    fingerprint: noReturnFingerprint(how.kind),
  };
}

/** Adds up the outcomes of a ticket's runs. */
class Tally {
  readonly #coverage: Record<string, number> = {};
  readonly #known: Record<string, number> = {};
  readonly #fingerprints: DataView;
  readonly #violations: FoundViolation[] = [];
  #runs = 0;
  #operations = 0;
  #steps = 0;
  #interleavings = 0;
  #failedRuns = 0;
  #divergence: TicketResult['divergence'] = null;

  constructor(target: Target, runCount: number) {
    for (const key of target.coverage) this.#coverage[key] = 0;
    this.#fingerprints = new DataView(new ArrayBuffer(4 * runCount));
  }

  add(run: number, program: Program, outcome: Outcome): void {
    this.#fingerprints.setUint32(4 * this.#runs++, outcome.fingerprint, true);
    this.#operations += outcome.operations;
    addCounts(this.#coverage, outcome.coverage);
    addCounts(this.#known, outcome.known);
    const { violation } = outcome;
    if (violation !== null) this.#addViolation({ run, program, violation });
  }

  addInterleaved({ steps, interleavings, found }: InterleavedOutcome): void {
    this.#steps += steps;
    this.#interleavings += interleavings;
    if (found !== null) this.#addViolation(found);
  }

  #addViolation(found: FoundViolation): void {
    this.#failedRuns++;
    const isOld = this.#violations.some((old) => isSameEssence(old.violation, found.violation));
    if (!isOld) this.#violations.push(found);
  }

  noteDivergence(run: number, program: Program): void {
    this.#divergence ??= { run, program };
  }

  result(index: number, targetIndex: number): TicketResult {
    const bytes = new Uint8Array(this.#fingerprints.buffer);
    return {
      index,
      targetIndex,
      runs: this.#runs,
      operations: this.#operations,
      steps: this.#steps,
      interleavings: this.#interleavings,
      coverage: this.#coverage,
      known: this.#known,
      hash: createHash('sha256')
        .update(bytes)
        .update(`${this.#steps} ${this.#interleavings}`)
        .digest('hex')
        .slice(0, 32),
      violations: this.#violations,
      failedRuns: this.#failedRuns,
      divergence: this.#divergence,
      lost: null,
    };
  }
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
