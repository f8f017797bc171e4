/** Programs of plain functions get smaller in one way: whole threads are left out. */
import type { SteppedProgram, ThreadRun } from '../step.ts';
import { shrinkThreads, type ProgramShape, type ShrinkThreadsOptions } from './shrink-threads.ts';

/** A failing program with the threads that play no part in it left out. */
export interface WithoutThreads {
  /** Threads left out, 0-based, in order. They keep their numbers, so that a check finds its results. */
  readonly leftOut: readonly number[];
  readonly schedule: readonly number[];
  /** Steps and preemptions of the schedule that was given. */
  readonly before: { readonly steps: number; readonly preemptions: number };
}

/**
 * The program with some threads replaced by ones that end at once, with the result undefined.
 *
 * The other threads keep their numbers: results stand where the check looks for them.
 */
export function withoutThreads(
  program: SteppedProgram,
  leftOut: readonly number[],
): SteppedProgram {
  if (leftOut.length === 0) return program;
  const threads = program.threads.map((thread, t) => (leftOut.includes(t) ? nothing : thread));
  return { ...program, threads };
}

// eslint-disable-next-line require-yield
function* nothing(): ThreadRun {
  return undefined;
}

/** Leaves out as many threads as possible; `null` when the schedule does not fail. */
export function leaveOutThreads(
  program: SteppedProgram,
  schedule: readonly number[],
  options: ShrinkThreadsOptions = {},
): WithoutThreads | null {
  const shape: ProgramShape<readonly number[]> = {
    build: (leftOut) => ({ program: withoutThreads(program, leftOut) }),
    *candidates(leftOut) {
      for (let t = program.threads.length - 1; t >= 0; t--) {
        const isLast = leftOut.length + 2 > program.threads.length;
        if (!leftOut.includes(t) && !isLast) yield [...leftOut, t].sort((a, b) => a - b);
      }
    },
  };
  const shrunk = shrinkThreads(shape, [], schedule, options);
  if (shrunk === null) return null;
  const { program: leftOut, schedule: smaller, before } = shrunk;
  return { leftOut, schedule: smaller, before };
}
