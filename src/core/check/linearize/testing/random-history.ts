/** Random histories: a correct map is driven by random processes, then results may be falsified. */
import { ABSENT, EMPTY_STRING, type History, type OperationName } from '../history.ts';
import { makeHistory, type MadeOperation } from './make-history.ts';

/** Draws a whole number from 0 to `limit - 1`. */
export type Draw = (limit: number) => number;

/** A small generator of its own, so that tests draw the same histories for ever. */
export function drawsFrom(seed: number): Draw {
  let state = (seed ^ 0x9e3779b9) | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

export interface RandomOptions {
  readonly operations: number;
  readonly processes: number;
  readonly keys: number;
  /** `unique`: each written value is new; a number: values are drawn from so many. */
  readonly values: 'unique' | number;
  readonly ops: readonly OperationName[];
  /** One operation in so many never returns; 0 for none. */
  readonly pendingOneIn: number;
  /** Results falsified afterwards. */
  readonly falsified: number;
  readonly hasInitial?: boolean;
}

export const KEY_OPERATIONS: readonly OperationName[] = [
  'load',
  'store',
  'loadOrStore',
  'loadAndDelete',
  'delete',
  'swap',
  'compareAndSwap',
  'compareAndDelete',
];

/** Texts of key-value logs: value 1 is the empty string, 2 and 3 are letters, the others texts of them. */
export const LOG_TEXTS: readonly string[] = logTexts();

/** The value of a text. */
export const LOG_IDS: ReadonlyMap<string, number> = new Map(
  LOG_TEXTS.map((text, value) => [text, value]),
);

/** Draws a history. */
export function randomHistory(draw: Draw, options: RandomOptions): History {
  return new Simulation(draw, options).run();
}

interface Running {
  readonly operation: MadeOperation;
  hasActed: boolean;
}

class Simulation {
  readonly #draw: Draw;
  readonly #options: RandomOptions;
  readonly #state: number[];
  readonly #made: MadeOperation[] = [];
  #nextValue = 2;
  #event = 0;
  #nextProcess: number;

  constructor(draw: Draw, options: RandomOptions) {
    this.#draw = draw;
    this.#options = options;
    this.#nextProcess = options.processes;
    const empty = options.ops.includes('append') ? EMPTY_STRING : ABSENT;
    this.#state = Array.from({ length: options.keys }, () => empty);
  }

  run(): History {
    const { operations, processes, pendingOneIn, keys, hasInitial, ops } = this.#options;
    const initial = new Map<number, number>();
    if (hasInitial === true) {
      for (let key = 0; key < keys; key++) {
        if (this.#draw(2) === 0) initial.set(key, (this.#state[key] = this.#newValue()));
      }
    }
    const running: (Running | null)[] = Array.from({ length: processes }, () => null);
    const numbers = running.map((_, index) => index);
    let left = operations;
    while (left > 0 || running.some((one) => one !== null)) {
      const index = this.#draw(processes);
      const one = running[index];
      if (one === null || one === undefined) {
        if (left === 0) continue;
        left--;
        const operation = this.#call(numbers[index]!);
        this.#made.push(operation);
        running[index] = { operation, hasActed: false };
      } else if (!one.hasActed) {
        one.hasActed = true;
        this.#act(one.operation);
      } else {
        if (pendingOneIn > 0 && this.#draw(pendingOneIn) === 0)
          numbers[index] = this.#nextProcess++;
        else one.operation.ret = this.#event++;
        running[index] = null;
      }
      if (
        one !== null &&
        one !== undefined &&
        pendingOneIn > 0 &&
        !one.hasActed &&
        this.#draw(pendingOneIn * 2) === 0
      ) {
        numbers[index] = this.#nextProcess++;
        running[index] = null;
      }
    }
    for (let count = 0; count < this.#options.falsified; count++) this.#falsify();
    return makeHistory(this.#made, {
      keyCount: keys,
      valueCount: LOG_TEXTS.length,
      initial,
      ...(ops.includes('append')
        ? { model: 'kv', valueText: (value: number) => JSON.stringify(LOG_TEXTS[value]) }
        : {}),
    });
  }

  #newValue(): number {
    const { values } = this.#options;
    return values === 'unique' ? this.#nextValue++ : 2 + this.#draw(values);
  }

  #someValue(): number {
    const { values } = this.#options;
    return 2 + this.#draw(values === 'unique' ? Math.max(1, this.#nextValue - 2) : values);
  }

  #call(process: number): MadeOperation {
    const { ops, keys } = this.#options;
    const op = ops[this.#draw(ops.length)]!;
    const operation: MadeOperation = { op, process, call: this.#event++ };
    if (op === 'clear' || op === 'len' || op === 'range') return operation;
    operation.key = this.#draw(keys);
    if (['store', 'loadOrStore', 'swap', 'compareAndSwap', 'put', 'append'].includes(op)) {
      operation.argument = this.#newValue();
    }
    if (op.startsWith('compare')) {
      // Often the value that is there, so that compares succeed.
      const now = this.#state[operation.key]!;
      operation.old = now !== ABSENT && this.#draw(2) === 0 ? now : this.#someValue();
    }
    return operation;
  }

  #act(operation: MadeOperation): void {
    const state = this.#state;
    const { op, key = 0, argument = ABSENT } = operation;
    const before = state[key]!;
    if (op === 'load' || op === 'get') operation.result = before;
    else if (op === 'store' || op === 'put') state[key] = argument;
    else if (op === 'delete') state[key] = ABSENT;
    else if (op === 'append') state[key] = appended(before, argument);
    else if (op === 'clear') state.fill(ABSENT);
    else if (op === 'len') operation.result = state.filter((value) => value !== ABSENT).length;
    else if (op === 'range') this.#actRange(operation);
    else if (op.startsWith('compare')) {
      operation.flag = before === operation.old && before !== ABSENT;
      if (operation.flag) state[key] = argument;
    } else {
      operation.flag = before !== ABSENT;
      operation.result = before;
      if (op === 'loadOrStore' && before === ABSENT) operation.result = argument;
      if (op !== 'loadOrStore' || before === ABSENT)
        state[key] = op === 'loadAndDelete' ? ABSENT : argument;
    }
  }

  #actRange(operation: MadeOperation): void {
    const present = [...this.#state.entries()].filter(([, value]) => value !== ABSENT);
    operation.range = {
      keys: Int32Array.from(present, ([key]) => key),
      values: Int32Array.from(present, ([, value]) => value),
      isComplete: true,
    };
  }

  #falsify(): void {
    const operation = this.#made[this.#draw(this.#made.length)];
    if (operation === undefined || operation.ret === undefined) return;
    const { op } = operation;
    if (op === 'get') operation.result = 1 + this.#draw(30);
    else if (op === 'load') operation.result = this.#draw(3) === 0 ? ABSENT : this.#someValue();
    else if (op === 'len') operation.result = this.#draw(this.#options.keys + 1);
    else if (op.startsWith('compare')) operation.flag = operation.flag !== true;
    else if (op === 'swap' || op === 'loadAndDelete') {
      operation.result = this.#draw(3) === 0 ? ABSENT : this.#someValue();
      operation.flag = operation.result !== ABSENT;
    } else if (op === 'loadOrStore') {
      operation.flag = this.#draw(2) === 0;
      operation.result = operation.flag ? this.#someValue() : operation.argument!;
    } else if (op === 'range') {
      const key = this.#draw(this.#options.keys);
      operation.range = {
        keys: Int32Array.of(key),
        values: Int32Array.of(this.#someValue()),
        isComplete: this.#draw(2) === 0,
      };
    }
  }
}

function appended(before: number, argument: number): number {
  return LOG_IDS.get(LOG_TEXTS[before]! + LOG_TEXTS[argument]!)!;
}

function logTexts(): string[] {
  const letters = ['a', 'b'];
  const texts = ['(absent)', ''];
  for (let from = 1; texts.length < 2048; from++)
    for (const letter of letters) texts.push(texts[from]! + letter);
  return texts;
}
