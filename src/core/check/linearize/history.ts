/**
 * A recorded history in columns: one row for each operation, in the order of the calls.
 *
 * Events (calls and returns) are numbered 0, 1, 2 … in real-time order. An operation may take effect at any moment after
 * its call and before its return; one that never returned may take effect at any later moment, or never. Keys and values
 * are small whole numbers that stand for JSON texts.
 */

/** The operations of a history. The order is the code: `OPERATION_NAMES[OP_SWAP] === 'swap'`. */
export const OPERATION_NAMES = [
  'load',
  'store',
  'loadOrStore',
  'loadAndDelete',
  'delete',
  'swap',
  'compareAndSwap',
  'compareAndDelete',
  'clear',
  'len',
  'range',
  'get',
  'put',
  'append',
] as const;

export type OperationName = (typeof OPERATION_NAMES)[number];

export const OP_LOAD = 0;
export const OP_STORE = 1;
export const OP_LOAD_OR_STORE = 2;
export const OP_LOAD_AND_DELETE = 3;
export const OP_DELETE = 4;
export const OP_SWAP = 5;
export const OP_COMPARE_AND_SWAP = 6;
export const OP_COMPARE_AND_DELETE = 7;
export const OP_CLEAR = 8;
export const OP_LEN = 9;
export const OP_RANGE = 10;
export const OP_GET = 11;
export const OP_PUT = 12;
export const OP_APPEND = 13;

/** How an operation ended. */
export const OUTCOME_PENDING = 0;
/** It returned what its row says. */
export const OUTCOME_OK = 1;
/** It certainly did not happen. */
export const OUTCOME_FAIL = 2;

/** The state of a key without an entry. Value ids of real values start at 1. */
export const ABSENT = 0;
/** The id of the empty string in key-value logs, where every key starts as `""`. Other histories may hold it too. */
export const EMPTY_STRING = 1;
/** The return event of an operation that never returned. */
export const NEVER = 0x7fffffff;
/** The key of an operation on the whole map. */
export const NO_KEY = -1;

/** What a range visited: its entries in the order visited, and whether it went on to the end. */
export interface RangeResult {
  readonly keys: Int32Array;
  readonly values: Int32Array;
  readonly isComplete: boolean;
}

export type HistoryModel = 'map' | 'kv';

/** The texts behind key and value ids. */
export interface HistoryTexts {
  /** A key as JSON. */
  readonly key: (id: number) => string;
  /** A value as JSON; `null` for {@link ABSENT}. */
  readonly value: (id: number) => string;
}

/** A history. Arrays may be longer than the counts say; what lies beyond has no meaning. */
export interface History {
  readonly name: string;
  readonly model: HistoryModel;
  /** Rows. */
  readonly operationCount: number;
  readonly eventCount: number;
  /** Key ids are below this. */
  readonly keyCount: number;
  /** Value ids are below this. */
  readonly valueCount: number;
  /** `OP_…` of each row. */
  readonly op: Uint8Array;
  /** `OUTCOME_…` of each row. */
  readonly outcome: Uint8Array;
  /** 1 where the operation returned `ok: true` (loaded, swapped, deleted). */
  readonly flag: Uint8Array;
  readonly process: Int32Array;
  /** Key id, or {@link NO_KEY}. */
  readonly key: Int32Array;
  /** Value given: stored, swapped in, put or appended. */
  readonly argument: Int32Array;
  /** Value compared with. */
  readonly old: Int32Array;
  /** Value returned; for `len`, the number itself. */
  readonly result: Int32Array;
  /** Event of the call. */
  readonly call: Int32Array;
  /** Event of the return, or {@link NEVER}. */
  readonly ret: Int32Array;
  /** Line of each event in its file, from 1. Empty where the history was not read from a file. */
  readonly eventLine: Int32Array;
  /** By row: what each completed range saw. */
  readonly ranges: ReadonlyMap<number, RangeResult>;
  /** By key id: the values present before the first event. */
  readonly initial: ReadonlyMap<number, number>;
  readonly texts: HistoryTexts;
}

/** A history of nothing. */
export function emptyHistory(): History {
  const bytes = new Uint8Array(0);
  const numbers = new Int32Array(0);
  return {
    name: '',
    model: 'map',
    operationCount: 0,
    eventCount: 0,
    keyCount: 0,
    valueCount: 0,
    op: bytes,
    outcome: bytes,
    flag: bytes,
    process: numbers,
    key: numbers,
    argument: numbers,
    old: numbers,
    result: numbers,
    call: numbers,
    ret: numbers,
    eventLine: numbers,
    ranges: new Map(),
    initial: new Map(),
    texts: { key: String, value: String },
  };
}
