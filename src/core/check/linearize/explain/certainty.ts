/** Moments at which the state of a key is known for certain. */
import { ABSENT, NO_KEY, OUTCOME_FAIL, type History } from '../history.ts';
import { APPEND, NOT, observe, READ } from '../observations.ts';

/** A return after which the key has a value for certain. */
export interface Start {
  readonly event: number;
  /** Value id, or ABSENT. */
  readonly value: number;
}

/**
 * The last return before `untilEvent` of an operation that ran alone on its key and tells the key's state; `null` if there
 * is none, or operations on the whole map are among the rows. Cost: O(rows + events).
 */
export function lastCertainty(
  history: History,
  rows: readonly number[],
  untilEvent: number,
  key: number,
): Start | null {
  const { call, ret, outcome } = history;
  if (key < 0 || rows.some((row) => history.key[row] === NO_KEY)) return null;
  const alone: number[] = [];
  // By call: the latest return of all rows before; an open row returns never.
  let latestReturn = -1;
  for (const [index, row] of rows.entries()) {
    if (outcome[row] === OUTCOME_FAIL) continue;
    const next = rows[index + 1];
    const nextCall = next === undefined ? untilEvent : call[next]!;
    const isAlone = latestReturn < call[row]! && ret[row]! < nextCall;
    latestReturn = Math.max(latestReturn, ret[row]!);
    if (isAlone && ret[row]! < untilEvent - 1) alone.push(row);
  }
  for (const row of alone.toReversed()) {
    const value = stateAfter(history, row);
    if (value !== null) return { event: ret[row]!, value };
  }
  return null;
}

/** What a key holds after an operation that ran alone; `null` if it does not tell. */
function stateAfter(history: History, row: number): number | null {
  const { kind, from, to, count, valueOf } = observe({
    ...history,
    operationCount: 1,
    op: history.op.subarray(row, row + 1),
    outcome: history.outcome.subarray(row, row + 1),
    flag: history.flag.subarray(row, row + 1),
    key: history.key.subarray(row, row + 1),
    argument: history.argument.subarray(row, row + 1),
    old: history.old.subarray(row, row + 1),
    result: history.result.subarray(row, row + 1),
    call: history.call.subarray(row, row + 1),
    ret: history.ret.subarray(row, row + 1),
    initial: new Map(),
  });
  if (count !== 1 || kind[0] === NOT || kind[0] === APPEND) return null;
  const pair = kind[0] === READ ? from[0]! : to[0]!;
  return pair === ABSENT ? ABSENT : valueOf(pair);
}
