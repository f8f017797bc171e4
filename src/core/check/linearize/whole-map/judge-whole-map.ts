/** The layer above the keys: clears, lengths and snapshots, each at one moment of the whole map. */
import type { Budget } from '../budget.ts';
import type { History } from '../history.ts';
import type { HistoryVerdict } from '../judge.ts';
import type { Observations } from '../observations.ts';
import { SEARCH_UNKNOWN, SEARCH_YES } from '../search/key-search.ts';
import { wholeMapProblem } from './whole-map-problem.ts';
import { WholeMapSearch } from './whole-map-search.ts';

/** Configurations between two looks at the clock. */
const SLICE = 5_000;

export interface WholeMapJudgement {
  readonly verdict: HistoryVerdict;
  readonly nodeCount: number;
  /** False where the keys, each linearizable by itself, already decide. */
  readonly isNeeded: boolean;
}

/** Judges a history whose every key is linearizable by itself, with each clear as a deletion of the key. */
export function judgeWholeMap(
  history: History,
  observations: Observations,
  budget: Budget,
): WholeMapJudgement {
  const problem = wholeMapProblem(history, observations);
  if (problem === null) return { verdict: 'linearizable', nodeCount: 0, isNeeded: false };
  const search = new WholeMapSearch(problem);
  let answer = SEARCH_UNKNOWN;
  while (answer === SEARCH_UNKNOWN && search.nodeCount < budget.nodes && !budget.isOver()) {
    answer = search.run(Math.min(budget.nodes, search.nodeCount + SLICE));
  }
  const { nodeCount } = search;
  if (answer === SEARCH_UNKNOWN) return { verdict: 'inconclusive', nodeCount, isNeeded: true };
  const verdict = answer === SEARCH_YES ? 'linearizable' : 'not-linearizable';
  return { verdict, nodeCount, isNeeded: true };
}
