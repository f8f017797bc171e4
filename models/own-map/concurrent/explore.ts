/** Runs programs of several threads on a user's map, and names what fails after its target. */
import type { ExecutionJudge, ExplorationReport } from '../../../src/core/explore/report.ts';
import type { Program } from '../../../src/core/program.ts';
import type { BuiltProgram, ProgramShape } from '../../../src/core/shrink/shrink-threads.ts';
import type { SteppedProgram } from '../../../src/core/step.ts';
import type { SteppedEngine } from '../../sync-map/concurrent/engine.ts';
import {
  bindMapProgram,
  exploreMapProgram,
  syncMapPropertyOf,
} from '../../sync-map/concurrent/explore.ts';
import type { SuiteReport } from '../../sync-map/concurrent/run-suite.ts';
import { smallerPrograms } from '../../sync-map/concurrent/smaller.ts';
import type { Suite } from '../../sync-map/concurrent/suites.ts';

/** Executions of one program at most; a program that needs more is counted as unfinished. */
const EXECUTIONS_MAX = 20_000;

/** What a suite came to, and how many of its programs were not explored whole. */
export interface OwnSuiteReport extends SuiteReport {
  readonly unfinished: number;
}

/** Explores every program of a suite, up to the first failure. `onReport` is told of each. */
export function exploreOwnSuite(
  target: string,
  suite: Suite,
  engine: SteppedEngine,
  onReport: (report: ExplorationReport) => void,
): OwnSuiteReport {
  let [programs, classes, steps, classesMax, unfinished] = [0, 0, 0, 0, 0];
  let found: SuiteReport['found'] = null;
  for (const program of suite.programs()) {
    const options = { watchesState: false, executionsMax: EXECUTIONS_MAX };
    const report = exploreMapProgram(program, engine, options);
    onReport(report);
    programs++;
    classes += report.complete;
    steps += report.steps;
    classesMax = Math.max(classesMax, report.complete);
    if (report.failure !== null) {
      found = { program, failure: renamed(target, report.failure) };
      break;
    }
    if (report.verdict !== 'holds') unfinished++;
  }
  return { suite: suite.name, programs, classes, steps, classesMax, found, unfinished };
}

/** How programs on a user's map get smaller, and how they are run. */
export function ownShape(target: string, engine: SteppedEngine): ProgramShape<Program> {
  return {
    candidates: smallerPrograms,
    build: (program): BuiltProgram => {
      const bound = bindMapProgram(program, engine, { watchesState: false });
      const judge: ExecutionJudge = {
        judge: (execution) => {
          const judgement = bound.judge.judge(execution);
          return judgement === null ? null : renamed(target, judgement);
        },
      };
      return {
        program: bound.program as SteppedProgram,
        judge,
        propertyOf: (kind) => ownProperty(target, syncMapPropertyOf(kind)),
      };
    },
  };
}

/** Rules of sync.Map's, under the name of the target they are applied to. */
export function renamed<F extends { readonly property: string }>(target: string, failure: F): F {
  return { ...failure, property: ownProperty(target, failure.property) };
}

function ownProperty(target: string, property: string): string {
  return property.replace(/^sync-map\./, `${target}.`);
}
