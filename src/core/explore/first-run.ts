/**
 * The values of the first run, to be compared with those of its repetition: code that is not
 * deterministic may take the same steps with other values.
 */
import type { Machine } from '../machine.ts';
import type { AtomicObject, SharedView } from '../memory.ts';
import { COMPARE_EXCHANGE, KIND_MASK, PLAIN_WRITE, WAIT } from '../step.ts';

/** A difference between the run and its repetition. */
export interface ValueDifference {
  readonly stepIndex: number;
  readonly thread: number;
  readonly first: string;
  readonly second: string;
}

export class FirstRun {
  readonly #values: string[] = [];
  #results: readonly string[] = [];
  #target: SharedView | AtomicObject | null = null;
  #index = -1;
  #before = '';

  /** A thread is about to take a step. */
  before(machine: Machine, t: number): void {
    const kind = machine.codes[t]! & KIND_MASK;
    const isValue = kind <= PLAIN_WRITE || kind === COMPARE_EXCHANGE || kind === WAIT;
    this.#target = isValue ? machine.targets[t]! : null;
    this.#index = machine.indexes[t]!;
    this.#before = isValue ? this.#look() : '';
  }

  /** It has taken it, in the run. */
  after(): void {
    this.#values.push(this.#text());
  }

  /** The run has ended. */
  end(machine: Machine): void {
    this.#results = machine.results.map(show);
  }

  /** It has taken step i, in the repetition. Returns what is different, or `null`. */
  compare(i: number, thread: number): ValueDifference | null {
    const second = this.#text();
    const first = this.#values[i]!;
    return first === second ? null : { stepIndex: i, thread, first, second };
  }

  /** The repetition has ended. Returns what is different of the threads' results, or `null`. */
  compareResults(machine: Machine, stepIndex: number): ValueDifference | null {
    const results = machine.results.map(show);
    const thread = results.findIndex((result, t) => result !== this.#results[t]);
    if (thread < 0) return null;
    const [first, second] = [`returned ${this.#results[thread]}`, `returned ${results[thread]}`];
    return { stepIndex, thread, first, second };
  }

  #text(): string {
    if (this.#target === null) return '';
    const after = this.#look();
    return this.#before === after ? `value ${after}` : `value ${this.#before}, then ${after}`;
  }

  #look(): string {
    const target = this.#target!;
    if (this.#index < 0) return show((target as AtomicObject).load());
    return show((target as SharedView)[this.#index]);
  }
}

/** A value, if it says something: objects are new in every run. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || value === undefined) return String(value);
  const isPlain = typeof value === 'number' || typeof value === 'bigint';
  return isPlain || typeof value === 'boolean' ? String(value) : 'object';
}
