/** Parts of a history that are histories themselves. */
import { NEVER, NO_KEY, OUTCOME_PENDING, type History, type RangeResult } from '../history.ts';

/** A part of a history, and where its rows and events come from. */
export interface SubHistory {
  readonly history: History;
  /** By row: the row of the whole history. */
  readonly rows: Int32Array;
}

export interface SubHistoryOptions {
  /** Rows to keep, rising. */
  readonly rows: ArrayLike<number>;
  /** Only events before this one; what returns later is still open. */
  readonly untilEvent: number;
  /** The only key to look at, or -1 for all. */
  readonly key: number;
  /** The key's value before the first row, where earlier rows are left out; `null` for the history's own. */
  readonly start?: number | null;
}

/** The history of some rows up to some event. Cost: O(events). */
export function subHistory(history: History, options: SubHistoryOptions): SubHistory {
  const { untilEvent, key, start = null } = options;
  const rows = Int32Array.from(options.rows).filter((row) => history.call[row]! < untilEvent);
  const isOpen = (row: number): boolean => history.ret[row]! >= untilEvent;
  const marks = new Uint8Array(history.eventCount);
  for (const row of rows) {
    marks[history.call[row]!] = 1;
    if (!isOpen(row)) marks[history.ret[row]!] = 1;
  }
  const eventOf = new Int32Array(history.eventCount);
  const lines: number[] = [];
  let eventCount = 0;
  for (let event = 0; event < history.eventCount; event++) {
    if (marks[event] === 0) continue;
    eventOf[event] = eventCount++;
    lines.push(history.eventLine[event] ?? 0);
  }
  const pick = (column: Int32Array): Int32Array => Int32Array.from(rows, (row) => column[row]!);
  const part: History = {
    ...history,
    operationCount: rows.length,
    eventCount,
    op: Uint8Array.from(rows, (row) => history.op[row]!),
    outcome: Uint8Array.from(rows, (row) =>
      isOpen(row) ? OUTCOME_PENDING : history.outcome[row]!,
    ),
    flag: Uint8Array.from(rows, (row) => history.flag[row]!),
    process: pick(history.process),
    key: pick(history.key),
    argument: pick(history.argument),
    old: pick(history.old),
    result: pick(history.result),
    call: Int32Array.from(rows, (row) => eventOf[history.call[row]!]!),
    ret: Int32Array.from(rows, (row) => (isOpen(row) ? NEVER : eventOf[history.ret[row]!]!)),
    eventLine: Int32Array.from(lines),
    ranges: rangesOf(history, rows, key),
    initial: initialOf(history, key, start),
  };
  return { history: part, rows };
}

/** The rows that say something about a key: its own operations and those on the whole map; -1 means every row. */
export function rowsOfKey(history: History, key: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < history.operationCount; row++) {
    const own = history.key[row]!;
    if (key < 0 || own === key || own === NO_KEY) rows.push(row);
  }
  return rows;
}

function initialOf(
  history: History,
  key: number,
  start: number | null,
): ReadonlyMap<number, number> {
  if (key < 0) return history.initial;
  if (start !== null) return new Map([[key, start]]);
  return new Map([...history.initial].filter(([one]) => one === key));
}

function rangesOf(history: History, rows: Int32Array, key: number): Map<number, RangeResult> {
  const ranges = new Map<number, RangeResult>();
  for (const [index, row] of rows.entries()) {
    const range = history.ranges.get(row);
    if (range !== undefined) ranges.set(index, key < 0 ? range : onlyKey(range, key));
  }
  return ranges;
}

function onlyKey({ keys, values, isComplete }: RangeResult, key: number): RangeResult {
  return {
    keys: keys.filter((one) => one === key),
    values: values.filter((_, index) => keys[index] === key),
    isComplete,
  };
}
