/**
 * The trail: the events of the execution under way, with their happens-before order, as a stack.
 *
 * Representation, chosen because it costs most of the time (nothing is allocated for a step,
 * nothing recomputed for a prefix that is replayed):
 *
 * T1. Events are numbered by position; what is known of them stands in flat arrays.
 * T2. `rows[i * threadCount + u]` is the number of events of thread u that happen before event i,
 *     itself included. So e happens before i exactly if `rows[i][thread[e]] >= index[e]`.
 * T3. Each location has a chain of the events that touched it, latest first, linked through
 *     *nodes*; an event has one node for each location it touches. Popping an event puts the heads
 *     of its chains back.
 * T4. A race of i is an earlier e of another thread on which i depends, with nothing between them
 *     in happens-before. Races are found while i is pushed, from the latest candidate back: each is
 *     a race unless i's row, joined with the rows of the later candidates, covers it already.
 * T5. The race of an acquisition is the acquisition before it, not the release between the two,
 *     which could not come after. It is one only if it does not happen before the thread's own
 *     previous event.
 */
import { COMPOUND_BASE, type Footprints } from '../footprint.ts';
import type { Machine } from '../machine.ts';
import { GROUP_BASE } from '../memory.ts';
import {
  COMPARE_EXCHANGE,
  JOIN,
  KIND_BITS,
  KIND_MASK,
  LOCK,
  PLAIN_WRITE,
  STORE,
  TRY_LOCK,
  UNLOCK,
  WAIT,
  WAKE,
} from '../step.ts';
import { PrefixHashes } from './class-hash.ts';
import { isIdentity } from './identity.ts';

/** Expected value of a step that cannot succeed. */
const NEVER: unique symbol = Symbol('never');

export class Trail {
  readonly threadCount: number;
  /**
   * Greatest number of events; the arrays have one place more, for an event that is only imagined.
   */
  readonly capacity: number;
  length = 0;
  readonly thread: Uint8Array;
  /** Number of the event in its thread, from 1. */
  readonly index: Uint16Array;
  readonly code: Int32Array;
  readonly footprint: Int32Array;
  /** Previous event of the same thread, or -1. */
  readonly previous: Int32Array;
  /** Next event of the same thread. Undefined for the last one of it. */
  readonly next: Int32Array;
  /** T2. */
  readonly rows: Uint16Array;
  /** Threads of which more happens before the event than before its thread's previous one. */
  readonly joined: Int32Array;
  /** Last event of each thread, or -1. */
  readonly last: Int32Array;
  /** Latest earlier write of the event's location, or -1. Undefined for compound footprints. */
  readonly writeBefore: Int32Array;
  /** Values after writes, where the machine records values. */
  readonly valueAfter: unknown[] = [];
  /** Whether a write changed the value. */
  readonly changed: Uint8Array;
  /** Expected value of a conditional step. */
  readonly expected: unknown[] = [];
  /** Locations whose change the event awaited, or `null`. */
  readonly awaited: (readonly number[] | null)[] = [];
  /** Number of the thread's first event of the iteration that awaited. */
  readonly awaitedSince: Uint16Array;
  /** Event that woke a notified WAKE, or -1. */
  readonly wokenBy: Int32Array;
  /** Whether a value was noted that is another one in every run, as objects are. */
  hasIdentities = false;
  /** Value of each location before all events, where a conditional step looks at it. */
  readonly initial: unknown[] = [];

  /** Chains (T3). */
  head: Int32Array = new Int32Array(64).fill(-1);
  nodeTop = 0;
  nodeEvent: Int32Array;
  nodeLocation: Int32Array;
  nodeWrites: Uint8Array;
  nodePrevious: Int32Array;
  readonly nodeStart: Int32Array;

  /** Races (T4), those of one event side by side. */
  raceTop = 0;
  raceFirst: Int32Array = new Int32Array(256);
  raceSecond: Int32Array = new Int32Array(256);
  readonly raceStart: Int32Array;

  readonly #footprints: Footprints;
  readonly #hashes: PrefixHashes | null;

  constructor(threadCount: number, capacity: number, footprints: Footprints, hasHashes: boolean) {
    const size = capacity + 1;
    this.threadCount = threadCount;
    this.capacity = capacity;
    this.#footprints = footprints;
    this.thread = new Uint8Array(size);
    this.index = new Uint16Array(size);
    this.code = new Int32Array(size);
    this.footprint = new Int32Array(size);
    this.previous = new Int32Array(size);
    this.next = new Int32Array(size);
    this.rows = new Uint16Array(size * threadCount);
    this.joined = new Int32Array(size);
    this.last = new Int32Array(threadCount).fill(-1);
    this.writeBefore = new Int32Array(size);
    this.changed = new Uint8Array(size);
    this.awaitedSince = new Uint16Array(size);
    this.wokenBy = new Int32Array(size);
    this.nodeEvent = new Int32Array(size);
    this.nodeLocation = new Int32Array(size);
    this.nodeWrites = new Uint8Array(size);
    this.nodePrevious = new Int32Array(size);
    this.nodeStart = new Int32Array(size + 1);
    this.raceStart = new Int32Array(size + 1);
    this.#hashes = hasHashes ? new PrefixHashes(size, threadCount) : null;
  }

  /** Whether event `e` happens before event `i`, or is it. */
  isBefore(e: number, i: number): boolean {
    return this.rows[i * this.threadCount + this.thread[e]!]! >= this.index[e]!;
  }

  /** Pushes the step that thread `t` is about to take. To be called before the machine takes it. */
  push(machine: Machine, t: number, footprint: number): void {
    const i = this.length++;
    const { threadCount, rows } = this;
    const code = machine.codes[t]!;
    const previous = this.last[t]!;
    const offset = i * threadCount;
    const number = previous < 0 ? 1 : this.index[previous]! + 1;
    this.thread[i] = t;
    this.code[i] = code;
    this.footprint[i] = footprint;
    this.previous[i] = previous;
    this.last[t] = i;
    this.index[i] = number;
    if (previous < 0) {
      for (let u = 0; u < threadCount; u++) rows[offset + u] = 0;
    } else {
      this.next[previous] = i;
      const from = previous * threadCount;
      for (let u = 0; u < threadCount; u++) rows[offset + u] = rows[from + u]!;
    }
    rows[offset + t] = number;
    this.joined[i] = 0;
    this.nodeStart[i] = this.nodeTop;
    this.raceStart[i] = this.raceTop;
    const kind = code & KIND_MASK;
    if (footprint >= COMPOUND_BASE) this.#linkCompound(i, footprint, kind);
    else if (kind === LOCK) this.#linkLock(i, footprint >> 1);
    else this.#link(i, footprint);
    if (kind === WAKE) this.#joinNotify(machine, i, t);
    else if (kind === JOIN) this.#joinThread(i, code >> KIND_BITS);
    if (this.#hashes !== null) this.#hashes.extend(i, t, rows);
    this.raceStart[i + 1] = this.raceTop;
  }

  /**
   * Notes what a machine that records values knows of a pushed step. `note` is called before the
   * machine takes the step, `noteAfter` after it. Both are called again when a prefix is replayed,
   * if there are identities: objects differ between runs.
   */
  note(machine: Machine, t: number, i: number): void {
    const kind = this.code[i]! & KIND_MASK;
    const isPossible = kind !== WAIT || machine.timeouts[t]! > 0;
    this.expected[i] = isPossible ? machine.expected[t] : NEVER;
    this.hasIdentities ||= isIdentity(machine.expected[t]);
    if (machine.spins.isUsed && machine.spins.awaits(t)) {
      this.awaited[i] = machine.spins.awaitedLocations(t);
      this.awaitedSince[i] = machine.spins.awaitedSince(t);
    } else this.awaited[i] = null;
    const isValue = kind <= PLAIN_WRITE || kind === COMPARE_EXCHANGE || kind === WAIT;
    const location = this.code[i]! >> KIND_BITS;
    if (isValue && location < GROUP_BASE && !this.#isWrittenBefore(i, location)) {
      this.initial[location] = machine.peek(t);
      this.hasIdentities ||= isIdentity(this.initial[location]);
    }
  }

  #isWrittenBefore(i: number, location: number): boolean {
    if (this.footprint[i]! < COMPOUND_BASE) return this.writeBefore[i]! >= 0;
    for (let node = this.head[location]!; node >= 0; node = this.nodePrevious[node]!) {
      if (this.nodeWrites[node] !== 0 && this.nodeEvent[node]! < i) return true;
    }
    return false;
  }

  /** See `note`. */
  noteAfter(machine: Machine, i: number): void {
    const kind = this.code[i]! & KIND_MASK;
    const changesMutex =
      kind === LOCK || kind === UNLOCK || (kind === TRY_LOCK && this.hasTaken(i));
    this.changed[i] = changesMutex ? 1 : 0;
    const isWrite = (kind >= STORE && kind <= PLAIN_WRITE) || kind === COMPARE_EXCHANGE;
    if (!isWrite) return;
    this.valueAfter[i] = machine.valueAfter;
    this.hasIdentities ||= isIdentity(machine.valueAfter);
    this.changed[i] = machine.valueBefore === machine.valueAfter ? 0 : 1;
  }

  /** Whether an event that is a `TRY_LOCK` took the mutex. */
  hasTaken(i: number): boolean {
    const footprint = this.footprint[i]!;
    if (footprint < COMPOUND_BASE) return (footprint & 1) === 1;
    const location = this.code[i]! >> KIND_BITS;
    return this.#footprints.parts(footprint).includes((location << 1) | 1);
  }

  /** T3 and T4 for an event that touches one location. */
  #link(i: number, footprint: number): void {
    const { threadCount, rows, nodeEvent, nodeWrites, nodePrevious } = this;
    const writes = footprint & 1;
    let node = this.#addNode(i, footprint >> 1, writes);
    const offset = i * threadCount;
    this.writeBefore[i] = -1;
    while (node >= 0) {
      const e = nodeEvent[node]!;
      const isWrite = nodeWrites[node]!;
      if ((isWrite | writes) !== 0) {
        if (rows[offset + this.thread[e]!]! < this.index[e]!) {
          this.#addRace(e);
          this.#join(i, e);
        }
        if (isWrite !== 0) {
          this.writeBefore[i] = e;
          return;
        }
      }
      node = nodePrevious[node]!;
    }
  }

  /** T5 for the common case. */
  #linkLock(i: number, location: number): void {
    const node = this.#addNode(i, location, 1);
    const release = this.#writeNodeFrom(node);
    this.writeBefore[i] = release < 0 ? -1 : this.nodeEvent[release]!;
    if (release >= 0) this.#joinRelease(i, release);
  }

  #joinRelease(i: number, releaseNode: number): void {
    const acquisition = this.acquisitionFrom(releaseNode);
    if (acquisition >= 0 && !this.isBefore(acquisition, i)) this.#addRace(acquisition);
    this.#join(i, this.nodeEvent[releaseNode]!);
  }

  #writeNodeFrom(from: number): number {
    let node = from;
    while (node >= 0 && this.nodeWrites[node] === 0) node = this.nodePrevious[node]!;
    return node;
  }

  /** The latest acquisition of a mutex at or below a node of its chain, or -1. */
  acquisitionFrom(from: number): number {
    for (let node = from; node >= 0; node = this.nodePrevious[node]!) {
      if (this.nodeWrites[node] === 0) continue;
      const kind = this.code[this.nodeEvent[node]!]! & KIND_MASK;
      if (kind === LOCK || kind === TRY_LOCK) return this.nodeEvent[node]!;
    }
    return -1;
  }

  /** T3 and T4 for an event that touches any number of locations. Rare, so clarity before speed. */
  #linkCompound(i: number, footprint: number, kind: number): void {
    const candidates: { event: number; releaseNode: number }[] = [];
    this.writeBefore[i] = -1;
    for (const part of this.#footprints.parts(footprint)) {
      const below = this.#addNode(i, part >> 1, part & 1);
      if (kind === LOCK && part >> 1 === this.code[i]! >> KIND_BITS) {
        const releaseNode = this.#writeNodeFrom(below);
        if (releaseNode >= 0) {
          candidates.push({ event: this.nodeEvent[releaseNode]!, releaseNode });
        }
        continue;
      }
      for (let node = below; node >= 0; node = this.nodePrevious[node]!) {
        const isWrite = this.nodeWrites[node]!;
        if ((isWrite | (part & 1)) === 0) continue;
        candidates.push({ event: this.nodeEvent[node]!, releaseNode: -1 });
        if (isWrite !== 0) break;
      }
    }
    // Latest first; of the two roles one event may have, the release first.
    candidates.sort((a, b) => b.event - a.event || b.releaseNode - a.releaseNode);
    for (const { event, releaseNode } of candidates) {
      if (releaseNode >= 0) this.#joinRelease(i, releaseNode);
      else if (!this.isBefore(event, i)) {
        this.#addRace(event);
        this.#join(i, event);
      }
    }
  }

  #joinNotify(machine: Machine, i: number, t: number): void {
    if (!machine.queues.isNotified(t)) {
      this.wokenBy[i] = -1;
      return;
    }
    const notify = machine.queues.wokenAt(t);
    this.wokenBy[i] = notify;
    // Without a timeout the wake could not come first: an order, but not a race.
    if (machine.timeouts[t] !== Infinity && !this.isBefore(notify, i)) this.#addRace(notify);
    this.#join(i, notify);
  }

  #joinThread(i: number, thread: number): void {
    const last = this.last[thread]!;
    if (last >= 0) this.#join(i, last);
  }

  #join(i: number, e: number): void {
    const { threadCount, rows } = this;
    const offset = i * threadCount;
    const from = e * threadCount;
    let joined = 0;
    for (let u = 0; u < threadCount; u++) {
      const other = rows[from + u]!;
      if (other > rows[offset + u]!) {
        rows[offset + u] = other;
        joined |= 1 << u;
      }
    }
    this.joined[i]! |= joined;
  }

  #addRace(e: number): void {
    if (this.raceTop === this.raceFirst.length) {
      this.raceFirst = copyInto(new Int32Array(this.raceTop * 2), this.raceFirst);
      this.raceSecond = copyInto(new Int32Array(this.raceTop * 2), this.raceSecond);
    }
    this.raceFirst[this.raceTop] = e;
    this.raceSecond[this.raceTop++] = this.length - 1;
  }

  /** Puts an event on the chain of a location and returns the node below it. */
  #addNode(i: number, location: number, writes: number): number {
    if (location >= this.head.length) this.#growHeads(location + 1);
    const node = this.nodeTop++;
    if (node === this.nodeEvent.length) this.#growNodes();
    const below = this.head[location]!;
    this.nodeEvent[node] = i;
    this.nodeLocation[node] = location;
    this.nodeWrites[node] = writes;
    this.nodePrevious[node] = below;
    this.head[location] = node;
    return below;
  }

  #growHeads(count: number): void {
    const size = Math.max(count, this.head.length * 2);
    this.head = copyInto(new Int32Array(size).fill(-1), this.head);
  }

  #growNodes(): void {
    const size = this.nodeEvent.length * 2;
    this.nodeEvent = copyInto(new Int32Array(size), this.nodeEvent);
    this.nodeLocation = copyInto(new Int32Array(size), this.nodeLocation);
    this.nodePrevious = copyInto(new Int32Array(size), this.nodePrevious);
    this.nodeWrites = copyInto(new Uint8Array(size), this.nodeWrites);
  }

  /** Lower half of the class hash of the events so far; only if the trail was made with hashes. */
  hashLow(): number {
    return this.#hashes!.low(this.length);
  }

  /** Upper half of the class hash. */
  hashHigh(): number {
    return this.#hashes!.high(this.length);
  }

  /** Drops all events from position `length` on. */
  popTo(length: number): void {
    for (let i = this.length - 1; i >= length; i--) this.last[this.thread[i]!] = this.previous[i]!;
    if (length >= this.length) return;
    const from = this.nodeStart[length]!;
    for (let node = this.nodeTop - 1; node >= from; node--) {
      this.head[this.nodeLocation[node]!] = this.nodePrevious[node]!;
    }
    this.nodeTop = from;
    this.raceTop = this.raceStart[length]!;
    this.length = length;
  }
}

function copyInto<Column extends Int32Array | Uint8Array>(target: Column, source: Column): Column {
  target.set(source);
  return target;
}
