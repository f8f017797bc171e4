/**
 * Chains of values: v1 replaced by v2 replaced by v3 …, each replacement seen by the operation that made it.
 *
 * Nothing that reads or writes can act inside a chain but its own operations, and their order is forced: write v1, reads
 * of v1, replace by v2, reads of v2, … So a chain is one job of a scheduler. With F the earliest return and S the latest
 * call among its operations, a chain with S < F fits into one moment, any of S..F-1; a chain with F < S holds the key
 * from just before F to just after S, and nothing else may act then. A read of ABSENT and a blind deletion are chains of
 * one operation.
 */
import * as branchFree from '../branch-free.ts';
import * as histories from '../history.ts';
import * as kinds from '../observation-kinds.ts';
import type { Observations } from '../observations.ts';
import * as pairTable from '../pair-table.ts';
import type { Scratch } from '../scratch.ts';
import * as jobTable from './jobs.ts';
import { Jobs } from './jobs.ts';
import * as surveys from './survey.ts';
import type { Survey } from './survey.ts';

// The compiler takes constants of a module as such; those that are imported would be read from memory each time.
const { isZero, max, min } = branchFree;
const { ABSENT, NEVER } = histories;
const { MODIFY, NOT, WRITE } = kinds;
const { PAIR_CONSUMER, PAIR_IN_CHAIN, PAIR_READ_CALL, PAIR_READ_RETURN, PAIR_SHIFT } = pairTable;
const { ACTION_BLOCK_END, ACTION_DUE, SET_ABSENT } = jobTable;
const { JOB_BLOCK_END, JOB_CHILD, JOB_DUE, JOB_FIRST, JOB_KIND } = jobTable;
const { JOB_NEXT, JOB_PAIR, JOB_SHIFT, JOB_SLOT } = jobTable;
const { KEY_OPEN, KEY_VIOLATED } = surveys;

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
  // -1 for a block, else 0. What lies before the first event, of an initial value, is not in the agenda.
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
