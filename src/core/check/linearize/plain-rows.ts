/**
 * Reading plain rows as observations: operations on one key that returned, all but appends.
 *
 * Nearly every row of a long history is one, with operations in random order. A branch on the operation would be
 * mispredicted half of the time and cost more than all of the rest, so these loops have none: tables say with masks where
 * each operation has its values, and what does not concern an operation goes to the scrap record of pair 0. The branches
 * that are left are all but never taken. Each loop is short and calls nothing, so that the compiler moves all checks of
 * its arrays out of it; together they go over a block of rows at a time, which stays in the processor's cache.
 */
import * as branchFree from './branch-free.ts';
import * as histories from './history.ts';
import type { History } from './history.ts';
import * as kinds from './observation-kinds.ts';
import * as pairTable from './pair-table.ts';
import { PairTable } from './pair-table.ts';
import * as rowShapes from './row-shapes.ts';
import type { Scratch } from './scratch.ts';

// The compiler takes constants of a module as such; those that are imported would be read from memory each time.
const { isZero, max } = branchFree;
const { ABSENT, NEVER } = histories;
const { APPEND, MODIFY, NOT, READ } = kinds;
const { PAIR_CONSUMER, PAIR_READ_CALL, PAIR_READ_RETURN, PAIR_SHIFT, PAIR_WRITER } = pairTable;
const { MAY_READ, ROW_SHAPES, SEES_OLD, SEES_RESULT, SHAPE_SHIFT, WRITES_ARGUMENT } = rowShapes;
const { RESULT_IS_ARGUMENT, RESULT_IS_NONE, RESULT_IS_SOME } = rowShapes;

/** A mark of a key: one of its values was written twice. */
export const WRITTEN_TWICE = 1;
/** A mark of a key: one of its values was replaced twice. */
export const REPLACED_TWICE = 2;

/** Rows of a block. */
const BLOCK = 1024;

/** The columns of a history and those of its observations. */
export class Reading {
  readonly op: Uint8Array;
  readonly flag: Uint8Array;
  readonly argument: Int32Array;
  readonly old: Int32Array;
  readonly result: Int32Array;
  readonly kind: Uint8Array;
  readonly key: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly call: Int32Array;
  readonly ret: Int32Array;
  readonly pairs: PairTable;
  /** By key: WRITTEN_TWICE, REPLACED_TWICE or both. */
  readonly marks: Uint8Array;

  /** For `count` observations; `isPlain` says that they are the rows, one for one. */
  constructor(history: History, count: number, isPlain: boolean, scratch: Scratch) {
    this.op = history.op;
    this.flag = history.flag;
    this.argument = history.argument;
    this.old = history.old;
    this.result = history.result;
    this.kind = scratch.kind.takeBytes(count);
    this.key = isPlain ? history.key : new Int32Array(count);
    this.from = scratch.from.take(count);
    this.to = scratch.to.take(count);
    this.call = isPlain ? history.call : new Int32Array(count);
    this.ret = isPlain ? history.ret : new Int32Array(count);
    this.pairs = new PairTable(history.valueCount, scratch.pairs);
    this.marks = new Uint8Array(history.keyCount);
  }
}

/**
 * Reads the plain rows `first` to `end - 1` as the observations from `at` on, whose columns `key`, `call` and `ret` are
 * filled already. Returns the first row whose result contradicts itself, `end` if there is none.
 */
export function readPlainRows(reading: Reading, first: number, end: number, at: number): number {
  for (let row = first; row < end; row += BLOCK) {
    const last = Math.min(end, row + BLOCK);
    const stop = readKinds(reading, row, last, at - first);
    const from = row + at - first;
    const until = stop + at - first;
    for (let next = nameValues(reading, from, until); next < until;) {
      nameByTable(reading, next);
      next = nameValues(reading, next + 1, until);
    }
    for (let next = noteAll(reading, from, until); next < until;) {
      noteObservation(reading, next);
      next = noteAll(reading, next + 1, until);
    }
    if (stop < last) return stop;
  }
  return end;
}

/** Kinds, and the values seen and written; the first row that contradicts itself, or `end`. */
function readKinds(reading: Reading, first: number, end: number, offset: number): number {
  const { op, flag, argument, old, result, kind, from, to } = reading;
  for (let row = first; row < end; row++) {
    const shape = ((op[row]! << 1) | flag[row]!) << SHAPE_SHIFT;
    const found = result[row]!;
    const given = argument[row]!;
    const isContradiction =
      (isZero(found) & ROW_SHAPES[shape + RESULT_IS_SOME]!) |
      (~isZero(found) & ROW_SHAPES[shape + RESULT_IS_NONE]!) |
      (~isZero(found ^ given) & ROW_SHAPES[shape + RESULT_IS_ARGUMENT]!);
    if (isContradiction !== 0) return row;
    const seen =
      (found & ROW_SHAPES[shape + SEES_RESULT]!) | (old[row]! & ROW_SHAPES[shape + SEES_OLD]!);
    const written = given & ROW_SHAPES[shape + WRITES_ARGUMENT]!;
    const changes = ~(isZero(seen ^ written) & ROW_SHAPES[shape + MAY_READ]!);
    kind[row + offset] = ROW_SHAPES[shape]! & changes;
    from[row + offset] = seen;
    to[row + offset] = written & changes;
  }
  return end;
}

/** Makes pairs of values whose own id is free, or the key's already; the first other observation, or `end`. */
function nameValues({ key, from, to, pairs }: Reading, first: number, end: number): number {
  const { records } = pairs;
  for (let at = first; at < end; at++) {
    const own = key[at]! + 1;
    const seen = from[at]! << PAIR_SHIFT;
    const written = to[at]! << PAIR_SHIFT;
    const seenOwner = records[seen]!;
    const writtenOwner = records[written]!;
    // An owner is somebody else if neither it nor its difference from `own` is 0.
    const isOther = (-seenOwner & -(seenOwner ^ own)) | (-writtenOwner & -(writtenOwner ^ own));
    if (isOther < 0) return at;
    records[seen] = own & ~isZero(seen);
    records[written] = own & ~isZero(written);
  }
  return end;
}

function nameByTable({ key, from, to, pairs }: Reading, at: number): void {
  if (from[at] !== ABSENT) from[at] = pairs.idOf(key[at]!, from[at]!);
  if (to[at] !== ABSENT) to[at] = pairs.idOf(key[at]!, to[at]!);
}

/** {@link noteObservation} for all up to one that writes or replaces a value for the second time; that one, or `end`. */
function noteAll(reading: Reading, first: number, end: number): number {
  const { kind, from, to, call, ret, pairs } = reading;
  const { records } = pairs;
  for (let at = first; at < end; at++) {
    const what = kind[at]!;
    const seen = from[at]!;
    const target = to[at]! << PAIR_SHIFT;
    const replaced = (seen & isZero(what ^ MODIFY)) << PAIR_SHIFT;
    if ((records[target + PAIR_WRITER]! | records[replaced + PAIR_CONSUMER]!) !== 0) return at;
    records[target + PAIR_WRITER] = (at + 1) & ~isZero(target);
    records[replaced + PAIR_CONSUMER] = (at + 1) & ~isZero(replaced);
    // Rows are in the order of the calls, so the latest call is this one.
    const read = (seen & isZero(what ^ READ)) << PAIR_SHIFT;
    records[read + PAIR_READ_CALL] = call[at]! + 1;
    const readReturn = NEVER - ret[at]!;
    records[read + PAIR_READ_RETURN] = max(readReturn, records[read + PAIR_READ_RETURN]!);
  }
  return end;
}

/** Enters into the records of its pairs what one observation says of them. */
export function noteObservation(reading: Reading, at: number): void {
  const { kind, key, from, to, call, ret, marks } = reading;
  const { records } = reading.pairs;
  const what = kind[at]!;
  if (what === NOT || what === APPEND) return;
  const source = from[at]! << PAIR_SHIFT;
  const target = to[at]! << PAIR_SHIFT;
  if (what === READ && source > 0) {
    const readReturn = source + PAIR_READ_RETURN;
    records[readReturn] = Math.max(records[readReturn]!, NEVER - ret[at]!);
    records[source + PAIR_READ_CALL] = call[at]! + 1;
  }
  if (target > 0) {
    if (records[target + PAIR_WRITER] !== 0) marks[key[at]!]! |= WRITTEN_TWICE;
    else records[target + PAIR_WRITER] = at + 1;
  }
  if (what !== MODIFY || source === 0 || ret[at] === NEVER) return;
  if (records[source + PAIR_CONSUMER] !== 0) marks[key[at]!]! |= REPLACED_TWICE;
  else records[source + PAIR_CONSUMER] = at + 1;
}
