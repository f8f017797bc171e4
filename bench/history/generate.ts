/** Long random histories of a correct map, straight into columns. */
import {
  ABSENT,
  NEVER,
  OP_COMPARE_AND_DELETE,
  OP_COMPARE_AND_SWAP,
  OP_DELETE,
  OP_LOAD,
  OP_LOAD_AND_DELETE,
  OP_LOAD_OR_STORE,
  OP_STORE,
  OP_SWAP,
  OUTCOME_OK,
  type History,
} from '../../src/core/check/linearize/history.ts';

/** `register`: half loads, half stores. `map`: all eight operations. `map, no compares`: without the two compares. */
export type Mix = 'register' | 'map' | 'map, no compares';

export interface GenerateOptions {
  readonly operations: number;
  readonly processes: number;
  readonly keys: number;
  readonly mix: Mix;
  readonly seed: number;
  /** Make the last load of key 0 see the first value ever stored there: not linearizable. */
  readonly hasStaleRead?: boolean;
}

/** Shares of the operations in percent, adding up to 100. */
const SHARES: Readonly<Record<Mix, readonly (readonly [number, number])[]>> = {
  register: [
    [OP_LOAD, 50],
    [OP_STORE, 50],
  ],
  map: [
    [OP_LOAD, 35],
    [OP_STORE, 15],
    [OP_LOAD_OR_STORE, 10],
    [OP_LOAD_AND_DELETE, 8],
    [OP_DELETE, 7],
    [OP_SWAP, 8],
    [OP_COMPARE_AND_SWAP, 12],
    [OP_COMPARE_AND_DELETE, 5],
  ],
  'map, no compares': [
    [OP_LOAD, 42],
    [OP_STORE, 18],
    [OP_LOAD_OR_STORE, 12],
    [OP_LOAD_AND_DELETE, 10],
    [OP_DELETE, 8],
    [OP_SWAP, 10],
  ],
};

/** Of compares, the share that takes a stale or foreign value, in percent. */
const ODD_COMPARES = 30;

/** Draws a history; every process is busy all the time, every written value is new. */
export function generate(options: GenerateOptions): History {
  return new Generator(options).run();
}

class Generator {
  readonly #options: GenerateOptions;
  readonly #table: Uint8Array;
  readonly #state: Int32Array;
  readonly #previous: Int32Array;
  readonly #columns: Readonly<Record<Column, Int32Array>>;
  readonly #op: Uint8Array;
  readonly #flag: Uint8Array;
  #random: number;

  constructor(options: GenerateOptions) {
    const { operations, keys, mix, seed } = options;
    this.#options = options;
    this.#table = Uint8Array.from(
      SHARES[mix].flatMap(([op, share]) => Array.from({ length: share }, () => op)),
    );
    this.#state = new Int32Array(keys);
    this.#previous = new Int32Array(keys);
    this.#op = new Uint8Array(operations);
    this.#flag = new Uint8Array(operations);
    const column = (): Int32Array => new Int32Array(operations);
    this.#columns = {
      process: column(),
      key: column(),
      argument: column(),
      old: column(),
      result: column(),
      call: column(),
      ret: column().fill(NEVER),
    };
    this.#random = (seed * 0x9e3779b1) | 1;
  }

  run(): History {
    const { operations, processes, keys } = this.#options;
    const openRow = new Int32Array(processes).fill(-1);
    const hasActed = new Uint8Array(processes);
    let called = 0;
    let events = 0;
    for (let left = operations; left > 0;) {
      const process = this.#draw(processes);
      const row = openRow[process]!;
      if (row < 0) {
        if (called === operations) continue;
        this.#call(called, process);
        this.#columns.call[called] = events++;
        openRow[process] = called++;
        hasActed[process] = 0;
      } else if (hasActed[process] === 0) {
        this.#act(row);
        hasActed[process] = 1;
      } else {
        this.#columns.ret[row] = events++;
        openRow[process] = -1;
        left--;
      }
    }
    if (this.#options.hasStaleRead === true) this.#falsify();
    return {
      name: 'generated',
      model: 'map',
      operationCount: operations,
      eventCount: events,
      keyCount: keys,
      valueCount: operations + 2,
      op: this.#op,
      flag: this.#flag,
      outcome: new Uint8Array(operations).fill(OUTCOME_OK),
      ...this.#columns,
      eventLine: new Int32Array(0),
      ranges: new Map(),
      initial: new Map(),
      texts: { key: String, value: (id) => (id === ABSENT ? 'null' : String(id)) },
    };
  }

  #draw(limit: number): number {
    let random = this.#random;
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    this.#random = random;
    return (random >>> 0) % limit;
  }

  #call(row: number, process: number): void {
    const { key, argument, old, process: processes } = this.#columns;
    const op = this.#table[this.#draw(this.#table.length)]!;
    const own = this.#draw(this.#options.keys);
    this.#op[row] = op;
    processes[row] = process;
    key[row] = own;
    const writes =
      op !== OP_LOAD &&
      op !== OP_DELETE &&
      op !== OP_LOAD_AND_DELETE &&
      op !== OP_COMPARE_AND_DELETE;
    argument[row] = writes ? row + 2 : ABSENT;
    if (op === OP_COMPARE_AND_SWAP || op === OP_COMPARE_AND_DELETE) {
      const now = this.#state[own]!;
      const isOdd = now === ABSENT || this.#draw(100) < ODD_COMPARES;
      const odd = this.#previous[own] === ABSENT ? row + 2 : this.#previous[own]!;
      old[row] = isOdd ? odd : now;
    }
  }

  #act(row: number): void {
    const { key, argument, old, result } = this.#columns;
    const own = key[row]!;
    const before = this.#state[own]!;
    const op = this.#op[row]!;
    if (op === OP_LOAD) result[row] = before;
    else if (op === OP_STORE || op === OP_DELETE) this.#set(own, argument[row]!);
    else if (op === OP_COMPARE_AND_SWAP || op === OP_COMPARE_AND_DELETE) {
      if (before === ABSENT || before !== old[row]) return;
      this.#flag[row] = 1;
      this.#set(own, argument[row]!);
    } else {
      this.#flag[row] = Number(before !== ABSENT);
      result[row] = op === OP_LOAD_OR_STORE && before === ABSENT ? argument[row]! : before;
      if (op !== OP_LOAD_OR_STORE || before === ABSENT) this.#set(own, argument[row]!);
    }
  }

  #set(key: number, value: number): void {
    if (this.#state[key] !== ABSENT) this.#previous[key] = this.#state[key]!;
    this.#state[key] = value;
  }

  #falsify(): void {
    const { key, argument, result } = this.#columns;
    const first = this.#op.findIndex((op, row) => op === OP_STORE && key[row] === 0);
    const last = this.#op.findLastIndex((op, row) => op === OP_LOAD && key[row] === 0);
    result[last] = argument[first]!;
  }
}

type Column = 'process' | 'key' | 'argument' | 'old' | 'result' | 'call' | 'ret';
