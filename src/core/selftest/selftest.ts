/** The checker's check of itself: the ground truth, derived anew. */
import { exploreGraphs } from '../explore/graph/explore-graphs.ts';
import { exploreExhaustively } from '../explore/optimal.ts';
import { GROUND_TRUTH, type GroundTruth } from './table.ts';

export interface SelftestBudget {
  /** Rows with more classes are left out. */
  readonly classesMax: number;
  /**
   * Graphs the second engine may expand for a row; rows that need more have the first engine's
   * answer only.
   */
  readonly visitsMax: number;
}

/** What became of one row. */
export interface SelftestRow {
  readonly program: string;
  /** Complete classes, deadlocked classes, classes with a failed assumption. */
  readonly expected: readonly [number, number, number];
  readonly optimal: readonly [number, number, number];
  /** The second engine's answer, or `null` if the budget did not allow it. */
  readonly graphs: readonly [number, number, number] | null;
  /** Whether both engines found the same classes, one by one; `null` as above. */
  readonly hashesAgree: boolean | null;
  /** Executions begun and abandoned as redundant: 0, or the reduction is not optimal. */
  readonly redundant: number;
  readonly isAsExpected: boolean;
}

/** Derives every row that fits the budget. */
export function runSelftest(budget: SelftestBudget): SelftestRow[] {
  return GROUND_TRUTH.filter((row) => total(row) <= budget.classesMax).map((row) =>
    derive(row, budget),
  );
}

function total({ complete, deadlocks, parked }: GroundTruth): number {
  return complete + deadlocks + parked;
}

function derive(
  { program, complete, deadlocks, parked }: GroundTruth,
  budget: SelftestBudget,
): SelftestRow {
  const found = exploreExhaustively(program, { keepsGoing: true, hasHashes: true });
  const second = exploreGraphs(program, budget.visitsMax);
  const expected = [complete, deadlocks, parked] as const;
  const optimal = [found.complete, found.deadlocks, found.parked] as const;
  const graphs = second.isExhaustive
    ? ([second.complete, second.deadlocks, second.parked] as const)
    : null;
  const hashesAgree = second.isExhaustive
    ? second.hashSum === found.hashSum && second.duplicates === 0
    : null;
  const isAsExpected =
    found.redundant === 0 &&
    hashesAgree !== false &&
    expected.every((count, place) => count === optimal[place]) &&
    (graphs === null || expected.every((count, place) => count === graphs[place]));
  return {
    program: program.name!,
    expected,
    optimal,
    graphs,
    hashesAgree,
    redundant: found.redundant,
    isAsExpected,
  };
}
