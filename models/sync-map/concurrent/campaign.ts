/** Random programs of several threads, each under a sample of its interleavings: the concurrent share of campaigns. */
import type { ExplorationFailure } from '../../../src/core/explore/report.ts';
import type { Program } from '../../../src/core/program.ts';
import { createIntegers } from '../../../src/random/integers.ts';
import { deriveState, expandSeed } from '../../../src/random/seed.ts';
import { SYNC_MAP_RULES, type ProfileName } from '../rules.ts';
import { drawConcurrentProgram } from './draw-program.ts';
import type { SteppedEngine } from './engine.ts';
import { sampleMapProgram } from './explore.ts';

/** One run in so many is concurrent too. */
export const RUNS_PER_INTERLEAVED = 5;
/** Schedules of each. */
export const SCHEDULES_PER_INTERLEAVED = 20;

/** Keys to draw from; most operations meet on one. */
const KEYS: readonly number[] = [1, 1, 1, 1, 2, 2, 3];

/** What the interleavings of one run came to. */
export interface InterleavedRun {
  readonly program: Program;
  readonly steps: number;
  readonly interleavings: number;
  readonly failure: ExplorationFailure | null;
}

/** Samples interleavings of the program of run `run`; depends on seed, target, profile and run only. */
export function interleavedRun(
  engine: SteppedEngine,
  profile: ProfileName,
  seed: string,
  run: number,
): InterleavedRun {
  const draw = createIntegers(deriveState(expandSeed(seed, `interleavings/${profile}`), run));
  const program = drawConcurrentProgram(draw, SYNC_MAP_RULES[profile].operations, KEYS);
  const report = sampleMapProgram(program, engine, {
    profile,
    seed: `${seed}/${run}`,
    schedules: SCHEDULES_PER_INTERLEAVED,
  });
  const { steps, schedules: interleavings, failure } = report;
  return { program, steps, interleavings, failure };
}
