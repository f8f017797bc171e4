/**
 * Chains of values: v1 replaced by v2 replaced by v3 …, each replacement seen by the operation that made it.
 *
 * Nothing that reads or writes can act inside a chain but its own operations, and their order is forced: write v1, reads
 * of v1, replace by v2, reads of v2, … So a chain is one job of a scheduler. With F the earliest return and S the latest
 * call among its operations, a chain with S < F fits into one moment, any of S..F-1; a chain with F < S holds the key
 * from just before F to just after S, and nothing else may act then.
 *
 * A job is named by its first observation; the chain of an initial value by `count + key`.
 */
import { ABSENT, NEVER } from '../history.ts';
import { READ, WRITE, type Observations } from '../observations.ts';
import { INITIAL, KEY_OPEN, KEY_VIOLATED, NONE, type Survey } from './survey.ts';

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

/** The jobs of all keys and their agenda. */
export interface Jobs {
  /** By event. */
  readonly agenda: Int32Array;
  /** By job: SEE_ABSENT, USE_ABSENT, SET_ABSENT or SET_PRESENT. */
  readonly kind: Uint8Array;
  /** By job: the event before which it must have run, NEVER for optional ones; for a block, the event of its start. */
  readonly due: Int32Array;
  /** By job: the event at which a block ends, -1 for jobs that fit into one moment. */
  readonly blockEnd: Int32Array;
  /** By job: the first pair of the chain, ABSENT for a job of one observation without value. */
  readonly firstPair: Int32Array;
}

/** Builds the jobs. Keys whose chains contradict themselves become KEY_VIOLATED. Cost: O(observations + pairs). */
export function buildJobs(observations: Observations, facts: Survey): Jobs {
  const { count, keyCount, eventCount } = observations;
  const jobs: Jobs = {
    agenda: new Int32Array(eventCount),
    kind: new Uint8Array(count + keyCount),
    due: new Int32Array(count + keyCount),
    blockEnd: new Int32Array(count + keyCount).fill(-1),
    firstPair: new Int32Array(count + keyCount),
  };
  addSingles(observations, facts, jobs);
  const inChain = new Uint8Array(observations.pairCount);
  addChains(observations, facts, jobs, inChain);
  checkLoosePairs(observations, facts, inChain);
  return jobs;
}

/** Reads of ABSENT and blind deletions are jobs of their own. */
function addSingles(observations: Observations, facts: Survey, jobs: Jobs): void {
  const { count, kind, key, from, to, call, ret } = observations;
  for (let at = 0; at < count; at++) {
    const what = kind[at]!;
    const isSingle =
      (what === READ && from[at] === ABSENT) || (what === WRITE && to[at] === ABSENT);
    if (!isSingle || facts.status[key[at]!] !== KEY_OPEN) continue;
    jobs.kind[at] = what === READ ? SEE_ABSENT : SET_ABSENT;
    jobs.due[at] = ret[at]!;
    jobs.agenda[call[at]!] = at * 4 + ACTION_AVAILABLE + 1;
    if (ret[at] !== NEVER) jobs.agenda[ret[at]!] = at * 4 + ACTION_DUE + 1;
  }
}

function addChains(
  observations: Observations,
  facts: Survey,
  jobs: Jobs,
  inChain: Uint8Array,
): void {
  const { count, key, keyCount, kind, from, to, initial } = observations;
  const walk = new ChainWalk(observations, facts, inChain);
  for (let one = 0; one < keyCount; one++) {
    if (initial[one] === ABSENT || facts.status[one] !== KEY_OPEN) continue;
    if (!walk.run(initial[one]!)) facts.status[one] = KEY_VIOLATED;
    else addInitialChain(jobs, count + one, initial[one]!, walk);
  }
  for (let at = 0; at < count; at++) {
    if (to[at] === ABSENT || facts.isRequired[at] === 0) continue;
    const isHead = kind[at] === WRITE || from[at] === ABSENT;
    if (!isHead || facts.status[key[at]!] !== KEY_OPEN) continue;
    if (!walk.run(to[at]!)) {
      facts.status[key[at]!] = KEY_VIOLATED;
      continue;
    }
    const needsAbsent = kind[at] !== WRITE;
    jobs.kind[at] = needsAbsent
      ? walk.leavesAbsent
        ? SEE_ABSENT
        : USE_ABSENT
      : walk.leavesAbsent
        ? SET_ABSENT
        : SET_PRESENT;
    jobs.firstPair[at] = to[at]!;
    jobs.due[at] = walk.firstReturn;
    if (walk.lastCall < walk.firstReturn) {
      jobs.agenda[walk.lastCall] = at * 4 + ACTION_AVAILABLE + 1;
      if (walk.firstReturn !== NEVER) jobs.agenda[walk.firstReturn] = at * 4 + ACTION_DUE + 1;
    } else {
      jobs.blockEnd[at] = walk.lastCall;
      jobs.agenda[walk.firstReturn] = at * 4 + ACTION_BLOCK_START + 1;
      jobs.agenda[walk.lastCall] = at * 4 + ACTION_BLOCK_END + 1;
    }
  }
}

/** The chain of an initial value began before the first event: a block that is open from the start, or no job at all. */
function addInitialChain(jobs: Jobs, job: number, pair: number, walk: ChainWalk): void {
  jobs.kind[job] = walk.leavesAbsent ? SET_ABSENT : SET_PRESENT;
  jobs.firstPair[job] = pair;
  jobs.due[job] = -1;
  if (walk.lastCall < 0) return;
  jobs.blockEnd[job] = walk.lastCall;
  jobs.agenda[walk.lastCall] = job * 4 + ACTION_BLOCK_END + 1;
}

/** A value that was seen, but is in no chain, was never written, or its replacements form a ring. */
function checkLoosePairs(observations: Observations, facts: Survey, inChain: Uint8Array): void {
  const { count, kind, key, from } = observations;
  for (let at = 0; at < count; at++) {
    const isSeen = kind[at] === READ || facts.isRequired[at] === 1;
    if (!isSeen || from[at] === ABSENT || inChain[from[at]!] === 1) continue;
    if (facts.status[key[at]!] === KEY_OPEN) facts.status[key[at]!] = KEY_VIOLATED;
  }
}

/** Goes along one chain; the fields hold what it found. */
class ChainWalk {
  /** F: the earliest return. */
  firstReturn: number = NEVER;
  /** S: the latest call. */
  lastCall: number = -1;
  leavesAbsent: boolean = false;
  readonly #observations: Observations;
  readonly #facts: Survey;
  readonly #inChain: Uint8Array;

  constructor(observations: Observations, facts: Survey, inChain: Uint8Array) {
    this.#observations = observations;
    this.#facts = facts;
    this.#inChain = inChain;
  }

  /** Walks from the first pair; false where an operation would have to act before its call or after its return. */
  run(first: number): boolean {
    const { call, ret, to } = this.#observations;
    const { writer, consumer, firstReadReturn, lastReadCall } = this.#facts;
    let low = -1;
    let firstReturn = NEVER;
    let writing = writer[first]!;
    let pair = first;
    this.leavesAbsent = false;
    for (;;) {
      if (writing !== INITIAL) {
        if (call[writing]! > low) low = call[writing]!;
        if (low >= ret[writing]!) return false;
        if (ret[writing]! < firstReturn) firstReturn = ret[writing]!;
      } else firstReturn = -1;
      if (pair === ABSENT) {
        this.leavesAbsent = true;
        break;
      }
      this.#inChain[pair] = 1;
      if (lastReadCall[pair]! >= 0) {
        if (low >= firstReadReturn[pair]!) return false;
        if (lastReadCall[pair]! > low) low = lastReadCall[pair]!;
        if (firstReadReturn[pair]! < firstReturn) firstReturn = firstReadReturn[pair]!;
      }
      writing = consumer[pair]!;
      if (writing === NONE) break;
      pair = to[writing]!;
    }
    this.lastCall = low;
    this.firstReturn = firstReturn;
    return true;
  }
}
