/** Random programs of several threads on one map. */
import type { Json, Operation, Program } from '../../../src/core/program.ts';
import type { Integers } from '../../../src/random/integers.ts';
import { concurrentProgram } from './program.ts';

/**
 * Two to four threads, with up to nine operations in all, from a start that mostly has an entry of the first key.
 *
 * `operations` are those to draw from, `store` among them; `keys` those to draw from, as they stand in programs, one that
 * threads shall meet on several times.
 */
export function drawConcurrentProgram(
  draw: Integers,
  operations: readonly string[],
  keys: readonly Json[],
): Program {
  let value = 100;
  const some = (count: number): Operation[] =>
    Array.from({ length: count }, () => {
      const op = operations[draw.below(operations.length)]!;
      return drawOperation(draw, op, keys, value++);
    });
  const start = some(draw.below(4));
  // Most of the time there is something to meet on, half of the time in read.
  if (draw.below(4) > 0) start.push({ op: 'store', k: keys[0]!, v: value++ });
  if (operations.includes('range') && draw.below(2) === 0) start.push({ op: 'range' });
  const threadCount = 2 + draw.below(3);
  const lengthMax = threadCount === 4 ? 2 : threadCount === 3 ? 3 : 4;
  const threads = Array.from({ length: threadCount }, () => some(1 + draw.below(lengthMax)));
  return concurrentProgram(start, threads);
}

function drawOperation(
  draw: Integers,
  op: string,
  keys: readonly Json[],
  fresh: number,
): Operation {
  if (op === 'clear') return { op };
  if (op === 'range') return draw.below(4) === 0 ? { op, stop: 1 } : { op };
  const k = keys[draw.below(keys.length)]!;
  // A value written not long ago, so that compares succeed now and then.
  const old = Math.max(100, fresh - 1 - draw.below(4));
  switch (op) {
    case 'store':
    case 'swap':
    case 'loadOrStore':
      return { op, k, v: fresh };
    case 'compareAndSwap':
      return { op, k, old, v: fresh };
    case 'compareAndDelete':
      return { op, k, old };
    default:
      return { op, k };
  }
}
