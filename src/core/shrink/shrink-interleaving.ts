/**
 * Makes a failing interleaving small and readable: the fewest preemptions that can be found, then
 * nothing that does not lead to the failure, then independent steps in order of threads.
 */
import type { SteppedProgram } from '../step.ts';
import { fewestPreemptions } from './fewest-preemptions.ts';
import { isSameFailure, type Finding } from './finding.ts';
import { followNormal, isSmaller, reducePreemptions, switchesOf } from './local-reduction.ts';
import { necessaryOrderings, type NecessaryOrderings } from './necessary-orderings.ts';
import { ScheduleRunner, type JudgedRun, type RunnerOptions } from './runner.ts';

export interface ShrinkInterleavingOptions extends RunnerOptions {
  /**
   * Runs to spend on the search for fewer preemptions. Default 5,000; with 0 the class stays as it
   * is, and only its normal form is looked for.
   */
  readonly runsMax?: number;
}

/** A failing interleaving, made small. */
export interface ShrunkInterleaving {
  readonly schedule: readonly number[];
  readonly finding: Finding;
  readonly preemptions: number;
  /** Positions at which another thread moves than before. */
  readonly switches: number;
  /** Whether every schedule with fewer preemptions was run, and none failed in this way. */
  readonly isFewest: boolean;
  readonly orderings: NecessaryOrderings;
  /** Steps and preemptions of the schedule that was given. */
  readonly before: { readonly steps: number; readonly preemptions: number };
  /** Runs it took. */
  readonly runs: number;
}

/**
 * Shrinks a failing schedule; `null` when it does not fail, as when the checked code is not
 * deterministic.
 *
 * Determinism: depends on program, schedule and options alone. Cost: at most `runsMax` runs for the
 * preemptions and some dozens for the rest.
 */
export function shrinkInterleaving<Shared>(
  program: SteppedProgram<Shared>,
  schedule: readonly number[],
  options: ShrinkInterleavingOptions = {},
): ShrunkInterleaving | null {
  const runner = new ScheduleRunner(program as SteppedProgram, options);
  try {
    return shrink(runner, schedule, options.runsMax ?? 5_000);
  } finally {
    runner.end();
  }
}

function shrink(
  runner: ScheduleRunner,
  schedule: readonly number[],
  runsMax: number,
): ShrunkInterleaving | null {
  const given = runner.follow(schedule);
  const original = given.finding;
  if (original === null) return null;
  const start = followNormal(runner, schedule, original) ?? given;
  const { run, isFewest } = reduce(runner, start, original, runsMax);
  // Once more, for the trail to be this run's.
  const final = runner.follow(run.schedule);
  const orderings = necessaryOrderings(runner, final, original);
  return {
    schedule: run.schedule,
    finding: run.finding!,
    preemptions: run.preemptions,
    switches: switchesOf(run.schedule),
    isFewest,
    orderings,
    before: { steps: given.schedule.length, preemptions: given.preemptions },
    runs: runner.runs,
  };
}

function reduce(
  runner: ScheduleRunner,
  start: JudgedRun,
  original: Finding,
  runsMax: number,
): { run: JudgedRun; isFewest: boolean } {
  if (runsMax === 0) return { run: start, isFewest: start.preemptions === 0 };
  const isWanted = ({ finding }: JudgedRun): boolean =>
    finding !== null && isSameFailure(finding, original);
  // The level of the start itself is searched too: it may have a shorter failure.
  const found = fewestPreemptions(runner, isWanted, start.preemptions + 1, runsMax);
  let best = start;
  if (found.run !== null) {
    const normal = followNormal(runner, found.run.schedule, original);
    if (normal !== null && isSmaller(normal, best)) best = normal;
  }
  if (found.levelsDone < best.preemptions) {
    best = reducePreemptions(runner, best, original, Math.max(200, runsMax >> 3));
  }
  return { run: best, isFewest: found.levelsDone >= best.preemptions };
}
