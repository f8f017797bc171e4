/** What each kind of step touches. */
import { NOTHING, type Footprints } from './footprint.ts';
import { GROUP_BASE, locations } from './memory.ts';
import {
  COMPARE_EXCHANGE,
  LOAD,
  LOCK,
  NOTIFY,
  PLAIN_READ,
  PLAIN_WRITE,
  STORE,
  TRY_LOCK,
  UNLOCK,
  UPDATE,
  WAIT,
  WAKE,
} from './step.ts';
import type { WaitQueues } from './wait-queues.ts';

export class AccessFootprints {
  /**
   * A location that every change of shared memory touches too, so that all changes are ordered; -1
   * for none.
   */
  watched = -1;
  readonly #footprints: Footprints;
  readonly #queues: WaitQueues;

  constructor(footprints: Footprints, queues: WaitQueues) {
    this.#footprints = footprints;
    this.#queues = queues;
  }

  /** Makes all changes of shared memory dependent on each other, as invariants need it. */
  watch(): void {
    this.watched = locations.reserve('invariants');
  }

  /**
   * What a step of this kind touches, given whether it succeeds: swaps, takes the lock, queues, was
   * notified.
   */
  of(kind: number, location: number, succeeds: boolean): number {
    const footprint = this.#accessOf(kind, location, succeeds);
    const isChange = kind >= STORE && kind <= LOCK && succeeds;
    if (this.watched < 0 || !isChange) return footprint;
    return this.#join(footprint, (this.watched << 1) | 1);
  }

  /** Adds the locations whose change a step awaits: it could not be taken before they changed. */
  withAwaited(footprint: number, awaited: readonly number[]): number {
    const reads = awaited.map((location) => location << 1);
    return this.#footprints.join([...this.#footprints.parts(footprint), ...reads]);
  }

  #accessOf(kind: number, location: number, succeeds: boolean): number {
    switch (kind) {
      case LOAD:
      case PLAIN_READ:
        return this.#touch(location, 0);
      case STORE:
      case UPDATE:
      case PLAIN_WRITE:
      case LOCK:
      case UNLOCK:
        return this.#touch(location, 1);
      case COMPARE_EXCHANGE:
      case TRY_LOCK:
        return this.#touch(location, succeeds ? 1 : 0);
      case WAIT: {
        // A wait that does not queue still counts as looking at the queue. Otherwise a prediction
        // could turn it into one that touches a location which the step as it was left alone, and
        // reversals would miss what is unordered there.
        const queue = this.#queues.locationOf(location) << 1;
        return this.#join(this.#touch(location, 0), succeeds ? queue | 1 : queue);
      }
      case WAKE:
        return succeeds ? NOTHING : (this.#queues.locationOf(location) << 1) | 1;
      case NOTIFY:
        return (this.#queues.locationOf(location) << 1) | 1;
      default:
        return NOTHING;
    }
  }

  #touch(location: number, writes: number): number {
    if (location < GROUP_BASE) return (location << 1) | writes;
    return this.#footprints.join(locations.members(location).map((part) => (part << 1) | writes));
  }

  #join(a: number, b: number): number {
    return this.#footprints.join([...this.#footprints.parts(a), ...this.#footprints.parts(b)]);
  }
}
