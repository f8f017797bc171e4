/** Exhaustive exploration part by part, in this thread. */
import type { SteppedProgram } from '../step.ts';
import { Division } from './division.ts';
import type { ExplorationReport, ExploreOptions } from './report.ts';
import { SubtreeExplorer } from './subtree-explorer.ts';

/** What an exploration in parts came to, and how it went. */
export interface PartsReport {
  readonly report: ExplorationReport;
  readonly parts: number;
  /** Parts that were explored twice. */
  readonly repeated: number;
}

/** Explores all interleavings, one of each class; `runsMax` is the budget of one part. */
export function exploreParts<Shared>(
  program: SteppedProgram<Shared>,
  options: ExploreOptions,
  runsMax?: number,
): PartsReport {
  const explorer = new SubtreeExplorer(program as SteppedProgram, options);
  try {
    const division = new Division(explorer, options, runsMax);
    for (let part = division.take(); part !== null; part = division.take()) {
      division.give(part.number, explorer.explore(part));
    }
    const { parts, repeated } = division;
    return { report: division.report(), parts, repeated };
  } finally {
    explorer.close();
  }
}
