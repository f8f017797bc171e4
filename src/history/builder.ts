/** Collects the rows of one history in growing columns. */
import {
  EMPTY_STRING,
  NEVER,
  NO_KEY,
  OUTCOME_PENDING,
  type History,
  type HistoryModel,
  type HistoryTexts,
  type RangeResult,
} from '../core/check/linearize/history.ts';
import { grown, Interner } from './interner.ts';

const ROWS_AT_FIRST = 64;
const ENCODER = new TextEncoder();

/** One history under construction. Rows are appended by {@link open} and completed in place. */
export class HistoryBuilder {
  readonly keys: Interner = new Interner();
  /** Values: `null` is 0, the empty string 1. */
  values: Interner = new Interner();
  readonly initial: Map<number, number> = new Map();
  /** By key whose first operations were dropped: the value it had then, or ABSENT. */
  readonly carried: Map<number, number> = new Map();
  /** Operations that were dropped. */
  droppedCount: number = 0;
  readonly ranges: Map<number, RangeResult> = new Map();
  operationCount: number = 0;
  eventCount: number = 0;
  op: Uint8Array = new Uint8Array(ROWS_AT_FIRST);
  outcome: Uint8Array = new Uint8Array(ROWS_AT_FIRST);
  flag: Uint8Array = new Uint8Array(ROWS_AT_FIRST);
  process: Int32Array = new Int32Array(ROWS_AT_FIRST);
  key: Int32Array = new Int32Array(ROWS_AT_FIRST);
  argument: Int32Array = new Int32Array(ROWS_AT_FIRST);
  old: Int32Array = new Int32Array(ROWS_AT_FIRST);
  result: Int32Array = new Int32Array(ROWS_AT_FIRST);
  call: Int32Array = new Int32Array(ROWS_AT_FIRST);
  ret: Int32Array = new Int32Array(ROWS_AT_FIRST);
  eventLine: Int32Array = new Int32Array(ROWS_AT_FIRST * 2);

  constructor() {
    internText(this.values, 'null');
    const empty = internText(this.values, '""');
    if (empty !== EMPTY_STRING) throw new Error(`the empty string has id ${empty}`);
  }

  /** Appends the call of an operation and returns its row. `line` is the call's line, 0 for none. */
  open(op: number, process: number, line: number): number {
    const row = this.operationCount++;
    if (row === this.op.length) this.#growRows();
    this.op[row] = op;
    this.process[row] = process;
    this.outcome[row] = OUTCOME_PENDING;
    this.key[row] = NO_KEY;
    this.ret[row] = NEVER;
    this.call[row] = this.event(line);
    return row;
  }

  /** Completes a row: the return is the next event. */
  close(row: number, outcome: number, line: number): void {
    this.outcome[row] = outcome;
    this.ret[row] = this.event(line);
  }

  /** Takes the next event number. */
  event(line: number): number {
    if (this.eventCount === this.eventLine.length) {
      this.eventLine = grown(this.eventLine, this.eventCount * 2);
    }
    this.eventLine[this.eventCount] = line;
    return this.eventCount++;
  }

  /** The history so far. It shares the columns: don't append afterwards while somebody reads it. */
  history(name: string, model: HistoryModel): History {
    const { keys, values } = this;
    const texts: HistoryTexts = {
      key: (id) => keys.text(id),
      value: (id) => values.text(id),
    };
    return {
      name,
      model,
      operationCount: this.operationCount,
      eventCount: this.eventCount,
      keyCount: keys.size,
      valueCount: values.size,
      op: this.op,
      outcome: this.outcome,
      flag: this.flag,
      process: this.process,
      key: this.key,
      argument: this.argument,
      old: this.old,
      result: this.result,
      call: this.call,
      ret: this.ret,
      eventLine: this.eventLine,
      ranges: this.ranges,
      initial: this.initial,
      texts,
    };
  }

  #growRows(): void {
    const length = this.op.length * 2;
    this.op = grownBytes(this.op, length);
    this.outcome = grownBytes(this.outcome, length);
    this.flag = grownBytes(this.flag, length);
    this.process = grown(this.process, length);
    this.key = grown(this.key, length);
    this.argument = grown(this.argument, length);
    this.old = grown(this.old, length);
    this.result = grown(this.result, length);
    this.call = grown(this.call, length);
    this.ret = grown(this.ret, length);
  }
}

/** The id of a canonical JSON text given as a string. */
export function internText(interner: Interner, text: string): number {
  const bytes = ENCODER.encode(text);
  return interner.intern(bytes, 0, bytes.length);
}

function grownBytes(array: Uint8Array, length: number): Uint8Array {
  const wider = new Uint8Array(length);
  wider.set(array);
  return wider;
}
