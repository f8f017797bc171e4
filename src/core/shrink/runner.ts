/** Runs one program under schedules chosen step by step, over and over, and judges each run. */
import { RaceDetector } from '../check/race.ts';
import { Outcome } from '../explore/outcome.ts';
import type { Ending, Execution, ExplorationFailure, ExploreOptions } from '../explore/report.ts';
import { Trail } from '../explore/trail.ts';
import { Machine } from '../machine.ts';
import { locations } from '../memory.ts';
import type { SteppedProgram } from '../step.ts';
import { findingOf, type Finding } from './finding.ts';

/** Chooses the thread of each step of a run. */
export interface Chooser {
  /** Called before each run, and again when a run has to begin anew. */
  begin: () => void;
  /**
   * The thread of the step at a position, out of the set of those that can move; -1 ends the run.
   * `last` is the thread that moved before, or -1.
   */
  choose: (position: number, enabled: number, last: number) => number;
}

/** A run that has come to an end. */
export interface JudgedRun {
  /** The thread of each step. */
  readonly schedule: readonly number[];
  /** Source place of each step: the instrumenter's number, or -1. */
  readonly points: readonly number[];
  /** Switches away from threads that could have gone on. */
  readonly preemptions: number;
  readonly finding: Finding | null;
  /** `cut` when the chooser ended it. */
  readonly ending: Ending | 'cut' | 'failed';
}

/** How runs are bounded and judged: as in explorations. */
export type RunnerOptions = Pick<
  ExploreOptions,
  'stepsMax' | 'findsRaces' | 'findsMixedRaces' | 'judge'
>;

/**
 * One program, run again and again. The names of shared memory belong to it from its construction
 * to `end`: only one runner or exploration is at work at a time.
 */
export class ScheduleRunner {
  readonly machine: Machine;
  readonly trail: Trail;
  readonly stepsMax: number;
  /** Runs so far. */
  runs = 0;
  readonly #options: RunnerOptions;
  readonly #detector: RaceDetector;

  constructor(program: SteppedProgram, options: RunnerOptions = {}) {
    this.stepsMax = options.stepsMax ?? 2_000;
    this.#options = options;
    this.machine = new Machine(program);
    this.machine.recordsValues = true;
    locations.begin();
    if (program.invariants !== undefined) this.machine.accesses.watch();
    const { threadCount, footprints } = this.machine;
    this.trail = new Trail(threadCount, this.stepsMax + 1, footprints, false);
    this.#detector = new RaceDetector(this.trail, options.findsMixedRaces === true);
  }

  /** Gives the names back. */
  end(): void {
    this.machine.end();
  }

  /** Runs a schedule, and ends where it ends. Steps of threads that cannot move are left out. */
  follow(schedule: readonly number[]): JudgedRun {
    let next = 0;
    return this.run({
      begin: () => {
        next = 0;
      },
      choose: (_, enabled) => {
        while (next < schedule.length && (enabled & (1 << schedule[next]!)) === 0) next++;
        return next < schedule.length ? schedule[next++]! : -1;
      },
    });
  }

  /**
   * Runs the program once. The machine and the trail stay as the run left them until the next one.
   */
  run(chooser: Chooser): JudgedRun {
    // What is learned of buffers and loops in one run counts from the next on.
    for (;;) {
      this.runs++;
      this.trail.popTo(0);
      const run = this.#once(chooser);
      if (!this.machine.refresh()) return run;
    }
  }

  #once(chooser: Chooser): JudgedRun {
    const { machine, trail } = this;
    const outcome = new Outcome(machine, trail, this.#options, this.stepsMax);
    const points: number[] = [];
    let preemptions = 0;
    let last = -1;
    machine.restart();
    outcome.began();
    chooser.begin();
    const hasInvariants = machine.program.invariants !== undefined;
    if (hasInvariants) outcome.checkInvariants();
    let enabled = machine.enabled();
    while (enabled !== 0 && !outcome.isOver && machine.thrown === null) {
      if (points.length >= this.stepsMax) break;
      const t = chooser.choose(points.length, enabled, last);
      if (t < 0) return this.#result(outcome, points, preemptions, 'cut');
      if (last >= 0 && t !== last && (enabled & (1 << last)) !== 0) preemptions++;
      last = t;
      points.push(machine.points[t]!);
      this.#take(outcome, t);
      if (hasInvariants) outcome.checkInvariants();
      enabled = machine.enabled();
    }
    return this.#result(outcome, points, preemptions, null);
  }

  #take(outcome: Outcome, t: number): void {
    const { machine, trail } = this;
    const i = trail.length;
    trail.push(machine, t, machine.footprint(t));
    trail.note(machine, t, i);
    machine.step(t);
    trail.noteAfter(machine, i);
    const earlier = this.#options.findsRaces === false ? -1 : this.#detector.push();
    if (earlier >= 0) outcome.race(earlier);
  }

  #result(
    outcome: Outcome,
    points: readonly number[],
    preemptions: number,
    cut: 'cut' | null,
  ): JudgedRun {
    const { machine, trail } = this;
    const isTruncated = machine.enabled() !== 0 && machine.thrown === null;
    if (cut === null && !outcome.isOver) outcome.ended(isTruncated);
    const ending = cut ?? endingOf(machine, outcome.failure, isTruncated);
    const execution: Execution = {
      machine,
      trail,
      ending: ending === 'cut' || ending === 'failed' ? 'truncated' : ending,
      number: this.runs,
      failure: outcome.failure,
    };
    const { failure } = outcome;
    const finding = failure === null ? null : findingOf(failure, execution, points);
    return { schedule: outcome.schedule(), points, preemptions, finding, ending };
  }
}

function endingOf(
  machine: Machine,
  failure: ExplorationFailure | null,
  isTruncated: boolean,
): Ending | 'failed' {
  if (failure?.kind === 'deadlock') return 'deadlock';
  if (machine.live === 0 && machine.thrown === null) return 'complete';
  if (failure !== null) return 'failed';
  return isTruncated ? 'truncated' : 'parked';
}
