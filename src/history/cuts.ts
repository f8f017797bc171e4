/**
 * Where a history may be cut: what came before is decided without what follows, and what follows starts in a known state.
 *
 * C1. A key is *settled* while none of its operations is open and its state is certain: the last of them ran alone (nothing
 *     else on the key, and no `clear`, was open between its call and its return) and its result or effect tells the state;
 *     or a `clear` returned during which nothing on the key was open.
 * C2. Without operations on the whole map each key stands for itself (linearizability is local), and is cut at the last
 *     moment at which it was settled.
 * C3. Operations on the whole map tie the keys together. An *epoch* is a stretch in which none of them is open. If every
 *     key that was used before an epoch is settled at some moment of it, the history is cut there, each key at the last
 *     such moment: then whatever is dropped returned before any operation on the whole map that is kept was called, and
 *     every dropped operation on the whole map returned before anything that is kept was called. The last such epoch is
 *     taken. Before the first operation on the whole map C2 holds.
 */
import {
  ABSENT,
  NEVER,
  OP_CLEAR,
  OP_COMPARE_AND_DELETE,
  OP_COMPARE_AND_SWAP,
  OP_DELETE,
  OP_GET,
  OP_LOAD,
  OP_LOAD_AND_DELETE,
  OP_LOAD_OR_STORE,
  OP_PUT,
  OP_STORE,
  OP_SWAP,
  OUTCOME_FAIL,
  OUTCOME_OK,
} from '../core/check/linearize/history.ts';
import type { HistoryBuilder } from './builder.ts';

const UNKNOWN_STATE = -1;

/** Cuts of a history, as event numbers: a row whose call is not after its cut may go. */
export interface Cuts {
  /** By key: the event it is cut at, or -1. */
  readonly cuts: Int32Array;
  /** By key: its state there. */
  readonly states: Int32Array;
  /** The cut of operations on the whole map. */
  readonly wholeMapCut: number;
}

/** Finds the cuts that drop most. Cost: O(events + operations on the whole map × keys). */
export function findCuts(builder: HistoryBuilder): Cuts {
  const rowOf = rowsOfEvents(builder);
  const end = new EpochScan(builder, rowOf).run(builder.eventCount);
  const scan = new EpochScan(builder, rowOf);
  scan.run(end);
  return { cuts: scan.cuts, states: scan.states, wholeMapCut: end - 1 };
}

/** By event: the row it is the call or the return of, or -1 for those that certainly did not act. */
function rowsOfEvents({
  operationCount,
  eventCount,
  outcome,
  call,
  ret,
}: HistoryBuilder): Int32Array {
  const rowOf = new Int32Array(eventCount).fill(-1);
  for (let row = 0; row < operationCount; row++) {
    if (outcome[row] === OUTCOME_FAIL) continue;
    rowOf[call[row]!] = row;
    if (ret[row] !== NEVER) rowOf[ret[row]!] = row;
  }
  return rowOf;
}

/** Reads events in order and keeps, for each key, the last moment of the present epoch at which it was settled. */
class EpochScan {
  readonly cuts: Int32Array;
  readonly states: Int32Array;
  readonly #builder: HistoryBuilder;
  readonly #rowOf: Int32Array;
  readonly #openCount: Int32Array;
  /** By key: the operation that is alone so far, or -1. */
  readonly #alone: Int32Array;
  /** By key: the event since which it is settled, or -1, and its state. */
  readonly #settledAt: Int32Array;
  readonly #settledState: Int32Array;
  /** By key: the event of its last call or return, or -1. */
  readonly #lastEvent: Int32Array;
  /** By key: whether it was used before the present epoch. */
  readonly #isRequired: Uint8Array;
  /** Keys that were, and those of them that have a cut. */
  #requiredCount = 0;
  #cutCount = 0;
  #openWholeCount = 0;
  #openClearCount = 0;

  constructor(builder: HistoryBuilder, rowOf: Int32Array) {
    const keyCount = builder.keys.size;
    this.#builder = builder;
    this.#rowOf = rowOf;
    this.cuts = new Int32Array(keyCount).fill(-1);
    this.states = new Int32Array(keyCount);
    this.#openCount = new Int32Array(keyCount);
    this.#alone = new Int32Array(keyCount).fill(-1);
    this.#settledAt = new Int32Array(keyCount).fill(-1);
    this.#settledState = new Int32Array(keyCount);
    this.#lastEvent = new Int32Array(keyCount).fill(-1);
    this.#isRequired = new Uint8Array(keyCount);
  }

  /** Reads the events before `end`; returns where the last epoch that allows a cut ends. */
  run(end: number): number {
    const { call, key, op } = this.#builder;
    let epochEnd = 0;
    for (let event = 0; event < end; event++) {
      const row = this.#rowOf[event]!;
      if (row < 0) continue;
      const own = key[row]!;
      const isCall = call[row] === event;
      if (own >= 0) {
        if (isCall) this.#call(own, row, event);
        else this.#return(own, row, event);
        continue;
      }
      if (isCall) {
        if (this.#allowsCut()) epochEnd = event;
        this.#openWholeCount++;
        if (op[row] === OP_CLEAR) this.#openClearCount++;
        continue;
      }
      if (op[row] === OP_CLEAR) this.#cleared(call[row]!, event);
      if (--this.#openWholeCount === 0) this.#beginEpoch();
    }
    return this.#allowsCut() ? end : epochEnd;
  }

  #allowsCut(): boolean {
    return this.#openWholeCount === 0 && this.#cutCount === this.#requiredCount;
  }

  #call(key: number, row: number, event: number): void {
    this.#alone[key] = this.#openCount[key] === 0 && this.#openClearCount === 0 ? row : -1;
    this.#openCount[key]!++;
    this.#settledAt[key] = -1;
    this.#lastEvent[key] = event;
  }

  #return(key: number, row: number, event: number): void {
    this.#openCount[key]!--;
    this.#lastEvent[key] = event;
    if (this.#alone[key] !== row || this.#openClearCount > 0) return;
    const state = stateAfter(this.#builder, row);
    if (state === UNKNOWN_STATE) return;
    this.#settledAt[key] = event;
    this.#settledState[key] = state;
    if (this.#openWholeCount === 0) this.#cut(key);
  }

  #cut(key: number): void {
    if (this.cuts[key]! < 0) this.#cutCount += this.#isRequired[key]!;
    this.cuts[key] = this.#settledAt[key]!;
    this.states[key] = this.#settledState[key]!;
  }

  /** A clear returns: keys that were idle all the while are absent, of the others nothing is known. */
  #cleared(called: number, event: number): void {
    this.#openClearCount--;
    for (let key = 0; key < this.cuts.length; key++) {
      const isIdle = this.#openCount[key] === 0 && this.#lastEvent[key]! < called;
      this.#alone[key] = -1;
      this.#settledAt[key] = isIdle ? event : -1;
      this.#settledState[key] = ABSENT;
    }
  }

  #beginEpoch(): void {
    this.#requiredCount = 0;
    this.#cutCount = 0;
    this.cuts.fill(-1);
    for (let key = 0; key < this.cuts.length; key++) {
      const isRequired = Number(this.#lastEvent[key]! >= 0);
      this.#isRequired[key] = isRequired;
      this.#requiredCount += isRequired;
      if (this.#settledAt[key]! >= 0) this.#cut(key);
    }
  }
}

/** The key's state after an operation that ran alone, or UNKNOWN_STATE. */
function stateAfter(builder: HistoryBuilder, row: number): number {
  if (builder.outcome[row] !== OUTCOME_OK) return UNKNOWN_STATE;
  const flag = builder.flag[row] === 1;
  switch (builder.op[row]!) {
    case OP_LOAD:
    case OP_GET:
    case OP_LOAD_OR_STORE:
      return builder.result[row]!;
    case OP_STORE:
    case OP_PUT:
    case OP_SWAP:
      return builder.argument[row]!;
    case OP_DELETE:
    case OP_LOAD_AND_DELETE:
      return ABSENT;
    case OP_COMPARE_AND_SWAP:
      return flag ? builder.argument[row]! : UNKNOWN_STATE;
    case OP_COMPARE_AND_DELETE:
      return flag ? ABSENT : UNKNOWN_STATE;
    default:
      return UNKNOWN_STATE;
  }
}
