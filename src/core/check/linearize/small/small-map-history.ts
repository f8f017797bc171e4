/**
 * A history of map operations on JavaScript values, recorded and judged without allocating: the explorer's recorder.
 *
 * Keys and values are told apart as a `Map` does (NaN equals itself, 0 equals -0); `undefined` is absence.
 */
import {
  NEVER,
  OP_CLEAR,
  OP_COMPARE_AND_DELETE,
  OP_COMPARE_AND_SWAP,
  OP_DELETE,
  OP_LEN,
  OP_LOAD,
  OP_LOAD_AND_DELETE,
  OP_LOAD_OR_STORE,
  OP_STORE,
  OP_SWAP,
} from '../history.ts';
import {
  createSmallChecker,
  SMALL_OPERATIONS_MAX,
  type SmallChecker,
  type SmallModel,
} from './small-checker.ts';
import {
  SMALL_CLEAR,
  SMALL_IMPOSSIBLE,
  SMALL_KEYS_MAX,
  SMALL_VALUES_MAX,
  smallLen,
  smallMapModel,
  smallModify,
  smallNot,
  smallRead,
  smallWrite,
} from './small-map.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Records calls and returns of one execution at a time; `reset` starts the next. */
export class SmallMapHistory {
  /** More operations, keys or values came than fit: judge such a history with `judge`. */
  isTooBig: boolean = false;
  readonly #model: Mutable<SmallModel> = { ...smallMapModel() };
  readonly #checker: SmallChecker = createSmallChecker(this.#model);
  readonly #ops: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX);
  readonly #keyIds: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX);
  readonly #arguments: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX);
  readonly #olds: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX);
  readonly #codes: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX);
  readonly #orderedCodes: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX);
  readonly #calls: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX);
  readonly #returns: Int32Array = new Int32Array(SMALL_OPERATIONS_MAX);
  readonly #keys: unknown[] = Array.from({ length: SMALL_KEYS_MAX });
  readonly #values: unknown[] = Array.from({ length: SMALL_VALUES_MAX + 1 });
  #keyCount = 0;
  #valueCount = 1;
  #count = 0;
  #events = 0;

  /** Forgets everything. */
  reset(): void {
    this.isTooBig = false;
    this.#model.initialState = 0;
    this.#keyCount = 0;
    this.#valueCount = 1;
    this.#count = 0;
    this.#events = 0;
  }

  /** Gives a key the value it has before all operations. */
  startWith(key: unknown, value: unknown): void {
    const shift = this.#keyId(key) << 2;
    const { initialState } = this.#model;
    this.#model.initialState = (initialState & ~(15 << shift)) | (this.#valueId(value) << shift);
  }

  /** Records a call (`OP_…`) and returns the operation's number, -1 if it does not fit. */
  call(op: number, key: unknown, argument: unknown, old: unknown): number {
    if (this.#count === SMALL_OPERATIONS_MAX) {
      this.isTooBig = true;
      return -1;
    }
    const operation = this.#count++;
    this.#ops[operation] = op;
    this.#keyIds[operation] = op === OP_CLEAR || op === OP_LEN ? 0 : this.#keyId(key);
    this.#arguments[operation] = this.#valueId(argument);
    this.#olds[operation] = this.#valueId(old);
    this.#calls[operation] = this.#events++;
    this.#returns[operation] = NEVER;
    this.#codes[operation] = this.#openCode(operation);
    return operation;
  }

  /** Records a return: the value (for `len`, the number) and Go's second result (loaded, swapped, deleted). */
  ret(operation: number, result: unknown, flag: boolean): void {
    if (operation < 0) return;
    this.#returns[operation] = this.#events++;
    this.#codes[operation] = this.#returnedCode(operation, result, flag);
  }

  /** Whether the operations so far are linearizable; those that have not returned may or may not have acted. */
  isLinearizable(): boolean {
    return this.#checker.check(this.#count, this.#codes, this.#calls, this.#returns);
  }

  /**
   * Whether the operations are linearizable in another real-time order than they were recorded in.
   *
   * Shape: of the operation called i-th, `sequence[i]` is the number, `calls[i]` and `returns[i]` are the events, as for
   * {@link SmallChecker.check}; calls may be at one event.
   */
  isLinearizableIn(
    count: number,
    sequence: Int32Array,
    calls: Int32Array,
    returns: Int32Array,
  ): boolean {
    for (let i = 0; i < count; i++) this.#orderedCodes[i] = this.#codes[sequence[i]!]!;
    return this.#checker.check(count, this.#orderedCodes, calls, returns);
  }

  /** What an operation may have done that has not returned; one that only looks tells nothing. */
  #openCode(operation: number): number {
    const key = this.#keyIds[operation]!;
    const argument = this.#arguments[operation]!;
    const old = this.#olds[operation]!;
    switch (this.#ops[operation]!) {
      case OP_STORE:
      case OP_SWAP:
        return smallWrite(key, argument);
      case OP_DELETE:
      case OP_LOAD_AND_DELETE:
        return smallWrite(key, 0);
      case OP_LOAD_OR_STORE:
        return smallModify(key, 0, argument);
      case OP_COMPARE_AND_SWAP:
        return smallModify(key, old, argument);
      case OP_COMPARE_AND_DELETE:
        return smallModify(key, old, 0);
      case OP_CLEAR:
        return SMALL_CLEAR;
      default:
        return SMALL_IMPOSSIBLE;
    }
  }

  #returnedCode(operation: number, result: unknown, flag: boolean): number {
    const key = this.#keyIds[operation]!;
    const argument = this.#arguments[operation]!;
    const op = this.#ops[operation]!;
    if (op === OP_LEN) return smallLen(result as number);
    if (op === OP_COMPARE_AND_SWAP || op === OP_COMPARE_AND_DELETE) {
      const old = this.#olds[operation]!;
      return flag
        ? smallModify(key, old, op === OP_COMPARE_AND_SWAP ? argument : 0)
        : smallNot(key, old);
    }
    if (op === OP_STORE || op === OP_DELETE || op === OP_CLEAR) return this.#codes[operation]!;
    const value = this.#valueId(result);
    if (op === OP_LOAD) return smallRead(key, value);
    if (op === OP_LOAD_OR_STORE) {
      if (flag) return value === 0 ? SMALL_IMPOSSIBLE : smallRead(key, value);
      return value === argument ? smallModify(key, 0, value) : SMALL_IMPOSSIBLE;
    }
    if ((value !== 0) !== flag) return SMALL_IMPOSSIBLE;
    return smallModify(key, value, op === OP_SWAP ? argument : 0);
  }

  #keyId(key: unknown): number {
    for (let id = 0; id < this.#keyCount; id++) if (isSame(this.#keys[id], key)) return id;
    if (this.#keyCount === SMALL_KEYS_MAX) {
      this.isTooBig = true;
      return 0;
    }
    this.#keys[this.#keyCount] = key;
    return this.#keyCount++;
  }

  #valueId(value: unknown): number {
    if (value === undefined) return 0;
    for (let id = 1; id < this.#valueCount; id++) if (isSame(this.#values[id], value)) return id;
    if (this.#valueCount > SMALL_VALUES_MAX) {
      this.isTooBig = true;
      return 0;
    }
    this.#values[this.#valueCount] = value;
    return this.#valueCount++;
  }
}

function isSame(left: unknown, right: unknown): boolean {
  return left === right || (left !== left && right !== right);
}
