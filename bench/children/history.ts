/** The measuring process of `../history.ts`: histories of one shape, in several sizes. */
import type { History } from '../../src/core/check/linearize/history.ts';
import { judge } from '../../src/core/check/linearize/judge.ts';
import { observe } from '../../src/core/check/linearize/observations.ts';
import { keyProblems } from '../../src/core/check/linearize/search/key-problem.ts';
import { answerParent } from '../harness/child-process.ts';
import { openClock } from '../harness/clock.ts';
import { generate, type Mix } from '../history/generate.ts';
import { searchPlainly } from '../history/plain-search.ts';

/** Kind and number of keys of a history. */
export interface HistoryShape {
  readonly mix: Mix;
  readonly keys: number;
}

/** What one process measures. */
export interface HistoryRequest extends HistoryShape {
  readonly processes: number;
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** After which the plain search is given up. */
  readonly plainMilliseconds: number;
  /** Judged before, so that the code is warm and has seen other histories too. */
  readonly warmUp: readonly HistoryShape[];
}

/** What it found for one size. */
export interface HistoryTimes {
  /** For each operation, by round. */
  readonly nanoseconds: readonly number[];
  readonly hasSearched: boolean;
  /** For each operation, by the plain search; `null` where it was given up. */
  readonly plain: number | null;
}

const OPERATIONS_A_ROUND = 200_000;

const clock = openClock();

await answerParent((request: HistoryRequest): readonly HistoryTimes[] => {
  for (const { mix, keys } of request.warmUp) {
    for (let seed = 1; seed <= 20; seed++) {
      judge(generate({ operations: 3_000, processes: 8, keys, mix, seed }));
    }
  }
  const measured = request.sizes.map((operations) =>
    measure(historyOf(request, operations), request),
  );
  // The plain search leaves much to collect, so it comes last.
  let isLost = false;
  return measured.map((times, index) => {
    const history = historyOf(request, request.sizes[index]!);
    const plain = isLost ? null : plainNanoseconds(history, request.plainMilliseconds * 1e6);
    isLost ||= plain === null;
    return { ...times, plain };
  });
});

function historyOf({ mix, keys, processes }: HistoryRequest, operations: number): History {
  return generate({ operations, processes, keys, mix, seed: operations + processes });
}

function measure(history: History, { rounds }: HistoryRequest): Omit<HistoryTimes, 'plain'> {
  const { operationCount } = history;
  // Short histories again and again: the collector is coarser than one judgement.
  const repeats = Math.max(1, Math.floor(OPERATIONS_A_ROUND / operationCount));
  let hasSearched = false;
  const nanoseconds = Array.from({ length: rounds }, () => {
    const start = clock.now();
    for (let repeat = 0; repeat < repeats; repeat++) {
      const { verdict, algorithm } = judge(history);
      if (verdict !== 'linearizable') throw new Error(`a correct history is ${verdict}`);
      hasSearched ||= algorithm.includes('search');
    }
    return (clock.now() - start) / repeats / operationCount;
  });
  return { nanoseconds, hasSearched };
}

/** Nanoseconds for each operation by the plain search, or `null` if the time ended first. */
function plainNanoseconds(history: History, limit: number): number | null {
  const observations = observe(history);
  const all = new Uint8Array(observations.keyCount).fill(1);
  const start = clock.now();
  for (const problem of keyProblems(observations, all)) {
    if (searchPlainly(problem, () => clock.now() - start > limit) === null) return null;
  }
  return (clock.now() - start) / history.operationCount;
}
