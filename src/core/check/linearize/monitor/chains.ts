/**
 * Chains of values: v1 replaced by v2 replaced by v3 …, each replacement seen by the operation that made it.
 *
 * Nothing that reads or writes can act inside a chain but its own operations, and their order is forced: write v1, reads
 * of v1, replace by v2, reads of v2, … So a chain is one job of a scheduler. With F the earliest return and S the latest
 * call among its operations, a chain with S < F fits into one moment, any of S..F-1; a chain with F < S holds the key
 * from just before F to just after S, and nothing else may act then. A read of ABSENT and a blind deletion are chains of
 * one operation.
 */
import { ABSENT, NEVER } from '../history.ts';
import { MODIFY, NOT, WRITE, type Observations } from '../observations.ts';
import {
  PAIR_CONSUMER,
  PAIR_IN_CHAIN,
  PAIR_READ_CALL,
  PAIR_READ_RETURN,
  PAIR_SHIFT,
} from '../pair-table.ts';
import { isZero, max, min } from '../branch-free.ts';
import type { Scratch } from '../scratch.ts';
import { KEY_OPEN, KEY_VIOLATED, type Survey } from './survey.ts';

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

/** Builds the jobs. Keys whose chains contradict themselves become KEY_VIOLATED. Cost: O(observations). */
export function buildJobs(observations: Observations, facts: Survey, scratch: Scratch): Jobs {
  const { count, pairRecords } = observations;
  const { status } = facts;
  const jobs = new Jobs(observations, scratch);
  // The scrap record, read as that of ABSENT: no reads, no replacement.
  pairRecords.fill(0, 0, 1 << PAIR_SHIFT);
  addInitialChains(observations, status, jobs);
  for (let at = addStarts(observations, status, jobs, 0); at < count;) {
    addPending(observations, facts, jobs, at);
    at = addStarts(observations, status, jobs, at + 1);
  }
  const long = scratch.order.take(jobs.count);
  const longCount = planShortChains(pairRecords, status, jobs, long);
  for (let index = 0; index < longCount; index++) {
    if (!planLongChain(observations, jobs, long[index]!)) violate(status, jobs, long[index]!);
  }
  return jobs;
}

/** The chain of an initial value began before the first event: a block that is open from the start, or no job at all. */
function addInitialChains(observations: Observations, status: Uint8Array, jobs: Jobs): void {
  const { initial, keyCount } = observations;
  for (let key = 0; key < keyCount; key++) {
    if (initial[key] === ABSENT || status[key] !== KEY_OPEN) continue;
    const record = addJob(jobs, -1, key * 4 + SET_ABSENT, initial[key]!);
    jobs.records[record + JOB_DUE] = -1;
    jobs.records[record + JOB_BLOCK_END] = -1;
    if (!planLongChain(observations, jobs, record)) violate(status, jobs, record);
  }
  jobs.initialCount = jobs.count;
}

/**
 * Adds a job for each observation that begins a chain: all that neither see nor replace a value. Until the chains are
 * planned, the kind of a job says only what it needs, `due` is the return and `block end` the call of the observation.
 *
 * Stops at operations that never returned; returns where, or the count of observations. Without branches on the
 * operation, as in `plain-rows.ts`.
 */
function addStarts(
  observations: Observations,
  status: Uint8Array,
  jobs: Jobs,
  first: number,
): number {
  const { count, kind, key, from, to, call, ret } = observations;
  const { records } = jobs;
  let record = jobs.count << JOB_SHIFT;
  let at = first;
  for (; at < count; at++) {
    const returned = ret[at]!;
    if (returned === NEVER) break;
    const what = kind[at]!;
    const own = key[at]!;
    const pair = to[at]!;
    records[record + JOB_FIRST] = at;
    records[record + JOB_KIND] = own * 4 + neededKind(what);
    records[record + JOB_DUE] = returned;
    records[record + JOB_BLOCK_END] = call[at]!;
    records[record + JOB_PAIR] = pair;
    const isOther = isZero(what ^ NOT) | (isZero(what ^ MODIFY) & isZero(pair));
    record += isZero(from[at]!) & isZero(status[own]!) & ~isOther & (1 << JOB_SHIFT);
  }
  jobs.count = record >> JOB_SHIFT;
  return at;
}

/** Of operations that never returned, those that must have acted begin chains, and blind deletions may act. */
function addPending(observations: Observations, facts: Survey, jobs: Jobs, at: number): void {
  const { kind, key, from, to, call, ret } = observations;
  if (facts.status[key[at]!] !== KEY_OPEN || from[at] !== ABSENT) return;
  if (to[at] === ABSENT ? kind[at] !== WRITE : !facts.required.has(at)) return;
  const record = addJob(jobs, at, key[at]! * 4 + neededKind(kind[at]!), to[at]!);
  jobs.records[record + JOB_DUE] = ret[at]!;
  jobs.records[record + JOB_BLOCK_END] = call[at]!;
}

function addJob(jobs: Jobs, first: number, kind: number, pair: number): number {
  const record = jobs.count++ << JOB_SHIFT;
  jobs.records[record + JOB_FIRST] = first;
  jobs.records[record + JOB_KIND] = kind;
  jobs.records[record + JOB_PAIR] = pair;
  return record;
}

/** Plans the chains of one value or none; puts the places of the others into `long` and returns how many they are. */
function planShortChains(
  pairs: Int32Array,
  status: Uint8Array,
  jobs: Jobs,
  long: Int32Array,
): number {
  const { records, agenda } = jobs;
  const end = jobs.count << JOB_SHIFT;
  let longCount = 0;
  for (let job = jobs.initialCount << JOB_SHIFT; job < end; job += 1 << JOB_SHIFT) {
    const pair = records[job + JOB_PAIR]! << PAIR_SHIFT;
    if (pairs[pair + PAIR_CONSUMER] !== 0) {
      long[longCount++] = job;
      continue;
    }
    const called = records[job + JOB_BLOCK_END]!;
    const readReturn = NEVER - pairs[pair + PAIR_READ_RETURN]!;
    if (called >= readReturn) status[records[job + JOB_KIND]! >> 2] = KEY_VIOLATED;
    pairs[pair + PAIR_IN_CHAIN] = 1;
    const lastCall = max(called, pairs[pair + PAIR_READ_CALL]! - 1);
    const firstReturn = min(records[job + JOB_DUE]!, readReturn);
    records[job + JOB_KIND] = records[job + JOB_KIND]! + 1 + isZero(pair);
    plan(records, agenda, job, firstReturn, lastCall);
  }
  return longCount;
}

/** Goes along a chain and plans it; false where an operation would have to act before its call or after its return. */
function planLongChain(observations: Observations, jobs: Jobs, job: number): boolean {
  const { call, ret, to, pairRecords } = observations;
  const { records, agenda } = jobs;
  let lastCall = records[job + JOB_BLOCK_END]!;
  let firstReturn = records[job + JOB_DUE]!;
  let pair = records[job + JOB_PAIR]!;
  while (pair !== ABSENT) {
    const record = pair << PAIR_SHIFT;
    pairRecords[record + PAIR_IN_CHAIN] = 1;
    const readReturn = NEVER - pairRecords[record + PAIR_READ_RETURN]!;
    if (lastCall >= readReturn) return false;
    lastCall = max(lastCall, pairRecords[record + PAIR_READ_CALL]! - 1);
    firstReturn = min(firstReturn, readReturn);
    const consumer = pairRecords[record + PAIR_CONSUMER]! - 1;
    if (consumer < 0) break;
    lastCall = max(lastCall, call[consumer]!);
    if (lastCall >= ret[consumer]!) return false;
    firstReturn = min(firstReturn, ret[consumer]!);
    pair = to[consumer]!;
  }
  records[job + JOB_KIND] = records[job + JOB_KIND]! + 1 + isZero(pair);
  plan(records, agenda, job, firstReturn, lastCall);
  return true;
}

/** Enters what was found of a chain: into the job whose record is at a place, and into the agenda. */
function plan(
  records: Int32Array,
  agenda: Int32Array,
  job: number,
  firstReturn: number,
  lastCall: number,
): void {
  // -1 for a block, else 0. The chain of an initial value that ended before the first event is neither, but done.
  const isBlock = ~((lastCall - firstReturn) >> 31);
  const entry = (job >> (JOB_SHIFT - 2)) + 1;
  records[job + JOB_DUE] = firstReturn;
  records[job + JOB_BLOCK_END] = lastCall | ~isBlock;
  records[job + JOB_NEXT] = 0;
  records[job + JOB_CHILD] = 0;
  records[job + JOB_SLOT] = 0;
  if (lastCall >= 0) agenda[lastCall] = entry + (isBlock & ACTION_BLOCK_END);
  if (firstReturn >= 0 && firstReturn < NEVER) agenda[firstReturn] = entry + ACTION_DUE - isBlock;
}

function violate(status: Uint8Array, { records }: Jobs, job: number): void {
  status[records[job + JOB_KIND]! >> 2] = KEY_VIOLATED;
}

/** What an observation needs at the start of a chain: a blind write nothing, all others ABSENT. */
function neededKind(kind: number): number {
  return isZero(kind ^ WRITE) & SET_ABSENT;
}
