/**
 * The greedy scheduler: one pass over the events, all keys at once.
 *
 * Each key is in one of two states, absent or present, and no job needs presence; so absent is never the worse state, and
 * running jobs as late as they allow is never wrong. A move that costs nothing is made at once: a SEE_ABSENT while absent;
 * a SET_PRESENT while present, or just before something that overwrites; one USE_ABSENT just before something that
 * overwrites an absent key. Everything else waits for its deadline.
 *
 * S1: a job runs at one slot of its window; slot e is between event e and event e + 1.
 * S2: listed SET_PRESENT jobs exist only while the key is absent, listed SEE_ABSENT jobs only while it is present.
 * S3: while a block holds a key no other job of the key runs; jobs that become available wait for its end.
 *
 * Cost: O(events x log open operations). Nothing is allocated while sweeping.
 */
import type { Observations } from '../observations.ts';
import type { Scratch } from '../scratch.ts';
import * as jobTable from './jobs.ts';
import type { Jobs } from './jobs.ts';
import * as surveys from './survey.ts';

// As in `chains.ts`: constants that the compiler knows.
const { ACTION_AVAILABLE, ACTION_BLOCK_START, ACTION_DUE } = jobTable;
const { SEE_ABSENT, SET_ABSENT, SET_PRESENT, USE_ABSENT } = jobTable;
const { JOB_BLOCK_END, JOB_CHILD, JOB_DUE, JOB_KIND, JOB_NEXT, JOB_SHIFT, JOB_SLOT } = jobTable;
const { KEY_OPEN, KEY_VIOLATED } = surveys;

/** `key << KEY_SHIFT` is where a key's record begins. */
const KEY_SHIFT = 3;
/** Offset: 1 while the key has a value. */
const IS_PRESENT = 0;
/** Offset: 1 while a block holds the key. */
const IS_HELD = 1;
/** Offset: 1 where nothing is to be scheduled (any more). */
const IS_CLOSED = 2;
/**
 * Offset, with the kind of job added: the available jobs of a kind, as the first record's place plus 1; 0 for none. Those
 * that see or set presence are lists, those that use or set absence heaps by deadline.
 */
const AVAILABLE_JOBS = 3;
/** Offset: the list of jobs that became available while a block holds the key. */
const DEFERRED_JOBS = 7;

const SEE_ABSENT_LIST = AVAILABLE_JOBS + SEE_ABSENT;
const USE_ABSENT_HEAP = AVAILABLE_JOBS + USE_ABSENT;
const SET_ABSENT_HEAP = AVAILABLE_JOBS + SET_ABSENT;
const SET_PRESENT_LIST = AVAILABLE_JOBS + SET_PRESENT;

/** The order in which the jobs ran: the witness of a "yes". The jobs' records say at which slot. */
export interface Schedule {
  /** Places of the jobs' records, in the order the jobs ran, `length` of them. */
  readonly order: Int32Array;
  readonly length: number;
}

/** Schedules the jobs of all keys whose status is KEY_OPEN; keys without schedule become KEY_VIOLATED. */
export function sweep(
  { eventCount }: Observations,
  jobs: Jobs,
  status: Uint8Array,
  scratch: Scratch,
): Schedule {
  const machine = new Sweep(jobs, status, scratch);
  machine.placeInitialValues();
  for (let event = machine.runSimple(0, eventCount); event < eventCount;) {
    machine.runEvent(event);
    event = machine.runSimple(event + 1, eventCount);
  }
  return machine;
}

class Sweep implements Schedule {
  readonly #jobs: Jobs;
  readonly #agenda: Int32Array;
  readonly #records: Int32Array;
  readonly #status: Uint8Array;
  readonly #keys: Int32Array;
  readonly order: Int32Array;
  length: number = 0;

  constructor(jobs: Jobs, status: Uint8Array, scratch: Scratch) {
    const keyCount = status.length;
    this.#jobs = jobs;
    this.#agenda = jobs.agenda;
    this.#records = jobs.records;
    this.#status = status;
    this.#keys = new Int32Array(keyCount << KEY_SHIFT);
    this.order = scratch.order.take(jobs.count);
    for (let key = 0; key < keyCount; key++) {
      this.#keys[(key << KEY_SHIFT) + IS_CLOSED] = Number(status[key] !== KEY_OPEN);
    }
  }

  /**
   * Runs events as long as they are simple, as nearly all are: nothing but the job itself has to run, and no heap to be
   * sorted. Returns the first event that is not, or `end`. One loop that calls nothing; see `plain-rows.ts`.
   */
  runSimple(first: number, end: number): number {
    const agenda = this.#agenda;
    const records = this.#records;
    const keys = this.#keys;
    const order = this.order;
    let length = this.length;
    let event = first;
    for (; event < end; event++) {
      const entry = agenda[event]! - 1;
      if (entry < 0) continue;
      const job = (entry >> 2) << JOB_SHIFT;
      const kind = records[job + JOB_KIND]! & 3;
      const key = (records[job + JOB_KIND]! >> 2) << KEY_SHIFT;
      const isPresent = keys[key + IS_PRESENT]!;
      const isHeld = keys[key + IS_HELD]!;
      if (keys[key + IS_CLOSED] !== 0) continue;
      switch (entry & 3) {
        case ACTION_DUE:
          if (records[job + JOB_SLOT] !== 0) continue;
          break;
        case ACTION_AVAILABLE: {
          if (((kind ^ (-isPresent & SET_PRESENT)) | isHeld) === 0) {
            records[job + JOB_SLOT] = event + 2;
            order[length++] = job;
            continue;
          }
          const list = key + ((AVAILABLE_JOBS + kind) | (-isHeld & DEFERRED_JOBS));
          if (isHeld === 0 && keys[list] !== 0) break;
          records[job + JOB_NEXT] = keys[list]!;
          keys[list] = job + 1;
          continue;
        }
        case ACTION_BLOCK_START: {
          const isWaiting =
            keys[key + SEE_ABSENT_LIST]! |
            keys[key + USE_ABSENT_HEAP]! |
            keys[key + SET_ABSENT_HEAP]! |
            keys[key + SET_PRESENT_LIST]!;
          if ((isWaiting | isHeld | (isPresent & ~(kind >> 1))) !== 0) break;
          records[job + JOB_SLOT] = event + 1;
          order[length++] = job;
          keys[key + IS_PRESENT] = kind & 1;
          keys[key + IS_HELD] = 1;
          continue;
        }
        default: {
          const isWaiting =
            keys[key + SEE_ABSENT_LIST]! |
            keys[key + SET_PRESENT_LIST]! |
            keys[key + DEFERRED_JOBS]!;
          if (isWaiting !== 0) break;
          keys[key + IS_HELD] = 0;
          continue;
        }
      }
      break;
    }
    this.length = length;
    return event;
  }

  /** Runs any event that has an entry in the agenda. */
  runEvent(event: number): void {
    const entry = this.#agenda[event]! - 1;
    const job = (entry >> 2) << JOB_SHIFT;
    const key = (this.#records[job + JOB_KIND]! >> 2) << KEY_SHIFT;
    const action = entry & 3;
    if (action === ACTION_AVAILABLE) this.#makeAvailable(job, key, event);
    else if (action === ACTION_DUE) this.#force(job, key, event - 1);
    else if (action === ACTION_BLOCK_START) this.#startBlock(job, key, event - 1);
    else this.#endBlock(key, event);
  }

  placeInitialValues(): void {
    const keys = this.#keys;
    for (let index = 0; index < this.#jobs.initialCount; index++) {
      const job = index << JOB_SHIFT;
      const kind = this.#records[job + JOB_KIND]!;
      const key = (kind >> 2) << KEY_SHIFT;
      if (keys[key + IS_CLOSED] !== 0) continue;
      this.#finish(job, -1);
      keys[key + IS_PRESENT] = Number((kind & 3) === SET_PRESENT);
      keys[key + IS_HELD] = Number(this.#records[job + JOB_BLOCK_END]! >= 0);
    }
  }

  #makeAvailable(job: number, key: number, slot: number): void {
    const keys = this.#keys;
    if (keys[key + IS_HELD] !== 0) {
      this.#enlist(DEFERRED_JOBS, job, key);
      return;
    }
    const kind = this.#records[job + JOB_KIND]! & 3;
    if (kind === SET_PRESENT) {
      if (keys[key + IS_PRESENT] !== 0) this.#finish(job, slot);
      else this.#enlist(SET_PRESENT_LIST, job, key);
    } else if (kind === SEE_ABSENT) {
      if (keys[key + IS_PRESENT] === 0) this.#finish(job, slot);
      else this.#enlist(SEE_ABSENT_LIST, job, key);
    } else if (kind === SET_ABSENT) this.#push(SET_ABSENT_HEAP, job, key);
    else this.#push(USE_ABSENT_HEAP, job, key);
  }

  #enlist(list: number, job: number, key: number): void {
    this.#records[job + JOB_NEXT] = this.#keys[key + list]!;
    this.#keys[key + list] = job + 1;
  }

  /** The deadline of a job that has not run: it runs now. */
  #force(job: number, key: number, slot: number): void {
    if (this.#keys[key + IS_HELD] !== 0) {
      this.#violate(key);
      return;
    }
    const kind = this.#records[job + JOB_KIND]! & 3;
    if (kind === SET_ABSENT) this.#clearKey(key, slot);
    else if (kind === SEE_ABSENT) this.#requireAbsent(key, slot);
    else if (kind === USE_ABSENT) this.#useEarliest(key, slot);
    else this.#makePresent(key, slot);
  }

  #violate(key: number): void {
    this.#status[key >> KEY_SHIFT] = KEY_VIOLATED;
    this.#keys[key + IS_CLOSED] = 1;
  }

  /** Runs the SET_ABSENT job with the earliest deadline; false if there is none. */
  #clearKey(key: number, slot: number): boolean {
    const job = this.#keys[key + SET_ABSENT_HEAP]! - 1;
    if (job < 0) return false;
    this.#pop(SET_ABSENT_HEAP, key);
    this.#passThroughPresence(key, slot);
    this.#finish(job, slot);
    this.#keys[key + IS_PRESENT] = 0;
    this.#finishList(SEE_ABSENT_LIST, key, slot);
    return true;
  }

  /** Before something that overwrites: what needs absence and what sets a value can run for nothing. */
  #passThroughPresence(key: number, slot: number): void {
    const job = this.#keys[key + USE_ABSENT_HEAP]! - 1;
    if (job >= 0 && this.#keys[key + IS_PRESENT] === 0) {
      this.#pop(USE_ABSENT_HEAP, key);
      this.#finish(job, slot);
    }
    this.#finishList(SET_PRESENT_LIST, key, slot);
  }

  /** Makes the key absent; the key is violated where nothing can. */
  #requireAbsent(key: number, slot: number): boolean {
    if (this.#keys[key + IS_PRESENT] === 0 || this.#clearKey(key, slot)) return true;
    this.#violate(key);
    return false;
  }

  #useEarliest(key: number, slot: number): boolean {
    if (!this.#requireAbsent(key, slot)) return false;
    const job = this.#keys[key + USE_ABSENT_HEAP]! - 1;
    this.#pop(USE_ABSENT_HEAP, key);
    this.#finish(job, slot);
    this.#keys[key + IS_PRESENT] = 1;
    this.#finishList(SET_PRESENT_LIST, key, slot);
    return true;
  }

  /** Runs the listed SET_PRESENT jobs: the key was absent, or there would be none (S2). */
  #makePresent(key: number, slot: number): void {
    this.#passThroughPresence(key, slot);
    this.#keys[key + IS_PRESENT] = 1;
  }

  #startBlock(block: number, key: number, slot: number): void {
    const keys = this.#keys;
    const end = this.#records[block + JOB_BLOCK_END]!;
    if (keys[key + IS_HELD] !== 0) {
      this.#violate(key);
      return;
    }
    if (!this.#forceAllBefore(end, key, slot)) return;
    const kind = this.#records[block + JOB_KIND]! & 3;
    if (kind === SEE_ABSENT || kind === USE_ABSENT) {
      if (!this.#requireAbsent(key, slot)) return;
    } else if (keys[key + IS_PRESENT] === 0) this.#passThroughPresence(key, slot);
    this.#finish(block, slot);
    keys[key + IS_PRESENT] = kind & 1;
    keys[key + IS_HELD] = 1;
  }

  /** Runs what is available and due before a block ends. */
  #forceAllBefore(end: number, key: number, slot: number): boolean {
    while (this.#isHeapDueBefore(SET_ABSENT_HEAP, key, end)) this.#clearKey(key, slot);
    if (this.#isListDueBefore(SEE_ABSENT_LIST, key, end) && !this.#requireAbsent(key, slot)) {
      return false;
    }
    while (this.#isHeapDueBefore(USE_ABSENT_HEAP, key, end)) {
      if (!this.#useEarliest(key, slot)) return false;
    }
    if (this.#isListDueBefore(SET_PRESENT_LIST, key, end)) this.#makePresent(key, slot);
    return true;
  }

  #isHeapDueBefore(heap: number, key: number, end: number): boolean {
    const root = this.#keys[key + heap]! - 1;
    return root >= 0 && this.#records[root + JOB_DUE]! < end;
  }

  #isListDueBefore(list: number, key: number, end: number): boolean {
    for (let job = this.#keys[key + list]! - 1; job >= 0;) {
      if (this.#records[job + JOB_DUE]! < end) return true;
      job = this.#records[job + JOB_NEXT]! - 1;
    }
    return false;
  }

  #endBlock(key: number, slot: number): void {
    const keys = this.#keys;
    keys[key + IS_HELD] = 0;
    this.#finishList(keys[key + IS_PRESENT] === 0 ? SEE_ABSENT_LIST : SET_PRESENT_LIST, key, slot);
    let job = keys[key + DEFERRED_JOBS]! - 1;
    keys[key + DEFERRED_JOBS] = 0;
    while (job >= 0) {
      const next = this.#records[job + JOB_NEXT]! - 1;
      this.#makeAvailable(job, key, slot);
      job = next;
    }
  }

  #finishList(list: number, key: number, slot: number): void {
    let job = this.#keys[key + list]! - 1;
    this.#keys[key + list] = 0;
    while (job >= 0) {
      this.#finish(job, slot);
      job = this.#records[job + JOB_NEXT]! - 1;
    }
  }

  #finish(job: number, slot: number): void {
    this.#records[job + JOB_SLOT] = slot + 2;
    this.order[this.length++] = job;
  }

  /** Adds a job to a pairing heap. */
  #push(heap: number, job: number, key: number): void {
    const root = this.#keys[key + heap]!;
    this.#records[job + JOB_CHILD] = 0;
    this.#records[job + JOB_NEXT] = 0;
    this.#keys[key + heap] = root === 0 ? job + 1 : this.#meld(root - 1, job) + 1;
  }

  #meld(left: number, right: number): number {
    const records = this.#records;
    const difference = records[left + JOB_DUE]! - records[right + JOB_DUE]!;
    const isLeft = difference < 0 || (difference === 0 && left < right);
    const root = isLeft ? left : right;
    const below = isLeft ? right : left;
    records[below + JOB_NEXT] = records[root + JOB_CHILD]!;
    records[root + JOB_CHILD] = below + 1;
    return root;
  }

  /** Takes the root off a heap. */
  #pop(heap: number, key: number): void {
    const records = this.#records;
    let pairs = -1;
    let child = records[this.#keys[key + heap]! - 1 + JOB_CHILD]! - 1;
    while (child >= 0) {
      const second = records[child + JOB_NEXT]! - 1;
      if (second < 0) {
        records[child + JOB_NEXT] = pairs + 1;
        pairs = child;
        break;
      }
      const rest = records[second + JOB_NEXT]! - 1;
      const melded = this.#meld(child, second);
      records[melded + JOB_NEXT] = pairs + 1;
      pairs = melded;
      child = rest;
    }
    let root = pairs;
    while (root >= 0 && records[root + JOB_NEXT] !== 0) {
      const other = records[root + JOB_NEXT]! - 1;
      const rest = records[other + JOB_NEXT]!;
      root = this.#meld(root, other);
      records[root + JOB_NEXT] = rest;
    }
    this.#keys[key + heap] = root + 1;
  }
}
