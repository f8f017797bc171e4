/** Explores every program of a suite. */
import { InternalError } from '../../../src/core/errors.ts';
import type { ExplorationFailure, ExplorationReport } from '../../../src/core/explore/report.ts';
import type { Program } from '../../../src/core/program.ts';
import type { Suite } from './suites.ts';

/** What a suite came to. */
export interface SuiteReport {
  readonly suite: string;
  /** Programs explored: all of them, or those up to the first failure. */
  readonly programs: number;
  /** Classes of interleavings, one execution each. */
  readonly classes: number;
  /** Steps of those executions, replayed prefixes not counted. */
  readonly steps: number;
  /** Most classes of one program. */
  readonly classesMax: number;
  /** The first failure, or `null`. */
  readonly found: { readonly program: Program; readonly failure: ExplorationFailure } | null;
}

/**
 * Explores every program of a suite, up to the first failure.
 *
 * @throws InternalError if a program was not explored to its end without redundancy.
 */
export function exploreSuite(
  suite: Suite,
  explore: (program: Program) => ExplorationReport,
): SuiteReport {
  let programs = 0;
  let classes = 0;
  let steps = 0;
  let classesMax = 0;
  for (const program of suite.programs()) {
    const report = explore(program);
    programs++;
    classes += report.complete;
    steps += report.steps;
    if (report.complete > classesMax) classesMax = report.complete;
    const { failure } = report;
    if (failure !== null) {
      return {
        suite: suite.name,
        programs,
        classes,
        steps,
        classesMax,
        found: { program, failure },
      };
    }
    if (report.verdict !== 'holds' || report.redundant > 0) {
      throw new InternalError(`${suite.name}: a program was not explored whole`, {
        code: 'E-EXPLORE-005',
        todo: JSON.stringify(program),
      });
    }
  }
  return { suite: suite.name, programs, classes, steps, classesMax, found: null };
}
