/** Room for operations that make several observations. */
import { NEVER, type History } from './history.ts';

/**
 * The first new number of each event when an operation takes as many calls and returns as it makes observations; behind
 * them, how many events there are then. `width` is the observations by row.
 */
export function spreadEvents(history: History, width: Int32Array): Int32Array {
  const { operationCount, eventCount, call, ret } = history;
  const spread = new Int32Array(eventCount + 1).fill(1);
  for (let row = 0; row < operationCount; row++) {
    spread[call[row]!] = width[row]!;
    if (ret[row] !== NEVER) spread[ret[row]!] = width[row]!;
  }
  let next = 0;
  for (let event = 0; event <= eventCount; event++) {
    const size = spread[event]!;
    spread[event] = next;
    next += size;
  }
  return spread;
}
