/**
 * Records what is done to a map, for `mapcheck history`.
 *
 * One clock numbers all calls and returns; it lies in shared memory, so recorders in several workers, each with its own
 * events, make one history together. A number is drawn before the operation begins and after it has ended, so that the
 * order of the numbers is an order of real time.
 */
import { ModelError } from '../core/errors.ts';
import type { OperationName } from '../core/check/linearize/history.ts';
import { HISTORY_FORMAT } from './header.ts';

/** Where the clock keeps the next event, and the next process number. */
const NEXT_EVENT = 0;
const NEXT_PROCESS = 1;

/** A clock for any number of recorders: send it to the workers as it is. */
export function createSharedClock(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/** The events of one recorder; plain data that a worker can post. */
export interface Recording {
  /** The clock at each event, rising. */
  readonly ticks: readonly number[];
  /** The events as JSON lines. */
  readonly lines: readonly string[];
}

/** What an operation is given. */
export interface CallArguments {
  readonly key?: unknown;
  readonly old?: unknown;
  readonly value?: unknown;
}

/** What it gave back, in the words of the format: `value` read, `ret` and `ok`, `entries` and `complete`. */
export interface ReturnFields {
  readonly value?: unknown;
  readonly ret?: unknown;
  readonly ok?: boolean;
  readonly entries?: readonly (readonly [unknown, unknown])[];
  readonly complete?: boolean;
}

/** An operation that has been called and has not returned. */
export interface OpenCall {
  readonly process: number;
  readonly op: OperationName;
}

export interface RecorderOptions {
  /** The clock that other recorders use too; one of its own unless given. */
  readonly clock?: Int32Array;
  /** A key or value as JSON; `JSON.stringify` unless given. Values that must be told apart need different texts. */
  readonly encode?: (value: unknown) => string | undefined;
}

/** Records the operations of one thread. Operations may overlap, as those of asynchronous maps do. */
export class HistoryRecorder {
  readonly #clock: Int32Array;
  readonly #encode: (value: unknown) => string | undefined;
  readonly #ticks: number[] = [];
  readonly #lines: string[] = [];
  /** Process numbers of operations that have returned. */
  readonly #idle: number[] = [];

  constructor({ clock = createSharedClock(), encode = JSON.stringify }: RecorderOptions = {}) {
    this.#clock = clock;
    this.#encode = encode;
  }

  /** Records a call; do it before the operation begins. @throws ModelError E-RECORD-001, E-RECORD-002. */
  call(op: OperationName, given: CallArguments = {}): OpenCall {
    const process = this.#idle.pop() ?? Atomics.add(this.#clock, NEXT_PROCESS, 1);
    const parts = [`{"process":${process},"type":"invoke","op":"${op}"`];
    if ('key' in given) parts.push(`"key":${this.#text(given.key, 'key')}`);
    if ('old' in given) parts.push(`"old":${this.#present(given.old, 'compared with')}`);
    if ('value' in given) parts.push(`"value":${this.#present(given.value, 'stored')}`);
    this.#add(`${parts.join(',')}}`);
    return { process, op };
  }

  /** Records a return; do it when the operation has ended. `undefined` and `null` mean absent. */
  ret({ process, op }: OpenCall, given: ReturnFields = {}): void {
    const tick = this.#tick();
    const parts = [`{"process":${process},"type":"ok","op":"${op}"`];
    if ('value' in given) parts.push(`"value":${this.#text(given.value ?? null, 'value')}`);
    if ('ret' in given) parts.push(`"ret":${this.#text(given.ret ?? null, 'value')}`);
    if (given.ok !== undefined) parts.push(`"ok":${given.ok}`);
    if (given.entries !== undefined) {
      const pairs = given.entries.map(
        ([key, value]) => `[${this.#text(key, 'key')},${this.#text(value, 'value')}]`,
      );
      parts.push(`"entries":[${pairs.join(',')}],"complete":${given.complete === true}`);
    }
    this.#add(`${parts.join(',')}}`, tick);
    this.#idle.push(process);
  }

  /** Records that nobody knows whether the operation acted: it threw, timed out, or its client died. */
  lose({ process, op }: OpenCall): void {
    this.#add(`{"process":${process},"type":"info","op":"${op}"}`);
  }

  /** Records that the operation certainly did not happen. */
  cancel({ process, op }: OpenCall): void {
    this.#add(`{"process":${process},"type":"fail","op":"${op}"}`);
    this.#idle.push(process);
  }

  /** What was recorded so far. */
  recording(): Recording {
    return { ticks: [...this.#ticks], lines: [...this.#lines] };
  }

  #tick(): number {
    return Atomics.add(this.#clock, NEXT_EVENT, 1);
  }

  #add(line: string, tick: number = this.#tick()): void {
    this.#ticks.push(tick);
    this.#lines.push(line);
  }

  #present(value: unknown, role: string): string {
    const text = this.#text(value ?? null, 'value');
    if (text !== 'null') return text;
    throw new ModelError(`${String(value)} is ${role}, but stands for an absent value`, {
      code: 'E-RECORD-002',
      todo: 'Store something else, or give the recorder an `encode` that wraps values.',
    });
  }

  #text(value: unknown, kind: string): string {
    const text = this.#encode(value);
    if (text !== undefined) return text;
    throw new ModelError(`a ${kind} of type ${typeof value} has no JSON`, {
      code: 'E-RECORD-001',
      todo: 'Give the recorder an `encode` that gives every key and value a JSON text.',
    });
  }
}

/** What stands in the header of a merged history. */
export interface MergeOptions {
  readonly name: string;
  /** Entries that were there before, keys and values as JSON values. */
  readonly initial?: Readonly<Record<string, unknown>>;
}

/** The history of several recordings that share a clock, as text. */
export function mergeRecordings(recordings: readonly Recording[], options: MergeOptions): string {
  const events = recordings.flatMap(({ ticks, lines }) =>
    lines.map((line, index) => ({ tick: ticks[index]!, line })),
  );
  const { name, initial = {} } = options;
  const operations = events.filter(({ line }) => line.includes('"type":"invoke"')).length;
  const header = {
    format: HISTORY_FORMAT,
    name,
    model: 'map',
    initial,
    operations,
    events: events.length,
  };
  const lines = events.toSorted((left, right) => left.tick - right.tick).map(({ line }) => line);
  return `${[JSON.stringify(header), ...lines].join('\n')}\n`;
}
