/**
 * Data races on plain accesses, by the happens-before of synchronisation alone.
 *
 * This is FastTrack's rule on the rows of a trail: clocks are kept for events, not for variables,
 * since the trail keeps the accesses of each location anyway and gives them back in constant time
 * when it pops.
 *
 * S1. `rows[i]` is event i's clock over program order and synchronisation: an atomic read, or the
 *     read part of a read-modify-write, happens after the write it reads from; an acquisition after
 *     the release before it; a wake after its notify; a join after the thread's last event. Plain
 *     accesses order nothing, and neither do two atomic writes.
 * S2. Two plain accesses of one location by different threads, at least one of them writing, race
 *     unless one happens before the other. The trail's own rows cannot tell: they order all
 *     dependent accesses, plain ones included.
 */
import { COMPOUND_BASE } from '../footprint.ts';
import { GROUP_BASE, locations } from '../memory.ts';
import {
  COMPARE_EXCHANGE,
  JOIN,
  KIND_BITS,
  KIND_MASK,
  LOAD,
  LOCK,
  PLAIN_READ,
  PLAIN_WRITE,
  TRY_LOCK,
  UNLOCK,
  UPDATE,
  WAIT,
  WAKE,
} from '../step.ts';
import type { Trail } from '../explore/trail.ts';

export class RaceDetector {
  readonly #trail: Trail;
  readonly #rows: Uint16Array;
  readonly #findsMixed: boolean;

  constructor(trail: Trail, findsMixed: boolean) {
    this.#trail = trail;
    this.#rows = new Uint16Array((trail.capacity + 1) * trail.threadCount);
    this.#findsMixed = findsMixed;
  }

  /**
   * Takes in the event just pushed. Returns the position of an earlier access that races with it,
   * or -1.
   */
  push(): number {
    const trail = this.#trail;
    const i = trail.length - 1;
    const { threadCount } = trail;
    const rows = this.#rows;
    const offset = i * threadCount;
    const previous = trail.previous[i]!;
    if (previous < 0) for (let u = 0; u < threadCount; u++) rows[offset + u] = 0;
    else rows.copyWithin(offset, previous * threadCount, (previous + 1) * threadCount);
    const t = trail.thread[i]!;
    rows[offset + t] = trail.index[i]!;
    const code = trail.code[i]!;
    const kind = code & KIND_MASK;
    switch (kind) {
      case LOAD:
      case UPDATE:
      case COMPARE_EXCHANGE:
      case WAIT:
        this.#joinWrite(i, code >> KIND_BITS);
        return this.#findsMixed ? this.#raceOf(i, kind) : -1;
      case LOCK:
        this.#joinWrite(i, code >> KIND_BITS);
        return -1;
      case TRY_LOCK:
        if (trail.hasTaken(i)) this.#joinWrite(i, code >> KIND_BITS);
        return -1;
      case WAKE:
        if (trail.wokenBy[i]! >= 0) this.#join(i, trail.wokenBy[i]!);
        return -1;
      case JOIN: {
        const last = trail.last[code >> KIND_BITS]!;
        if (last >= 0) this.#join(i, last);
        return -1;
      }
      case PLAIN_READ:
      case PLAIN_WRITE:
        return this.#raceOf(i, kind);
      default:
        return this.#findsMixed && kind < UNLOCK ? this.#raceOf(i, kind) : -1;
    }
  }

  #join(i: number, e: number): void {
    const rows = this.#rows;
    const { threadCount } = this.#trail;
    for (let u = 0, to = i * threadCount, from = e * threadCount; u < threadCount; u++) {
      if (rows[from + u]! > rows[to + u]!) rows[to + u] = rows[from + u]!;
    }
  }

  #isOrdered(e: number, i: number): boolean {
    const { threadCount, thread, index } = this.#trail;
    return this.#rows[i * threadCount + thread[e]!]! >= index[e]!;
  }

  /**
   * S1 for what the event reads: joins the write before it on each of its places, unless that write
   * is plain.
   */
  #joinWrite(i: number, location: number): void {
    const trail = this.#trail;
    if (trail.footprint[i]! < COMPOUND_BASE) {
      const write = trail.writeBefore[i]!;
      if (write >= 0) this.#joinAtomic(i, write);
    } else if (location < GROUP_BASE) {
      this.#joinLastWrite(i, location);
    } else {
      for (const place of locations.members(location)) this.#joinLastWrite(i, place);
    }
  }

  #joinLastWrite(i: number, place: number): void {
    const trail = this.#trail;
    for (let node = trail.head[place]!; node >= 0; node = trail.nodePrevious[node]!) {
      if (trail.nodeWrites[node] === 0 || trail.nodeEvent[node]! >= i) continue;
      this.#joinAtomic(i, trail.nodeEvent[node]!);
      return;
    }
  }

  #joinAtomic(i: number, write: number): void {
    if ((this.#trail.code[write]! & KIND_MASK) !== PLAIN_WRITE) this.#join(i, write);
  }

  /** S2. */
  #raceOf(i: number, kind: number): number {
    const location = this.#trail.code[i]! >> KIND_BITS;
    if (location < GROUP_BASE) return this.#raceAt(i, kind, location);
    for (const place of locations.members(location)) {
      const racing = this.#raceAt(i, kind, place);
      if (racing >= 0) return racing;
    }
    return -1;
  }

  #raceAt(i: number, kind: number, place: number): number {
    const trail = this.#trail;
    const writes = kind !== PLAIN_READ && kind !== LOAD;
    for (let node = trail.head[place]!; node >= 0; node = trail.nodePrevious[node]!) {
      const e = trail.nodeEvent[node]!;
      if (e >= i) continue;
      const isWrite = trail.nodeWrites[node] !== 0;
      if ((isWrite || writes) && this.#isRacy(e, kind) && !this.#isOrdered(e, i)) return e;
      // All that came before an earlier plain write was compared with that one.
      if ((trail.code[e]! & KIND_MASK) === PLAIN_WRITE) return -1;
    }
    return -1;
  }

  #isRacy(e: number, kind: number): boolean {
    const other = this.#trail.code[e]! & KIND_MASK;
    const isPlain = other === PLAIN_READ || other === PLAIN_WRITE;
    if (kind === PLAIN_READ || kind === PLAIN_WRITE) return isPlain || this.#findsMixed;
    return isPlain;
  }
}
