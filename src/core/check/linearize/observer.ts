/** Goes along the rows of a history and makes observations of them. */
import { ignoredOperations, type Contracts } from './contracts.ts';
import {
  ABSENT,
  EMPTY_STRING,
  NEVER,
  OP_APPEND,
  OP_CLEAR,
  OP_COMPARE_AND_DELETE,
  OP_COMPARE_AND_SWAP,
  OP_DELETE,
  OP_LEN,
  OP_LOAD_AND_DELETE,
  OP_LOAD_OR_STORE,
  OP_PUT,
  OP_RANGE,
  OP_STORE,
  OP_SWAP,
  OUTCOME_FAIL,
  OUTCOME_OK,
  OUTCOME_PENDING,
  type History,
} from './history.ts';
import { APPEND, MODIFY, READ, WRITE } from './observation-kinds.ts';
import { INITIAL_WRITER, PAIR_SHIFT, PAIR_WRITER } from './pair-table.ts';
import { noteObservation, Reading, readPlainRows, WRITTEN_TWICE } from './plain-rows.ts';
import { rangeReads } from './range-reads.ts';
import { HAS_SHAPE } from './row-shapes.ts';
import type { Scratch } from './scratch.ts';
import type { Contradiction, Observations } from './observations.ts';
import { spreadEvents } from './spread-events.ts';

/** Plain rows that are read at one go. */
const RUN_MAX = 4096;

/** Reads one history; runs once. */
export class Observer {
  readonly #history: History;
  readonly #contracts: Contracts;
  readonly #isPlain: Uint8Array;
  readonly #ignored: Uint8Array;
  readonly #contradictions: Contradiction[] = [];
  readonly #wholeMapRows: number[] = [];
  readonly #pending: number[] = [];
  readonly #hasAppend: Uint8Array;
  /** Reads that each range stands for: key, value, key, value … */
  #reads: ReadonlyMap<number, Int32Array> = new Map();
  /** New number of each event, where events had to be spread. */
  #spread: Int32Array | null = null;
  #count = 0;
  readonly #reading: Reading;
  /** By observation; `null` where every row is one. */
  readonly #row: Int32Array | null;

  /** `isPlain` says by operation whether its rows are plain where they returned; `areAll`, whether all rows are. */
  constructor(
    history: History,
    contracts: Contracts,
    isPlain: Uint8Array,
    scratch: Scratch,
    areAll: boolean,
  ) {
    this.#history = history;
    this.#contracts = contracts;
    this.#isPlain = isPlain;
    this.#ignored = ignoredOperations(contracts);
    this.#hasAppend = new Uint8Array(history.keyCount);
    const count = areAll ? history.operationCount : this.#prepare();
    this.#reading = new Reading(history, count, areAll, scratch);
    this.#row = areAll ? null : new Int32Array(count);
  }

  /** The observations of plain rows: columns of the history are theirs. `null` if a row contradicts itself. */
  observePlainRows(): Observations | null {
    const { operationCount } = this.#history;
    this.#count = operationCount;
    const stop = readPlainRows(this.#reading, 0, operationCount, 0);
    return stop < operationCount ? null : this.#result();
  }

  /** The observations of rows of all kinds: plain ones are read at one go, the others one by one. */
  observeRows(): Observations {
    const { operationCount, op, outcome } = this.#history;
    for (let row = 0; row < operationCount;) {
      let end = row;
      const last = Math.min(operationCount, row + RUN_MAX);
      while (end < last && outcome[end] === OUTCOME_OK && this.#isPlain[op[end]!] === 1) end++;
      const next = this.#observeRun(row, end);
      row = next;
      if (next < end) this.#observeReturned(row++);
      else if (end < last) this.#observeOther(row++);
    }
    return this.#result();
  }

  #result(): Observations {
    const { keyCount, eventCount } = this.#history;
    const initial = this.#initialPairs();
    const reading = this.#reading;
    const { kind, key, from, to, call, ret, marks, pairs } = reading;
    const count = this.#count;
    const spread = this.#spread;
    let rows = this.#row;
    return {
      count,
      keyCount,
      pairCount: pairs.size,
      eventCount: spread === null ? eventCount : spread[eventCount]!,
      kind,
      key,
      from,
      to,
      call,
      ret,
      get row(): Int32Array {
        rows ??= Int32Array.from({ length: count }, (_, row) => row);
        return rows;
      },
      initial,
      hasAppend: this.#hasAppend,
      contradictions: this.#contradictions,
      wholeMapRows: this.#wholeMapRows,
      valueOf: (pair) => reading.pairs.valueOf(pair),
      eventOf: (event) => (spread === null || event === NEVER ? event : spread[event]!),
      pairRecords: pairs.records,
      marks,
      pending: this.#pending,
    };
  }

  /** By key, the pair before the first event; those pairs are written from now on. */
  #initialPairs(): Int32Array {
    const { keyCount, model, initial } = this.#history;
    const { marks, pairs } = this.#reading;
    const result = new Int32Array(keyCount);
    if (model === 'kv') {
      for (let key = 0; key < keyCount; key++) result[key] = this.#pair(key, EMPTY_STRING);
    }
    for (const [key, value] of initial) result[key] = this.#pair(key, value);
    const { records } = pairs;
    for (let key = 0; key < keyCount; key++) {
      if (result[key] === ABSENT) continue;
      const writer = (result[key]! << PAIR_SHIFT) + PAIR_WRITER;
      if (records[writer] !== 0) marks[key]! |= WRITTEN_TWICE;
      records[writer] = INITIAL_WRITER;
    }
    return result;
  }

  /** Makes room for rows that are several observations; returns how many observations there are at most. */
  #prepare(): number {
    const history = this.#history;
    const { operationCount, op, keyCount } = history;
    let observationCount = operationCount;
    let isWide = false;
    for (let row = 0; row < operationCount; row++) {
      if (op[row] === OP_CLEAR || op[row] === OP_RANGE) isWide = true;
    }
    if (!isWide) return observationCount;
    this.#reads = rangeReads(history);
    const width = new Int32Array(operationCount).fill(1);
    for (let row = 0; row < operationCount; row++) {
      if (op[row] === OP_CLEAR) width[row] = Math.max(1, keyCount);
      const reads = this.#reads.get(row);
      if (reads !== undefined) width[row] = Math.max(1, reads.length / 2);
      observationCount += width[row]! - 1;
    }
    this.#spread = spreadEvents(history, width);
    return observationCount;
  }

  /** Reads plain rows up to one that contradicts itself; returns that one, or `end`. */
  #observeRun(first: number, end: number): number {
    if (first === end) return end;
    const history = this.#history;
    const { key, call, ret } = this.#reading;
    const spread = this.#spread;
    let at = this.#count;
    key.set(history.key.subarray(first, end), at);
    for (let row = first; row < end; row++, at++) {
      const called = history.call[row]!;
      const returned = history.ret[row]!;
      call[at] = spread === null ? called : spread[called]!;
      ret[at] = spread === null ? returned : spread[returned]!;
      this.#row![at] = row;
    }
    const stop = readPlainRows(this.#reading, first, end, this.#count);
    this.#count += stop - first;
    return stop;
  }

  #observeOther(row: number): void {
    const { op, outcome } = this.#history;
    if (outcome[row] === OUTCOME_FAIL || this.#ignored[op[row]!] === 1) return;
    if (outcome[row] === OUTCOME_PENDING) this.#observePending(row);
    else this.#observeReturned(row);
  }

  #observeReturned(row: number): void {
    const op = this.#history.op[row]!;
    if (op === OP_APPEND) this.#addAppend(row);
    else if (HAS_SHAPE[op] === 1) this.#contradictResult(row);
    else this.#observeWholeMap(row);
  }

  /** An operation without a return tells nothing, but may have acted. */
  #observePending(row: number): void {
    const { op, argument, old } = this.#history;
    const value = argument[row]!;
    switch (op[row]!) {
      case OP_STORE:
      case OP_SWAP:
      case OP_PUT:
        this.#add(row, WRITE, ABSENT, value);
        break;
      case OP_DELETE:
      case OP_LOAD_AND_DELETE:
        this.#add(row, WRITE, ABSENT, ABSENT);
        break;
      case OP_LOAD_OR_STORE:
        this.#add(row, MODIFY, ABSENT, value);
        break;
      case OP_COMPARE_AND_SWAP:
        if (old[row] !== value) this.#add(row, MODIFY, old[row]!, value);
        break;
      case OP_COMPARE_AND_DELETE:
        this.#add(row, MODIFY, old[row]!, ABSENT);
        break;
      case OP_APPEND:
        this.#addAppend(row);
        break;
      case OP_CLEAR:
        this.#observeWholeMap(row);
        break;
      default:
    }
  }

  /** Says what is wrong with the result of a plain row. */
  #contradictResult(row: number): void {
    const { op, result, flag, texts } = this.#history;
    const found = texts.value(result[row]!);
    const isSaidThere = flag[row] === 1;
    this.#contradict(
      row,
      op[row] === OP_LOAD_OR_STORE
        ? isSaidThere
          ? 'says it loaded a value, but returned none'
          : `says it stored its argument, but returned ${found}`
        : isSaidThere
          ? 'says there was a value, but returned none'
          : `says there was no value, but returned ${found}`,
    );
  }

  #observeWholeMap(row: number): void {
    const { op, keyCount, outcome } = this.#history;
    if (op[row] === OP_LEN) {
      if (outcome[row] !== OUTCOME_PENDING) this.#wholeMapRows.push(row);
    } else if (op[row] === OP_CLEAR) {
      if (this.#contracts.clear === 'atomic') this.#wholeMapRows.push(row);
      for (let key = 0; key < keyCount; key++) this.#put(row, key, key, WRITE, ABSENT, ABSENT);
    } else this.#observeRange(row);
  }

  #observeRange(row: number): void {
    const reads = this.#reads.get(row);
    if (reads === undefined) return;
    if (this.#contracts.range === 'snapshot') this.#wholeMapRows.push(row);
    const twice = firstRepeated(this.#history.ranges.get(row)!.keys);
    if (twice >= 0) {
      this.#contradict(row, `visited the key ${this.#history.texts.key(twice)} twice`);
    }
    for (let at = 0; at < reads.length; at += 2) {
      this.#put(row, at / 2, reads[at]!, READ, this.#pair(reads[at]!, reads[at + 1]!), ABSENT);
    }
  }

  #add(row: number, kind: number, from: number, to: number): void {
    const key = this.#history.key[row]!;
    this.#put(row, 0, key, kind, this.#pair(key, from), this.#pair(key, to));
  }

  #addAppend(row: number): void {
    const key = this.#history.key[row]!;
    this.#hasAppend[key] = 1;
    this.#put(row, 0, key, APPEND, ABSENT, this.#history.argument[row]!);
  }

  #put(row: number, offset: number, key: number, kind: number, from: number, to: number): void {
    const { call, ret } = this.#history;
    const spread = this.#spread;
    const reading = this.#reading;
    const at = this.#count++;
    reading.kind[at] = kind;
    reading.key[at] = key;
    reading.from[at] = from;
    reading.to[at] = to;
    this.#row![at] = row;
    if (spread === null) {
      reading.call[at] = call[row]!;
      reading.ret[at] = ret[row]!;
    } else {
      reading.call[at] = spread[call[row]!]! + offset;
      reading.ret[at] = ret[row] === NEVER ? NEVER : spread[ret[row]!]! + offset;
    }
    noteObservation(reading, at);
    if (reading.ret[at] === NEVER && kind !== APPEND) this.#pending.push(at);
  }

  #pair(key: number, value: number): number {
    return value === ABSENT ? ABSENT : this.#reading.pairs.idOf(key, value);
  }

  #contradict(row: number, message: string): void {
    this.#contradictions.push({ row, message });
  }
}

function firstRepeated(keys: Int32Array): number {
  const seen = new Set<number>();
  for (const key of keys) {
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return -1;
}
