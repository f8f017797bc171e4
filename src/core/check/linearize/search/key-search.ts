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
import { Configurations, WORDS_MAX } from './configurations.ts';
import { APPEND, MODIFY, NOT, READ, WRITE, type KeyProblem } from './key-problem.ts';
import type { LogStates } from './log-states.ts';
import { lowestPlace, OpenPlaces } from './open-places.ts';
import { Uses } from './uses.ts';
import { doubled } from '../typed-arrays.ts';

export const SEARCH_YES = 1;
export const SEARCH_NO = 0;
/** The budget ended before the answer. */
export const SEARCH_UNKNOWN = -1;

const NO_OPERATION = -1;
const DEAD_STATE = -2;
const UNCLEAR = -2;
/** Numbers of a frame: position, trail length, first and next and last candidate, and {@link FRAME_FORCED}. */
const FRAME_SIZE = 6;
/** Offset: the forced operation while a frame has only its first candidate; NO_OPERATION when it has all. */
const FRAME_FORCED = 5;

/** A search over one key; runs once. */
export class KeySearch {
  /** Configurations explored. */
  nodeCount: number = 0;
  readonly #events: Int32Array;
  readonly #kind: Uint8Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #due: Int32Array;
  readonly #slot: Int32Array;
  readonly #log: LogStates | null;
  readonly #configurations: Configurations;
  readonly #isDone: Uint8Array;
  readonly #places: OpenPlaces;
  readonly #uses: Uses;
  /** Of the places and the uses. */
  readonly #openAt: Int32Array;
  readonly #wanted: Int32Array;
  readonly #needs: Int32Array;
  readonly #writers: Int32Array;
  /** While candidates are ranked: the state that the forced operation has to see, -1 for none. */
  #target = -1;
  #position = 0;
  #state: number;
  /** Operations that acted, in order, each with the state before it. */
  #trail: Int32Array = new Int32Array(64);
  #trailLength = 0;
  #frames: Int32Array = new Int32Array(FRAME_SIZE * 32);
  #frameCount = 0;
  /** Frames that needed more than their first candidate; where they are many, all is listed at once. */
  #completeCount = 0;
  #candidates: Int32Array = new Int32Array(64);
  #candidateCount = 0;

  constructor(problem: KeyProblem, log: LogStates | null) {
    ({ events: this.#events, kind: this.#kind, from: this.#from } = problem);
    ({ to: this.#to, due: this.#due, slot: this.#slot } = problem);
    this.#log = log;
    this.#isDone = new Uint8Array(problem.operationCount);
    this.#places = new OpenPlaces(problem);
    this.#uses = new Uses(problem);
    ({ operation: this.#openAt, wanted: this.#wanted } = this.#places);
    ({ needs: this.#needs, writers: this.#writers } = this.#uses);
    const { length } = this.#places.acted;
    this.#configurations = new Configurations(length, WORDS_MAX, problem.operationCount >> 1);
    this.#state = problem.initialState;
  }

  /** Explores until `nodeCount` reaches `nodeLimit`; after SEARCH_UNKNOWN it goes on where it stopped. */
  run(nodeLimit: number): number {
    if (this.nodeCount === 0 && this.#log === null && !this.#uses.isAllWritten(this.#state)) {
      return SEARCH_NO;
    }
    for (;;) {
      const forced = this.#advance();
      if (forced === NO_OPERATION) return SEARCH_YES;
      if (this.#uses.comparesLeft === 0 && this.#log === null && this.#uses.isDead(this.#state)) {
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

  /** Goes along the events up to the return of an operation that has not acted; NO_OPERATION at the end. */
  #advance(): number {
    const eventCount = this.#events.length;
    while (this.#position < eventCount) {
      const code = this.#events[this.#position]!;
      const operation = code >> 1;
      const place = this.#slot[operation]!;
      if ((code & 1) === 0) {
        this.#places.open(place, operation);
        this.#places.await(place, operation);
        this.#position++;
        const what = this.#kind[operation]!;
        if (
          what === READ
            ? this.#from[operation] === this.#state
            : what === NOT && this.#from[operation] !== this.#state
        ) {
          this.#act(operation, this.#state);
        }
      } else {
        if (this.#isDone[operation] === 0) return operation;
        this.#openAt[place] = NO_OPERATION;
        this.#places.acted[place >> 5]! &= ~(1 << (place & 31));
        this.#position++;
      }
    }
    return NO_OPERATION;
  }

  #isNew(): boolean {
    const isDead = this.#log === null && this.#uses.isDead(this.#state);
    const state = isDead ? DEAD_STATE : this.#state;
    if (!this.#configurations.add(this.#position, state, this.#places.acted)) {
      // Seen: an empty frame, so that the way back is the same.
      this.#pushFrame(this.#candidateCount, NO_OPERATION);
      return false;
    }
    return true;
  }

  /** K5. Leaves the state dead. */
  #drainDeadWrites(): void {
    for (let word = 0; word < this.#places.changes.length; word++) {
      for (let bits = this.#places.changes[word]!; bits !== 0; bits &= bits - 1) {
        const operation = this.#openAt[lowestPlace(word, bits)]!;
        if (
          this.#kind[operation] === WRITE &&
          this.#due[operation] !== NEVER &&
          this.#uses.isDead(this.#to[operation]!)
        ) {
          this.#act(operation, this.#to[operation]!);
        }
      }
    }
  }

  /**
   * A frame with the operations that may act next: the forced one first, then by return. Most frames never need but the
   * first of them, so the others are listed only when the search comes back.
   */
  #branch(forced: number): void {
    const first = this.#candidateCount;
    const operation = this.#canAct(forced) ? forced : this.#firstCandidate(forced);
    if (operation === UNCLEAR) this.#listCandidates(first, forced);
    else if (operation !== NO_OPERATION) this.#addCandidate(operation, first, forced);
    this.#pushFrame(first, operation < 0 ? NO_OPERATION : forced);
  }

  /** The candidate of the least rank, where the forced one is none; UNCLEAR where they have to be listed. */
  #firstCandidate(forced: number): number {
    if (this.#isLocked()) return NO_OPERATION;
    if (this.#completeCount * 3 > this.nodeCount) return UNCLEAR;
    this.#target = this.#targetOf(forced);
    let found = NO_OPERATION;
    let least = NEVER;
    let isTie = false;
    for (let word = 0; word < this.#places.changes.length; word++) {
      for (let bits = this.#places.changes[word]!; bits !== 0; bits &= bits - 1) {
        const place = lowestPlace(word, bits);
        if (this.#wanted[place]! >= 0 && this.#wanted[place] !== this.#state) continue;
        const operation = this.#openAt[place]!;
        if (!this.#canAct(operation)) continue;
        const rank = this.#rank(operation, forced);
        if (found !== NO_OPERATION && rank > least) continue;
        isTie = found !== NO_OPERATION && rank === least;
        found = operation;
        least = rank;
      }
    }
    return isTie ? UNCLEAR : found;
  }

  #listCandidates(first: number, forced: number): void {
    this.#target = this.#targetOf(forced);
    for (let word = 0; word < this.#places.changes.length; word++) {
      for (let bits = this.#places.changes[word]!; bits !== 0; bits &= bits - 1) {
        const place = lowestPlace(word, bits);
        if (this.#wanted[place]! >= 0 && this.#wanted[place] !== this.#state) continue;
        const operation = this.#openAt[place]!;
        if (this.#canAct(operation)) this.#addCandidate(operation, first, forced);
      }
    }
  }

  /** K2, for all but one replacement: several still have to see the state, and nobody is left to write it again. */
  #isLocked(): boolean {
    const state = this.#state;
    return this.#log === null && this.#writers[state] === 0 && this.#needs[state]! > 1;
  }

  #canAct(operation: number): boolean {
    const state = this.#state;
    const what = this.#kind[operation]!;
    if (what === READ || what === NOT) return false;
    if (what === MODIFY && this.#from[operation] !== state) return false;
    if (this.#log !== null) return true;
    const isOptional = this.#due[operation] === NEVER;
    if (isOptional && this.#uses.comparesLeft === 0 && this.#uses.isDead(this.#to[operation]!)) {
      return false; // K6
    }
    if (what === WRITE && this.#to[operation] === state) return true;
    // K2. A replacement that must happen is itself one of those who have to see the state.
    const isUser = what === MODIFY && !isOptional;
    return this.#writers[state]! > 0 || this.#needs[state]! <= (isUser ? 1 : 0);
  }

  /** Inserts by rank; K3 drops a candidate that does the same as one that returns earlier. */
  #addCandidate(operation: number, first: number, forced: number): void {
    const mayRepeat = this.#log !== null || this.#writers[this.#to[operation]!]! > 1;
    for (
      let index = mayRepeat ? first : this.#candidateCount;
      index < this.#candidateCount;
      index++
    ) {
      const other = this.#candidates[index]!;
      const isSame =
        this.#to[other] === this.#to[operation] &&
        this.#kind[other] === this.#kind[operation] &&
        this.#from[other] === this.#from[operation];
      if (!isSame) continue;
      if (this.#due[operation]! >= this.#due[other]!) return;
      this.#candidates.copyWithin(index, index + 1, this.#candidateCount);
      this.#candidateCount--;
      break;
    }
    let index = this.#candidateCount++;
    if (index === this.#candidates.length) this.#candidates = doubled(this.#candidates);
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
    return this.#to[operation] === this.#target ? -1 : this.#due[operation]!;
  }

  /** The state that an operation has to see to act, -1 for none. */
  #targetOf(forced: number): number {
    const what = this.#kind[forced]!;
    return what === READ || what === MODIFY ? this.#from[forced]! : -1;
  }

  #pushFrame(first: number, forced: number): void {
    const at = this.#frameCount * FRAME_SIZE;
    if (at + FRAME_SIZE > this.#frames.length) this.#frames = doubled(this.#frames);
    const frames = this.#frames;
    frames[at] = this.#position;
    frames[at + 1] = this.#trailLength;
    frames[at + 2] = first;
    frames[at + 3] = first;
    frames[at + 4] = this.#candidateCount;
    frames[at + FRAME_FORCED] = forced;
    this.#frameCount++;
  }

  /** Goes back to the last frame with a candidate left and lets it act; false where there is none. */
  #tryNext(): boolean {
    while (this.#frameCount > 0) {
      const at = (this.#frameCount - 1) * FRAME_SIZE;
      this.#undo(this.#frames[at]!, this.#frames[at + 1]!);
      const next = this.#frames[at + 3]!;
      if (next > this.#frames[at + 2]! && this.#frames[at + FRAME_FORCED] !== NO_OPERATION) {
        this.#complete(at);
      }
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

  /** Lists all candidates of a frame whose first one was tried. */
  #complete(frame: number): void {
    const first = this.#frames[frame + 2]!;
    this.#candidateCount = first;
    this.#listCandidates(first, this.#frames[frame + FRAME_FORCED]!);
    this.#frames[frame + 4] = this.#candidateCount;
    this.#frames[frame + FRAME_FORCED] = NO_OPERATION;
    this.#completeCount++;
  }

  /** Lets a writing operation act, and after it every open read and failed compare that now can (K1). */
  #choose(operation: number): boolean {
    const log = this.#log;
    if (log !== null) {
      const state =
        this.#kind[operation] === APPEND
          ? log.append(this.#state, operation)
          : this.#to[operation]!;
      this.#act(operation, state);
      this.#actReads();
      return log.isHopeful(state, this.#position, this.#isDone);
    }
    if (this.#kind[operation] === WRITE && this.#uses.comparesLeft === 0)
      this.#drainBefore(operation);
    const state = this.#to[operation]!;
    this.#act(operation, state);
    if (this.#needs[state]! > 0 || this.#places.compareCount > 0) this.#actReads();
    return true;
  }

  #drainBefore(operation: number): void {
    // The write itself may be of a dead value; it goes last.
    const place = this.#slot[operation]!;
    this.#places.changes[place >> 5]! &= ~(1 << (place & 31));
    this.#drainDeadWrites();
    this.#places.changes[place >> 5]! |= 1 << (place & 31);
  }

  #actReads(): void {
    const state = this.#state;
    for (let word = 0; word < this.#places.reads.length; word++) {
      for (let bits = this.#places.reads[word]!; bits !== 0; bits &= bits - 1) {
        const place = lowestPlace(word, bits);
        const want = this.#wanted[place]!;
        if (want === state || (want < 0 && ~want !== state)) this.#act(this.#openAt[place]!, state);
      }
    }
  }

  #act(operation: number, state: number): void {
    if (2 * this.#trailLength === this.#trail.length) this.#trail = doubled(this.#trail);
    this.#trail[2 * this.#trailLength] = operation;
    this.#trail[2 * this.#trailLength + 1] = this.#state;
    this.#trailLength++;
    const place = this.#slot[operation]!;
    this.#isDone[operation] = 1;
    this.#places.acted[place >> 5]! |= 1 << (place & 31);
    this.#places.forget(place, operation);
    this.#state = state;
    if (this.#log === null) this.#uses.count(operation, -1);
  }

  /** Goes back to an event position and a trail length. */
  #undo(position: number, trailLength: number): void {
    while (this.#position > position) {
      const code = this.#events[--this.#position]!;
      const place = this.#slot[code >> 1]!;
      if ((code & 1) === 0) {
        this.#openAt[place] = NO_OPERATION;
        this.#places.acted[place >> 5]! &= ~(1 << (place & 31));
        if (this.#isDone[code >> 1] === 0) this.#places.forget(place, code >> 1);
      } else {
        this.#places.open(place, code >> 1);
        this.#places.acted[place >> 5]! |= 1 << (place & 31);
      }
    }
    while (this.#trailLength > trailLength) {
      this.#trailLength--;
      const operation = this.#trail[2 * this.#trailLength]!;
      const place = this.#slot[operation]!;
      this.#isDone[operation] = 0;
      if (this.#openAt[place] === operation) {
        this.#places.acted[place >> 5]! &= ~(1 << (place & 31));
        this.#places.await(place, operation);
      }
      this.#state = this.#trail[2 * this.#trailLength + 1]!;
      if (this.#log === null) this.#uses.count(operation, 1);
    }
  }
}
