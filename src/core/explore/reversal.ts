/**
 * The reversal of a race: the sequence that, run from just before the race's first event, has the
 * second event first.
 *
 * R1. For a race (e, f) of an execution the sequence is every event after e, to the end of the
 *     execution, that does not happen after e; and f as it would be without e. Its *core* is the
 *     part up to f, which is the same in every execution that has this race; the rest, which is not
 *     ordered with f, comes after it.
 * R2. A conditional step may come out differently there (a compareExchange that read what e wrote):
 *     its outcome is predicted, or whole classes are lost.
 * R3. A thread is a *weak initial* of the sequence if the sequence, or an extension of it, is
 *     equivalent to one that begins with the thread's next step.
 *
 * R4. Only the first event of each thread is looked at. Each that is not an initial *waits* for a
 *     thread, one of those whose remaining events it depends on, and is looked at again when an
 *     event of that thread is removed. What a thread has in the sequence has no gap: after an event
 *     that happens after e, all of the thread do.
 *
 * The rest matters. A sleeping thread q whose next step is independent of the core alone seems to
 * be a weak initial, as if what starts with q had covered the reversal. But if something in the
 * rest must come before q's step, there are continuations of the core that do not start with q. An
 * explorer that looks at the core only agrees with brute force on thousands of small programs and
 * loses one of the 12 classes of this one:
 *
 *     z = 1  |  y = 1  |  x = 1; read z  |  y = 1; read y; x = 1
 */
import { COMPOUND_BASE, type Footprints } from '../footprint.ts';
import type { Machine } from '../machine.ts';
import { Prediction } from './prediction.ts';
import type { Trail } from './trail.ts';

/** Greater than the number of any event. */
const NO_EVENT = 1 << 16;

export class Reversal {
  /** See `list`. Positions; `trail.capacity` is where the imagined second event stands. */
  readonly events: Int32Array;
  /** Set of threads that occur in the sequence. */
  present = 0;
  /** Those of them whose first event depends on nothing before it. */
  initial = 0;
  /** Set of threads that occur in the core. */
  presentInCore = 0;
  readonly #trail: Trail;
  readonly #prediction: Prediction;
  readonly #machine: Machine;
  readonly #footprints: Footprints;
  /** The race. */
  #e = 0;
  #f = 0;
  /** By thread: its first event in the sequence, and the number of it or `NO_EVENT`. */
  readonly #first: Int32Array;
  readonly #firstIndex: Int32Array;
  /** R4: by thread, the set of threads that wait for it. */
  readonly #waiting: Int32Array;

  constructor(trail: Trail, machine: Machine) {
    this.#trail = trail;
    this.#prediction = new Prediction(trail, machine);
    this.#machine = machine;
    this.#footprints = machine.footprints;
    this.events = new Int32Array(trail.capacity + 1);
    this.#first = new Int32Array(trail.threadCount);
    this.#firstIndex = new Int32Array(trail.threadCount);
    this.#waiting = new Int32Array(trail.threadCount);
  }

  /** Those threads of `initial` whose first event belongs to the core. */
  get initialInCore(): number {
    return this.initial & this.presentInCore;
  }

  /**
   * Begins with the reversal of a race. Returns false when there is none: the step waits for a
   * change that e makes.
   */
  ofRace(e: number, f: number): boolean {
    const { capacity, thread, index, code, footprint, awaited } = this.#trail;
    if (awaited[f] && !this.#prediction.isAwaitOver(e, f)) return false;
    thread[capacity] = thread[f]!;
    index[capacity] = index[f]!;
    code[capacity] = code[f]!;
    footprint[capacity] = this.#prediction.footprint(e, f);
    this.#begin(e, f);
    return true;
  }

  /**
   * Begins with the reversal of an acquisition and a step that is blocked by it at the end of the
   * execution.
   */
  ofBlocked(e: number, t: number, blocked: number): void {
    const { capacity, thread, index, code, footprint, last } = this.#trail;
    thread[capacity] = t;
    index[capacity] = last[t]! < 0 ? 1 : index[last[t]!]! + 1;
    code[capacity] = this.#machine.codes[t]!;
    footprint[capacity] = blocked;
    this.#begin(e, this.#trail.length);
  }

  #begin(e: number, f: number): void {
    const { thread, capacity, length } = this.#trail;
    this.#e = e;
    this.#f = f;
    this.present = 0;
    this.initial = 0;
    const firstIndex = this.#firstIndex;
    const waiting = this.#waiting;
    for (let t = 0; t < firstIndex.length; t++) {
      firstIndex[t] = NO_EVENT;
      waiting[t] = 0;
    }
    const seen = this.#addFirsts(e + 1, f, 1 << thread[e]!);
    const imagined = thread[capacity]!;
    if ((seen & (1 << imagined)) === 0) this.#addFirst(imagined, capacity);
    this.presentInCore = this.present;
    this.#addFirsts(f + 1, length, seen | (1 << imagined));
  }

  /** Adds the first events of threads not seen yet. Returns the threads seen after that. */
  #addFirsts(from: number, end: number, seenBefore: number): number {
    const { rows, threadCount, thread, index } = this.#trail;
    const number = index[this.#e]!;
    const t = thread[this.#e]!;
    let seen = seenBefore;
    for (let g = from; g < end; g++) {
      const u = thread[g]!;
      if ((seen & (1 << u)) !== 0) continue;
      seen |= 1 << u;
      if (rows[g * threadCount + t]! < number) this.#addFirst(u, g);
    }
    return seen;
  }

  #addFirst(t: number, event: number): void {
    this.#first[t] = event;
    this.#firstIndex[t] = this.#trail.index[event]!;
    this.#lookAt(t);
    this.present |= 1 << t;
  }

  /** R4: finds a thread to wait for, or else the thread is an initial. */
  #lookAt(t: number): void {
    const { rows, threadCount, thread, footprint, capacity, joined } = this.#trail;
    const event = this.#first[t]!;
    const bit = 1 << t;
    if (event === capacity) {
      // It has no row to look it up in.
      const earlier = this.#dependent(footprint[capacity]!, this.#f);
      if (earlier < 0) this.initial |= bit;
      else this.#waiting[thread[earlier]!]! |= bit;
      return;
    }
    const firstIndex = this.#firstIndex;
    const offset = event * threadCount;
    // What its thread's previous event depends on is before e, or has been removed.
    for (let rest = this.present & joined[event]!; rest !== 0; rest &= rest - 1) {
      const u = 31 - Math.clz32(rest & -rest);
      if (rows[offset + u]! >= firstIndex[u]!) {
        this.#waiting[u]! |= bit;
        return;
      }
    }
    this.initial |= bit;
  }

  /** Whether an event after e, other than the imagined one, is in the sequence. */
  #has(g: number): boolean {
    const { rows, threadCount, thread, index } = this.#trail;
    const e = this.#e;
    return (
      index[g]! >= this.#firstIndex[thread[g]!]! && rows[g * threadCount + thread[e]!]! < index[e]!
    );
  }

  /**
   * An event of the sequence, not the imagined one, before position `end`, on which such a step
   * depends, or -1.
   */
  #dependent(next: number, end: number): number {
    const { footprint, thread, capacity } = this.#trail;
    const imagined = thread[capacity]!;
    const isLeft = this.#first[imagined] === capacity;
    if ((isLeft ? this.present & ~(1 << imagined) : this.present) === 0) return -1;
    if (next < COMPOUND_BASE) return this.#dependentInChain(next, end);
    for (let g = this.#e + 1; g < end; g++) {
      if (this.#footprints.dependent(footprint[g]!, next) && this.#has(g)) return g;
    }
    return -1;
  }

  #dependentInChain(next: number, end: number): number {
    const { head, nodeEvent, nodeWrites, nodePrevious } = this.#trail;
    const location = next >> 1;
    if (location >= head.length) return -1;
    for (let node = head[location]!; node >= 0; node = nodePrevious[node]!) {
      const g = nodeEvent[node]!;
      if (g <= this.#e) break;
      if (g < end && ((nodeWrites[node]! | next) & 1) !== 0 && this.#has(g)) return g;
    }
    return -1;
  }

  #dependsOnImagined(next: number): boolean {
    const { thread, footprint, capacity } = this.#trail;
    if ((this.present & (1 << thread[capacity]!)) === 0) return false;
    return this.#footprints.dependent(footprint[capacity]!, next);
  }

  /** R3, for a thread whose next step has this footprint. */
  isWeakInitial(t: number, next: number): boolean {
    const bit = 1 << t;
    if ((this.present & bit) !== 0) return (this.initial & bit) !== 0;
    return !this.#dependsOnImagined(next) && this.#dependent(next, this.#trail.length) < 0;
  }

  /** R3 for the core alone: if so, the thread is a weak initial with some other rest. */
  isWeakInitialOfCore(t: number, next: number): boolean {
    const bit = 1 << t;
    if ((this.presentInCore & bit) !== 0) return (this.initial & bit) !== 0;
    return !this.#dependsOnImagined(next) && this.#dependent(next, this.#f) < 0;
  }

  /** Takes the first event of a thread, an initial, out of the sequence, if there is one. */
  removeFirst(t: number): void {
    const bit = 1 << t;
    if ((this.present & bit) === 0) return;
    const { index, capacity, rows, threadCount } = this.#trail;
    this.initial &= ~bit;
    const next = this.#after(this.#first[t]!, t);
    if (next !== capacity && (next < 0 || next > this.#f)) this.presentInCore &= ~bit;
    if (next < 0) {
      this.present &= ~bit;
      this.#firstIndex[t] = NO_EVENT;
    } else {
      this.#first[t] = next;
      this.#firstIndex[t] = index[next]!;
      this.#lookAt(t);
    }
    const waiting = this.#waiting[t]!;
    this.#waiting[t] = 0;
    const number = this.#firstIndex[t];
    for (let rest = waiting; rest !== 0; rest &= rest - 1) {
      const u = 31 - Math.clz32(rest & -rest);
      // The row of the imagined event is empty, so that it is looked at again.
      if (rows[this.#first[u]! * threadCount + t]! >= number) this.#waiting[t] |= 1 << u;
      else this.#lookAt(u);
    }
  }

  /** The event of a thread that follows one of its events in the sequence, or -1. */
  #after(g: number, t: number): number {
    const { rows, threadCount, thread, index, last, next, capacity } = this.#trail;
    if (g === capacity) return -1;
    const following = g === last[t] ? this.#trail.length : next[g]!;
    if (following === this.#f && t === thread[capacity]) return capacity;
    if (following === this.#trail.length) return -1;
    const e = this.#e;
    return rows[following * threadCount + thread[e]!]! < index[e]! ? following : -1;
  }

  /** Writes what is left of the sequence into `events`, in order. Returns the number of them. */
  list(): number {
    const { thread, length: end, capacity } = this.#trail;
    const { events } = this;
    let length = 0;
    for (let g = this.#e + 1; g < this.#f; g++) if (this.#has(g)) events[length++] = g;
    if ((this.present & (1 << thread[capacity]!)) !== 0) events[length++] = capacity;
    for (let g = this.#f + 1; g < end; g++) if (this.#has(g)) events[length++] = g;
    return length;
  }
}
