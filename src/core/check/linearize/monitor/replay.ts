/**
 * Replays a schedule against the map itself, so that a "yes" of the monitor rests on a linearization that was checked,
 * and finds the failed compares that this linearization does not explain.
 */
import { ABSENT, NEVER } from '../history.ts';
import { NOT, READ, WRITE, type Observations } from '../observations.ts';
import type { Jobs } from './chains.ts';
import type { Schedule } from './sweep.ts';
import { INITIAL, KEY_OPEN, KEY_UNDECIDED, NONE, type Survey } from './survey.ts';

const NOT_YET = -2;

/** When each value was there: from slot `start` to slot `end`, both included. */
export interface Epochs {
  /** By pair; -2 for pairs that never were. */
  readonly start: Int32Array;
  /** By pair; NEVER for the last of its key. */
  readonly end: Int32Array;
}

/** Replays all keys that are KEY_OPEN. Returns the keys whose schedule is no linearization: there are none, or the monitor is wrong. */
export function replay(
  observations: Observations,
  facts: Survey,
  jobs: Jobs,
  schedule: Schedule,
): { readonly epochs: Epochs; readonly wrongKeys: readonly number[] } {
  const machine = new Replay(observations, facts, jobs);
  const { order, length, slot } = schedule;
  const { count, key } = observations;
  for (let index = 0; index < length; index++) {
    const job = order[index]!;
    const jobKey = job < count ? key[job]! : job - count;
    if (facts.status[jobKey] === KEY_OPEN) machine.run(job, jobKey, slot[job]!);
  }
  machine.checkReads();
  return { epochs: machine.epochs, wrongKeys: machine.wrongKeys };
}

/** Hands keys to the search where a failed compare saw nothing but the value it compared with. Cost: O(observations). */
export function checkFailedCompares(
  observations: Observations,
  facts: Survey,
  epochs: Epochs,
): void {
  const { count, kind, key, from, call, ret } = observations;
  for (let at = 0; at < count; at++) {
    if (kind[at] !== NOT || facts.status[key[at]!] !== KEY_OPEN) continue;
    const start = epochs.start[from[at]!]!;
    if (start === NOT_YET) continue;
    if (start < call[at]! && epochs.end[from[at]!]! >= ret[at]!) {
      facts.status[key[at]!] = KEY_UNDECIDED;
    }
  }
}

class Replay {
  readonly epochs: Epochs;
  readonly wrongKeys: number[] = [];
  readonly #observations: Observations;
  readonly #facts: Survey;
  readonly #jobs: Jobs;
  /** By key: the pair it holds now, and the slot of the last step. */
  readonly #current: Int32Array;
  readonly #now: Int32Array;

  constructor(observations: Observations, facts: Survey, jobs: Jobs) {
    this.#observations = observations;
    this.#facts = facts;
    this.#jobs = jobs;
    this.#current = new Int32Array(observations.keyCount);
    this.#now = new Int32Array(observations.keyCount).fill(-1);
    this.epochs = {
      start: new Int32Array(observations.pairCount).fill(NOT_YET),
      end: new Int32Array(observations.pairCount).fill(NEVER),
    };
  }

  run(job: number, key: number, slot: number): void {
    const { kind, call, ret } = this.#observations;
    if (slot < this.#now[key]!) this.#fail(key);
    const first = this.#jobs.firstPair[job]!;
    if (first !== ABSENT) {
      this.#runChain(first, key, slot);
      return;
    }
    if (slot < call[job]! || slot >= ret[job]!) this.#fail(key);
    if (kind[job] === WRITE) this.#change(key, ABSENT, slot);
    else if (this.#current[key] !== ABSENT) this.#fail(key);
    this.#now[key] = slot;
  }

  #runChain(first: number, key: number, slot: number): void {
    const { kind, from, to, call, ret } = this.#observations;
    const { writer, consumer, lastReadCall } = this.#facts;
    let writing = writer[first]!;
    let pair = first;
    let now = slot;
    for (;;) {
      if (writing !== INITIAL) {
        if (call[writing]! > now) now = call[writing]!;
        if (now >= ret[writing]!) this.#fail(key);
        if (kind[writing] !== WRITE && this.#current[key] !== from[writing]) this.#fail(key);
      }
      this.#change(key, pair, now);
      if (pair === ABSENT) break;
      if (lastReadCall[pair]! > now) now = lastReadCall[pair]!;
      writing = consumer[pair]!;
      if (writing === NONE) break;
      pair = to[writing]!;
    }
    this.#now[key] = now;
  }

  #change(key: number, pair: number, slot: number): void {
    const before = this.#current[key]!;
    if (before !== ABSENT) this.epochs.end[before] = slot;
    if (pair !== ABSENT) this.epochs.start[pair] = slot;
    this.#current[key] = pair;
  }

  /** Each read has a slot within its interval at which its value was there. */
  checkReads(): void {
    const { count, kind, key, from, call, ret } = this.#observations;
    const { start, end } = this.epochs;
    const { status } = this.#facts;
    for (let at = 0; at < count; at++) {
      const pair = from[at]!;
      if (kind[at] !== READ || pair === ABSENT || status[key[at]!] !== KEY_OPEN) continue;
      const slot = Math.max(start[pair]!, call[at]!);
      if (start[pair] === NOT_YET || slot >= ret[at]! || slot > end[pair]!) this.#fail(key[at]!);
    }
  }

  #fail(key: number): void {
    this.wrongKeys.push(key);
  }
}
