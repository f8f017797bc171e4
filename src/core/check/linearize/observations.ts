/**
 * What a history says about each key: reads, writes and their like, each with the interval it may act in.
 *
 * An operation of the map becomes at most one observation of its key; a range becomes a read of each key it tells
 * something about, and a clear a blind deletion of each key (the layer above restores its atomicity). The names here are
 * those of the algorithms: READ v (the state is v), WRITE v (any state becomes v), MODIFY u to v (the state is u and
 * becomes v), NOT u (the state is something else than u). A deletion writes ABSENT, and a key without entry is in the
 * state ABSENT.
 *
 * Values get one id for each pair of key and value, so that arrays over values need no key.
 */
import { DEFAULT_CONTRACTS, ignoredOperations, type Contracts } from './contracts.ts';
import {
  ABSENT,
  EMPTY_STRING,
  NEVER,
  OP_APPEND,
  OP_CLEAR,
  OP_COMPARE_AND_DELETE,
  OP_COMPARE_AND_SWAP,
  OP_DELETE,
  OP_GET,
  OP_LEN,
  OP_LOAD,
  OP_LOAD_AND_DELETE,
  OP_LOAD_OR_STORE,
  OP_PUT,
  OP_RANGE,
  OP_STORE,
  OP_SWAP,
  OUTCOME_FAIL,
  OUTCOME_PENDING,
  type History,
} from './history.ts';
import { PairIds } from './pair-ids.ts';
import { rangeReads } from './range-reads.ts';

export const READ = 0;
export const WRITE = 1;
export const MODIFY = 2;
export const NOT = 3;
export const APPEND = 4;

/** An operation whose result no order of operations explains. */
export interface Contradiction {
  readonly row: number;
  readonly message: string;
}

/** Columns, one row for each observation, in the order of the calls. */
export interface Observations {
  readonly count: number;
  readonly keyCount: number;
  /** Pair ids are below this; 0 is ABSENT on any key. */
  readonly pairCount: number;
  /** Events are below this. They are the history's, spread where one operation makes several observations. */
  readonly eventCount: number;
  /** READ, WRITE, MODIFY, NOT or APPEND. */
  readonly kind: Uint8Array;
  readonly key: Int32Array;
  /** Pair read, compared with, or replaced. */
  readonly from: Int32Array;
  /** Pair written; for APPEND, the value id appended. */
  readonly to: Int32Array;
  readonly call: Int32Array;
  /** Event of the return; NEVER where the operation never returned and thus may not have acted. */
  readonly ret: Int32Array;
  /** Row of the history. */
  readonly row: Int32Array;
  /** By key: the pair before the first event. */
  readonly initial: Int32Array;
  /** Keys with an APPEND: only the search can judge them. */
  readonly hasAppend: Uint8Array;
  readonly contradictions: readonly Contradiction[];
  /** Rows of operations on the whole map at one moment: clear, len, range as a snapshot. */
  readonly wholeMapRows: readonly number[];
  /** The value id of a pair. */
  readonly valueOf: (pair: number) => number;
  /** The number, here, of an event of the history. */
  readonly eventOf: (event: number) => number;
}

/** Reads a history as observations. Cost: O(operations + keys x clears + what ranges tell), no sorting. */
export function observe(history: History, contracts: Contracts = DEFAULT_CONTRACTS): Observations {
  return new Observer(history, contracts).observe();
}

class Observer {
  readonly #history: History;
  readonly #contracts: Contracts;
  readonly #pairs: PairIds;
  readonly #contradictions: Contradiction[] = [];
  readonly #wholeMapRows: number[] = [];
  readonly #hasAppend: Uint8Array;
  readonly #ignored: Uint8Array;
  /** Reads that each range stands for: key, value, key, value … */
  #reads: ReadonlyMap<number, Int32Array> = new Map();
  /** New number of each event, where events had to be spread. */
  #spread: Int32Array | null = null;
  #count = 0;
  #kind: Uint8Array = new Uint8Array(0);
  #key: Int32Array = new Int32Array(0);
  #from: Int32Array = new Int32Array(0);
  #to: Int32Array = new Int32Array(0);
  #call: Int32Array = new Int32Array(0);
  #ret: Int32Array = new Int32Array(0);
  #row: Int32Array = new Int32Array(0);

  constructor(history: History, contracts: Contracts) {
    this.#history = history;
    this.#contracts = contracts;
    this.#pairs = new PairIds(history.valueCount);
    this.#hasAppend = new Uint8Array(history.keyCount);
    this.#ignored = ignoredOperations(contracts);
  }

  observe(): Observations {
    const { history } = this.#prepare();
    const { operationCount, op, outcome } = history;
    for (let row = 0; row < operationCount; row++) {
      if (outcome[row] === OUTCOME_FAIL || this.#ignored[op[row]!] === 1) continue;
      if (outcome[row] === OUTCOME_PENDING) this.#observePending(row);
      else this.#observeReturned(row);
    }
    const initial = new Int32Array(history.keyCount);
    if (history.model === 'kv') {
      for (let key = 0; key < initial.length; key++) initial[key] = this.#pair(key, EMPTY_STRING);
    }
    for (const [key, value] of history.initial) initial[key] = this.#pair(key, value);
    const pairs = this.#pairs;
    const spread = this.#spread;
    return {
      count: this.#count,
      keyCount: history.keyCount,
      pairCount: pairs.size,
      eventCount: this.#spread === null ? history.eventCount : this.#spread[history.eventCount]!,
      kind: this.#kind,
      key: this.#key,
      from: this.#from,
      to: this.#to,
      call: this.#call,
      ret: this.#ret,
      row: this.#row,
      initial,
      hasAppend: this.#hasAppend,
      contradictions: this.#contradictions,
      wholeMapRows: this.#wholeMapRows,
      valueOf: (pair) => pairs.valueOf(pair),
      eventOf: (event) => (spread === null || event === NEVER ? event : spread[event]!),
    };
  }

  #prepare(): { readonly history: History } {
    const history = this.#history;
    const { operationCount, op, keyCount } = history;
    let observationCount = operationCount;
    let isWide = false;
    for (let row = 0; row < operationCount; row++) {
      if (op[row] === OP_CLEAR || op[row] === OP_RANGE) isWide = true;
    }
    if (isWide) {
      this.#reads = rangeReads(history);
      const width = new Int32Array(operationCount).fill(1);
      for (let row = 0; row < operationCount; row++) {
        if (op[row] === OP_CLEAR) width[row] = Math.max(1, keyCount);
        const reads = this.#reads.get(row);
        if (reads !== undefined) width[row] = Math.max(1, reads.length / 2);
        observationCount += width[row]! - 1;
      }
      this.#spread = spreadEvents(history, width);
    }
    this.#kind = new Uint8Array(observationCount);
    this.#key = new Int32Array(observationCount);
    this.#from = new Int32Array(observationCount);
    this.#to = new Int32Array(observationCount);
    this.#call = new Int32Array(observationCount);
    this.#ret = new Int32Array(observationCount);
    this.#row = new Int32Array(observationCount);
    return { history };
  }

  #observeReturned(row: number): void {
    const { op, argument, old, result, flag } = this.#history;
    const value = argument[row]!;
    switch (op[row]!) {
      case OP_LOAD:
      case OP_GET:
        this.#add(row, READ, result[row]!, ABSENT);
        break;
      case OP_STORE:
      case OP_PUT:
        this.#add(row, WRITE, ABSENT, value);
        break;
      case OP_DELETE:
        this.#add(row, WRITE, ABSENT, ABSENT);
        break;
      case OP_LOAD_OR_STORE:
        this.#observeLoadOrStore(row);
        break;
      case OP_LOAD_AND_DELETE:
        if (this.#isLoadedConsistent(row)) this.#replace(row, result[row]!, ABSENT);
        break;
      case OP_SWAP:
        if (this.#isLoadedConsistent(row)) this.#replace(row, result[row]!, value);
        break;
      case OP_COMPARE_AND_SWAP:
      case OP_COMPARE_AND_DELETE:
        if (flag[row] === 0) this.#add(row, NOT, old[row]!, ABSENT);
        else this.#replace(row, old[row]!, op[row] === OP_COMPARE_AND_SWAP ? value : ABSENT);
        break;
      case OP_APPEND:
        this.#addAppend(row);
        break;
      default:
        this.#observeWholeMap(row);
    }
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

  #observeLoadOrStore(row: number): void {
    const { argument, result, flag, texts } = this.#history;
    const found = result[row]!;
    if (flag[row] === 1) {
      if (found === ABSENT) this.#contradict(row, 'says it loaded a value, but returned none');
      else this.#add(row, READ, found, ABSENT);
    } else if (found === argument[row]) this.#add(row, MODIFY, ABSENT, found);
    else this.#contradict(row, `says it stored its argument, but returned ${texts.value(found)}`);
  }

  #isLoadedConsistent(row: number): boolean {
    const { result, flag, texts } = this.#history;
    const isFound = result[row] !== ABSENT;
    if (isFound === (flag[row] === 1)) return true;
    this.#contradict(
      row,
      isFound
        ? `says there was no value, but returned ${texts.value(result[row]!)}`
        : 'says there was a value, but returned none',
    );
    return false;
  }

  /** A change of the state that was seen to happen; one that leaves the state as it was is a read. */
  #replace(row: number, from: number, to: number): void {
    if (from === to) this.#add(row, READ, from, ABSENT);
    else this.#add(row, MODIFY, from, to);
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
    const at = this.#count++;
    this.#kind[at] = kind;
    this.#key[at] = key;
    this.#from[at] = from;
    this.#to[at] = to;
    this.#row[at] = row;
    if (spread === null) {
      this.#call[at] = call[row]!;
      this.#ret[at] = ret[row]!;
    } else {
      this.#call[at] = spread[call[row]!]! + offset;
      this.#ret[at] = ret[row] === NEVER ? NEVER : spread[ret[row]!]! + offset;
    }
  }

  #pair(key: number, value: number): number {
    return value === ABSENT ? ABSENT : this.#pairs.idOf(key, value);
  }

  #contradict(row: number, message: string): void {
    this.#contradictions.push({ row, message });
  }
}

/** The first event number of each event when an operation takes as many calls and returns as it has observations. */
function spreadEvents(history: History, width: Int32Array): Int32Array {
  const { operationCount, eventCount, call, ret } = history;
  const spread = new Int32Array(eventCount + 1).fill(1);
  for (let row = 0; row < operationCount; row++) {
    spread[call[row]!] = width[row]!;
    if (ret[row] !== NEVER) spread[ret[row]!] = width[row]!;
  }
  let next = 0;
  for (let event = 0; event <= eventCount; event++) {
    const size = spread[event]!;
    spread[event] = next;
    next += size;
  }
  return spread;
}

function firstRepeated(keys: Int32Array): number {
  const seen = new Set<number>();
  for (const key of keys) {
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return -1;
}
