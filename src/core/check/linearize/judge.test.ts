/** Every algorithm against the definition, on tens of thousands of small histories. */
import { describe, expect, test } from 'vitest';
import { OPERATION_NAMES, type History, type OperationName } from './history.ts';
import { judge, type Algorithm } from './judge.ts';
import { isLegal } from './testing/brute-force.ts';
import {
  drawsFrom,
  KEY_OPERATIONS,
  randomHistory,
  type RandomOptions,
} from './testing/random-history.ts';

interface Family {
  readonly name: string;
  readonly histories: number;
  readonly options: (index: number) => RandomOptions;
  /** Least share of each verdict, in percent. */
  readonly least: number;
  /** Greatest share that the monitor alone leaves undecided, in percent; 100 unless given. */
  readonly undecided?: number;
}

const without = (...names: OperationName[]): OperationName[] =>
  KEY_OPERATIONS.filter((name) => !names.includes(name));

const families: readonly Family[] = [
  {
    name: 'registers with unique values',
    undecided: 0,
    histories: 3_000,
    options: (index) => ({
      operations: 4 + (index % 7),
      processes: 2 + (index % 4),
      keys: 1,
      values: 'unique',
      ops: ['load', 'load', 'store'],
      pendingOneIn: index % 3 === 0 ? 6 : 0,
      falsified: index % 3,
      hasInitial: index % 5 === 0,
    }),
    least: 20,
  },
  {
    name: 'unique values without compares',
    undecided: 0,
    histories: 3_000,
    options: (index) => ({
      operations: 3 + (index % 8),
      processes: 2 + (index % 4),
      keys: 1 + (index % 2),
      values: 'unique',
      ops: without('compareAndSwap', 'compareAndDelete'),
      pendingOneIn: index % 3 === 0 ? 5 : 0,
      falsified: index % 3,
      hasInitial: index % 4 === 0,
    }),
    least: 20,
  },
  {
    name: 'unique values, all operations',
    undecided: 5,
    histories: 5_000,
    options: (index) => ({
      operations: 3 + (index % 8),
      processes: 2 + (index % 5),
      keys: 1 + (index % 2),
      values: 'unique',
      ops: KEY_OPERATIONS,
      pendingOneIn: index % 3 === 0 ? 5 : 0,
      falsified: index % 3,
      hasInitial: index % 4 === 0,
    }),
    least: 20,
  },
  {
    name: 'repeated values',
    histories: 3_000,
    options: (index) => ({
      operations: 3 + (index % 8),
      processes: 2 + (index % 5),
      keys: 1,
      values: 1 + (index % 4),
      ops: KEY_OPERATIONS,
      pendingOneIn: index % 3 === 0 ? 5 : 0,
      falsified: index % 3,
      hasInitial: index % 4 === 0,
    }),
    least: 20,
  },
  {
    name: 'failed compares',
    histories: 3_000,
    options: (index) => ({
      operations: 4 + (index % 7),
      processes: 3 + (index % 3),
      keys: 1,
      values: index % 2 === 0 ? 'unique' : 3,
      ops: ['store', 'compareAndSwap', 'compareAndDelete', 'compareAndSwap', 'load'],
      pendingOneIn: index % 3 === 0 ? 5 : 0,
      falsified: index % 3,
    }),
    least: 20,
  },
  {
    name: 'clear',
    histories: 3_000,
    options: (index) => ({
      operations: 4 + (index % 6),
      processes: 3,
      keys: 2 + (index % 2),
      values: index % 2 === 0 ? 'unique' : 2,
      ops: ['load', 'load', 'store', 'swap', 'clear', 'compareAndDelete', 'loadOrStore'],
      pendingOneIn: index % 4 === 0 ? 6 : 0,
      falsified: index % 3,
      hasInitial: index % 3 === 0,
    }),
    least: 20,
  },
  {
    name: 'len',
    histories: 3_000,
    options: (index) => ({
      operations: 4 + (index % 6),
      processes: 3,
      keys: 2 + (index % 2),
      values: 'unique',
      ops: ['load', 'store', 'delete', 'len', 'len', index % 2 === 0 ? 'clear' : 'loadAndDelete'],
      pendingOneIn: index % 4 === 0 ? 6 : 0,
      falsified: index % 3,
      hasInitial: index % 3 === 0,
    }),
    least: 20,
  },
  {
    name: 'range',
    histories: 3_000,
    options: (index) => ({
      operations: 3 + (index % 4),
      processes: 3,
      keys: 2 + (index % 2),
      values: 'unique',
      ops: ['load', 'store', 'delete', 'range', index % 2 === 0 ? 'clear' : 'swap'],
      pendingOneIn: index % 4 === 0 ? 6 : 0,
      falsified: index % 3,
      hasInitial: index % 3 === 0,
    }),
    least: 20,
  },
  {
    name: 'key-value logs',
    histories: 3_000,
    options: (index) => ({
      operations: 3 + (index % 6),
      processes: 2 + (index % 3),
      keys: 1,
      values: 2,
      ops: ['get', 'get', 'append', 'append', 'put'],
      pendingOneIn: index % 3 === 0 ? 6 : 0,
      falsified: index % 4 === 0 ? 0 : 1,
    }),
    least: 20,
  },
];

const ALGORITHMS: readonly Algorithm[] = ['auto', 'search', 'monitor'];

/** The history, a line for each operation, for the message of a failure. */
function describeHistory(history: History): string {
  return Array.from({ length: history.operationCount }, (_, row) =>
    [
      OPERATION_NAMES[history.op[row]!],
      `key ${history.key[row]} argument ${history.argument[row]} old ${history.old[row]}`,
      `result ${history.result[row]} ${history.flag[row]} events ${history.call[row]}..${history.ret[row]}`,
    ].join(' '),
  ).join('\n');
}

describe('verdicts equal those of the definition', () => {
  test.each(families)('$name', ({ histories, options, least, undecided = 100 }) => {
    const counts = { yes: 0, no: 0, undecided: 0 };
    for (let index = 0; index < histories; index++) {
      const history = randomHistory(drawsFrom(index * 7919 + 1), options(index));
      const isYes = isLegal(history);
      counts[isYes ? 'yes' : 'no']++;
      for (const algorithm of ALGORITHMS) {
        const { verdict } = judge(history, { algorithm });
        if (algorithm === 'monitor' && verdict === 'inconclusive') counts.undecided++;
        else if (verdict !== (isYes ? 'linearizable' : 'not-linearizable')) {
          expect.fail(
            `${algorithm}: ${verdict}, but legal is ${isYes}, history ${index}:\n${describeHistory(history)}`,
          );
        }
      }
    }
    expect((100 * Math.min(counts.yes, counts.no)) / histories).toBeGreaterThan(least);
    expect((100 * counts.undecided) / histories).toBeLessThanOrEqual(undecided);
  });
});
