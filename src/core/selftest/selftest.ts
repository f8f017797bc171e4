/**
 * The checker's check of itself: the ground truth, derived anew.
 *
 * Each row is derived by the optimal explorer and by a second engine that shares neither its way of
 * finding classes nor its way of knowing them: execution graphs, or brute force for what those do
 * not support. What they found is compared class by class, by hash.
 */
import { bruteForce } from '../explore/brute-force.ts';
import { explorePreemptions } from '../explore/explore-preemptions.ts';
import { exploreGraphs } from '../explore/graph/explore-graphs.ts';
import { UnsupportedStepError } from '../explore/graph/graph-engine.ts';
import { exploreExhaustively } from '../explore/optimal.ts';
import type { Verdict } from '../property.ts';
import { readsFromOf, readsFromOfGraph } from './reads-from.ts';
import { GROUND_TRUTH, PREEMPTION_TRUTH } from './table.ts';
import type { GroundTruth, PreemptionTruth } from './table.ts';

export interface SelftestBudget {
  /** Rows with more classes are left out. */
  readonly classesMax: number;
  /** Graphs, or prefixes, that the second engine may visit for a row. */
  readonly visitsMax: number;
  /** Asked often. Returns true to stop: the row under way and those after it are left out. */
  readonly isOver?: () => boolean;
}

/** What one engine counts. */
export interface Counts {
  readonly complete: number;
  readonly deadlocks: number;
  /** Classes in which an assumption fails. */
  readonly parked: number;
  /** Reads-from maps; `null` where they are not compared. */
  readonly readsFrom: number | null;
  /** Classes by preemptions needed, added up; `null` where they are not compared. */
  readonly preemptions: readonly number[] | null;
}

/** What became of one row. */
export interface SelftestRow {
  readonly program: string;
  /** `inconclusive`: the budget did not allow all of it. */
  readonly verdict: Verdict;
  readonly expected: Counts;
  /** The optimal explorer's answer, or `null` if the budget did not allow it. */
  readonly optimal: Counts | null;
  readonly secondEngine: 'graphs' | 'brute force' | null;
  /** The second engine's answer, or `null`. */
  readonly second: Counts | null;
  /** Why the row is inconclusive; an empty string for others. */
  readonly reason: string;
  /** Hashes of classes that only one of the engines found; at most ten of each. */
  readonly onlyOptimal: readonly string[];
  readonly onlySecond: readonly string[];
  /** Executions begun and abandoned as redundant: 0, or the reduction is not optimal. */
  readonly redundant: number;
}

/** Rows of more classes have too many reads-from maps to keep. */
const READS_FROM_MAX = 40_000;
const SHOWN_MAX = 10;

/** Number of rows there are. */
export const SELFTEST_ROWS: number = GROUND_TRUTH.length + PREEMPTION_TRUTH.length;

/** Derives the rows one by one, those with few classes first. */
export function* runSelftest(budget: SelftestBudget): Generator<SelftestRow> {
  const rows = GROUND_TRUTH.toSorted((a, b) => total(a) - total(b));
  for (const row of PREEMPTION_TRUTH) yield derivePreemptions(row, budget);
  for (const row of rows) yield derive(row, budget);
}

function total({ complete, deadlocks, parked }: GroundTruth): number {
  return complete + deadlocks + parked;
}

/** What an engine found: its counts and the hashes of its classes. */
interface Found {
  readonly counts: Counts;
  readonly classes: ReadonlySet<string>;
  readonly redundant: number;
  /** Whether a class was reached twice. */
  readonly hasDuplicates: boolean;
}

function derive(truth: GroundTruth, budget: SelftestBudget): SelftestRow {
  const { program, complete, deadlocks, parked, readsFrom } = truth;
  const expected = { complete, deadlocks, parked, readsFrom, preemptions: null };
  const row = {
    program: program.name!,
    expected,
    secondEngine: null,
    second: null,
    onlyOptimal: [],
    onlySecond: [],
    redundant: 0,
  };
  if (total(truth) > budget.classesMax) {
    return { ...row, optimal: null, verdict: 'inconclusive', reason: 'more classes than allowed' };
  }
  const optimal = budget.isOver?.() === true ? null : deriveOptimally(truth, budget);
  if (optimal === null) {
    return { ...row, optimal: null, verdict: 'inconclusive', reason: 'no time was left' };
  }
  const { redundant, counts } = optimal;
  const first = { ...row, optimal: counts, redundant };
  if (redundant > 0 || optimal.hasDuplicates || !isSame(counts, expected))
    return { ...first, verdict: 'fails', reason: '' };
  const second = deriveAgain(truth, budget);
  if (typeof second === 'string') return { ...first, verdict: 'inconclusive', reason: second };
  const { found, engine } = second;
  const onlyOptimal = [...optimal.classes].filter((hash) => !found.classes.has(hash));
  const onlySecond = [...found.classes].filter((hash) => !optimal.classes.has(hash));
  const holds =
    isSame(found.counts, expected) &&
    !found.hasDuplicates &&
    onlyOptimal.length + onlySecond.length === 0;
  return {
    ...first,
    verdict: holds ? 'holds' : 'fails',
    secondEngine: engine,
    second: found.counts,
    onlyOptimal: onlyOptimal.slice(0, SHOWN_MAX),
    onlySecond: onlySecond.slice(0, SHOWN_MAX),
    reason: '',
  };
}

function isSame(a: Counts, b: Counts): boolean {
  return (
    a.complete === b.complete &&
    a.deadlocks === b.deadlocks &&
    a.parked === b.parked &&
    (a.readsFrom === null || b.readsFrom === null || a.readsFrom === b.readsFrom)
  );
}

function hasReadsFrom(truth: GroundTruth): boolean {
  return truth.readsFrom !== null && truth.complete <= READS_FROM_MAX;
}

function deriveOptimally(truth: GroundTruth, budget: SelftestBudget): Found | null {
  const classes = new Set<string>();
  const maps = new Set<string>();
  const report = exploreExhaustively(truth.program, {
    keepsGoing: true,
    hasHashes: true,
    onExecution: ({ trail, number, ending }) => {
      // The exploration may have started over with what it had learned.
      if (number === 1) {
        classes.clear();
        maps.clear();
      }
      classes.add(keyOf(trail.hashLow(), trail.hashHigh()));
      if (ending === 'complete' && hasReadsFrom(truth)) maps.add(readsFromOf(trail));
      return budget.isOver?.() === true;
    },
  });
  if (!report.isExhaustive) return null;
  const { complete, deadlocks, parked, redundant } = report;
  const readsFrom = hasReadsFrom(truth) ? maps.size : null;
  const counts = { complete, deadlocks, parked, readsFrom, preemptions: null };
  const hasDuplicates = classes.size < complete + deadlocks + parked;
  return { counts, classes, redundant, hasDuplicates };
}

/** The second engine's answer, or why there is none. */
function deriveAgain(
  truth: GroundTruth,
  budget: SelftestBudget,
): { readonly found: Found; readonly engine: 'graphs' | 'brute force' } | string {
  const reason = `the second engine needs more than ${budget.visitsMax} visits`;
  if (total(truth) > budget.visitsMax) return reason;
  try {
    const found = deriveByGraphs(truth, budget);
    if (found !== null) return { found, engine: 'graphs' };
    return budget.isOver?.() === true ? 'no time was left for the second engine' : reason;
  } catch (error) {
    if (!(error instanceof UnsupportedStepError)) throw error;
    const found = deriveByForce(truth, budget);
    return found === null ? reason : { found, engine: 'brute force' };
  }
}

function deriveByGraphs(truth: GroundTruth, budget: SelftestBudget): Found | null {
  const classes = new Set<string>();
  const maps = new Set<string>();
  const report = exploreGraphs(truth.program, budget.visitsMax, {
    ...(budget.isOver === undefined ? {} : { isOver: budget.isOver }),
    restarted: () => {
      classes.clear();
      maps.clear();
    },
    found: ({ low, high, ending, events }) => {
      classes.add(keyOf(low, high));
      if (ending === 'complete' && hasReadsFrom(truth)) maps.add(readsFromOfGraph(events));
    },
  });
  if (!report.isExhaustive) return null;
  const { complete, deadlocks, parked, duplicates } = report;
  const readsFrom = hasReadsFrom(truth) ? maps.size : null;
  const counts = { complete, deadlocks, parked, readsFrom, preemptions: null };
  return { counts, classes, redundant: 0, hasDuplicates: duplicates > 0 };
}

function deriveByForce({ program }: GroundTruth, { visitsMax }: SelftestBudget): Found | null {
  const classes = new Set<string>();
  const report = bruteForce(program, {
    prunesPrefixes: true,
    prefixesMax: visitsMax,
    onClass: (low, high) => classes.add(keyOf(low, high)),
  });
  if (!report.isExhaustive) return null;
  const { complete, deadlocks, parked } = report;
  const counts = { complete, deadlocks, parked, readsFrom: null, preemptions: null };
  return { counts, classes, redundant: 0, hasDuplicates: false };
}

function keyOf(low: number, high: number): string {
  return `${high >>> 0}.${low >>> 0}`;
}

function derivePreemptions(truth: PreemptionTruth, budget: SelftestBudget): SelftestRow {
  const all = truth.counts.at(-1)!;
  const none = { deadlocks: 0, parked: 0, readsFrom: null };
  const row = {
    program: `preemptions of ${truth.program.name!}`,
    expected: { ...none, complete: all, preemptions: truth.counts },
    secondEngine: null,
    second: null,
    onlyOptimal: [],
    onlySecond: [],
  };
  if (budget.isOver?.() === true || all > budget.classesMax) {
    const reason = all > budget.classesMax ? 'more classes than allowed' : 'no time was left';
    return { ...row, optimal: null, redundant: 0, verdict: 'inconclusive', reason };
  }
  const { report, histogram } = explorePreemptions(truth.program, { keepsGoing: true });
  let sum = 0;
  const preemptions = histogram.map((count) => (sum += count));
  const { complete, redundant } = report;
  const holds = preemptions.join() === truth.counts.join() && redundant === 0;
  return {
    ...row,
    optimal: { ...none, complete, preemptions },
    redundant,
    verdict: holds ? 'holds' : 'fails',
    reason: '',
  };
}
