/** The engine against the mid-level model: the same state after every operation. */
import type { PerformanceModel } from '../../models/sync-map/state.ts';
import { Unfindable } from '../../models/sync-map/unfindable.ts';
import { showValue } from '../../models/value-token.ts';
import type { Property } from '../../src/core/property.ts';
import type { Moment } from './observation/moment.ts';
import { showKey } from './observation/rule.ts';
import type { Fault } from './observation/rule.ts';

/** The strictest rule, checked last: where another one says what is wrong, that one is reported. */
export const refinement: Property = {
  name: 'sync-map.refinement',
  statement:
    'Read, dirty, amended, misses and every entry, in order, are what the performance-state model says.',
  source: 'sync/map.go of the profile, as models/sync-map/state.ts states it',
};

/** Compares a moment with the model. O(keys). */
export function checkRefinement(after: Moment, model: PerformanceModel<unknown>): Fault | null {
  const modelDirtySize = model.dirty === null ? -1 : model.dirty.size;
  if (
    after.readSize !== model.read.size ||
    after.amended !== model.amended ||
    after.dirtySize !== modelDirtySize ||
    after.misses !== model.misses
  ) {
    return scalarFault(after, model, modelDirtySize);
  }
  let row = 0;
  for (const [key, cell] of model.read) {
    const isInDirty = model.dirty !== null && model.dirty.get(key) === cell;
    if (!isRow(after, row, key, cell, true, isInDirty)) return rowFault(after, row, key, cell);
    row += 1;
  }
  if (model.dirty === null) return null;
  for (const [key, cell] of model.dirty) {
    if (model.read.has(key)) continue;
    if (!isRow(after, row, key, cell, false, true)) return rowFault(after, row, key, cell);
    row += 1;
  }
  return null;
}

interface ModelCell {
  readonly kind: string;
  readonly value: unknown;
}

function isRow(
  after: Moment,
  row: number,
  key: unknown,
  cell: ModelCell,
  isInRead: boolean,
  isInDirty: boolean,
): boolean {
  if (row >= after.rowCount || after.kinds[row] !== cell.kind) return false;
  if (!Object.is(after.keys[row], key) && !(key instanceof Unfindable)) return false;
  if (isInRead !== (after.readEntries[row] !== null)) return false;
  if (isInDirty !== (after.dirtyEntries[row] !== null)) return false;
  return cell.kind !== 'value' || Object.is(after.values[row], cell.value);
}

function scalarFault(
  after: Moment,
  model: PerformanceModel<unknown>,
  modelDirtySize: number,
): Fault {
  return {
    message: 'The sizes, amended or misses are not what the model of read and dirty says.',
    expected: scalars(model.read.size, model.amended, modelDirtySize, model.misses),
    actual: scalars(after.readSize, after.amended, after.dirtySize, after.misses),
  };
}

function scalars(readSize: number, amended: boolean, dirtySize: number, misses: number): string {
  return `read of ${readSize}, amended ${amended}, dirty ${dirtySize < 0 ? 'nil' : `of ${dirtySize}`}, misses ${misses}`;
}

function rowFault(after: Moment, row: number, key: unknown, cell: ModelCell): Fault {
  const content = cell.kind === 'value' ? showValue(cell.value) : cell.kind;
  return {
    message: `Entry ${row}, of key ${showKey(key)}, is not what the model of read and dirty says.`,
    expected: `${showKey(key)}: ${content}`,
    actual: row < after.rowCount ? showRow(after, row) : 'no such entry',
  };
}

/** One row as a person writes it: `3: 17 (read and dirty)`. */
export function showRow(moment: Moment, row: number): string {
  const content =
    moment.kinds[row] === 'value' ? showValue(moment.values[row]) : moment.kinds[row]!;
  const isInRead = moment.readEntries[row] !== null;
  const isInDirty = moment.dirtyEntries[row] !== null;
  const where = isInRead && isInDirty ? 'read and dirty' : isInRead ? 'read' : 'dirty';
  return `${showKey(moment.keys[row])}: ${content} (${where})`;
}

/** Most entries of a state that a report shows. */
const SHOWN_ROWS_MAX = 40;

/** A moment in lines, for reports. */
export function showMoment(moment: Moment): string[] {
  const lines = [
    scalars(moment.readSize, moment.amended, moment.dirtySize, moment.misses),
    ...Array.from({ length: Math.min(moment.rowCount, SHOWN_ROWS_MAX) }, (_, row) =>
      showRow(moment, row),
    ),
  ];
  const hidden = moment.rowCount - SHOWN_ROWS_MAX;
  return hidden > 0 ? [...lines, `… and ${hidden} more entries`] : lines;
}
