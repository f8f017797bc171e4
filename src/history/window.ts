/**
 * Keeps a long history short: operations that can no longer matter are judged and dropped while the file is read.
 *
 * A key is cut at an operation that ran alone: nothing else on the key was open between its call and its return, and its
 * result or effect tells the key's state. Everything on the key before that is decided without what follows, and what
 * follows starts in that state. So memory grows with the part of a key since it last had a moment to itself, not with
 * the file. Operations on the whole map tie keys together; while one is among the rows nothing is dropped.
 */
import {
  ABSENT,
  NEVER,
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
  OUTCOME_OK,
} from '../core/check/linearize/history.ts';
import { internText, type HistoryBuilder } from './builder.ts';
import { Interner } from './interner.ts';

const UNKNOWN_STATE = -1;

/** Rows dropped at a time, and which rows the others became. */
export interface Compaction {
  readonly droppedCount: number;
  /** New row of an old one that was kept. */
  readonly newRowOf: (row: number) => number;
}

/** Drops what the cuts of the keys allow. The caller has judged the rows. Cost: O(rows). */
export function compact(builder: HistoryBuilder): Compaction {
  const { cuts, states } = findCuts(builder);
  const isKept = new Uint8Array(builder.operationCount);
  for (let row = 0; row < builder.operationCount; row++) {
    const key = builder.key[row]!;
    const isOpen = builder.ret[row] === NEVER;
    isKept[row] = Number(isOpen || key < 0 || builder.call[row]! > cuts[key]!);
  }
  for (const [key, cut] of cuts.entries()) {
    if (cut >= 0) builder.carried.set(key, states[key]!);
  }
  return keepRows(builder, isKept);
}

/** Drops every row that has returned: for a history whose verdict stands. */
export function dropReturned(builder: HistoryBuilder): Compaction {
  const isKept = new Uint8Array(builder.operationCount);
  for (let row = 0; row < isKept.length; row++) isKept[row] = Number(builder.ret[row] === NEVER);
  return keepRows(builder, isKept);
}

interface Cuts {
  /** By key: the return event of the last operation that ran alone and told the state, or -1. */
  readonly cuts: Int32Array;
  /** By key: the state at the cut. */
  readonly states: Int32Array;
}

function findCuts(builder: HistoryBuilder): Cuts {
  const { operationCount, eventCount, op, key, call, ret, outcome } = builder;
  const keyCount = builder.keys.size;
  const cuts = new Int32Array(keyCount).fill(-1);
  const states = new Int32Array(keyCount);
  const openCount = new Int32Array(keyCount);
  /** By key: the operation that is alone so far, or -1. */
  const alone = new Int32Array(keyCount).fill(-1);
  const rowOf = new Int32Array(eventCount).fill(-1);
  for (let row = 0; row < operationCount; row++) {
    if (op[row] === OP_CLEAR || op[row] === OP_LEN || op[row] === OP_RANGE) return { cuts, states };
    if (outcome[row] === OUTCOME_FAIL) continue;
    rowOf[call[row]!] = row;
    if (ret[row] !== NEVER) rowOf[ret[row]!] = row;
  }
  for (let event = 0; event < eventCount; event++) {
    const row = rowOf[event]!;
    if (row < 0) continue;
    const own = key[row]!;
    if (call[row] === event) {
      alone[own] = openCount[own] === 0 ? row : -1;
      openCount[own]!++;
      continue;
    }
    openCount[own]!--;
    if (alone[own] !== row) continue;
    const state = stateAfter(builder, row);
    if (state === UNKNOWN_STATE) continue;
    cuts[own] = event;
    states[own] = state;
  }
  return { cuts, states };
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

function keepRows(builder: HistoryBuilder, isKept: Uint8Array): Compaction {
  const newRows = new Int32Array(isKept.length);
  let kept = 0;
  for (let row = 0; row < isKept.length; row++) {
    newRows[row] = kept;
    if (isKept[row] === 1) moveRow(builder, row, kept++);
  }
  const droppedCount = builder.operationCount - kept;
  builder.operationCount = kept;
  builder.droppedCount += droppedCount;
  renumberEvents(builder);
  renumberValues(builder);
  return { droppedCount, newRowOf: (row) => newRows[row]! };
}

function moveRow(builder: HistoryBuilder, from: number, to: number): void {
  for (const column of [builder.op, builder.outcome, builder.flag]) column[to] = column[from]!;
  const { process, key, argument, old, result, call, ret } = builder;
  for (const column of [process, key, argument, old, result, call, ret]) column[to] = column[from]!;
  const range = builder.ranges.get(from);
  if (range === undefined || from === to) return;
  builder.ranges.set(to, range);
  builder.ranges.delete(from);
}

function renumberEvents(builder: HistoryBuilder): void {
  const { operationCount, call, ret, eventCount } = builder;
  const newEvents = new Int32Array(eventCount);
  for (let row = 0; row < operationCount; row++) {
    newEvents[call[row]!] = 1;
    if (ret[row] !== NEVER) newEvents[ret[row]!] = 1;
  }
  let next = 0;
  for (let event = 0; event < eventCount; event++) {
    if (newEvents[event] === 0) continue;
    builder.eventLine[next] = builder.eventLine[event]!;
    newEvents[event] = next++;
  }
  for (let row = 0; row < operationCount; row++) {
    call[row] = newEvents[call[row]!]!;
    if (ret[row] !== NEVER) ret[row] = newEvents[ret[row]!]!;
  }
  builder.eventCount = next;
}

/** Keeps the texts of values that still stand somewhere. */
function renumberValues(builder: HistoryBuilder): void {
  const before = builder.values;
  const after = new Interner();
  const newIds = new Int32Array(before.size).fill(-1);
  const move = (id: number): number => {
    if (newIds[id] === -1) newIds[id] = internText(after, before.text(id));
    return newIds[id]!;
  };
  // The first two ids have fixed meanings.
  move(0);
  move(1);
  const { operationCount, op, argument, old, result, ranges, carried } = builder;
  for (let row = 0; row < operationCount; row++) {
    argument[row] = move(argument[row]!);
    old[row] = move(old[row]!);
    if (op[row] !== OP_LEN) result[row] = move(result[row]!);
  }
  for (const [row, range] of ranges) ranges.set(row, { ...range, values: range.values.map(move) });
  for (const [key, value] of carried) carried.set(key, move(value));
  builder.values = after;
}
