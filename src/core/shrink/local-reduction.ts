/**
 * Takes preemptions out of one failing schedule, where there are too many schedules to search them
 * all: each time a thread was interrupted, it is tried to let it go on first, or to let the other
 * one finish first.
 */
import { isSameFailure, type Finding } from './finding.ts';
import { normalForm } from './normal-form.ts';
import type { JudgedRun, ScheduleRunner } from './runner.ts';

/** Returns a run that is no worse, and shows the same failure. Cost: at most `runsMax` runs. */
export function reducePreemptions(
  runner: ScheduleRunner,
  start: JudgedRun,
  original: Finding,
  runsMax: number,
): JudgedRun {
  let best = start;
  let runsLeft = runsMax;
  for (let isBetter = true; isBetter && runsLeft > 0;) {
    isBetter = false;
    for (const schedule of variantsOf(best.schedule)) {
      if (runsLeft-- <= 0) break;
      const run = followNormal(runner, schedule, original);
      if (run === null || !isSmaller(run, best)) continue;
      best = run;
      isBetter = true;
      break;
    }
  }
  return best;
}

/** Runs a schedule in its normal form; `null` when it does not show the failure. */
export function followNormal(
  runner: ScheduleRunner,
  schedule: readonly number[],
  original: Finding,
): JudgedRun | null {
  const run = runner.follow(schedule);
  if (run.finding === null || !isSameFailure(run.finding, original)) return null;
  const normal = runner.follow(normalForm(runner, run.finding));
  // A judge may need more of the run than it said; then the run stays as it is.
  if (normal.finding === null || !isSameFailure(normal.finding, original)) {
    return runner.follow(schedule);
  }
  return normal;
}

/** Fewer preemptions, then fewer steps, then fewer switches, then the first threads first. */
export function isSmaller(left: JudgedRun, right: JudgedRun): boolean {
  const order =
    left.preemptions - right.preemptions ||
    left.schedule.length - right.schedule.length ||
    switchesOf(left.schedule) - switchesOf(right.schedule) ||
    compareThreads(left.schedule, right.schedule);
  return order < 0;
}

function compareThreads(left: readonly number[], right: readonly number[]): number {
  const at = left.findIndex((thread, i) => thread !== right[i]);
  return at < 0 ? 0 : left[at]! - right[at]!;
}

/** Positions at which another thread moves than before. */
export function switchesOf(schedule: readonly number[]): number {
  let switches = 0;
  for (let i = 1; i < schedule.length; i++) if (schedule[i] !== schedule[i - 1]) switches++;
  return switches;
}

interface Segment {
  readonly thread: number;
  readonly count: number;
}

/** Each block of steps of one thread moved to the thread's block before it, or after it. */
function* variantsOf(schedule: readonly number[]): Generator<number[]> {
  const segments: Segment[] = [];
  for (const thread of schedule) {
    const last = segments.at(-1);
    if (last?.thread === thread) segments[segments.length - 1] = { thread, count: last.count + 1 };
    else segments.push({ thread, count: 1 });
  }
  for (let i = 0; i < segments.length; i++) {
    const later = segments.findIndex((other, j) => j > i && other.thread === segments[i]!.thread);
    if (later < 0) continue;
    const without = segments.toSpliced(later, 1);
    yield flatten(without.toSpliced(i + 1, 0, segments[later]!));
    yield flatten(segments.toSpliced(later, 0, segments[i]!).toSpliced(i, 1));
  }
}

function flatten(segments: readonly Segment[]): number[] {
  return segments.flatMap(({ thread, count }) => new Array<number>(count).fill(thread));
}
