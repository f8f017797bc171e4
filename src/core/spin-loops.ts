/**
 * Spin loops: which threads wait for a change of what they have read (rule K4 of the machine).
 *
 * A counterexample to the simpler rule "disabled until anything changes": thread A fails a
 * compareExchange because B has just taken the lock, B gives the lock back, and only then A reaches
 * the back edge. Nothing changes any more, and A would wait for ever although the lock is free.
 * Versions know that the location has changed since A read it.
 */
import { GROUP_BASE, locations } from './memory.ts';
import { JOIN, LOCK, NOTIFY, PLAIN_WRITE, STORE, TRY_LOCK, UNLOCK, WAIT, WAKE } from './step.ts';

interface Mark {
  readCount: number;
  changeCount: number;
}

export class SpinLoops {
  isUsed = false;
  /** Changes of each location's value. */
  #versions: number[] = [];
  /** Locations each thread has read since it began, and the version each had. */
  readonly #readLocations: number[][] = [];
  readonly #readVersions: number[][] = [];
  /** Number, in the thread, of the event that read. */
  readonly #readEvents: number[][] = [];
  /** Changes each thread has made. */
  readonly #changeCounts: number[] = [];
  /** By thread and loop: what it had read and changed when it last was at the back edge. */
  readonly #marks: Map<number, Mark>[] = [];
  /** What a thread awaits: the first read of the iteration it would repeat, or -1. */
  readonly #awaitedFrom: number[] = [];

  constructor(threadCount: number) {
    for (let t = 0; t < threadCount; t++) {
      this.#readLocations.push([]);
      this.#readVersions.push([]);
      this.#readEvents.push([]);
      this.#changeCounts.push(0);
      this.#marks.push(new Map());
      this.#awaitedFrom.push(-1);
    }
  }

  clear(): void {
    this.#versions.fill(0);
    for (let t = 0; t < this.#marks.length; t++) {
      this.#readLocations[t]!.length = 0;
      this.#readVersions[t]!.length = 0;
      this.#readEvents[t]!.length = 0;
      this.#changeCounts[t] = 0;
      this.#marks[t]!.clear();
      this.#awaitedFrom[t] = -1;
    }
  }

  forgetVersions(): void {
    this.#versions = [];
  }

  /**
   * A thread is about to take a step, its event number `event`. Notes what is known before: reads,
   * and what happens to mutexes and queues; `succeeds` tells whether it takes the lock or queues.
   */
  noteStep(t: number, kind: number, location: number, event: number, succeeds: boolean): void {
    // The step for which a change was awaited, if one was.
    this.#awaitedFrom[t] = -1;
    if (kind === LOCK || kind === UNLOCK) {
      // A lock and unlock within one iteration leave everything as it was: a change to others, not
      // to oneself.
      this.noteChange(t, location, false);
    } else if (kind === TRY_LOCK) {
      this.#noteRead(t, location, event);
      if (succeeds) this.noteChange(t, location, false);
    } else if (kind === NOTIFY || kind === WAKE) {
      this.#changeCounts[t]!++;
    } else if (kind !== STORE && kind !== PLAIN_WRITE && kind < JOIN) {
      for (const place of placesOf(location)) this.#noteRead(t, place, event);
      if (kind === WAIT && succeeds) this.#changeCounts[t]!++;
    }
  }

  #noteRead(thread: number, location: number, event: number): void {
    this.#readLocations[thread]!.push(location);
    this.#readVersions[thread]!.push(this.#versions[location] ?? 0);
    this.#readEvents[thread]!.push(event);
  }

  /**
   * A location has a new value; `isOwn` tells whether that makes the thread's iteration one that
   * changed something.
   */
  noteChange(thread: number, location: number, isOwn: boolean): void {
    for (const place of placesOf(location)) {
      while (this.#versions.length <= place) this.#versions.push(0);
      this.#versions[place]!++;
    }
    if (isOwn) this.#changeCounts[thread]!++;
  }

  /** A thread enters a loop: what it read before does not count for the first iteration. */
  enter(thread: number, loop: number): void {
    this.#mark(thread, loop);
  }

  #mark(thread: number, loop: number): void {
    const readCount = this.#readLocations[thread]!.length;
    this.#marks[thread]!.set(loop, { readCount, changeCount: this.#changeCounts[thread]! });
  }

  /**
   * A thread is at a back edge. Returns whether it can never leave the loop, because an iteration
   * reads nothing.
   */
  backEdge(thread: number, loop: number): boolean {
    const readCount = this.#readLocations[thread]!.length;
    const changeCount = this.#changeCounts[thread]!;
    const mark = this.#marks[thread]!.get(loop);
    this.#mark(thread, loop);
    this.#awaitedFrom[thread] = -1;
    // A loop that was not seen to be entered has one iteration for free: which reads were in it is
    // not known.
    if (mark === undefined || mark.changeCount !== changeCount) return false;
    if (readCount === mark.readCount) return true;
    this.#awaitedFrom[thread] = mark.readCount;
    return false;
  }

  /** Whether the thread's next step had, or has, to wait for a change. */
  awaits(thread: number): boolean {
    return this.#awaitedFrom[thread]! >= 0;
  }

  /** Whether nothing of what it awaits has changed yet. */
  isWaiting(thread: number): boolean {
    const from = this.#awaitedFrom[thread]!;
    if (from < 0) return false;
    const reads = this.#readLocations[thread]!;
    const versions = this.#readVersions[thread]!;
    for (let i = from; i < reads.length; i++) {
      if ((this.#versions[reads[i]!] ?? 0) !== versions[i]) return false;
    }
    return true;
  }

  /** Number of the first event that read any of it. */
  awaitedSince(thread: number): number {
    return this.#readEvents[thread]![this.#awaitedFrom[thread]!]!;
  }

  /** What the thread awaits a change of. */
  awaitedLocations(thread: number): readonly number[] {
    return this.#readLocations[thread]!.slice(this.#awaitedFrom[thread]);
  }
}

function placesOf(location: number): readonly number[] {
  return location < GROUP_BASE ? [location] : locations.members(location);
}
