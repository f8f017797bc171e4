/** Searches several keys in turns, so that a key which fails soon is not kept waiting by one that takes long. */
import type { Budget } from '../budget.ts';
import { KeySearch, SEARCH_NO, SEARCH_UNKNOWN, SEARCH_YES } from './key-search.ts';
import { emptyProblem, type KeyProblem } from './key-problem.ts';
import { LogStates } from './log-states.ts';

/** A search that is never run; see `kept` in `monitor.ts`. */
let kept: KeySearch | null = null;

/** Configurations in a key's first turn; each next turn takes it to four times as many. */
const FIRST_TURN = 200;
const TURN_GROWTH = 4;
/** Configurations between two looks at the clock. */
const SLICE = 20_000;

export interface SearchesResult {
  /** SEARCH_YES if all keys are linearizable, SEARCH_NO if one is not, SEARCH_UNKNOWN if the budget ended first. */
  readonly answer: number;
  /** The key that is not linearizable, or -1. */
  readonly key: number;
  /** Configurations explored, all keys together. */
  readonly nodeCount: number;
}

/** Searches until one key fails, all succeed, or the budget ends. `valueText` gives values as JSON. */
export function runSearches(
  problems: readonly KeyProblem[],
  valueText: (value: number) => string,
  budget: Budget,
): SearchesResult {
  kept ??= new KeySearch(emptyProblem(), null);
  let open = problems.map((problem) => ({
    key: problem.key,
    search: new KeySearch(problem, problem.hasAppend ? new LogStates(problem, valueText) : null),
  }));
  let nodeCount = 0;
  for (let turn = FIRST_TURN; open.length > 0; turn *= TURN_GROWTH) {
    const still: typeof open = [];
    for (const one of open) {
      const before = one.search.nodeCount;
      let answer = SEARCH_UNKNOWN;
      while (answer === SEARCH_UNKNOWN && one.search.nodeCount < turn) {
        const left = budget.nodes - nodeCount - (one.search.nodeCount - before);
        if (left <= 0 || budget.isOver()) return { answer: SEARCH_UNKNOWN, key: -1, nodeCount };
        const limit = Math.min(turn, one.search.nodeCount + Math.min(SLICE, left));
        answer = one.search.run(limit);
      }
      nodeCount += one.search.nodeCount - before;
      if (answer === SEARCH_NO) return { answer, key: one.key, nodeCount };
      if (answer === SEARCH_UNKNOWN) still.push(one);
    }
    open = still;
  }
  return { answer: SEARCH_YES, key: -1, nodeCount };
}
