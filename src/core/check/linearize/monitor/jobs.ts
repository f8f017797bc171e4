/** What the scheduler has to run: chains of values, each a job, and the events at which something is to be done. */
import type { Observations } from '../observations.ts';
import type { Scratch } from '../scratch.ts';

/** Needs ABSENT and leaves ABSENT. */
export const SEE_ABSENT = 0;
/** Needs ABSENT and leaves a value. */
export const USE_ABSENT = 1;
/** Needs nothing and leaves ABSENT. */
export const SET_ABSENT = 2;
/** Needs nothing and leaves a value. */
export const SET_PRESENT = 3;

/** What happens at an event: `job * 4 + action + 1`, or 0 for nothing. */
export const ACTION_AVAILABLE = 0;
export const ACTION_DUE = 1;
export const ACTION_BLOCK_START = 2;
export const ACTION_BLOCK_END = 3;

/** `job << JOB_SHIFT` is where a job's record begins: one line of the processor's cache holds it. */
export const JOB_SHIFT = 3;
/** Offset: the observation it begins with, -1 for the chain of an initial value. */
export const JOB_FIRST = 0;
/** Offset: `key * 4 + kind`, the kind being SEE_ABSENT, USE_ABSENT, SET_ABSENT or SET_PRESENT. */
export const JOB_KIND = 1;
/** Offset: the event before which it must have run, NEVER for optional ones; for a block, the event of its start. */
export const JOB_DUE = 2;
/** Offset: the event at which a block ends, -1 for jobs that fit into one moment. */
export const JOB_BLOCK_END = 3;
/** Offset: the first pair of the chain, ABSENT for a job without value. */
export const JOB_PAIR = 4;
/** Offset, for the sweep: next in its list, or sibling in its heap, plus 1. */
export const JOB_NEXT = 5;
/** Offset, for the sweep: first child in its heap, plus 1. */
export const JOB_CHILD = 6;
/** Offset, for the sweep: the slot it ran at plus 2, for a block that of its start; 0 if it did not run. */
export const JOB_SLOT = 7;

/** The jobs of all keys and their agenda. */
export class Jobs {
  /** By event. */
  readonly agenda: Int32Array;
  /** By job, {@link JOB_SHIFT}: first the chains of initial values, by key, then the others by call. */
  readonly records: Int32Array;
  count: number = 0;
  /** Jobs below this are chains of initial values. */
  initialCount: number = 0;

  constructor({ count, keyCount, eventCount }: Observations, scratch: Scratch) {
    this.agenda = scratch.agenda.takeZeros(eventCount);
    this.records = scratch.jobs.take((count + keyCount) << JOB_SHIFT);
  }
}
