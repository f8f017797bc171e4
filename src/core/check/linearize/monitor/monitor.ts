/**
 * The near-linear monitor: decides every key whose values identify their writes, all in one sweep.
 *
 * Its "yes" is a linearization that was replayed; its "no" needs no failed compare, since those only restrict further.
 * Keys that it cannot decide are left to the search: values written twice, appends, failed compares that the
 * linearization found does not explain, and pending conditional deletions that might have helped.
 */
import { InternalError } from '../../../errors.ts';
import { emptyHistory } from '../history.ts';
import { observe, type Observations } from '../observations.ts';
import { Scratch } from '../scratch.ts';
import { buildJobs } from './chains.ts';
import type { Jobs } from './jobs.ts';
import { replay, type ReplayResult } from './replay.ts';
import { KEY_UNDECIDED, KEY_VIOLATED, survey, type Survey } from './survey.ts';
import { sweep, type Schedule } from './sweep.ts';

/** By key: KEY_OPEN where it is linearizable, KEY_VIOLATED where not, KEY_UNDECIDED where the search must say. */
export interface MonitorResult {
  readonly status: Uint8Array;
}

/**
 * Judges all keys. Cost: O(n log c) for n observations of which at most c are open at a time; memory O(n).
 *
 * @throws InternalError E-INTERNAL-HISTORY if a linearization it found does not replay.
 */
export function monitor(observations: Observations, scratch: Scratch): MonitorResult {
  kept ??= run(observe(emptyHistory()), new Scratch());
  const { facts, replayed } = run(observations, scratch);
  const { status, isLenient } = facts;
  const { wrongKeys } = replayed;
  if (wrongKeys.length > 0) {
    throw new InternalError(`the linearization of key ${wrongKeys[0]} does not replay`, {
      code: 'E-INTERNAL-HISTORY',
      todo: 'Judge the history with --algorithm search, and report it.',
    });
  }
  for (let key = 0; key < status.length; key++) {
    if (status[key] === KEY_VIOLATED && isLenient[key] === 1) status[key] = KEY_UNDECIDED;
  }
  return { status };
}

/** All objects of one run. */
interface Run {
  readonly observations: Observations;
  readonly facts: Survey;
  readonly jobs: Jobs;
  readonly schedule: Schedule;
  readonly replayed: ReplayResult;
}

/**
 * One run over nothing, kept alive. The engine drops what it compiled for objects of a class as soon as a collection finds
 * none alive; the next judgement would take several times as long.
 */
let kept: Run | null = null;

function run(observations: Observations, scratch: Scratch): Run {
  const facts = survey(observations);
  const jobs = buildJobs(observations, facts, scratch);
  const schedule = sweep(observations, jobs, facts.status, scratch);
  const replayed = replay(observations, facts, jobs, schedule);
  return { observations, facts, jobs, schedule, replayed };
}

export { KEY_UNDECIDED, KEY_VIOLATED };
