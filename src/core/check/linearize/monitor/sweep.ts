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
import { ABSENT } from '../history.ts';
import type { Observations } from '../observations.ts';
import {
  ACTION_AVAILABLE,
  ACTION_BLOCK_START,
  ACTION_DUE,
  SEE_ABSENT,
  SET_ABSENT,
  SET_PRESENT,
  USE_ABSENT,
  type Jobs,
} from './chains.ts';
import { KEY_OPEN, KEY_VIOLATED } from './survey.ts';

const NO_JOB = -1;

/** The order in which the jobs ran: the witness of a "yes". */
export interface Schedule {
  /** Jobs in the order they ran, `length` of them. */
  readonly order: Int32Array;
  readonly length: number;
  /** By job, the slot it ran at; for a block, that of its start. -2 if it did not run. */
  readonly slot: Int32Array;
}

/** Schedules the jobs of all keys whose status is KEY_OPEN; keys without schedule become KEY_VIOLATED. */
export function sweep(observations: Observations, jobs: Jobs, status: Uint8Array): Schedule {
  return new Sweep(observations, jobs, status).run();
}

class Sweep {
  readonly #observations: Observations;
  readonly #count: number;
  readonly #keyOf: Int32Array;
  readonly #jobs: Jobs;
  readonly #status: Uint8Array;
  /** By key: 1 while the key has a value. */
  readonly #isPresent: Uint8Array;
  /** By key: 1 while a block holds it. */
  readonly #isHeld: Uint8Array;
  /** By key: heaps by deadline, and lists, of available jobs. */
  readonly #setAbsent: Int32Array;
  readonly #useAbsent: Int32Array;
  readonly #setPresent: Int32Array;
  readonly #seeAbsent: Int32Array;
  readonly #deferred: Int32Array;
  /** By job: next in its list, or sibling in its heap. */
  readonly #next: Int32Array;
  /** By job: first child in its heap. */
  readonly #child: Int32Array;
  readonly #slot: Int32Array;
  readonly #order: Int32Array;
  #length = 0;

  constructor(observations: Observations, jobs: Jobs, status: Uint8Array) {
    const { count, keyCount } = observations;
    this.#observations = observations;
    this.#count = count;
    this.#keyOf = observations.key;
    this.#jobs = jobs;
    this.#status = status;
    this.#isPresent = new Uint8Array(keyCount);
    this.#isHeld = new Uint8Array(keyCount);
    this.#setAbsent = new Int32Array(keyCount).fill(NO_JOB);
    this.#useAbsent = new Int32Array(keyCount).fill(NO_JOB);
    this.#setPresent = new Int32Array(keyCount).fill(NO_JOB);
    this.#seeAbsent = new Int32Array(keyCount).fill(NO_JOB);
    this.#deferred = new Int32Array(keyCount).fill(NO_JOB);
    this.#next = new Int32Array(count + keyCount);
    this.#child = new Int32Array(count + keyCount);
    this.#slot = new Int32Array(count + keyCount).fill(-2);
    this.#order = new Int32Array(count + keyCount);
  }

  run(): Schedule {
    this.#placeInitialValues();
    const { agenda } = this.#jobs;
    const eventCount = agenda.length;
    for (let event = 0; event < eventCount; event++) {
      const entry = agenda[event]! - 1;
      if (entry < 0) continue;
      const job = entry >> 2;
      const key = job < this.#count ? this.#keyOf[job]! : job - this.#count;
      if (this.#status[key] !== KEY_OPEN) continue;
      const action = entry & 3;
      if (action === ACTION_AVAILABLE) this.#makeAvailable(job, key, event);
      else if (action === ACTION_DUE) this.#force(job, key, event - 1);
      else if (action === ACTION_BLOCK_START) this.#startBlock(job, key, event - 1);
      else this.#endBlock(key, event);
    }
    return { order: this.#order, length: this.#length, slot: this.#slot };
  }

  #placeInitialValues(): void {
    const { keyCount, initial } = this.#observations;
    for (let key = 0; key < keyCount; key++) {
      if (initial[key] === ABSENT || this.#status[key] !== KEY_OPEN) continue;
      const job = this.#count + key;
      this.#finish(job, -1);
      this.#isPresent[key] = Number(this.#jobs.kind[job] === SET_PRESENT);
      this.#isHeld[key] = Number(this.#jobs.blockEnd[job]! >= 0);
    }
  }

  #makeAvailable(job: number, key: number, slot: number): void {
    if (this.#isHeld[key] === 1) {
      this.#next[job] = this.#deferred[key]!;
      this.#deferred[key] = job;
      return;
    }
    const kind = this.#jobs.kind[job]!;
    if (kind === SEE_ABSENT) {
      if (this.#isPresent[key] === 0) this.#finish(job, slot);
      else {
        this.#next[job] = this.#seeAbsent[key]!;
        this.#seeAbsent[key] = job;
      }
    } else if (kind === SET_PRESENT) {
      if (this.#isPresent[key] === 1) this.#finish(job, slot);
      else {
        this.#next[job] = this.#setPresent[key]!;
        this.#setPresent[key] = job;
      }
    } else if (kind === SET_ABSENT) this.#setAbsent[key] = this.#push(this.#setAbsent[key]!, job);
    else this.#useAbsent[key] = this.#push(this.#useAbsent[key]!, job);
  }

  /** The deadline of a job: it runs now if it has not. */
  #force(job: number, key: number, slot: number): void {
    if (this.#slot[job]! >= -1) return;
    if (this.#isHeld[key] === 1) {
      this.#status[key] = KEY_VIOLATED;
      return;
    }
    const kind = this.#jobs.kind[job]!;
    if (kind === SET_ABSENT) this.#clearKey(key, slot);
    else if (kind === SEE_ABSENT) this.#requireAbsent(key, slot);
    else if (kind === USE_ABSENT) this.#useEarliest(key, slot);
    else this.#makePresent(key, slot);
  }

  /** Runs the SET_ABSENT job with the earliest deadline; false if there is none. */
  #clearKey(key: number, slot: number): boolean {
    const job = this.#setAbsent[key]!;
    if (job === NO_JOB) return false;
    this.#setAbsent[key] = this.#pop(job);
    this.#passThroughPresence(key, slot);
    this.#finish(job, slot);
    this.#isPresent[key] = 0;
    this.#finishList(this.#seeAbsent, key, slot);
    return true;
  }

  /** Before something that overwrites: what needs absence and what sets a value can run for nothing. */
  #passThroughPresence(key: number, slot: number): void {
    const job = this.#useAbsent[key]!;
    if (this.#isPresent[key] === 0 && job !== NO_JOB) {
      this.#useAbsent[key] = this.#pop(job);
      this.#finish(job, slot);
    }
    this.#finishList(this.#setPresent, key, slot);
  }

  /** Makes the key absent; the key is violated where nothing can. */
  #requireAbsent(key: number, slot: number): boolean {
    if (this.#isPresent[key] === 0 || this.#clearKey(key, slot)) return true;
    this.#status[key] = KEY_VIOLATED;
    return false;
  }

  #useEarliest(key: number, slot: number): boolean {
    if (!this.#requireAbsent(key, slot)) return false;
    const job = this.#useAbsent[key]!;
    this.#useAbsent[key] = this.#pop(job);
    this.#finish(job, slot);
    this.#isPresent[key] = 1;
    this.#finishList(this.#setPresent, key, slot);
    return true;
  }

  /** Runs the listed SET_PRESENT jobs: the key was absent, or there would be none (S2). */
  #makePresent(key: number, slot: number): void {
    this.#passThroughPresence(key, slot);
    this.#isPresent[key] = 1;
  }

  #startBlock(block: number, key: number, slot: number): void {
    const end = this.#jobs.blockEnd[block]!;
    if (this.#isHeld[key] === 1) {
      this.#status[key] = KEY_VIOLATED;
      return;
    }
    if (!this.#forceAllBefore(end, key, slot)) return;
    const kind = this.#jobs.kind[block]!;
    if (kind === SEE_ABSENT || kind === USE_ABSENT) {
      if (!this.#requireAbsent(key, slot)) return;
    } else if (this.#isPresent[key] === 0) this.#passThroughPresence(key, slot);
    this.#finish(block, slot);
    this.#isPresent[key] = Number(kind === USE_ABSENT || kind === SET_PRESENT);
    this.#isHeld[key] = 1;
  }

  /** Runs what is available and due before a block ends. */
  #forceAllBefore(end: number, key: number, slot: number): boolean {
    const { due } = this.#jobs;
    while (this.#setAbsent[key] !== NO_JOB && due[this.#setAbsent[key]!]! < end) {
      this.#clearKey(key, slot);
    }
    if (this.#hasDueBefore(this.#seeAbsent[key]!, end) && !this.#requireAbsent(key, slot)) {
      return false;
    }
    while (this.#useAbsent[key] !== NO_JOB && due[this.#useAbsent[key]!]! < end) {
      if (!this.#useEarliest(key, slot)) return false;
    }
    if (this.#hasDueBefore(this.#setPresent[key]!, end)) this.#makePresent(key, slot);
    return true;
  }

  #hasDueBefore(first: number, end: number): boolean {
    for (let job = first; job !== NO_JOB; job = this.#next[job]!) {
      if (this.#jobs.due[job]! < end) return true;
    }
    return false;
  }

  #endBlock(key: number, slot: number): void {
    this.#isHeld[key] = 0;
    const list = this.#isPresent[key] === 0 ? this.#seeAbsent : this.#setPresent;
    this.#finishList(list, key, slot);
    let job = this.#deferred[key]!;
    this.#deferred[key] = NO_JOB;
    while (job !== NO_JOB) {
      const next = this.#next[job]!;
      this.#makeAvailable(job, key, slot);
      job = next;
    }
  }

  #finishList(list: Int32Array, key: number, slot: number): void {
    for (let job = list[key]!; job !== NO_JOB; job = this.#next[job]!) this.#finish(job, slot);
    list[key] = NO_JOB;
  }

  #finish(job: number, slot: number): void {
    this.#slot[job] = slot;
    this.#order[this.#length++] = job;
  }

  /** Adds a job to a pairing heap and returns the new root. */
  #push(root: number, job: number): number {
    this.#child[job] = NO_JOB;
    this.#next[job] = NO_JOB;
    return root === NO_JOB ? job : this.#meld(root, job);
  }

  #meld(left: number, right: number): number {
    const { due } = this.#jobs;
    const isLeft = due[left]! < due[right]! || (due[left] === due[right] && left < right);
    const root = isLeft ? left : right;
    const below = isLeft ? right : left;
    this.#next[below] = this.#child[root]!;
    this.#child[root] = below;
    return root;
  }

  /** Takes the root off a heap and returns the new root. */
  #pop(root: number): number {
    let pairs = NO_JOB;
    let child = this.#child[root]!;
    while (child !== NO_JOB) {
      const second = this.#next[child]!;
      if (second === NO_JOB) {
        this.#next[child] = pairs;
        pairs = child;
        break;
      }
      const rest = this.#next[second]!;
      this.#next[child] = NO_JOB;
      this.#next[second] = NO_JOB;
      const melded = this.#meld(child, second);
      this.#next[melded] = pairs;
      pairs = melded;
      child = rest;
    }
    let result = pairs;
    if (result === NO_JOB) return NO_JOB;
    let other = this.#next[result]!;
    this.#next[result] = NO_JOB;
    while (other !== NO_JOB) {
      const rest = this.#next[other]!;
      this.#next[other] = NO_JOB;
      result = this.#meld(result, other);
      other = rest;
    }
    return result;
  }
}
