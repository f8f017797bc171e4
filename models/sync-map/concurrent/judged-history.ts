/** A history that was found faulty, as people see it: its operations, their real-time order, and how far a legal order comes. */
import type { JudgedHistory, JudgedOperation } from '../../../src/core/explore/report.ts';
import type { Trail } from '../../../src/core/explore/trail.ts';
import { showOperation, showRecord } from './describe.ts';
import { longestPrefix, type Intervals } from './longest-prefix.ts';
import type { Plan } from './program.ts';
import type { OperationRecord } from './record.ts';

/** Describes the history of the run in the trail, under the real-time order that was found faulty, if one was. */
export function judgedHistory(
  plan: Plan,
  records: readonly OperationRecord[],
  trail: Trail,
  intervals: Intervals | null,
): JudgedHistory {
  const planned = plan.threads.flat();
  const prefix = intervals === null ? [] : longestPrefix(plan, records, intervals);
  const operations = records.map((record, one): JudgedOperation => {
    const { thread, before, upTo } = record;
    const call = showOperation(planned[one]!, thread);
    const result = showRecord(planned[one]!, record).slice(call.length).replace(/^ → /, '');
    const rank = prefix.indexOf(one);
    // The thread has a column of its own, and need not be named.
    const shown = call.replace(/^T\d+ /, '');
    const isLeftOver = prefix.length > 0 && rank < 0 && planned[one]!.name !== 'range';
    return { thread, call: shown, result, before, upTo, rank: rank < 0 ? null : rank, isLeftOver };
  });
  return { operations, orders: intervals === null ? [] : ordersOf(records, trail, intervals) };
}

/** The last step of each operation that returned before another one began, and the first step of that one. */
function ordersOf(
  records: readonly OperationRecord[],
  trail: Trail,
  { calls, returns }: Intervals,
): [number, number][] {
  const positions = new Map<string, number>();
  for (let i = 0; i < trail.length; i++) {
    positions.set(`${trail.thread[i]!}:${trail.index[i]!}`, i);
  }
  const orders: [number, number][] = [];
  for (const [one, { thread, before, upTo }] of records.entries()) {
    for (const [other, later] of records.entries()) {
      if (thread === later.thread || returns[one]! >= calls[other]!) continue;
      if (before === upTo || later.before === later.upTo) continue;
      const last = positions.get(`${thread}:${upTo}`);
      const first = positions.get(`${later.thread}:${later.before + 1}`);
      if (last !== undefined && first !== undefined) orders.push([last, first]);
    }
  }
  return orders;
}
