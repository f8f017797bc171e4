/**
 * Quiescent consistency: only operations with a moment of rest between them, at which nothing is open, keep their order.
 *
 * That is linearizability of the history in which every operation lasts from one moment of rest to the next.
 */
import { NEVER, type History } from '../history.ts';

/** The history with each interval stretched to the moments of rest around it. Cost: O(events). */
export function stretchToQuiescence(history: History): History {
  const { operationCount, eventCount, call, ret } = history;
  const rowOf = new Int32Array(eventCount).fill(-1);
  for (let row = 0; row < operationCount; row++) {
    rowOf[call[row]!] = row;
    if (ret[row] !== NEVER) rowOf[ret[row]!] = row;
  }
  const newCall = call.slice();
  const newRet = ret.slice();
  let openCount = 0;
  let restEvent = 0;
  let returned: number[] = [];
  let next = 0;
  for (let event = 0; event < eventCount; event++) {
    const row = rowOf[event]!;
    if (row < 0) continue;
    if (call[row] === event) {
      newCall[row] = next++;
      openCount++;
    } else {
      returned.push(row);
      openCount--;
    }
    if (openCount > 0) continue;
    for (const one of returned) newRet[one] = next++;
    returned = [];
    restEvent = event + 1;
  }
  // What returned after the last moment of rest keeps its order of returns, after all calls.
  if (restEvent < eventCount) for (const one of returned) newRet[one] = next++;
  return { ...history, call: newCall, ret: newRet, eventCount: next, eventLine: new Int32Array(0) };
}
