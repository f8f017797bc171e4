/**
 * The operations that one moment of the whole map ties together: clears, lengths and snapshots, with the operations of
 * every key they concern.
 *
 * States are pairs of key and value; the absence of key k is the state `pairCount + k`, so that states of different keys
 * never meet.
 */
import { ABSENT, NEVER, OP_CLEAR, OP_LEN, OUTCOME_PENDING, type History } from '../history.ts';
import { MODIFY, NOT, READ, WRITE, type Observations } from '../observations.ts';

export const CLEAR = 5;
export const LEN = 6;
export const SNAPSHOT = 7;

/** Columns of operations by call; keys are renumbered 0, 1, 2 … */
export interface WholeMapProblem {
  readonly operationCount: number;
  readonly keyCount: number;
  readonly stateCount: number;
  readonly pairCount: number;
  readonly kind: Uint8Array;
  /** -1 for operations on the whole map. */
  readonly key: Int32Array;
  readonly from: Int32Array;
  /** State written; for LEN, the length. */
  readonly to: Int32Array;
  readonly due: Int32Array;
  readonly slot: Int32Array;
  readonly slotCount: number;
  readonly events: Int32Array;
  readonly initialStates: Int32Array;
  /** By operation that is a snapshot: the state of every key it saw, -1 for a key it does not speak of. */
  readonly snapshots: ReadonlyMap<number, Int32Array>;
}

/** An operation of the joint problem. */
export interface Unit {
  /** Row of the history. */
  readonly row: number;
  readonly kind: number;
  readonly key: number;
  readonly from: number;
  readonly to: number;
  readonly call: number;
  readonly ret: number;
  /** Row of a snapshot, or -1. */
  readonly snapshotRow: number;
}

/**
 * The joint problem, or `null` where the keys can be judged one by one: no length and no snapshot, and each clear meets
 * operations of one key at most.
 */
export function wholeMapProblem(
  history: History,
  observations: Observations,
): WholeMapProblem | null {
  const rows = observations.wholeMapRows;
  const isWholeRow = new Uint8Array(history.operationCount);
  for (const row of rows) isWholeRow[row] = 1;
  const isClearOnly = rows.every((row) => history.op[row] === OP_CLEAR);
  const localKeys = new Int32Array(observations.keyCount).fill(-1);
  const keys: number[] = [];
  const tied = isClearOnly ? keysTiedByClears(history, observations, isWholeRow) : null;
  for (let key = 0; key < observations.keyCount; key++) {
    if (tied !== null && tied[key] === 0) continue;
    localKeys[key] = keys.length;
    keys.push(key);
  }
  if (isClearOnly && keys.length < 2) return null;
  const units = collectUnits(history, observations, isWholeRow, localKeys);
  return buildProblem(history, observations, units, keys);
}

/**
 * By key, 1 where an operation overlaps a clear that also overlaps operations of another key. Cost: O(keys x clears +
 * observations x log).
 */
function keysTiedByClears(
  history: History,
  observations: Observations,
  isWholeRow: Uint8Array,
): Uint8Array {
  const { count, key, call, ret, row, eventOf, keyCount } = observations;
  const tied = new Uint8Array(keyCount);
  for (const clear of observations.wholeMapRows) {
    const from = eventOf(history.call[clear]!);
    const until = eventOf(history.ret[clear]!);
    const met = new Uint8Array(keyCount);
    let metCount = 0;
    for (let at = 0; at < count && call[at]! < until; at++) {
      if (isWholeRow[row[at]!] === 1 || ret[at]! < from || met[key[at]!] === 1) continue;
      met[key[at]!] = 1;
      metCount++;
    }
    if (metCount < 2) continue;
    for (let one = 0; one < keyCount; one++) if (met[one] === 1) tied[one] = 1;
  }
  return tied;
}

/** The operations on the wanted keys and on the whole map, by call. `localKeys` is -1 for keys not wanted. */
export function collectUnits(
  history: History,
  observations: Observations,
  isWholeRow: Uint8Array,
  localKeys: Int32Array,
): Unit[] {
  const { count, kind, key, from, to, call, ret, row, pairCount, eventOf } = observations;
  const units: Unit[] = [];
  for (let at = 0; at < count; at++) {
    const local = localKeys[key[at]!]!;
    if (isWholeRow[row[at]!] === 1 || local < 0) continue;
    const state = (pair: number): number => (pair === ABSENT ? pairCount + local : pair);
    units.push({
      kind: kind[at]!,
      key: local,
      from: state(from[at]!),
      to: state(to[at]!),
      call: call[at]!,
      ret: ret[at]!,
      snapshotRow: -1,
      row: row[at]!,
    });
  }
  for (const one of observations.wholeMapRows) {
    const op = history.op[one]!;
    units.push({
      kind: op === OP_CLEAR ? CLEAR : op === OP_LEN ? LEN : SNAPSHOT,
      key: -1,
      from: -1,
      to: op === OP_LEN ? history.result[one]! : -1,
      call: eventOf(history.call[one]!),
      ret: history.outcome[one] === OUTCOME_PENDING ? NEVER : eventOf(history.ret[one]!),
      snapshotRow: op === OP_CLEAR || op === OP_LEN ? -1 : one,
      row: one,
    });
  }
  return units.toSorted((left, right) => left.call - right.call);
}

function buildProblem(
  history: History,
  observations: Observations,
  units: readonly Unit[],
  keys: readonly number[],
): WholeMapProblem {
  const { pairCount, initial } = observations;
  const count = units.length;
  const due = new Int32Array(count).fill(NEVER);
  const slot = new Int32Array(count);
  const marks = units.flatMap(({ call, ret }, operation) => [
    { event: call, code: 2 * operation },
    ...(ret === NEVER ? [] : [{ event: ret, code: 2 * operation + 1 }]),
  ]);
  const events = Int32Array.from(
    marks.toSorted((left, right) => left.event - right.event),
    ({ code }) => code,
  );
  const free: number[] = [];
  let slotCount = 0;
  for (const [index, code] of events.entries()) {
    if ((code & 1) === 0) slot[code >> 1] = free.pop() ?? slotCount++;
    else {
      due[code >> 1] = index;
      free.push(slot[code >> 1]!);
    }
  }
  const snapshots = new Map<number, Int32Array>();
  for (const [operation, { snapshotRow }] of units.entries()) {
    if (snapshotRow < 0) continue;
    snapshots.set(operation, snapshotStates(history, observations, keys, snapshotRow));
  }
  return {
    operationCount: count,
    keyCount: keys.length,
    stateCount: pairCount + keys.length,
    pairCount,
    kind: Uint8Array.from(units, (unit) => unit.kind),
    key: Int32Array.from(units, (unit) => unit.key),
    from: Int32Array.from(units, (unit) => unit.from),
    to: Int32Array.from(units, (unit) => unit.to),
    due,
    slot,
    slotCount,
    events,
    initialStates: Int32Array.from(keys, (key, local) =>
      initial[key] === ABSENT ? pairCount + local : initial[key]!,
    ),
    snapshots,
  };
}

/** What a snapshot says of each key. One that stopped early speaks only of the keys it visited. */
export function snapshotStates(
  history: History,
  { row, from, key, count, pairCount }: Observations,
  keys: readonly number[],
  snapshotRow: number,
): Int32Array {
  const isComplete = history.ranges.get(snapshotRow)!.isComplete;
  const states = Int32Array.from(keys, (_, local) => (isComplete ? pairCount + local : -1));
  for (let at = 0; at < count; at++) {
    if (row[at] === snapshotRow && from[at] !== ABSENT) states[keys.indexOf(key[at]!)] = from[at]!;
  }
  return states;
}

export { MODIFY, NOT, READ, WRITE };
