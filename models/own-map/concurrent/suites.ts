/**
 * Small programs of several threads, each explored whole: every pair of operations from every start, and every operation
 * beside two of another thread.
 *
 * Every write has a value of its own; a compare asks for the value of the start.
 */
import type { Json, Operation, Program } from '../../../src/core/program.ts';
import { concurrentProgram } from '../../sync-map/concurrent/program.ts';
import type { Suite } from '../../sync-map/concurrent/suites.ts';

const START_VALUE = 10;

/** Operations that are tried on a second key too. */
const ON_OTHER_KEY: readonly string[] = ['load', 'store'];

/** The suites for a map that has these operations. */
export function ownSuites(
  operations: readonly string[],
  keys: readonly [Json, Json],
): readonly Suite[] {
  const [k] = keys;
  const store: Operation = { op: 'store', k, v: START_VALUE };
  const starts: (readonly [string, readonly Operation[]])[] = [
    ['empty', []],
    ['one entry', [store]],
  ];
  if (operations.includes('delete')) {
    starts.push(['one entry deleted', [store, { op: 'delete', k }]]);
  }
  return starts.flatMap(([start, before]) => [
    {
      name: `${start}, 1 + 1`,
      start,
      shape: '1 + 1',
      programs: () => pairs(before, alphabetOf(operations, keys)),
    },
    {
      name: `${start}, 1 + 2`,
      start,
      shape: '1 + 2',
      programs: () => triples(before, alphabetOf(operations, keys), k),
    },
  ]);
}

function* pairs(start: readonly Operation[], alphabet: readonly Operation[]): Generator<Program> {
  for (const [index, one] of alphabet.entries()) {
    for (const other of alphabet.slice(index)) {
      yield concurrentProgram(start, [[withValue(one, 11)], [withValue(other, 21)]]);
    }
  }
}

function* triples(
  start: readonly Operation[],
  alphabet: readonly Operation[],
  key: Json,
): Generator<Program> {
  const onFirstKey = alphabet.filter(({ k }) => k === key);
  for (const one of onFirstKey) {
    for (const first of alphabet) {
      for (const second of onFirstKey) {
        const other = [withValue(first, 21), withValue(second, 22)];
        yield concurrentProgram(start, [[withValue(one, 11)], other]);
      }
    }
  }
}

function alphabetOf(
  operations: readonly string[],
  [first, second]: readonly [Json, Json],
): readonly Operation[] {
  return operations.flatMap((op) => {
    const keys = ON_OTHER_KEY.includes(op) ? [first, second] : [first];
    return keys.map((k) => ({ op, k }));
  });
}

function withValue(operation: Operation, v: number): Operation {
  switch (operation.op) {
    case 'store':
    case 'loadOrStore':
    case 'swap':
      return { ...operation, v };
    case 'compareAndSwap':
      return { ...operation, old: START_VALUE, v };
    case 'compareAndDelete':
      return { ...operation, old: START_VALUE };
    default:
      return operation;
  }
}
