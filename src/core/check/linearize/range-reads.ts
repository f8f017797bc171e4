/** What completed ranges say about single keys. */
import { ABSENT, NEVER, OP_RANGE, OUTCOME_OK, type History } from './history.ts';

/**
 * By row of a completed range, the reads it stands for: key, value, key, value …
 *
 * Each visited entry is a read of its value. A range that went to the end also read ABSENT on every other key; keys that
 * nothing could have written before the range returned are left out, since they are absent anyway.
 */
export function rangeReads(history: History): Map<number, Int32Array> {
  const { operationCount, op, outcome, ret, ranges, keyCount } = history;
  const firstWrite = firstWrites(history);
  const reads = new Map<number, Int32Array>();
  for (let row = 0; row < operationCount; row++) {
    if (op[row] !== OP_RANGE || outcome[row] !== OUTCOME_OK) continue;
    const { keys, values, isComplete } = ranges.get(row)!;
    const list: number[] = [];
    const visited = new Set<number>(keys);
    for (const [index, key] of keys.entries()) list.push(key, values[index]!);
    const firstUnseen = isComplete ? 0 : keyCount;
    for (let key = firstUnseen; key < keyCount; key++) {
      if (firstWrite[key]! < ret[row]! && !visited.has(key)) list.push(key, ABSENT);
    }
    reads.set(row, Int32Array.from(list));
  }
  return reads;
}

/** By key, the event of the first call that could give it a value; -1 for an initial entry, NEVER for none. */
function firstWrites(history: History): Int32Array {
  const { operationCount, key, argument, call, initial, keyCount } = history;
  const first = new Int32Array(keyCount).fill(NEVER);
  for (let row = operationCount - 1; row >= 0; row--) {
    if (key[row]! >= 0 && argument[row] !== ABSENT) first[key[row]!] = call[row]!;
  }
  for (const initialKey of initial.keys()) first[initialKey] = -1;
  return first;
}
