/**
 * Makes a concurrent program small: what can be left out of it while it still fails in the same way
 * is left out.
 *
 * G1. What "smaller" means belongs to the caller, who lists candidates, the ones that gain most
 *     first, and builds each into a program that can be run. Candidates are tried in that order, and from the
 *     first that fails the list begins anew.
 * G2. A candidate that fails in every run that is tried is not taken where the original has runs
 *     that hold: a check that expects the result of a thread which is gone would fail for that
 *     alone. Failures that show in the middle of a run need no such test: whatever happens before
 *     a thread that was left out has moved can happen in the original too.
 */
import type { ExecutionJudge, FailureKind } from '../explore/report.ts';
import type { SteppedProgram } from '../step.ts';
import { fewestPreemptions } from './fewest-preemptions.ts';
import { isSameFailure, type Finding } from './finding.ts';
import { ScheduleRunner, type Chooser, type JudgedRun, type RunnerOptions } from './runner.ts';

/** A program ready to be run, with the judge of its runs where it has one. */
export interface BuiltProgram {
  readonly program: SteppedProgram;
  readonly judge?: ExecutionJudge;
  /** False for a program whose races are known of, and left aside. Default true. */
  readonly findsRaces?: boolean;
  /** The name of the property that a failure of this kind violates, where no judge gave it one. Default: the kind. */
  readonly propertyOf?: (kind: FailureKind) => string;
}

/** The name of the property that a failure of a built program violates. */
export function propertyOf(
  built: BuiltProgram,
  { kind, property }: { readonly kind: FailureKind; readonly property: string },
): string {
  return property === kind ? (built.propertyOf?.(kind) ?? kind) : property;
}

/** How a built program's runs are judged, as options of whatever runs it. */
export function judgingOf({
  judge,
  findsRaces,
}: BuiltProgram): Pick<RunnerOptions, 'judge' | 'findsRaces'> {
  return {
    ...(judge === undefined ? {} : { judge }),
    ...(findsRaces === undefined ? {} : { findsRaces }),
  };
}

/** A kind of program: how it gets smaller, and how it is run. */
export interface ProgramShape<Program> {
  /** Smaller programs, each a try: the ones that gain most first. */
  readonly candidates: (program: Program) => Iterable<Program>;
  readonly build: (program: Program) => BuiltProgram;
}

export interface ShrinkThreadsOptions extends RunnerOptions {
  /** Candidates to try at most. Default 200. */
  readonly attemptsMax?: number;
  /** Runs to look for the failure in each. Default 500. */
  readonly runsMax?: number;
}

/** A program that fails in the same way, and a schedule that shows it. */
export interface ShrunkThreads<Program> {
  readonly program: Program;
  readonly schedule: readonly number[];
  /** Steps and preemptions of the schedule that was given. */
  readonly before: { readonly steps: number; readonly preemptions: number };
  /** Candidates tried. */
  readonly attempts: number;
  /** False when the budget of candidates ended the work. */
  readonly isMinimal: boolean;
}

/** Shrinks a program that fails under a schedule; `null` when it does not. */
export function shrinkThreads<Program>(
  shape: ProgramShape<Program>,
  program: Program,
  schedule: readonly number[],
  options: ShrinkThreadsOptions = {},
): ShrunkThreads<Program> | null {
  const original = withRunner(shape.build(program), options, (runner) => runner.follow(schedule));
  if (original.finding === null) return null;
  const attemptsMax = options.attemptsMax ?? 200;
  const needsHolding =
    original.finding.shownBy === null && hasHolding(shape.build(program), options);
  const wanted: Wanted = { finding: original.finding, needsHolding };
  let best = { program, run: original };
  let attempts = 0;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const candidate of shape.candidates(best.program)) {
      if (attempts++ >= attemptsMax) break;
      const run = failureOf(shape.build(candidate), best.run, wanted, options);
      if (run === null) continue;
      best = { program: candidate, run };
      isSmaller = true;
      break;
    }
  }
  const isMinimal = attempts <= attemptsMax;
  const before = { steps: original.schedule.length, preemptions: original.preemptions };
  return { program: best.program, schedule: best.run.schedule, before, attempts, isMinimal };
}

interface Wanted {
  readonly finding: Finding;
  /** G2. */
  readonly needsHolding: boolean;
}

function withRunner<Result>(
  built: BuiltProgram,
  options: RunnerOptions,
  work: (runner: ScheduleRunner) => Result,
): Result {
  const runner = new ScheduleRunner(built.program, { ...options, ...judgingOf(built) });
  try {
    return work(runner);
  } finally {
    runner.end();
  }
}

/** A failing run of a candidate: under what is left of the known schedule, or found by search. */
function failureOf(
  program: BuiltProgram,
  known: JudgedRun,
  { finding, needsHolding }: Wanted,
  options: ShrinkThreadsOptions,
): JudgedRun | null {
  return withRunner(program, options, (runner) => {
    let holds = !needsHolding;
    const isWanted = (run: JudgedRun): boolean => {
      if (run.ending === 'complete' && run.finding === null) holds = true;
      return run.finding !== null && isSameFailure(run.finding, finding);
    };
    const followed = runner.run(followAndFinish(known.schedule));
    const isFailing = isWanted(followed);
    if (isFailing && holds) return followed;
    const runsMax = options.runsMax ?? 500;
    const search = fewestPreemptions(runner, isWanted, known.preemptions + 2, runsMax);
    return holds ? (isFailing ? followed : search.run) : null;
  });
}

/** Whether some run of the program holds, as far as a search finds one. */
function hasHolding(program: BuiltProgram, options: ShrinkThreadsOptions): boolean {
  return withRunner(program, options, (runner) => {
    const holds = (run: JudgedRun): boolean => run.ending === 'complete' && run.finding === null;
    return fewestPreemptions(runner, holds, 3, options.runsMax ?? 500).run !== null;
  });
}

/** Follows a schedule as far as it fits, then lets the lowest threads run to their ends. */
function followAndFinish(schedule: readonly number[]): Chooser {
  let next = 0;
  return {
    begin: () => {
      next = 0;
    },
    choose: (_, enabled) => {
      while (next < schedule.length) {
        const t = schedule[next++]!;
        if ((enabled & (1 << t)) !== 0) return t;
      }
      return 31 - Math.clz32(enabled & -enabled);
    },
  };
}
