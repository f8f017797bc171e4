/**
 * The search over the whole map: like the search on one key, with the state of every key, for clears, lengths and
 * snapshots that tie keys together.
 *
 * While no such operation is open, only the forced operation's own key matters, and the rules K1 to K6 of the search on
 * one key hold key by key. While one is open, any open write may have to go before it. Lengths and snapshots see more
 * than single values do: while one is left, no write is pointless and no state of presence equals one of absence.
 */
import { NEVER } from '../history.ts';
import { Configurations } from '../search/configurations.ts';
import { SEARCH_NO, SEARCH_UNKNOWN, SEARCH_YES } from '../search/key-search.ts';
import {
  CLEAR,
  LEN,
  MODIFY,
  NOT,
  READ,
  SNAPSHOT,
  WRITE,
  type WholeMapProblem,
} from './whole-map-problem.ts';

const NO_OPERATION = -1;
const DEAD_ABSENT = -2;
const DEAD_PRESENT = -3;

interface Frame {
  readonly position: number;
  readonly trailLength: number;
  readonly candidates: readonly number[];
  next: number;
}

/** A step that can be taken back: an operation that acted, or (`operation` -1) a key that a clear emptied. */
interface TrailStep {
  readonly operation: number;
  readonly key: number;
  readonly stateBefore: number;
}

/** A search over the keys of a problem; runs once, in as many slices as needed. */
export class WholeMapSearch {
  /** Configurations explored. */
  nodeCount: number = 0;
  readonly #problem: WholeMapProblem;
  readonly #configurations: Configurations;
  readonly #isDone: Uint8Array;
  /** Which open operations acted, then the state of every key. */
  readonly #configuration: Int32Array;
  readonly #maskWords: number;
  readonly #open: Int32Array;
  readonly #states: Int32Array;
  readonly #needs: Int32Array;
  readonly #writers: Int32Array;
  readonly #compares: Int32Array;
  readonly #options: Int32Array;
  /** Failed compares, lengths and snapshots that have not acted; clears that have not; present keys. */
  #comparesLeft = 0;
  #viewsLeft = 0;
  #snapshotsLeft = 0;
  #clearsLeft = 0;
  #presentCount = 0;
  #position = 0;
  readonly #trail: TrailStep[] = [];
  readonly #frames: Frame[] = [];

  constructor(problem: WholeMapProblem) {
    const { operationCount, slotCount, stateCount, keyCount, initialStates, pairCount } = problem;
    this.#problem = problem;
    this.#maskWords = Math.max(1, Math.ceil(slotCount / 32));
    this.#configurations = new Configurations(this.#maskWords + keyCount);
    this.#configuration = new Int32Array(this.#maskWords + keyCount);
    this.#isDone = new Uint8Array(operationCount);
    this.#open = new Int32Array(slotCount).fill(NO_OPERATION);
    this.#states = initialStates.slice();
    this.#needs = new Int32Array(stateCount);
    this.#writers = new Int32Array(stateCount);
    this.#compares = new Int32Array(stateCount);
    this.#options = new Int32Array(stateCount);
    for (const state of initialStates) if (state < pairCount) this.#presentCount++;
    for (let operation = 0; operation < operationCount; operation++) this.#count(operation, 1);
  }

  /** Explores until `nodeCount` reaches `nodeLimit`; after SEARCH_UNKNOWN it goes on where it stopped. */
  run(nodeLimit: number): number {
    for (;;) {
      const forced = this.#advance();
      if (forced === NO_OPERATION) return SEARCH_YES;
      if (this.nodeCount >= nodeLimit) return SEARCH_UNKNOWN;
      const isNew = this.#configurations.add(this.#position, 0, this.#canonical());
      if (isNew) this.nodeCount++;
      this.#frames.push({
        position: this.#position,
        trailLength: this.#trail.length,
        candidates: isNew ? this.#candidates(forced) : [],
        next: 0,
      });
      if (!this.#tryNext()) return SEARCH_NO;
    }
  }

  #advance(): number {
    const { events, slot } = this.#problem;
    while (this.#position < events.length) {
      const code = events[this.#position]!;
      const operation = code >> 1;
      const place = slot[operation]!;
      if ((code & 1) === 0) {
        this.#open[place] = operation;
        this.#position++;
        if (this.#isIdle(operation)) this.#act(operation);
      } else {
        if (this.#isDone[operation] === 0) return operation;
        this.#open[place] = NO_OPERATION;
        this.#configuration[place >> 5]! &= ~(1 << (place & 31));
        this.#position++;
      }
    }
    return NO_OPERATION;
  }

  /** Whether an operation changes nothing and can act now. */
  #isIdle(operation: number): boolean {
    const { kind, key, from, to } = this.#problem;
    switch (kind[operation]!) {
      case READ:
        return this.#states[key[operation]!] === from[operation];
      case NOT:
        return this.#states[key[operation]!] !== from[operation];
      case LEN:
        return this.#presentCount === to[operation];
      case SNAPSHOT:
        return this.#isSnapshot(operation);
      default:
        return false;
    }
  }

  #isSnapshot(operation: number): boolean {
    const seen = this.#problem.snapshots.get(operation)!;
    return seen.every((state, key) => state === -1 || state === this.#states[key]);
  }

  /** The mask and the states, dead ones made equal. */
  #canonical(): Int32Array {
    const { keyCount, pairCount } = this.#problem;
    const areDeadEqual = this.#snapshotsLeft === 0;
    for (let key = 0; key < keyCount; key++) {
      const state = this.#states[key]!;
      const isDead = areDeadEqual && this.#isDead(state);
      const dead = this.#viewsLeft > 0 && state < pairCount ? DEAD_PRESENT : DEAD_ABSENT;
      this.#configuration[this.#maskWords + key] = isDead ? dead : state;
    }
    return this.#configuration;
  }

  #isDead(state: number): boolean {
    return this.#needs[state] === 0 && this.#compares[state] === 0 && this.#options[state] === 0;
  }

  #candidates(forced: number): number[] {
    const { key, kind, due, from, to } = this.#problem;
    const openOnes = [...this.#open].filter(
      (operation) => operation !== NO_OPERATION && this.#isDone[operation] === 0,
    );
    const isTied = key[forced] === -1 || openOnes.some((operation) => key[operation] === -1);
    const rank = (operation: number): number => {
      if (operation === forced) return -2;
      const isMaker = key[operation] === key[forced] && to[operation] === from[forced];
      return isMaker ? -1 : due[operation]!;
    };
    const chosen: number[] = [];
    for (const operation of openOnes.toSorted(
      (left, right) => rank(left) - rank(right) || due[left]! - due[right]! || left - right,
    )) {
      if (!isTied && key[operation] !== key[forced]) continue;
      const isSame = chosen.some(
        (other) =>
          kind[other] === kind[operation] &&
          key[other] === key[operation] &&
          from[other] === from[operation] &&
          to[other] === to[operation],
      );
      if (!isSame && this.#canAct(operation)) chosen.push(operation);
    }
    return chosen;
  }

  #canAct(operation: number): boolean {
    const { kind, key, from, to, due } = this.#problem;
    const what = kind[operation]!;
    if (what === CLEAR) return this.#canClear();
    if (what !== WRITE && what !== MODIFY) return false;
    const state = this.#states[key[operation]!]!;
    if (what === MODIFY && from[operation] !== state) return false;
    const isOptional = due[operation] === NEVER;
    const isWatched = this.#comparesLeft > 0 || this.#viewsLeft > 0;
    if (isOptional && !isWatched && this.#isDead(to[operation]!)) return false;
    if (to[operation] === state) return true;
    return this.#canLeave(state, what === MODIFY && !isOptional ? 1 : 0);
  }

  #canClear(): boolean {
    const { pairCount } = this.#problem;
    return this.#states.every((state) => state >= pairCount || this.#canLeave(state, 0));
  }

  /** The value lock (K2). A clear can bring absence back. */
  #canLeave(state: number, ownUses: number): boolean {
    if (this.#writers[state]! > 0 || this.#needs[state]! <= ownUses) return true;
    return state >= this.#problem.pairCount && this.#clearsLeft > 0;
  }

  #tryNext(): boolean {
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      this.#undo(frame.position, frame.trailLength);
      const operation = frame.candidates[frame.next++];
      if (operation !== undefined) {
        this.#act(operation);
        this.#actIdle();
        return true;
      }
      this.#frames.pop();
    }
    return false;
  }

  /** Lets everything act that changes nothing (K1). */
  #actIdle(): void {
    for (const operation of this.#open) {
      if (operation === NO_OPERATION || this.#isDone[operation] === 1) continue;
      if (this.#isIdle(operation)) this.#act(operation);
    }
  }

  #act(operation: number): void {
    const { kind, key, to, slot, pairCount, keyCount } = this.#problem;
    const what = kind[operation]!;
    const own = key[operation]!;
    if (what === CLEAR) {
      for (let one = 0; one < keyCount; one++) {
        if (this.#states[one]! < pairCount) this.#setState(-1, one, pairCount + one);
      }
    }
    if (what === WRITE || what === MODIFY) this.#setState(operation, own, to[operation]!);
    else this.#trail.push({ operation, key: -1, stateBefore: -1 });
    const place = slot[operation]!;
    this.#isDone[operation] = 1;
    this.#configuration[place >> 5]! |= 1 << (place & 31);
    this.#count(operation, -1);
  }

  #setState(operation: number, key: number, state: number): void {
    const before = this.#states[key]!;
    this.#trail.push({ operation, key, stateBefore: before });
    this.#replaceState(key, state);
  }

  #replaceState(key: number, state: number): void {
    const { pairCount } = this.#problem;
    this.#presentCount += Number(state < pairCount) - Number(this.#states[key]! < pairCount);
    this.#states[key] = state;
  }

  #count(operation: number, change: number): void {
    const { kind, from, to, due } = this.#problem;
    switch (kind[operation]!) {
      case NOT:
        this.#compares[from[operation]!]! += change;
        this.#comparesLeft += change;
        break;
      case READ:
        this.#needs[from[operation]!]! += change;
        break;
      case SNAPSHOT:
        this.#snapshotsLeft += change;
        this.#viewsLeft += change;
        break;
      case LEN:
        this.#viewsLeft += change;
        break;
      case CLEAR:
        this.#clearsLeft += change;
        break;
      default:
        this.#writers[to[operation]!]! += change;
        if (kind[operation] !== MODIFY) break;
        if (due[operation] === NEVER) this.#options[from[operation]!]! += change;
        else this.#needs[from[operation]!]! += change;
    }
  }

  #undo(position: number, trailLength: number): void {
    const { events, slot } = this.#problem;
    while (this.#position > position) {
      const code = events[--this.#position]!;
      const place = slot[code >> 1]!;
      if ((code & 1) === 0) {
        this.#open[place] = NO_OPERATION;
        this.#configuration[place >> 5]! &= ~(1 << (place & 31));
      } else {
        this.#open[place] = code >> 1;
        this.#configuration[place >> 5]! |= 1 << (place & 31);
      }
    }
    while (this.#trail.length > trailLength) this.#undoStep(this.#trail.pop()!);
  }

  #undoStep({ operation, key, stateBefore }: TrailStep): void {
    if (key >= 0) this.#replaceState(key, stateBefore);
    if (operation < 0) return;
    const place = this.#problem.slot[operation]!;
    this.#isDone[operation] = 0;
    if (this.#open[place] === operation) {
      this.#configuration[place >> 5]! &= ~(1 << (place & 31));
    }
    this.#count(operation, 1);
  }
}
