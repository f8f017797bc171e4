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
import {
  COMPARE_EXCHANGE,
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
import { locations } from '../memory.ts';
import type { Trail } from './trail.ts';

export class Reversal {
  /** Positions of the events; `trail.capacity` is where the imagined second event stands. */
  readonly events: Int32Array;
  length = 0;
  /** Set of threads that occur in the sequence. */
  present = 0;
  /** Those of them whose first event depends on nothing before it. */
  initial = 0;
  /** Set of threads that occur in the core. */
  presentInCore = 0;
  /** Those threads of `initial` whose first event belongs to the core. */
  initialInCore = 0;
  /** Events of the core, the imagined one included, that have not been removed. */
  coreLength = 0;
  readonly #trail: Trail;
  readonly #machine: Machine;
  readonly #footprints: Footprints;
  readonly #firstIndex: Int32Array;
  /** See `#placesTouched`; 0 when it is not known. What was removed may still be in it. */
  #places = 0;

  constructor(trail: Trail, machine: Machine) {
    this.#trail = trail;
    this.#machine = machine;
    this.#footprints = machine.footprints;
    this.events = new Int32Array(trail.capacity + 1);
    this.#firstIndex = new Int32Array(trail.threadCount);
  }

  /**
   * Builds the reversal of a race. Returns false when there is none: the step waits for a change
   * that e makes.
   */
  ofRace(e: number, f: number): boolean {
    const { capacity, thread, index, code, footprint } = this.#trail;
    if (this.#trail.awaited[f] && !this.#isAwaitOver(e, f)) return false;
    thread[capacity] = thread[f]!;
    index[capacity] = index[f]!;
    code[capacity] = code[f]!;
    footprint[capacity] = this.#predict(e, f);
    this.#collect(e, f);
    return true;
  }

  /**
   * Builds the reversal of an acquisition and a step that is blocked by it at the end of the
   * execution.
   */
  ofBlocked(e: number, t: number, blocked: number): void {
    const { capacity, thread, index, code, footprint, last } = this.#trail;
    thread[capacity] = t;
    index[capacity] = last[t]! < 0 ? 1 : index[last[t]!]! + 1;
    code[capacity] = this.#machine.codes[t]!;
    footprint[capacity] = blocked;
    this.#collect(e, this.#trail.length);
  }

  #collect(e: number, f: number): void {
    const { rows, threadCount, thread, index, capacity, length: end } = this.#trail;
    const { events } = this;
    const t = thread[e]!;
    const number = index[e]!;
    let length = 0;
    let at = (e + 1) * threadCount + t;
    for (let g = e + 1; g < f; g++, at += threadCount) {
      if (rows[at]! < number) events[length++] = g;
    }
    events[length++] = capacity;
    this.coreLength = length;
    this.#places = 0;
    for (let g = f + 1, next = at + threadCount; g < end; g++, next += threadCount) {
      if (rows[next]! < number) events[length++] = g;
    }
    this.length = length;
    this.#findInitials();
  }

  #findInitials(): void {
    const { rows, threadCount, thread, index, capacity } = this.#trail;
    const { events, length, coreLength } = this;
    const firstIndex = this.#firstIndex;
    let present = 0;
    let initial = 0;
    this.initialInCore = 0;
    for (let k = 0; k < length; k++) {
      if (k === coreLength) {
        this.presentInCore = present;
        this.initialInCore = initial;
      }
      const g = events[k]!;
      const t = thread[g]!;
      if ((present & (1 << t)) !== 0) continue;
      let depends = false;
      if (g === capacity) depends = this.#conflictsBefore(k);
      else {
        const offset = g * threadCount;
        for (let rest = present; rest !== 0; rest &= rest - 1) {
          const u = 31 - Math.clz32(rest & -rest);
          if (rows[offset + u]! >= firstIndex[u]!) {
            depends = true;
            break;
          }
        }
      }
      present |= 1 << t;
      firstIndex[t] = index[g]!;
      if (!depends) initial |= 1 << t;
    }
    if (coreLength === length) {
      this.presentInCore = present;
      this.initialInCore = initial;
    }
    this.present = present;
    this.initial = initial;
  }

  /**
   * Whether the imagined event, at place k, depends on one before it. It has no row to look it up
   * in.
   */
  #conflictsBefore(k: number): boolean {
    const { footprint, capacity } = this.#trail;
    const imagined = footprint[capacity]!;
    for (let j = 0; j < k; j++) {
      if (this.#footprints.dependent(footprint[this.events[j]!]!, imagined)) return true;
    }
    return false;
  }

  /** R3, for a thread whose next step has this footprint. */
  isWeakInitial(t: number, next: number): boolean {
    const bit = 1 << t;
    if ((this.present & bit) !== 0) return (this.initial & bit) !== 0;
    if (next < COMPOUND_BASE && (this.#placesTouched() & (1 << ((next >> 1) & 31))) === 0) {
      return true;
    }
    const { footprint } = this.#trail;
    for (let k = 0; k < this.length; k++) {
      if (this.#footprints.dependent(footprint[this.events[k]!]!, next)) return false;
    }
    return true;
  }

  /** R3 for the core alone: if so, the thread is a weak initial with some other rest. */
  isWeakInitialOfCore(t: number, next: number): boolean {
    const bit = 1 << t;
    if ((this.presentInCore & bit) !== 0) return (this.initialInCore & bit) !== 0;
    const { footprint } = this.#trail;
    for (let k = 0; k < this.coreLength; k++) {
      if (this.#footprints.dependent(footprint[this.events[k]!]!, next)) return false;
    }
    return true;
  }

  /**
   * The locations of the sequence by their lowest five bits; all if there is a compound footprint.
   */
  #placesTouched(): number {
    if (this.#places !== 0) return this.#places;
    const { footprint } = this.#trail;
    let places = 0;
    for (let k = 0; k < this.length; k++) {
      const touched = footprint[this.events[k]!]!;
      places |= touched < COMPOUND_BASE ? 1 << ((touched >> 1) & 31) : -1;
    }
    this.#places = places;
    return places;
  }

  /** Takes the first event of a thread out of the sequence, if there is one. */
  removeFirst(t: number): void {
    if ((this.present & (1 << t)) === 0) return;
    const { thread } = this.#trail;
    const { events } = this;
    let k = 0;
    while (thread[events[k]!] !== t) k++;
    events.copyWithin(k, k + 1, this.length);
    this.length--;
    if (k < this.coreLength) this.coreLength--;
    this.#findInitials();
  }

  /** R2: what f would touch if it came before e. */
  #predict(e: number, f: number): number {
    const trail = this.#trail;
    const footprint = trail.footprint[f]!;
    const code = trail.code[f]!;
    const kind = code & KIND_MASK;
    if (kind !== COMPARE_EXCHANGE && kind !== TRY_LOCK && kind !== WAIT && kind !== WAKE) {
      return footprint;
    }
    const location = code >> KIND_BITS;
    let succeeds: boolean;
    if (kind === TRY_LOCK) succeeds = this.#isFree(e, f, location);
    else if (kind === WAKE) succeeds = trail.wokenBy[f]! >= 0 && trail.wokenBy[f] !== e;
    else if (locations.isMixed(location)) succeeds = true;
    else succeeds = this.#valueBefore(e, f, location) === trail.expected[f];
    const predicted = this.#machine.accesses.of(kind, location, succeeds);
    const awaited = trail.awaited[f];
    return awaited ? this.#machine.accesses.withAwaited(predicted, awaited) : predicted;
  }

  /**
   * The latest event before f, of those that stay before it, that wrote a location; -1 if none did.
   */
  #lastWrite(e: number, f: number, location: number): number {
    const trail = this.#trail;
    for (let node = trail.head[location]!; node >= 0; node = trail.nodePrevious[node]!) {
      const g = trail.nodeEvent[node]!;
      if (g >= f || trail.nodeWrites[node] === 0) continue;
      if (g < e || (g !== e && !trail.isBefore(e, g))) return g;
    }
    return -1;
  }

  #valueBefore(e: number, f: number, location: number): unknown {
    const write = this.#lastWrite(e, f, location);
    return write < 0 ? this.#trail.initial[location] : this.#trail.valueAfter[write];
  }

  #isFree(e: number, f: number, location: number): boolean {
    const write = this.#lastWrite(e, f, location);
    if (write >= 0) return (this.#trail.code[write]! & KIND_MASK) === UNLOCK;
    // Nobody before: the mutex is as setup left it, free unless its first event is a release.
    let first = -1;
    for (
      let node = this.#trail.head[location]!;
      node >= 0;
      node = this.#trail.nodePrevious[node]!
    ) {
      if (this.#trail.nodeWrites[node] !== 0) first = this.#trail.nodeEvent[node]!;
    }
    if (first < 0) return false;
    const kind = this.#trail.code[first]! & KIND_MASK;
    return kind === LOCK || kind === TRY_LOCK;
  }

  /** Whether what f awaited changes even without e and what happens after e. */
  #isAwaitOver(e: number, f: number): boolean {
    const trail = this.#trail;
    const since = trail.awaitedSince[f]!;
    for (const location of trail.awaited[f]!) {
      let hasChange = false;
      for (let node = trail.head[location]!; node >= 0; node = trail.nodePrevious[node]!) {
        const g = trail.nodeEvent[node]!;
        if (g >= f) continue;
        if (trail.thread[g] === trail.thread[f] && trail.index[g]! < since) break;
        if (trail.changed[g] === 1 && (g < e || !trail.isBefore(e, g))) hasChange = true;
        if (hasChange && trail.thread[g] === trail.thread[f] && isRead(trail.code[g]!)) return true;
      }
    }
    return false;
  }
}

/** Whether a step looks at the value, as rule K4 of the machine counts it. */
function isRead(code: number): boolean {
  const kind = code & KIND_MASK;
  return kind !== STORE && kind !== PLAIN_WRITE && kind !== LOCK && kind !== UNLOCK;
}
