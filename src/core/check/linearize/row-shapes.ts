/** Where each operation has what it saw and what it wrote. */
import {
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
  OPERATION_NAMES,
} from './history.ts';
import { MODIFY, NOT, READ, WRITE } from './observation-kinds.ts';

/** Of the operation, if it returned. */
interface RowShape {
  /** Kind of observation. */
  readonly kind: number;
  readonly from?: 'result' | 'old';
  /** Whether it writes its argument; what else changes the state deletes. */
  readonly writes?: boolean;
  /** What its result has to be. */
  readonly result?: 'some' | 'none' | 'argument';
  /** Whether it is a read where it leaves the state as it was. */
  readonly mayRead?: boolean;
}

/** `(2 * operation + flag) << SHAPE_SHIFT` is where a shape begins. There it has the kind; what follows are masks. */
export const SHAPE_SHIFT = 3;
/** Offset: -1 where the state seen is the result, else 0. */
export const SEES_RESULT = 1;
export const SEES_OLD = 2;
export const WRITES_ARGUMENT = 3;
export const RESULT_IS_SOME = 4;
export const RESULT_IS_NONE = 5;
export const RESULT_IS_ARGUMENT = 6;
export const MAY_READ = 7;

/** Shapes of the operations on one key that returned; all but those of appends. */
export const ROW_SHAPES: Int32Array = new Int32Array((2 * OPERATION_NAMES.length) << SHAPE_SHIFT);
/** By operation, 1 where it has a shape. */
export const HAS_SHAPE: Uint8Array = new Uint8Array(OPERATION_NAMES.length);

function setShape(op: number, flags: readonly number[], shape: RowShape): void {
  const { kind, from, writes = false, result, mayRead = false } = shape;
  const facts = [from === 'result', from === 'old', writes, result === 'some', result === 'none'];
  const numbers = [
    kind,
    ...[...facts, result === 'argument', mayRead].map((fact) => -Number(fact)),
  ];
  for (const flag of flags) ROW_SHAPES.set(numbers, (2 * op + flag) << SHAPE_SHIFT);
  HAS_SHAPE[op] = 1;
}

for (const op of [OP_LOAD, OP_GET]) setShape(op, [0, 1], { kind: READ, from: 'result' });
for (const op of [OP_STORE, OP_PUT]) setShape(op, [0, 1], { kind: WRITE, writes: true });
setShape(OP_DELETE, [0, 1], { kind: WRITE });
setShape(OP_LOAD_OR_STORE, [0], { kind: MODIFY, writes: true, result: 'argument' });
setShape(OP_LOAD_OR_STORE, [1], { kind: READ, from: 'result', result: 'some' });
setShape(OP_LOAD_AND_DELETE, [0], { kind: READ, result: 'none' });
setShape(OP_LOAD_AND_DELETE, [1], { kind: MODIFY, from: 'result', result: 'some' });
const swap: RowShape = { kind: MODIFY, from: 'result', writes: true, mayRead: true };
setShape(OP_SWAP, [0], { ...swap, result: 'none' });
setShape(OP_SWAP, [1], { ...swap, result: 'some' });
for (const op of [OP_COMPARE_AND_SWAP, OP_COMPARE_AND_DELETE]) {
  setShape(op, [0], { kind: NOT, from: 'old' });
  setShape(op, [1], {
    kind: MODIFY,
    from: 'old',
    writes: op === OP_COMPARE_AND_SWAP,
    mayRead: true,
  });
}
