/** Collects what an exploration found; shared by all engines that run programs. */
import { InternalError } from '../errors.ts';
import type { Machine } from '../machine.ts';
import { locations } from '../memory.ts';
import { KIND_BITS, KIND_MASK, LOCK, LocalLoopError, WAKE } from '../step.ts';
import { HashSum } from './class-hash.ts';
import { CHECK_THREW } from './report.ts';
import type {
  BoundReached,
  Divergence,
  Ending,
  Execution,
  ExplorationFailure,
  ExplorationReport,
  ExploreOptions,
  FailureKind,
  JudgedHistory,
} from './report.ts';
import type { Trail } from './trail.ts';

/** Default bound on the steps of one run. */
export const STEPS_MAX = 2_000;
/** Greatest bound on the steps of one run: event numbers take 16 bits. */
export const STEPS_LIMIT = 60_000;
/** Truncated runs after which the exploration gives up: it would go on truncating. */
export const TRUNCATED_MAX = 1_000;

export class Outcome {
  readonly machine: Machine;
  readonly trail: Trail;
  readonly options: ExploreOptions;
  readonly stepsMax: number;
  /** Runs begun. */
  executions = 0;
  complete = 0;
  deadlocks = 0;
  parked = 0;
  truncated = 0;
  redundant = 0;
  steps = 0;
  stepsReplayed = 0;
  mispredictions = 0;
  /** First failure of the run being judged. */
  runFailure: ExplorationFailure | null = null;
  /** Whether to end now. */
  isOver = false;
  /** Whether everything asked for has been explored. */
  isExhaustive = false;
  failure: ExplorationFailure | null = null;
  bound: BoundReached | null = null;
  divergence: Divergence | null = null;
  readonly hashes: HashSum = new HashSum();

  constructor(machine: Machine, trail: Trail, options: ExploreOptions, stepsMax: number) {
    this.machine = machine;
    this.trail = trail;
    this.options = options;
    this.stepsMax = stepsMax;
  }

  /** A run begins. */
  began(): void {
    this.executions++;
    this.runFailure = null;
  }

  /** Counts and judges a run that has come to its end. */
  ended(isTruncated: boolean): void {
    const { machine, trail, options } = this;
    const ending = isTruncated ? 'truncated' : this.#ending();
    if (machine.thrown !== null) this.#judgeThrown();
    else if (ending === 'complete') this.#judgeEnd();
    if (ending === 'complete') this.complete++;
    else if (ending === 'parked') this.parked++;
    else if (ending === 'truncated') this.#countTruncated();
    else {
      this.deadlocks++;
      this.#judgeDeadlock();
    }
    if (options.judge !== undefined && this.runFailure === null && !isTruncated) {
      const judgement = options.judge.judge(this.#execution(ending));
      if (judgement !== null) this.fail(judgement.kind, judgement.message, judgement);
    }
    if (options.hasHashes === true && !isTruncated) {
      this.hashes.add(trail.hashLow(), trail.hashHigh());
    }
    if (options.onExecution?.(this.#execution(ending)) === true) this.isOver = true;
  }

  #execution(ending: Ending): Execution {
    const { machine, trail, executions: number, runFailure: failure } = this;
    return { machine, trail, ending, number, failure };
  }

  #ending(): Ending {
    if (this.machine.live === 0) return 'complete';
    return this.machine.parked() !== 0 ? 'parked' : 'deadlock';
  }

  #countTruncated(): void {
    this.truncated++;
    this.#reached('steps', this.stepsMax);
    if (this.truncated >= TRUNCATED_MAX) this.isOver = true;
  }

  /** Notes that the budget of runs is used up, if it is. */
  checkBudget(): void {
    const limit = this.options.executionsMax;
    if (limit !== undefined && this.executions >= limit && !this.isOver) {
      this.#reached('executions', limit);
      this.isOver = true;
    }
  }

  #reached(bound: BoundReached['bound'], limit: number): void {
    if (this.bound !== null) return;
    const { machine, trail } = this;
    const thread = trail.length === 0 ? 0 : trail.thread[trail.length - 1]!;
    const point = machine.points[thread]!;
    this.bound = { bound, limit, thread, point, loop: machine.loops[thread]! };
  }

  #judgeThrown(): void {
    const { thread, error } = this.machine.thrown!;
    if (error instanceof LocalLoopError) {
      this.#reached('local-loop', this.stepsMax);
      this.isOver = true;
      return;
    }
    this.fail('assertion', `thread ${thread + 1} threw ${describeError(error)}`, { thread, error });
  }

  #judgeEnd(): void {
    const { program, shared, results } = this.machine;
    if (program.check === undefined) return;
    try {
      program.check(shared, results);
    } catch (error) {
      this.fail('assertion', `${CHECK_THREW} ${describeError(error)}`, { error });
    }
  }

  #judgeDeadlock(): void {
    if (this.machine.thrown !== null) return;
    const waiting: string[] = [];
    for (let t = 0; t < this.machine.threadCount; t++) {
      if ((this.machine.live & (1 << t)) !== 0) waiting.push(this.#describeWaiting(t));
    }
    this.fail('deadlock', `no thread can move: ${waiting.join('; ')}`, {});
  }

  #describeWaiting(t: number): string {
    const code = this.machine.codes[t]!;
    const kind = code & KIND_MASK;
    const place = code >> KIND_BITS;
    const name = `thread ${t + 1}`;
    if (this.machine.spins.isUsed && this.machine.spins.isWaiting(t)) {
      return `${name} spins in loop ${this.machine.loops[t]!}`;
    }
    if (kind === LOCK) return `${name} waits for the mutex ${locations.describe(place)}`;
    if (kind === WAKE) return `${name} waits to be notified at ${locations.describe(place)}`;
    return `${name} waits`;
  }

  /** Tests the invariants in the present state. */
  checkInvariants(): void {
    for (const invariant of this.machine.program.invariants!) {
      try {
        invariant.test(this.machine.shared);
      } catch (error) {
        this.fail('invariant', `${invariant.name}: ${describeError(error)}`, { error });
        return;
      }
    }
  }

  /** Notes a race of the event just pushed with an earlier one. */
  race(earlier: number): void {
    const { trail } = this;
    const later = trail.length - 1;
    const place = locations.describe(trail.code[later]! >> KIND_BITS);
    const message =
      `data race at ${place}: step ${earlier} of T${trail.thread[earlier]! + 1} and ` +
      `step ${later} of T${trail.thread[later]! + 1} are not ordered by happens-before`;
    this.fail('race', message, { race: [earlier, later] });
  }

  /**
   * Notes a failure of the present run, if it is the first, and ends the exploration unless it is
   * to go on.
   */
  fail(
    kind: FailureKind,
    message: string,
    more: {
      readonly thread?: number;
      readonly error?: unknown;
      readonly race?: readonly [number, number];
      readonly property?: string;
      readonly details?: readonly string[];
      readonly history?: JudgedHistory | undefined;
    },
  ): void {
    if (this.options.keepsGoing !== true) this.isOver = true;
    this.runFailure ??= {
      kind,
      property: more.property ?? kind,
      message,
      details: more.details ?? [],
      history: more.history,
      schedule: this.schedule(),
      race: more.race ?? null,
      thread: more.thread ?? -1,
      error: more.error,
      execution: this.executions,
    };
    this.failure ??= this.runFailure;
  }

  /** The threads of the steps so far. */
  schedule(): number[] {
    return Array.from(this.trail.thread.subarray(0, this.trail.length));
  }

  /** Notes that a replay did something else than the run it repeats. */
  diverged(stepIndex: number, thread: number, first: string, second: string): void {
    const schedule = this.schedule();
    const point = this.machine.points[thread]!;
    this.divergence ??= { stepIndex, thread, first, second, point, schedule };
    this.isOver = true;
  }

  report(): ExplorationReport {
    if (this.mispredictions > 0) {
      throw new InternalError('a step came out differently from its prediction', {
        code: 'E-EXPLORE-002',
        todo: 'The checked code is not deterministic, or mapcheck is at fault: see whether it uses Math.random, a clock, or state outside of `setup`.',
      });
    }
    const isExhaustive = this.isExhaustive && this.bound === null;
    return {
      verdict: this.#verdict(isExhaustive),
      complete: this.complete,
      deadlocks: this.deadlocks,
      parked: this.parked,
      truncated: this.truncated,
      redundant: this.redundant,
      steps: this.steps,
      stepsReplayed: this.stepsReplayed + this.steps,
      isExhaustive,
      locationCount: locations.count - (this.machine.accesses.watched >= 0 ? 1 : 0),
      hashSum: this.options.hasHashes === true ? this.hashes.toString() : '',
      mispredictions: this.mispredictions,
      failure: this.failure,
      bound: this.bound,
      divergence: this.divergence,
    };
  }

  #verdict(isExhaustive: boolean): ExplorationReport['verdict'] {
    if (this.divergence !== null) return 'nondeterministic';
    if (this.failure !== null) return 'fails';
    return isExhaustive ? 'holds' : 'inconclusive';
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
