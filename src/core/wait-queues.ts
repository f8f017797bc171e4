/** The queues of `Atomics.wait`: first come, first woken, one queue for each location. */
import { GROUP_BASE, locations } from './memory.ts';

export class WaitQueues {
  /** Whether any thread ever waited or notified. */
  isUsed = false;
  readonly #queues = new Map<number, number[]>();
  /** Queue locations by the location waited at: they stand for the queue in footprints. */
  readonly #locations = new Map<number, number>();
  readonly #notified: Uint8Array;
  /** Position of the notify that woke each thread. */
  readonly #wokenAt: Int32Array;

  constructor(threadCount: number) {
    this.#notified = new Uint8Array(threadCount);
    this.#wokenAt = new Int32Array(threadCount);
  }

  /** Empties all queues. */
  clear(): void {
    this.#queues.clear();
    this.#notified.fill(0);
  }

  /** Forgets which location stands for which queue. */
  forgetLocations(): void {
    this.#locations.clear();
  }

  /** The location that stands for the queue of a location. */
  locationOf(location: number): number {
    const place = address(location);
    let queue = this.#locations.get(place);
    if (queue === undefined) {
      queue = locations.reserve(`waiters of ${locations.describe(place)}`);
      this.#locations.set(place, queue);
    }
    return queue;
  }

  /** Queues a thread. */
  enter(thread: number, location: number): void {
    this.isUsed = true;
    const place = address(location);
    const queue = this.#queues.get(place);
    if (queue === undefined) this.#queues.set(place, [thread]);
    else queue.push(thread);
    this.#notified[thread] = 0;
  }

  /** Wakes up to `count` threads, the longest waiting first, and returns how many. */
  notify(location: number, count: number, position: number): number {
    this.isUsed = true;
    const queue = this.#queues.get(address(location));
    if (queue === undefined) return 0;
    const woken = queue.splice(0, Math.min(count, queue.length));
    for (const thread of woken) {
      this.#notified[thread] = 1;
      this.#wokenAt[thread] = position;
    }
    return woken.length;
  }

  /** Ends the wait of a thread: by its notify, or, if there was none, because its time is up. */
  leave(thread: number, location: number): 'ok' | 'timed-out' {
    if (this.#notified[thread] === 1) {
      this.#notified[thread] = 0;
      return 'ok';
    }
    const queue = this.#queues.get(address(location))!;
    queue.splice(queue.indexOf(thread), 1);
    return 'timed-out';
  }

  isNotified(thread: number): boolean {
    return this.#notified[thread] === 1;
  }

  wokenAt(thread: number): number {
    return this.#wokenAt[thread]!;
  }
}

/** Queues belong to addresses: for a group of granules, to its first. */
function address(location: number): number {
  return location < GROUP_BASE ? location : locations.members(location)[0]!;
}
