/**
 * Replays a schedule against the map itself, so that a "yes" of the monitor rests on a linearization that was checked,
 * and finds the failed compares that this linearization does not explain.
 */
import * as branchFree from '../branch-free.ts';
import * as histories from '../history.ts';
import * as kinds from '../observation-kinds.ts';
import type { Observations } from '../observations.ts';
import * as pairTable from '../pair-table.ts';
import * as jobTable from './jobs.ts';
import type { Jobs } from './jobs.ts';
import * as surveys from './survey.ts';
import type { Survey } from './survey.ts';
import type { Schedule } from './sweep.ts';

// As in `chains.ts`: constants that the compiler knows.
const { isZero, max } = branchFree;
const { ABSENT, NEVER } = histories;
const { NOT, READ, WRITE } = kinds;
const { PAIR_CONSUMER, PAIR_END, PAIR_IN_CHAIN, PAIR_READ_CALL, PAIR_SHIFT, PAIR_START } =
  pairTable;
const { JOB_FIRST, JOB_KIND, JOB_PAIR, JOB_SLOT } = jobTable;
const { KEY_OPEN, KEY_UNDECIDED, KEY_VIOLATED } = surveys;

/** What a replay found. */
export interface ReplayResult {
  /** The keys whose schedule is no linearization: there are none, or the monitor is wrong. */
  readonly wrongKeys: readonly number[];
}

/**
 * Replays the keys that are KEY_OPEN. Keys with values that were seen, but never written, become KEY_VIOLATED; keys where
 * a failed compare saw nothing but the value it compared with become KEY_UNDECIDED. Cost: O(observations).
 */
export function replay(
  observations: Observations,
  facts: Survey,
  jobs: Jobs,
  schedule: Schedule,
): ReplayResult {
  const machine = new Replay(observations, facts, jobs);
  const { order, length } = schedule;
  for (let index = machine.runShort(order, 0, length); index < length;) {
    machine.run(order[index]!);
    index = machine.runShort(order, index + 1, length);
  }
  const { count } = observations;
  machine.openScrap();
  for (let at = machine.check(0); at < count; at = machine.check(at + 1)) machine.miss(at);
  machine.finish();
  return machine;
}

class Replay implements ReplayResult {
  readonly wrongKeys: number[] = [];
  readonly #observations: Observations;
  readonly #kind: Uint8Array;
  readonly #from: Int32Array;
  readonly #call: Int32Array;
  readonly #ret: Int32Array;
  readonly #pairs: Int32Array;
  readonly #facts: Survey;
  readonly #jobs: Int32Array;
  /** By key: the pair it holds now, and the slot of the last step. */
  readonly #current: Int32Array;
  readonly #now: Int32Array;
  /** By key: 1 where a step was wrong, and where a failed compare is not explained. */
  readonly #isWrong: Uint8Array;
  readonly #isDoubtful: Uint8Array;

  constructor(observations: Observations, facts: Survey, jobs: Jobs) {
    const { keyCount } = observations;
    this.#observations = observations;
    this.#kind = observations.kind;
    this.#from = observations.from;
    this.#call = observations.call;
    this.#ret = observations.ret;
    this.#pairs = observations.pairRecords;
    this.#facts = facts;
    this.#jobs = jobs.records;
    this.#current = new Int32Array(keyCount);
    this.#now = new Int32Array(keyCount).fill(-1);
    this.#isWrong = new Uint8Array(keyCount);
    this.#isDoubtful = new Uint8Array(keyCount);
  }

  /**
   * Runs jobs of one operation, from a place of the order on, as {@link Replay.run} does; stops at the first job that has
   * several, or that is wrong. One loop that calls nothing; see `plain-rows.ts`.
   */
  runShort(order: Int32Array, first: number, end: number): number {
    const jobs = this.#jobs;
    const pairs = this.#pairs;
    const kind = this.#kind;
    const from = this.#from;
    const call = this.#call;
    const ret = this.#ret;
    const currentOf = this.#current;
    const nowOf = this.#now;
    let index = first;
    for (; index < end; index++) {
      const job = order[index]!;
      const key = jobs[job + JOB_KIND]! >> 2;
      const writing = jobs[job + JOB_FIRST]!;
      const pair = jobs[job + JOB_PAIR]!;
      const slot = jobs[job + JOB_SLOT]! - 2;
      const record = pair << PAIR_SHIFT;
      if (writing < 0 || pairs[record + PAIR_CONSUMER] !== 0) break;
      const current = currentOf[key]!;
      const now = max(slot, call[writing]!);
      const isOther = ~isZero(kind[writing]! ^ WRITE) & (current ^ from[writing]!);
      if (isOther !== 0 || slot < nowOf[key]! || now >= ret[writing]!) break;
      // The record of ABSENT is scrap, so it may be written like others.
      pairs[(current << PAIR_SHIFT) + PAIR_END] = NEVER - now;
      pairs[record + PAIR_START] = now + 2;
      currentOf[key] = pair;
      nowOf[key] = max(now, pairs[record + PAIR_READ_CALL]! - 1);
    }
    return index;
  }

  /** Runs the job whose record is at a place. */
  run(job: number): void {
    const { kind, from, to, call, ret, pairRecords } = this.#observations;
    const key = this.#jobs[job + JOB_KIND]! >> 2;
    const slot = this.#jobs[job + JOB_SLOT]! - 2;
    let now = slot;
    let current = this.#current[key]!;
    let isRight = slot >= this.#now[key]!;
    let writing = this.#jobs[job + JOB_FIRST]!;
    let pair = this.#jobs[job + JOB_PAIR]!;
    for (;;) {
      if (writing >= 0) {
        now = max(now, call[writing]!);
        isRight &&= now < ret[writing]! && (kind[writing] === WRITE || current === from[writing]);
      }
      // The records of ABSENT are scrap: no branch is cheaper than one that cannot be foreseen.
      pairRecords[(current << PAIR_SHIFT) + PAIR_END] = NEVER - now;
      pairRecords[(pair << PAIR_SHIFT) + PAIR_START] = now + 2;
      current = pair;
      if (pair === ABSENT) break;
      now = max(now, pairRecords[(pair << PAIR_SHIFT) + PAIR_READ_CALL]! - 1);
      writing = pairRecords[(pair << PAIR_SHIFT) + PAIR_CONSUMER]! - 1;
      if (writing < 0) break;
      pair = to[writing]!;
    }
    if (!isRight) this.#isWrong[key] = 1;
    this.#current[key] = current;
    this.#now[key] = now;
  }

  /** Makes of the scrap record a value that was there on all keys at all times: what sees no value needs no branch then. */
  openScrap(): void {
    this.#pairs.fill(0, 0, 1 << PAIR_SHIFT);
    this.#pairs[PAIR_START] = 1;
  }

  /**
   * The first observation from `first` on for which there is no slot within its interval at which what it saw was there,
   * or for a failed compare, was not there. One loop that calls nothing; see `plain-rows.ts`.
   */
  check(first: number): number {
    const { count } = this.#observations;
    const pairs = this.#pairs;
    const kind = this.#kind;
    const from = this.#from;
    const call = this.#call;
    const ret = this.#ret;
    let at = first;
    for (; at < count; at++) {
      const record = from[at]! << PAIR_SHIFT;
      // From which slot on it was there, plus 1; -1 if it never was.
      const start = pairs[record + PAIR_START]! - 1;
      const end = NEVER - pairs[record + PAIR_END]!;
      if (kind[at] === NOT) {
        if (start >= 0 && record > 0 && start <= call[at]! && end >= ret[at]!) break;
      } else if ((start | (ret[at]! - start) | (end - call[at]!)) < 0) break;
    }
    return at;
  }

  /** Says what it means that an observation did not pass {@link Replay.check}. */
  miss(at: number): void {
    const { key, ret } = this.#observations;
    const { status, required } = this.#facts;
    const own = key[at]!;
    const kind = this.#kind[at]!;
    if (kind === NOT) this.#isDoubtful[own] = 1;
    if (kind === NOT || status[own] !== KEY_OPEN) return;
    if (kind !== READ && ret[at] === NEVER && !required.has(at)) return;
    // A value that is in no chain was never written, or its replacements form a ring.
    const record = this.#from[at]! << PAIR_SHIFT;
    if (this.#pairs[record + PAIR_IN_CHAIN] === 0) status[own] = KEY_VIOLATED;
    else this.#isWrong[own] = 1;
  }

  /** Names the keys that are wrong, and makes those undecided whose failed compares are not explained. */
  finish(): void {
    const { status } = this.#facts;
    for (let key = 0; key < status.length; key++) {
      if (this.#isWrong[key] === 1 && status[key] === KEY_OPEN) this.wrongKeys.push(key);
      if (this.#isDoubtful[key] === 1 && status[key] === KEY_OPEN) status[key] = KEY_UNDECIDED;
    }
  }
}
