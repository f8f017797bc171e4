/** Operations of executions as text. */
import { showKey } from '../../../properties/sync-map/observation/rule.ts';
import { showValue } from '../../value-token.ts';
import { showAnswer, showCall } from '../check/calls.ts';
import type { PlannedOperation } from './program.ts';
import type { OperationRecord } from './record.ts';

/** An operation as a person writes it, without its result: `T1 store(1, 5)`. */
export function showOperation(operation: PlannedOperation, thread: number): string {
  const { name, call, stop } = operation;
  const limit = Number.isFinite(stop) ? `, ${stop} ${stop === 1 ? 'pair' : 'pairs'} at most` : '';
  return `T${thread + 1} ${name === 'range' ? `range(…${limit})` : showCall(call)}`;
}

/** An operation with its result: `T2 load(1) → { value: 5, ok: true }`. */
export function showRecord(operation: PlannedOperation, record: OperationRecord): string {
  const result = showResult(operation, record);
  const shown = showOperation(operation, record.thread);
  return result === '' ? shown : `${shown} → ${result}`;
}

function showResult({ name, call }: PlannedOperation, record: OperationRecord): string {
  if (name !== 'range') return showAnswer(call.name, record);
  const pairs = record.rangeKeys.map(
    (key, pair) => `${showKey(key)}: ${showValue(record.rangeValues[pair])}`,
  );
  return `[${pairs.join(', ')}]`;
}

/** A real-time order, a line for each operation in the order of the calls. */
export interface ShownOrder {
  readonly sequence: readonly number[];
  readonly calls: readonly number[];
  readonly returns: readonly number[];
}

/** The lines of an order: each operation, and those that had returned before it began. */
export function orderLines(
  operations: readonly PlannedOperation[],
  records: readonly OperationRecord[],
  order: ShownOrder,
): string[] {
  return order.sequence.map((one) => {
    const shown = showRecord(operations[one]!, records[one]!);
    const others = order.sequence.filter((other) => order.returns[other]! < order.calls[one]!);
    const latest = others.filter(
      (other) => !others.some((next) => order.returns[other]! < order.calls[next]!),
    );
    if (latest.length === 0) return shown;
    const names = latest.map((other) => showOperation(operations[other]!, records[other]!.thread));
    return `${shown}   after ${names.join(' and ')}`;
  });
}
