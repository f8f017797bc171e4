/** Random programs of several threads, each under a sample of its interleavings: the concurrent share of campaigns. */
import type { ExplorationFailure } from '../../../src/core/explore/report.ts';
import type { Operation, Program } from '../../../src/core/program.ts';
import { createIntegers, type Integers } from '../../../src/random/integers.ts';
import { deriveState, expandSeed } from '../../../src/random/seed.ts';
import { SYNC_MAP_RULES, type OperationName, type ProfileName } from '../rules.ts';
import type { SteppedEngine } from './engine.ts';
import { sampleMapProgram } from './explore.ts';
import { concurrentProgram } from './program.ts';

/** One run in so many is concurrent too. */
export const RUNS_PER_INTERLEAVED = 5;
/** Schedules of each. */
const SCHEDULES = 20;

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
  const program = drawProgram(draw, SYNC_MAP_RULES[profile].operations);
  const report = sampleMapProgram(program, engine, {
    profile,
    seed: `${seed}/${run}`,
    schedules: SCHEDULES,
  });
  const { steps, schedules: interleavings, failure } = report;
  return { program, steps, interleavings, failure };
}

/** Two to four threads, with up to nine operations in all, on up to three keys. */
function drawProgram(draw: Integers, operations: readonly OperationName[]): Program {
  let value = 100;
  const some = (count: number): Operation[] =>
    Array.from({ length: count }, () => {
      const op = operations[draw.below(operations.length)]!;
      return drawOperation(draw, op, value++);
    });
  const start = some(draw.below(4));
  // Most of the time there is something to meet on, half of the time in read.
  if (draw.below(4) > 0) start.push({ op: 'store', k: 1, v: value++ });
  if (draw.below(2) === 0) start.push({ op: 'range' });
  const threadCount = 2 + draw.below(3);
  const lengthMax = threadCount === 4 ? 2 : threadCount === 3 ? 3 : 4;
  const threads = Array.from({ length: threadCount }, () => some(1 + draw.below(lengthMax)));
  return concurrentProgram(start, threads);
}

function drawOperation(draw: Integers, op: OperationName, fresh: number): Operation {
  if (op === 'clear') return { op };
  if (op === 'range') return draw.below(4) === 0 ? { op, stop: 1 } : { op };
  const k = KEYS[draw.below(KEYS.length)]!;
  // A value written not long ago, so that compares succeed now and then.
  const old = Math.max(100, fresh - 1 - draw.below(4));
  switch (op) {
    case 'store':
    case 'swap':
    case 'loadOrStore':
      return { op, k, v: fresh };
    case 'compareAndSwap':
      return { op, k, old, v: fresh };
    case 'compareAndDelete':
      return { op, k, old };
    default:
      return { op, k };
  }
}
