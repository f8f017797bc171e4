/**
 * Linearizability of a few operations, a million times a second: what an explorer of interleavings asks after each
 * execution.
 *
 * A depth-first search over which operations have acted, in bits of one number, remembering which pairs of
 * that number and the state lead nowhere. Operations that only look act as soon as they can. Nothing is allocated after the checker is made.
 */
import { NEVER } from '../history.ts';

/** Most operations of one history. */
export const SMALL_OPERATIONS_MAX = 16;

/** A sequential object whose states and operations are whole numbers. */
export interface SmallModel {
  /** Not negative. */
  readonly initialState: number;
  /** The state after an operation with its result, or -1 if the object would have answered otherwise. Pure. */
  readonly step: (state: number, operation: number) => number;
  /** Whether an operation never changes the state. */
  readonly isLook: (operation: number) => boolean;
}

/** Judges histories against one model. */
export interface SmallChecker {
  /**
   * Whether the first `count` operations have a legal order that keeps to real time.
   *
   * Shape: operation i is `operations[i]`, called at event `calls[i]` and returned at event `returns[i]`, or
   * {@link NEVER}, which leaves open whether it acted. `calls` rises, and no event is used twice.
   * Cost: O(2^count) at worst, O(count²) where little overlaps.
   */
  readonly check: (
    count: number,
    operations: Int32Array,
    calls: Int32Array,
    returns: Int32Array,
  ) => boolean;
  /** After a true: the operations in the order they act, -1 after the last. */
  readonly order: Int32Array;
}

const TABLE_SIZE = 1 << 12;

/** Makes a checker for a model. It keeps 100 KB of tables and may be used for ever. */
export function createSmallChecker(model: SmallModel): SmallChecker {
  const search = new SmallSearch(model);
  return {
    check: (count, operations, calls, returns) => search.run(count, operations, calls, returns),
    order: search.order,
  };
}

class SmallSearch {
  readonly order: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX).fill(-1);
  readonly #model: SmallModel;
  /** By operation: those that must act before it, as bits. */
  readonly #before: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX);
  /** By depth: what acted, the state, and the next operation to try. */
  readonly #done: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX + 1);
  readonly #states: Float64Array = new Float64Array(SMALL_OPERATIONS_MAX + 1);
  readonly #next: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX + 1);
  /** Configurations of the current history that lead nowhere: those whose stamp is the current one. */
  readonly #stamps: Int32Array = new Int32Array(TABLE_SIZE);
  readonly #failedDone: Int32Array = new Int32Array(TABLE_SIZE);
  readonly #failedStates: Float64Array = new Float64Array(TABLE_SIZE);
  #stamp = 0;
  #failedCount = 0;
  #looks = 0;

  constructor(model: SmallModel) {
    this.#model = model;
  }

  run(count: number, operations: Int32Array, calls: Int32Array, returns: Int32Array): boolean {
    if (count > SMALL_OPERATIONS_MAX) {
      throw new RangeError(`${count} operations, expected at most ${SMALL_OPERATIONS_MAX}`);
    }
    const required = this.#prepare(count, operations, calls, returns);
    const { step, initialState } = this.#model;
    const looks = this.#looks;
    let depth = 0;
    let done = 0;
    let state = initialState;
    this.#next[0] = 0;
    this.#done[0] = 0;
    this.#states[0] = initialState;
    for (;;) {
      if ((done & required) === required) {
        if (depth < SMALL_OPERATIONS_MAX) this.order[depth] = -1;
        return true;
      }
      let operation = this.#next[depth]!;
      let isFound = false;
      for (; operation < count; operation++) {
        const bit = 1 << operation;
        if ((done & bit) !== 0 || (this.#before[operation]! & ~done) !== 0) continue;
        const after = step(state, operations[operation]!);
        if (after < 0) continue;
        // Nothing else need be tried here once something that only looks can act.
        this.#next[depth] = (looks & bit) === 0 ? operation + 1 : count;
        if (this.#failedCount > 0 && this.#hasFailed(done | bit, after)) continue;
        this.order[depth] = operation;
        depth++;
        done |= bit;
        state = after;
        this.#done[depth] = done;
        this.#states[depth] = state;
        this.#next[depth] = 0;
        isFound = true;
        break;
      }
      if (isFound) continue;
      if (depth === 0) return false;
      this.#enterFailed(done, state);
      depth--;
      done = this.#done[depth]!;
      state = this.#states[depth]!;
    }
  }

  /** Fills the tables of order; returns the operations that must act, as bits. */
  #prepare(count: number, operations: Int32Array, calls: Int32Array, returns: Int32Array): number {
    let required = 0;
    let looks = 0;
    for (let one = 0; one < count; one++) {
      const called = calls[one]!;
      let before = 0;
      for (let other = 0; other < one; other++) {
        if (returns[other]! < called) before |= 1 << other;
      }
      this.#before[one] = before;
      if (returns[one] !== NEVER) required |= 1 << one;
      if (this.#model.isLook(operations[one]!)) looks |= 1 << one;
    }
    this.#looks = looks;
    this.#failedCount = 0;
    if (this.#stamp === 0x7fffffff) {
      this.#stamps.fill(0);
      this.#stamp = 0;
    }
    this.#stamp++;
    return required;
  }

  #hasFailed(done: number, state: number): boolean {
    const stamp = this.#stamp;
    let slot = slotOf(done, state);
    while (this.#stamps[slot] === stamp) {
      if (this.#failedDone[slot] === done && this.#failedStates[slot] === state) return true;
      slot = (slot + 1) & (TABLE_SIZE - 1);
    }
    return false;
  }

  /** Remembers a configuration that leads nowhere. A full table forgets, which costs time, not truth. */
  #enterFailed(done: number, state: number): void {
    if (this.#failedCount * 2 >= TABLE_SIZE) return;
    this.#failedCount++;
    let slot = slotOf(done, state);
    while (this.#stamps[slot] === this.#stamp) slot = (slot + 1) & (TABLE_SIZE - 1);
    this.#stamps[slot] = this.#stamp;
    this.#failedDone[slot] = done;
    this.#failedStates[slot] = state;
  }
}

function slotOf(done: number, state: number): number {
  return (Math.imul(done, 0x9e3779b1) ^ Math.imul(state, 0x85ebca6b)) >>> 20;
}
