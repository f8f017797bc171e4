/**
 * A history that an explorer builds while it runs and judges in several real-time orders.
 *
 * What fits goes through the small checker, which allocates nothing; the rest is written as a `History` and judged as any
 * recorded one is. The verdict is the same.
 */
import { InternalError } from '../../errors.ts';
import {
  ABSENT,
  NO_KEY,
  OP_CLEAR,
  OP_COMPARE_AND_DELETE,
  OP_COMPARE_AND_SWAP,
  OP_LEN,
  OUTCOME_OK,
  type History,
} from './history.ts';
import { judge } from './judge.ts';
import { SmallMapHistory } from './small/small-map-history.ts';

interface Row {
  readonly op: number;
  readonly key: unknown;
  readonly argument: unknown;
  readonly old: unknown;
  readonly result: unknown;
  readonly flag: boolean;
}

/** Operations that all returned, each with its result; the order they overlap in comes with the question. */
export class EmbeddedHistory {
  readonly #small: SmallMapHistory = new SmallMapHistory();
  readonly #rows: Row[] = [];
  readonly #initial = new Map<unknown, unknown>();
  #rowCount = 0;

  /** Operations so far. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** Forgets everything. */
  reset(): void {
    this.#small.reset();
    this.#rowCount = 0;
    if (this.#initial.size > 0) this.#initial.clear();
  }

  /** Gives a key the value it has before all operations. */
  startWith(key: unknown, value: unknown): void {
    this.#small.startWith(key, value);
    this.#initial.set(key, value);
  }

  /** Adds an operation (`OP_…`) with its result, as `SmallMapHistory` takes them; returns its number. */
  add(
    op: number,
    given: { readonly key: unknown; readonly value: unknown; readonly old: unknown },
    result: unknown,
    flag: boolean,
  ): number {
    const { key, value: argument, old } = given;
    this.#small.ret(this.#small.call(op, key, argument, old), result, flag);
    this.#rows[this.#rowCount] = { op, key, argument, old, result, flag };
    return this.#rowCount++;
  }

  /**
   * Whether some of the operations are linearizable in a real-time order.
   *
   * Shape: of the one called i-th, `sequence[i]` is the number, and `calls[i]` and `returns[i]` are the events; `calls`
   * does not fall, and no call is at the event of a return.
   */
  isLinearizableIn(
    count: number,
    sequence: Int32Array,
    calls: Int32Array,
    returns: Int32Array,
  ): boolean {
    if (!this.#small.isTooBig) {
      return this.#small.isLinearizableIn(count, sequence, calls, returns);
    }
    const { verdict } = judge(this.#history(count, sequence, calls, returns));
    if (verdict === 'inconclusive') {
      throw new InternalError(`a history of ${count} operations could not be judged`, {
        code: 'E-LIN-900',
        todo: 'Use fewer operations that overlap.',
      });
    }
    return verdict === 'linearizable';
  }

  #history(count: number, sequence: Int32Array, calls: Int32Array, returns: Int32Array): History {
    const keys = new Numbers(0);
    const values = new Numbers(ABSENT + 1);
    const initial = new Map<number, number>();
    for (const [key, value] of this.#initial) initial.set(keys.of(key), values.of(value));
    const rows = Array.from({ length: count }, (_, i) => this.#rows[sequence[i]!]!);
    const column = (pick: (row: Row) => number): Int32Array => Int32Array.from(rows, pick);
    const events = eventsOf(count, calls, returns);
    const isWhole = ({ op }: Row): boolean => op === OP_CLEAR || op === OP_LEN;
    const key = column((row) => (isWhole(row) ? NO_KEY : keys.of(row.key)));
    const argument = column((row) => values.of(row.argument));
    const old = column((row) => values.of(row.old));
    const result = column((row) =>
      row.op === OP_LEN
        ? (row.result as number)
        : values.of(hasValue(row) ? row.result : undefined),
    );
    return {
      name: 'execution',
      model: 'map',
      operationCount: count,
      eventCount: 2 * count,
      keyCount: keys.count,
      valueCount: values.count,
      op: Uint8Array.from(rows, ({ op }) => op),
      outcome: new Uint8Array(count).fill(OUTCOME_OK),
      flag: Uint8Array.from(rows, ({ flag }) => Number(flag)),
      process: Int32Array.from(rows, (_, i) => i),
      key,
      argument,
      old,
      result,
      ...events,
      eventLine: new Int32Array(0),
      ranges: new Map(),
      initial,
      texts: { key: String, value: String },
    };
  }
}

function hasValue({ op }: Row): boolean {
  return op !== OP_COMPARE_AND_SWAP && op !== OP_COMPARE_AND_DELETE;
}

/** Numbers of keys or values, told apart as a `Map` does; `undefined` is absence. */
class Numbers {
  count: number;
  readonly #numbers = new Map<unknown, number>();

  constructor(first: number) {
    this.count = first;
  }

  of(one: unknown): number {
    if (one === undefined) return ABSENT;
    let number = this.#numbers.get(one);
    if (number === undefined) this.#numbers.set(one, (number = this.count++));
    return number;
  }
}

/** Calls and returns renumbered 0, 1, 2 …, each event for itself. */
function eventsOf(
  count: number,
  calls: Int32Array,
  returns: Int32Array,
): { call: Int32Array; ret: Int32Array } {
  const marks = Array.from({ length: 2 * count }, (_, mark) => mark).toSorted(
    (left, right) => tickOf(left) - tickOf(right) || left - right,
  );
  function tickOf(mark: number): number {
    return mark < count ? calls[mark]! : returns[mark - count]!;
  }
  const call = new Int32Array(count);
  const ret = new Int32Array(count);
  for (const [event, mark] of marks.entries()) {
    if (mark < count) call[mark] = event;
    else ret[mark - count] = event;
  }
  return { call, ret };
}
