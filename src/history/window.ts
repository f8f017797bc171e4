/**
 * Keeps a long history short: operations that can no longer matter are judged and dropped while the file is read.
 *
 * Where a history may be cut is said in `cuts.ts`. Memory grows with what came since the last cut, not with the file.
 */
import { NEVER, OP_LEN } from '../core/check/linearize/history.ts';
import { internText, type HistoryBuilder } from './builder.ts';
import { findCuts } from './cuts.ts';
import { Interner } from './interner.ts';

/** Rows dropped at a time, and which rows the others became. */
export interface Compaction {
  readonly droppedCount: number;
  /** New row of an old one that was kept. */
  readonly newRowOf: (row: number) => number;
}

/** Drops what the cuts of the keys allow. The caller has judged the rows. Cost: O(rows). */
export function compact(builder: HistoryBuilder): Compaction {
  const { cuts, states, wholeMapCut } = findCuts(builder);
  const isKept = new Uint8Array(builder.operationCount);
  for (let row = 0; row < builder.operationCount; row++) {
    const key = builder.key[row]!;
    const isOpen = builder.ret[row] === NEVER;
    isKept[row] = Number(isOpen || builder.call[row]! > (key < 0 ? wholeMapCut : cuts[key]!));
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
