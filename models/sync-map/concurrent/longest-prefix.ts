/**
 * How far a legal order of the operations can come: the longest one that fits the real time, each operation returning
 * what it did return. For people, who want to see where it breaks; verdicts come from the monitor.
 */
import { perform } from '../check/calls.ts';
import { SyncMapSpec } from '../spec.ts';
import type { Plan, PlannedOperation } from './program.ts';
import type { OperationRecord } from './record.ts';

/** Operations up to which orders are tried: there are so many of them. */
const OPERATIONS_MAX = 8;

/** When operations began and returned, in ticks, by operation. */
export interface Intervals {
  readonly calls: readonly number[];
  readonly returns: readonly number[];
}

/**
 * The operations of the longest legal order, by number, in that order; the first found of equal length.
 *
 * Ranges have no place in it, since they need not act at one moment. Empty for programs with too many operations.
 */
export function longestPrefix(
  plan: Plan,
  records: readonly OperationRecord[],
  intervals: Intervals,
): readonly number[] {
  const operations = plan.threads.flat();
  const points = [...operations.keys()].filter((one) => operations[one]!.name !== 'range');
  let longest: readonly number[] = [];
  if (points.length <= OPERATIONS_MAX) extend([]);
  return longest;

  function extend(order: readonly number[]): void {
    if (order.length > longest.length) longest = order;
    for (const one of points) {
      if (order.includes(one) || hasToWait(one, order)) continue;
      const longer = [...order, one];
      if (isLegal(plan, operations, records, longer)) extend(longer);
    }
  }

  function hasToWait(one: number, order: readonly number[]): boolean {
    const { calls, returns } = intervals;
    return points.some((other) => !order.includes(other) && returns[other]! < calls[one]!);
  }
}

/** Whether the last operation of an order returns what it did, after the others. */
function isLegal(
  plan: Plan,
  operations: readonly PlannedOperation[],
  records: readonly OperationRecord[],
  order: readonly number[],
): boolean {
  const spec = new SyncMapSpec<unknown>(false);
  for (const [key, value] of plan.contents) spec.store(key, value);
  let isSame = true;
  for (const one of order) {
    const { call } = operations[one]!;
    const { value, flag } = perform(spec, call);
    const record = records[one]!;
    switch (call.name) {
      case 'store':
      case 'delete':
      case 'clear':
        isSame = true;
        break;
      case 'compareAndSwap':
      case 'compareAndDelete':
        isSame = flag === record.flag;
        break;
      default:
        isSame = flag === record.flag && Object.is(value, record.value);
    }
  }
  return isSame;
}
