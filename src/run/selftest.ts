/** The checker's check of itself: ground truth and random programs, within a budget of time. */
import type { Verdict } from '../core/property.ts';
import { compareEngines, type Difference } from '../core/selftest/random-campaign.ts';
import { runSelftest, SELFTEST_ROWS, type SelftestRow } from '../core/selftest/selftest.ts';

export interface SelftestOptions {
  /** Rows with more classes are left out. */
  readonly classesMax: number;
  /** Graphs, or prefixes, that the second engine may visit for a row. */
  readonly visitsMax: number;
  /** Random programs on which the engines are compared. */
  readonly programs: number;
  readonly seed: string;
  /** Budget of time in milliseconds; `null` for none. */
  readonly budgetMs: number | null;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Called now and then. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Whether to stop, as somebody wishes. */
  readonly isInterrupted?: () => boolean;
}

/** What the random programs came to. */
export interface ProgramsReport {
  readonly seed: string;
  /** Programs asked for, and those that were drawn. */
  readonly asked: number;
  readonly drawn: number;
  readonly comparedWithBruteForce: number;
  readonly comparedWithGraphs: number;
  readonly classes: number;
  readonly difference: Difference | null;
}

export interface SelftestReport {
  readonly verdict: Verdict;
  readonly rows: readonly SelftestRow[];
  readonly programs: ProgramsReport;
  /** Whether time ended the work. */
  readonly isCut: boolean;
  readonly elapsedMs: number;
}

/** Limits of brute force and of the second engine on a random program. */
const PROGRAM_LIMITS = { prefixesMax: 2_000, visitsMax: 1_000 } as const;
/** Programs between two looks at the clock. */
const PART = 20;
/** Looks of the engines between two looks at the clock. */
const LOOKS = 256;

/**
 * Derives every row that fits, then compares the engines on random programs.
 *
 * Rows that are beyond the second engine's limits are named and do not change the verdict: the limits do not depend on
 * the machine. A budget of time that ends the work makes it `inconclusive`.
 */
export function checkItself(options: SelftestOptions): SelftestReport {
  const startMs = options.now();
  let looks = 0;
  let isCut = false;
  const isOver = (): boolean => {
    if (isCut || looks++ % LOOKS !== 0) return isCut;
    isCut = isTimeOver(options, startMs);
    return isCut;
  };
  const rows: SelftestRow[] = [];
  const steps = SELFTEST_ROWS + options.programs;
  for (const row of runSelftest({ ...options, isOver })) {
    rows.push(row);
    options.onProgress?.(rows.length, steps);
  }
  const programs = comparePrograms(options, () => isTimeOver(options, startMs));
  if (programs.drawn < programs.asked && programs.difference === null) isCut = true;
  return {
    verdict: verdictOf(rows, programs, isCut),
    rows,
    programs,
    isCut,
    elapsedMs: options.now() - startMs,
  };
}

function isTimeOver(options: SelftestOptions, startMs: number): boolean {
  if (options.isInterrupted?.() === true) return true;
  return options.budgetMs !== null && options.now() - startMs >= options.budgetMs;
}

function comparePrograms(options: SelftestOptions, isOver: () => boolean): ProgramsReport {
  const { seed, programs: asked } = options;
  let report: ProgramsReport = {
    seed,
    asked,
    drawn: 0,
    comparedWithBruteForce: 0,
    comparedWithGraphs: 0,
    classes: 0,
    difference: null,
  };
  while (report.drawn < asked && report.difference === null && !isOver()) {
    const count = Math.min(PART, asked - report.drawn);
    const part = compareEngines(seed, report.drawn, count, PROGRAM_LIMITS);
    report = {
      ...report,
      drawn: report.drawn + part.programs,
      comparedWithBruteForce: report.comparedWithBruteForce + part.comparedWithBruteForce,
      comparedWithGraphs: report.comparedWithGraphs + part.comparedWithGraphs,
      classes: report.classes + part.classes,
      difference: part.difference,
    };
    options.onProgress?.(SELFTEST_ROWS + report.drawn, SELFTEST_ROWS + asked);
  }
  return report;
}

function verdictOf(
  rows: readonly SelftestRow[],
  programs: ProgramsReport,
  isCut: boolean,
): Verdict {
  if (programs.difference !== null || rows.some((row) => row.verdict === 'fails')) return 'fails';
  return isCut ? 'inconclusive' : 'holds';
}
