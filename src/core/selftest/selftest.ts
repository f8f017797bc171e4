/** The checker's check of itself: the ground truth, derived anew. */
import { exploreExhaustively } from '../explore/optimal.ts';
import { GROUND_TRUTH, type GroundTruth } from './table.ts';

export interface SelftestBudget {
  /** Rows with more classes are left out. */
  readonly classesMax: number;
}

/** What became of one row. */
export interface SelftestRow {
  readonly program: string;
  /** Complete classes, deadlocked classes, classes with a failed assumption. */
  readonly expected: readonly [number, number, number];
  readonly optimal: readonly [number, number, number];
  /** Executions begun and abandoned as redundant: 0, or the reduction is not optimal. */
  readonly redundant: number;
  readonly isAsExpected: boolean;
}

/** Derives every row that fits the budget. */
export function runSelftest(budget: SelftestBudget): SelftestRow[] {
  return GROUND_TRUTH.filter((row) => total(row) <= budget.classesMax).map(derive);
}

function total({ complete, deadlocks, parked }: GroundTruth): number {
  return complete + deadlocks + parked;
}

function derive({ program, complete, deadlocks, parked }: GroundTruth): SelftestRow {
  const found = exploreExhaustively(program, { keepsGoing: true });
  const expected = [complete, deadlocks, parked] as const;
  const optimal = [found.complete, found.deadlocks, found.parked] as const;
  const isAsExpected =
    found.redundant === 0 && expected.every((count, place) => count === optimal[place]);
  return {
    program: program.name!,
    expected,
    optimal,
    redundant: found.redundant,
    isAsExpected,
  };
}
