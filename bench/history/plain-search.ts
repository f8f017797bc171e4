/**
 * The general search without any of the tricks: what checkers commonly do, as the baseline of the benchmark.
 *
 * Wing and Gong's search with Lowe's memory of configurations, key by key: a configuration is the set of all operations
 * that acted, a bit for each operation of the key, and the state; every one is copied, hashed and compared whole.
 */
import { NEVER } from '../../src/core/check/linearize/history.ts';
import {
  MODIFY,
  NOT,
  READ,
  type KeyProblem,
} from '../../src/core/check/linearize/search/key-problem.ts';

/** Whether one key's history is linearizable; `null` if the time ended first. */
export function searchPlainly(problem: KeyProblem, isOver: () => boolean): boolean | null {
  return new PlainSearch(problem).run(isOver);
}

interface Configuration {
  readonly acted: Int32Array;
  readonly state: number;
}

class PlainSearch {
  readonly #problem: KeyProblem;
  readonly #call: Int32Array;
  /** Doubly linked list of the events that are not taken out. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #acted: Int32Array;
  readonly #seen: Map<number, Configuration[]> = new Map();

  constructor(problem: KeyProblem) {
    const { events, operationCount } = problem;
    this.#problem = problem;
    this.#call = new Int32Array(operationCount);
    for (const [index, code] of events.entries())
      if ((code & 1) === 0) this.#call[code >> 1] = index;
    const head = events.length;
    this.#next = Int32Array.from({ length: head + 1 }, (_, index) => index + 1);
    this.#previous = Int32Array.from({ length: head + 1 }, (_, index) => index - 1);
    this.#next[head] = 0;
    this.#previous[0] = head;
    this.#acted = new Int32Array(Math.ceil(operationCount / 32));
  }

  run(isOver: () => boolean): boolean | null {
    const { events } = this.#problem;
    const end = events.length;
    let state = this.#problem.initialState;
    const stack: { operation: number; state: number }[] = [];
    let at = this.#next[end]!;
    for (let steps = 0; this.#next[end] !== end; steps++) {
      if (steps % 1024 === 1023 && isOver()) return null;
      const code = at === end ? 1 : events[at]!;
      const operation = code >> 1;
      const after = (code & 1) === 0 ? this.#step(operation, state) : -1;
      if (after >= 0 && this.#enter(operation, after)) {
        stack.push({ operation, state });
        state = after;
        this.#takeOut(operation);
        at = this.#next[end]!;
      } else if ((code & 1) === 0) at = this.#next[at]!;
      else {
        const last = stack.pop();
        if (last === undefined) return false;
        state = last.state;
        this.#acted[last.operation >> 5]! &= ~(1 << (last.operation & 31));
        this.#putBack(last.operation);
        at = this.#next[this.#call[last.operation]!]!;
      }
    }
    return true;
  }

  /** The state after an operation, or -1. */
  #step(operation: number, state: number): number {
    const { kind, from, to } = this.#problem;
    const what = kind[operation]!;
    if (what === READ) return state === from[operation] ? state : -1;
    if (what === NOT) return state === from[operation] ? -1 : state;
    if (what === MODIFY && state !== from[operation]) return -1;
    return to[operation]!;
  }

  #enter(operation: number, state: number): boolean {
    const acted = this.#acted.slice();
    acted[operation >> 5]! |= 1 << (operation & 31);
    let hash = state;
    for (const word of acted) hash = (Math.imul(hash, 31) ^ word) | 0;
    const same = this.#seen.get(hash) ?? [];
    for (const one of same) {
      if (one.state === state && one.acted.every((word, index) => word === acted[index]))
        return false;
    }
    same.push({ acted, state });
    this.#seen.set(hash, same);
    this.#acted.set(acted);
    return true;
  }

  #takeOut(operation: number): void {
    this.#unlink(this.#call[operation]!);
    if (this.#problem.due[operation] !== NEVER) this.#unlink(this.#problem.due[operation]!);
  }

  #putBack(operation: number): void {
    if (this.#problem.due[operation] !== NEVER) this.#link(this.#problem.due[operation]!);
    this.#link(this.#call[operation]!);
  }

  #unlink(event: number): void {
    this.#next[this.#previous[event]!] = this.#next[event]!;
    this.#previous[this.#next[event]!] = this.#previous[event]!;
  }

  #link(event: number): void {
    this.#next[this.#previous[event]!] = event;
    this.#previous[this.#next[event]!] = event;
  }
}
