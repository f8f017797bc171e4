/** The states of a key in a key-value log: texts that grow by appending, numbered as they come up. */
import { ABSENT } from '../history.ts';
import { APPEND, READ, WRITE, type KeyProblem } from './key-problem.ts';

/** Texts of states, and which of them can still lead to what later reads saw. */
export class LogStates {
  readonly #problem: KeyProblem;
  readonly #texts: string[] = [];
  readonly #idOf: Map<string, number> = new Map();
  readonly #results: Map<string, number> = new Map();
  readonly #appended: readonly string[];
  /** Reads and writes, each by return. */
  readonly #reads: readonly number[];
  readonly #writes: readonly number[];
  readonly #calls: Int32Array;

  /** `valueText` gives a value as JSON. The first states are those of the problem, in their order. */
  constructor(problem: KeyProblem, valueText: (value: number) => string) {
    this.#problem = problem;
    const { kind, due, to, valueOfState, events } = problem;
    const decode = (value: number): string => JSON.parse(valueText(value)) as string;
    for (const value of valueOfState) {
      if (value === ABSENT) this.#texts.push('');
      else this.#intern(decode(value));
    }
    this.#appended = Array.from(kind, (one, operation) =>
      one === APPEND ? decode(to[operation]!) : '',
    );
    const byReturn = Array.from(kind, (_, operation) => operation).toSorted(
      (left, right) => due[left]! - due[right]!,
    );
    this.#reads = byReturn.filter((operation) => kind[operation] === READ);
    this.#writes = byReturn.filter((operation) => kind[operation] === WRITE);
    this.#calls = new Int32Array(kind.length);
    for (const [index, code] of events.entries()) {
      if ((code & 1) === 0) this.#calls[code >> 1] = index;
    }
  }

  /** The state after appending. */
  append(state: number, operation: number): number {
    const id = `${state} ${this.#problem.to[operation]!}`;
    let result = this.#results.get(id);
    if (result === undefined) {
      result = this.#intern(this.#texts[state]! + this.#appended[operation]!);
      this.#results.set(id, result);
    }
    return result;
  }

  /**
   * False where the next read can't see its text any more: nothing but appends can come before it, and the state is no
   * beginning of what it saw. `position` is the event reached, `isDone` says which operations have acted.
   */
  isHopeful(state: number, position: number, isDone: Uint8Array): boolean {
    const { due, from } = this.#problem;
    const next = this.#firstOpen(this.#reads, position, isDone, () => true);
    if (next < 0) return true;
    const write = this.#firstOpen(
      this.#writes,
      position,
      isDone,
      (operation) => this.#calls[operation]! < due[next]!,
    );
    return write >= 0 || this.#texts[from[next]!]!.startsWith(this.#texts[state]!);
  }

  /** The first operation of a list that returns at `position` or later, has not acted and fits. */
  #firstOpen(
    list: readonly number[],
    position: number,
    isDone: Uint8Array,
    fits: (operation: number) => boolean,
  ): number {
    const { due } = this.#problem;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (due[list[middle]!]! < position) low = middle + 1;
      else high = middle;
    }
    for (let index = low; index < list.length; index++) {
      const operation = list[index]!;
      if (isDone[operation] === 0 && fits(operation)) return operation;
    }
    return -1;
  }

  #intern(text: string): number {
    const known = this.#idOf.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#idOf.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }
}
