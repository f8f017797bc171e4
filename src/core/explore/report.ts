/** What explorations are asked and what they answer. */
import type { Verdict } from '../property.ts';
import type { Machine } from '../machine.ts';
import type { Trail } from './trail.ts';

/**
 * `linearizability`: no legal order of the operations explains their results. `divergence`: the code
 * does not do what its model does, step by step.
 */
export type FailureKind =
  | 'assertion'
  | 'race'
  | 'deadlock'
  | 'invariant'
  | 'linearizability'
  | 'divergence';

/**
 * How a run ended. `parked`: an assumption of the program did not hold. `truncated`: the bound on
 * steps was reached.
 */
export type Ending = 'complete' | 'deadlock' | 'parked' | 'truncated';

/** How the message of a failed check at the end begins. */
export const CHECK_THREW = 'the check at the end threw';

/** A failure and the schedule that shows it. */
export interface ExplorationFailure {
  readonly kind: FailureKind;
  /** Name of the property that failed, as a judge gave it; otherwise the kind. */
  readonly property: string;
  readonly message: string;
  /** More about it, in lines that people can read; empty unless a judge wrote some. */
  readonly details: readonly string[];
  /** Where a judge found fault with a history. */
  readonly history?: JudgedHistory | undefined;
  /** The thread of each step, from the start. */
  readonly schedule: readonly number[];
  /** Positions, in the schedule, of the two accesses of a race. */
  readonly race: readonly [number, number] | null;
  /** 0-based thread that threw; -1 for the check at the end and for other kinds. */
  readonly thread: number;
  /** What was thrown. */
  readonly error: unknown;
  /** Runs begun up to and with this one. */
  readonly execution: number;
}

/** A bound that ended the work, or cut runs short, before the answer. */
export interface BoundReached {
  readonly bound: 'steps' | 'executions' | 'local-loop';
  readonly limit: number;
  /**
   * The thread that moved last, and the numbers of its source place and loop: the instrumenter's,
   * or -1.
   */
  readonly thread: number;
  readonly point: number;
  readonly loop: number;
}

/** Where a replay first did something else. */
export interface Divergence {
  readonly stepIndex: number;
  readonly thread: number;
  /** What the step was, or what came of it, the first time and the second. */
  readonly first: string;
  readonly second: string;
  /** Its source place the second time: the instrumenter's number, or -1. */
  readonly point: number;
  readonly schedule: readonly number[];
}

/** The run just ended, as visitors see it. Valid only during the call. */
export interface Execution {
  readonly machine: Machine;
  readonly trail: Trail;
  readonly ending: Ending;
  /** 1-based number of the run. */
  readonly number: number;
  /** The first failure of this run, or `null`. */
  readonly failure: ExplorationFailure | null;
}

/** An operation of a run, as people see it. */
export interface JudgedOperation {
  readonly thread: number;
  /** The call, and what it returned; the latter empty for nothing. */
  readonly call: string;
  readonly result: string;
  /** Steps of its thread before it, and up to its end. */
  readonly before: number;
  readonly upTo: number;
  /** Its place, from 0, in the longest legal order of operations; `null` when it has none, or no order was tried. */
  readonly rank: number | null;
  /** Whether an order was tried, and has no place for it. */
  readonly isLeftOver: boolean;
}

/** What shows people where a history breaks. */
export interface JudgedHistory {
  readonly operations: readonly JudgedOperation[];
  /**
   * Pairs of positions in the run, the first before the second: the real-time order that was judged. The class admits
   * it; the run itself may have another one.
   */
  readonly orders: readonly (readonly [number, number])[];
}

/** What a judge has against a run. */
export interface Judgement {
  readonly kind: FailureKind;
  /** Name of the property that failed. */
  readonly property: string;
  readonly message: string;
  readonly details: readonly string[];
  /** Where the failure is one of a history. */
  readonly history?: JudgedHistory | undefined;
}

/**
 * Judges runs as a whole. There is one run for each class, so a verdict must be about the class: it
 * may depend on nothing that another order of independent steps would change.
 */
export interface ExecutionJudge {
  /** Called at the end of every run that was not cut short and has not failed otherwise. */
  judge(execution: Execution): Judgement | null;
}

export interface ExploreOptions {
  /** Bound on the steps of one run. Default 2,000; at most 60,000. */
  readonly stepsMax?: number;
  /** Budget of runs. Default none. */
  readonly executionsMax?: number;
  /** Goes on after a failure; the first one is reported. Default false. */
  readonly keepsGoing?: boolean;
  /** Computes the class hashes. Default false; costs about a tenth. */
  readonly hasHashes?: boolean;
  /** Looks for data races. Default true. */
  readonly findsRaces?: boolean;
  /** Also reports races of a plain with an atomic access. Default false. */
  readonly findsMixedRaces?: boolean;
  /** Repetitions of the first run, to find code that is not deterministic. Default 1. */
  readonly repetitions?: number;
  /** Judges every run, beyond the checks of the program itself. */
  readonly judge?: ExecutionJudge;
  /** Called at the end of every run. Returns true to stop. */
  readonly onExecution?: (execution: Execution) => boolean | undefined;
}

export interface ExplorationReport {
  readonly verdict: Verdict;
  /** Classes in which all threads ended. */
  readonly complete: number;
  /** Classes that end in a deadlock. */
  readonly deadlocks: number;
  /** Classes in which a thread is parked by an assumption. */
  readonly parked: number;
  /** Runs cut short by the bound on steps. */
  readonly truncated: number;
  /** Runs begun and abandoned as redundant. */
  readonly redundant: number;
  /** Steps taken, prefixes of earlier runs not counted. */
  readonly steps: number;
  /** Steps of all runs, those of prefixes counted again in each, however it came back to them. */
  readonly stepsReplayed: number;
  /** Whether the whole space was explored. */
  readonly isExhaustive: boolean;
  /** Shared locations that were touched: 0 means that the program has nothing to explore. */
  readonly locationCount: number;
  /** Sum of the class hashes, or an empty string. */
  readonly hashSum: string;
  /** Steps whose predicted outcome was wrong: always 0, or the explorer is. */
  readonly mispredictions: number;
  readonly failure: ExplorationFailure | null;
  readonly bound: BoundReached | null;
  readonly divergence: Divergence | null;
}
