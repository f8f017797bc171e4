/**
 * The near-linear monitor: decides every key whose values identify their writes, all in one sweep.
 *
 * Its "yes" is a linearization that was replayed; its "no" needs no failed compare, since those only restrict further.
 * Keys that it cannot decide are left to the search: values written twice, appends, failed compares that the
 * linearization found does not explain, and pending conditional deletions that might have helped.
 */
import { InternalError } from '../../../errors.ts';
import type { Observations } from '../observations.ts';
import type { Scratch } from '../scratch.ts';
import { buildJobs } from './chains.ts';
import { replay } from './replay.ts';
import { KEY_UNDECIDED, KEY_VIOLATED, survey } from './survey.ts';
import { sweep } from './sweep.ts';

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
  const facts = survey(observations);
  const jobs = buildJobs(observations, facts, scratch);
  const { status, isLenient } = facts;
  const schedule = sweep(observations, jobs, status, scratch);
  const wrongKeys = replay(observations, facts, jobs, schedule);
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

export { KEY_UNDECIDED, KEY_VIOLATED };
