/** Who still has to see each state of a key, and who may still write it. */
import { NEVER } from '../history.ts';
import { MODIFY, NOT, READ, type KeyProblem } from './key-problem.ts';

/** Counts of the operations that have not acted, by state. */
export class Uses {
  /** Reads and replacements that must still happen. */
  readonly needs: Int32Array;
  /** Writes that may still happen. */
  readonly writers: Int32Array;
  /** Failed compares, all states together. */
  comparesLeft: number = 0;
  readonly #compares: Int32Array;
  /** Replacements that may happen. */
  readonly #options: Int32Array;
  readonly #kind: Uint8Array;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #due: Int32Array;

  constructor({ stateCount, operationCount, hasAppend, kind, from, to, due }: KeyProblem) {
    this.needs = new Int32Array(stateCount);
    this.writers = new Int32Array(stateCount);
    this.#compares = new Int32Array(stateCount);
    this.#options = new Int32Array(stateCount);
    this.#kind = kind;
    this.#from = from;
    this.#to = to;
    this.#due = due;
    // The states of appended texts come up only in the search.
    const counted = hasAppend ? 0 : operationCount;
    for (let operation = 0; operation < counted; operation++) this.count(operation, 1);
  }

  /** Adds to the counts of what an operation sees and writes: -1 when it acts, 1 when that is taken back. */
  count(operation: number, change: number): void {
    const what = this.#kind[operation]!;
    if (what === NOT) {
      this.#compares[this.#from[operation]!]! += change;
      this.comparesLeft += change;
    } else if (what === READ) this.needs[this.#from[operation]!]! += change;
    else {
      this.writers[this.#to[operation]!]! += change;
      if (what !== MODIFY) return;
      if (this.#due[operation] === NEVER) this.#options[this.#from[operation]!]! += change;
      else this.needs[this.#from[operation]!]! += change;
    }
  }

  /** Whether nobody asks about a state any more. */
  isDead(state: number): boolean {
    return this.needs[state] === 0 && this.#compares[state] === 0 && this.#options[state] === 0;
  }

  /** Whether what is seen is there now or may be written: anything else can't have been. */
  isAllWritten(now: number): boolean {
    return this.needs.every((needs, state) => {
      return needs === 0 || state === now || this.writers[state]! > 0;
    });
  }
}
