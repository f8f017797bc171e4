/**
 * The general search on one key: just-in-time linearization, depth first, remembering configurations.
 *
 * Operations act as late as possible: the search goes along the events and decides something only when an operation is
 * about to return without having acted. A configuration is an event position, the state, and which of the open
 * operations have acted; each is explored once.
 *
 * What keeps it small:
 * K1. A read, or a failed compare, acts as soon as it is open and the state allows it: it changes nothing.
 * K2. The value lock: a state is not left while somebody still has to see it and nobody is left to write it again.
 * K3. Of open operations that do the same, the one that returns first goes first.
 * K4. Dead values, which nobody still asks about, are one state.
 * K5. While no failed compare is left, open writes of dead values act for nothing: in a dead state, or just before a
 *     blind write. With failed compares left this is wrong, since such a write may be what one of them needs:
 *       the state is 1 and 2 is dead; store(2) is open; compareAndSwap(1, 3), which fails, is called only later.
 *       Then store(2) has to wait for the compare.
 * K6. An operation that never returned acts only if somebody still asks about its value, or a failed compare is left.
 */
import { NEVER } from '../history.ts';
import { Configurations } from './configurations.ts';
import { APPEND, MODIFY, NOT, READ, WRITE, type KeyProblem } from './key-problem.ts';
import type { LogStates } from './log-states.ts';
import { doubled } from '../typed-arrays.ts';

export const SEARCH_YES = 1;
export const SEARCH_NO = 0;
/** The budget ended before the answer. */
export const SEARCH_UNKNOWN = -1;

const NO_OPERATION = -1;
const DEAD_STATE = -2;
/** Numbers of a frame: position, trail length, first and next and last candidate. */
const FRAME_SIZE = 5;

/** A search over one key; runs once. */
export class KeySearch {
  /** Configurations explored. */
  nodeCount: number = 0;
  readonly #problem: KeyProblem;
  readonly #log: LogStates | null;
  readonly #configurations: Configurations;
  readonly #isDone: Uint8Array;
  readonly #mask: Int32Array;
  /** Slots, as bits, whose operation is open and has not acted. */
  readonly #waiting: Int32Array;
  /** By slot: the open operation. */
  readonly #open: Int32Array;
  /** By state: reads and replacements that must still happen, writes that may, failed compares, optional replacements. */
  readonly #needs: Int32Array;
  readonly #writers: Int32Array;
  readonly #compares: Int32Array;
  readonly #options: Int32Array;
  #comparesLeft = 0;
  #position = 0;
  #state: number;
  /** Operations that acted, in order, each with the state before it. */
  #trail: Int32Array = new Int32Array(64);
  #trailLength = 0;
  #frames: Int32Array = new Int32Array(FRAME_SIZE * 32);
  #frameCount = 0;
  #candidates: Int32Array = new Int32Array(64);
  #candidateCount = 0;

  constructor(problem: KeyProblem, log: LogStates | null) {
    const { operationCount, slotCount, stateCount } = problem;
    const maskWords = Math.max(1, Math.ceil(slotCount / 32));
    this.#problem = problem;
    this.#log = log;
    this.#configurations = new Configurations(maskWords);
    this.#isDone = new Uint8Array(operationCount);
    this.#mask = new Int32Array(maskWords);
    this.#waiting = new Int32Array(maskWords);
    this.#open = new Int32Array(slotCount).fill(NO_OPERATION);
    this.#needs = new Int32Array(stateCount);
    this.#writers = new Int32Array(stateCount);
    this.#compares = new Int32Array(stateCount);
    this.#options = new Int32Array(stateCount);
    this.#state = problem.initialState;
    if (log === null) this.#countUses();
  }

  /** Explores until `nodeCount` reaches `nodeLimit`; after SEARCH_UNKNOWN it goes on where it stopped. */
  run(nodeLimit: number): number {
    if (this.nodeCount === 0 && !this.#areReadsWritten()) return SEARCH_NO;
    for (;;) {
      const forced = this.#advance();
      if (forced === NO_OPERATION) return SEARCH_YES;
      if (this.#comparesLeft === 0 && this.#log === null && this.#isDead(this.#state)) {
        this.#drainDeadWrites();
        if (this.#isDone[forced] === 1) continue;
      }
      if (this.nodeCount >= nodeLimit) return SEARCH_UNKNOWN;
      if (this.#isNew()) {
        this.nodeCount++;
        this.#branch(forced);
      }
      if (!this.#tryNext()) return SEARCH_NO;
    }
  }

  /** Observations in the order they act; valid after SEARCH_YES. */
  linearization(): Int32Array {
    const { observation } = this.#problem;
    const order = new Int32Array(this.#trailLength);
    for (let index = 0; index < order.length; index++) {
      order[index] = observation[this.#trail[2 * index]!]!;
    }
    return order;
  }

  #countUses(): void {
    const { operationCount, kind, from, to, due } = this.#problem;
    for (let operation = 0; operation < operationCount; operation++) {
      const what = kind[operation]!;
      if (what === NOT) {
        this.#compares[from[operation]!]!++;
        this.#comparesLeft++;
      } else if (what === READ) this.#needs[from[operation]!]!++;
      else {
        this.#writers[to[operation]!]!++;
        if (what === MODIFY) {
          if (due[operation] === NEVER) this.#options[from[operation]!]!++;
          else this.#needs[from[operation]!]!++;
        }
      }
    }
  }

  /** What is seen but never written can't have been. */
  #areReadsWritten(): boolean {
    if (this.#log !== null) return true;
    for (let state = 0; state < this.#problem.stateCount; state++) {
      const isThere = state === this.#state || this.#writers[state]! > 0;
      if (this.#needs[state]! > 0 && !isThere) return false;
    }
    return true;
  }

  /** Goes along the events up to the return of an operation that has not acted; NO_OPERATION at the end. */
  #advance(): number {
    const { events, slot, kind, from } = this.#problem;
    const eventCount = events.length;
    while (this.#position < eventCount) {
      const code = events[this.#position]!;
      const operation = code >> 1;
      const place = slot[operation]!;
      if ((code & 1) === 0) {
        this.#open[place] = operation;
        this.#waiting[place >> 5]! |= 1 << (place & 31);
        this.#position++;
        const what = kind[operation]!;
        if (
          what === READ
            ? from[operation] === this.#state
            : what === NOT && from[operation] !== this.#state
        ) {
          this.#act(operation, this.#state);
        }
      } else {
        if (this.#isDone[operation] === 0) return operation;
        this.#open[place] = NO_OPERATION;
        this.#mask[place >> 5]! &= ~(1 << (place & 31));
        this.#position++;
      }
    }
    return NO_OPERATION;
  }

  #isNew(): boolean {
    const isDead = this.#log === null && this.#isDead(this.#state);
    const state = isDead ? DEAD_STATE : this.#state;
    if (!this.#configurations.add(this.#position, state, this.#mask)) {
      // Seen: an empty frame, so that the way back is the same.
      this.#pushFrame(this.#candidateCount);
      return false;
    }
    return true;
  }

  #isDead(state: number): boolean {
    return this.#needs[state] === 0 && this.#compares[state] === 0 && this.#options[state] === 0;
  }

  /** K5. Leaves the state dead. */
  #drainDeadWrites(): void {
    const { kind, to, due } = this.#problem;
    for (let word = 0; word < this.#waiting.length; word++) {
      for (let bits = this.#waiting[word]!; bits !== 0; bits &= bits - 1) {
        const operation = this.#openAt(word, bits);
        if (kind[operation] === WRITE && due[operation] !== NEVER && this.#isDead(to[operation]!)) {
          this.#act(operation, to[operation]!);
        }
      }
    }
  }

  /** A frame with the operations that may act next: the forced one first, then by return. */
  #branch(forced: number): void {
    const first = this.#candidateCount;
    for (let word = 0; word < this.#waiting.length; word++) {
      for (let bits = this.#waiting[word]!; bits !== 0; bits &= bits - 1) {
        const operation = this.#openAt(word, bits);
        if (this.#canAct(operation)) this.#addCandidate(operation, first, forced);
      }
    }
    this.#pushFrame(first);
  }

  #canAct(operation: number): boolean {
    const { kind, from, to } = this.#problem;
    const state = this.#state;
    const what = kind[operation]!;
    if (what === READ || what === NOT) return false;
    if (what === MODIFY && from[operation] !== state) return false;
    if (this.#log !== null) return true;
    if (this.#problem.due[operation] === NEVER && this.#isPointless(operation)) return false;
    if (what === WRITE && to[operation] === state) return true;
    // K2. A replacement that must happen is itself one of those who have to see the state.
    const isUser = what === MODIFY && this.#problem.due[operation] !== NEVER;
    return this.#writers[state]! > 0 || this.#needs[state]! <= (isUser ? 1 : 0);
  }

  /** K6. */
  #isPointless(operation: number): boolean {
    return this.#comparesLeft === 0 && this.#isDead(this.#problem.to[operation]!);
  }

  /** Inserts by rank; K3 drops a candidate that does the same as one that returns earlier. */
  #addCandidate(operation: number, first: number, forced: number): void {
    const { kind, from, to, due } = this.#problem;
    for (let index = first; index < this.#candidateCount; index++) {
      const other = this.#candidates[index]!;
      const isSame =
        kind[other] === kind[operation] &&
        from[other] === from[operation] &&
        to[other] === to[operation];
      if (!isSame) continue;
      if (due[operation]! >= due[other]!) return;
      this.#candidates.copyWithin(index, index + 1, this.#candidateCount);
      this.#candidateCount--;
      break;
    }
    if (this.#candidateCount === this.#candidates.length)
      this.#candidates = doubled(this.#candidates);
    let index = this.#candidateCount++;
    const rank = this.#rank(operation, forced);
    while (index > first && this.#rank(this.#candidates[index - 1]!, forced) > rank) {
      this.#candidates[index] = this.#candidates[index - 1]!;
      index--;
    }
    this.#candidates[index] = operation;
  }

  /** Smaller goes first: the forced operation, what makes its state, then by return. */
  #rank(operation: number, forced: number): number {
    if (operation === forced) return -2;
    const { kind, from, to, due } = this.#problem;
    const makesState =
      kind[forced] !== WRITE &&
      kind[forced] !== NOT &&
      kind[forced] !== APPEND &&
      to[operation] === from[forced];
    return makesState ? -1 : due[operation]!;
  }

  #pushFrame(first: number): void {
    const at = this.#frameCount * FRAME_SIZE;
    if (at + FRAME_SIZE > this.#frames.length) this.#frames = doubled(this.#frames);
    const frames = this.#frames;
    frames[at] = this.#position;
    frames[at + 1] = this.#trailLength;
    frames[at + 2] = first;
    frames[at + 3] = first;
    frames[at + 4] = this.#candidateCount;
    this.#frameCount++;
  }

  /** Goes back to the last frame with a candidate left and lets it act; false where there is none. */
  #tryNext(): boolean {
    while (this.#frameCount > 0) {
      const at = (this.#frameCount - 1) * FRAME_SIZE;
      this.#undo(this.#frames[at]!, this.#frames[at + 1]!);
      const next = this.#frames[at + 3]!;
      if (next < this.#frames[at + 4]!) {
        this.#frames[at + 3] = next + 1;
        if (this.#choose(this.#candidates[next]!)) return true;
      } else {
        this.#candidateCount = this.#frames[at + 2]!;
        this.#frameCount--;
      }
    }
    return false;
  }

  /** Lets a writing operation act, and after it every open read and failed compare that now can (K1). */
  #choose(operation: number): boolean {
    const { kind, to } = this.#problem;
    const log = this.#log;
    if (log !== null) {
      const state =
        kind[operation] === APPEND ? log.append(this.#state, operation) : to[operation]!;
      this.#act(operation, state);
      this.#actReads();
      return log.isHopeful(state, this.#position, this.#isDone);
    }
    if (kind[operation] === WRITE && this.#comparesLeft === 0) this.#drainBefore(operation);
    this.#act(operation, to[operation]!);
    this.#actReads();
    return true;
  }

  #drainBefore(operation: number): void {
    // The write itself may be of a dead value; it goes last.
    const place = this.#problem.slot[operation]!;
    this.#waiting[place >> 5]! &= ~(1 << (place & 31));
    this.#drainDeadWrites();
    this.#waiting[place >> 5]! |= 1 << (place & 31);
  }

  #actReads(): void {
    const { kind, from } = this.#problem;
    const state = this.#state;
    for (let word = 0; word < this.#waiting.length; word++) {
      for (let bits = this.#waiting[word]!; bits !== 0; bits &= bits - 1) {
        const operation = this.#openAt(word, bits);
        const what = kind[operation]!;
        if (what === READ ? from[operation] === state : what === NOT && from[operation] !== state) {
          this.#act(operation, state);
        }
      }
    }
  }

  /** The open operation of the lowest bit of a word of places. */
  #openAt(word: number, bits: number): number {
    return this.#open[(word << 5) + 31 - Math.clz32(bits & -bits)]!;
  }

  #act(operation: number, state: number): void {
    if (2 * this.#trailLength === this.#trail.length) this.#trail = doubled(this.#trail);
    this.#trail[2 * this.#trailLength] = operation;
    this.#trail[2 * this.#trailLength + 1] = this.#state;
    this.#trailLength++;
    const place = this.#problem.slot[operation]!;
    this.#isDone[operation] = 1;
    this.#mask[place >> 5]! |= 1 << (place & 31);
    this.#waiting[place >> 5]! &= ~(1 << (place & 31));
    this.#state = state;
    if (this.#log === null) this.#count(operation, -1);
  }

  #count(operation: number, change: number): void {
    const { kind, from, to, due } = this.#problem;
    const what = kind[operation]!;
    if (what === NOT) {
      this.#compares[from[operation]!]! += change;
      this.#comparesLeft += change;
      return;
    }
    if (what === READ) {
      this.#needs[from[operation]!]! += change;
      return;
    }
    this.#writers[to[operation]!]! += change;
    if (what !== MODIFY) return;
    if (due[operation] === NEVER) this.#options[from[operation]!]! += change;
    else this.#needs[from[operation]!]! += change;
  }

  /** Goes back to an event position and a trail length. */
  #undo(position: number, trailLength: number): void {
    const { events, slot } = this.#problem;
    while (this.#position > position) {
      const code = events[--this.#position]!;
      const place = slot[code >> 1]!;
      if ((code & 1) === 0) {
        this.#open[place] = NO_OPERATION;
        this.#mask[place >> 5]! &= ~(1 << (place & 31));
        this.#waiting[place >> 5]! &= ~(1 << (place & 31));
      } else {
        this.#open[place] = code >> 1;
        this.#mask[place >> 5]! |= 1 << (place & 31);
      }
    }
    while (this.#trailLength > trailLength) {
      this.#trailLength--;
      const operation = this.#trail[2 * this.#trailLength]!;
      const place = slot[operation]!;
      this.#isDone[operation] = 0;
      if (this.#open[place] === operation) {
        this.#mask[place >> 5]! &= ~(1 << (place & 31));
        this.#waiting[place >> 5]! |= 1 << (place & 31);
      }
      this.#state = this.#trail[2 * this.#trailLength + 1]!;
      if (this.#log === null) this.#count(operation, 1);
    }
  }
}
