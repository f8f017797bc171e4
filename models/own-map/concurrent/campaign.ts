/** Random programs of several threads on a user's map: the concurrent share of its campaigns. */
import type { Json } from '../../../src/core/program.ts';
import { createIntegers } from '../../../src/random/integers.ts';
import { deriveState, expandSeed } from '../../../src/random/seed.ts';
import {
  SCHEDULES_PER_INTERLEAVED,
  type InterleavedRun,
} from '../../sync-map/concurrent/campaign.ts';
import { drawConcurrentProgram } from '../../sync-map/concurrent/draw-program.ts';
import type { SteppedEngine } from '../../sync-map/concurrent/engine.ts';
import { sampleMapProgram } from '../../sync-map/concurrent/explore.ts';
import { operationsOfEngine } from './engine.ts';
import { renamed } from './explore.ts';

/** Samples interleavings of the program of run `run`; depends on the map, its name, keys, seed and run only. */
export function ownInterleavedRun(
  target: string,
  engine: SteppedEngine,
  keys: readonly [Json, Json],
  seed: string,
  run: number,
): InterleavedRun {
  const draw = createIntegers(deriveState(expandSeed(seed, `interleavings/own/${target}`), run));
  const program = drawConcurrentProgram(draw, operationsOfEngine(engine), keys);
  const { steps, schedules, failure, locationCount } = sampleMapProgram(program, engine, {
    watchesState: false,
    seed: `${seed}/${run}`,
    schedules: SCHEDULES_PER_INTERLEAVED,
  });
  // Operations without a step can be put in any order, so that anything seems to fail.
  const isShared = locationCount > 0;
  return {
    program,
    steps,
    interleavings: schedules,
    failure: failure === null || !isShared ? null : renamed(target, failure),
  };
}
