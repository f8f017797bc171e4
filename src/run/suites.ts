/** The suites of concurrent programs as part of the gate. */
import { join } from 'node:path';
import { goMapSuites } from '../../models/go-map/concurrent/suites.ts';
import { exploreMapProgram } from '../../models/sync-map/concurrent/explore.ts';
import { exploreSuite, type SuiteReport } from '../../models/sync-map/concurrent/run-suite.ts';
import {
  syncMapSingleSuites,
  syncMapSuites,
  type Suite,
} from '../../models/sync-map/concurrent/suites.ts';
import { syncMapProfileOf } from '../../models/sync-map/target.ts';
import type { ExplorationReport } from '../core/explore/report.ts';
import type { Program } from '../core/program.ts';
import type { ProgramShape } from '../core/shrink/shrink-threads.ts';
import type { Target } from '../core/target.ts';
import { exploreGoMapProgram, goMapEngine, goMapShape } from './go-map-program.ts';
import { runOwnSuites } from './own-interleavings.ts';
import { mapEngine, mapShape } from './map-program.ts';
import { describeMapFailure, type MapFailure } from './operations-failure.ts';

/** What one suite came to. */
export interface SuiteResult {
  readonly target: string;
  readonly suite: Suite;
  /** `unfinished`: programs that were not explored whole; absent where that is an error. */
  readonly report: SuiteReport & { readonly unfinished?: number };
  readonly failure: MapFailure | null;
}

/** Suites of a target, and how their programs are run and made smaller. */
interface SuitesOfTarget {
  readonly suites: readonly Suite[];
  /** What the shapes of the suites count. */
  readonly shapeUnit: string;
  readonly shape: ProgramShape<Program>;
  readonly explore: (program: Program) => ExplorationReport;
}

/**
 * Explores the suites of every target that has some: all for `sync-map`, those of one operation a thread for
 * `sync-map@corrected`, whose steps differ in one operation, and all for `go-map` and `go-map@corrected`. Cost: half a
 * minute.
 */
export async function runSuites(
  targets: readonly Target[],
  tracesFolder: string,
  onPart?: (part: string) => void,
): Promise<SuiteResult[]> {
  const results: SuiteResult[] = [];
  for (const target of targets) {
    const { name } = target;
    if (target.interleavings !== undefined) {
      results.push(...(await runOwnSuites(target, tracesFolder, onPart)));
    }
    const own = await suitesOf(name);
    let shape = '';
    for (const suite of own?.suites ?? []) {
      if (suite.shape !== shape) {
        onPart?.(`${name}: every interleaving of ${suite.shape}${own!.shapeUnit}`);
      }
      ({ shape } = suite);
      const report = exploreSuite(suite, own!.explore);
      const { found } = report;
      const failure =
        found === null
          ? null
          : describeMapFailure(
              { target: name, mutant: null, operations: found.program },
              own!.shape,
              found.failure,
              join(tracesFolder, 'failures'),
            );
      results.push({ target: name, suite, report, failure });
    }
  }
  return results;
}

async function suitesOf(target: string): Promise<SuitesOfTarget | null> {
  switch (target) {
    case 'sync-map':
    case 'sync-map@corrected': {
      const engine = await mapEngine(null);
      const profile = syncMapProfileOf(target)!;
      return {
        suites: target === 'sync-map' ? syncMapSuites : syncMapSingleSuites,
        shapeUnit: ' operations, from every start',
        shape: mapShape(target, engine),
        explore: (program) => exploreMapProgram(program, engine, { profile }),
      };
    }
    case 'go-map':
    case 'go-map@corrected': {
      const shape = goMapShape(target, await goMapEngine(null));
      return {
        suites: goMapSuites,
        shapeUnit: '',
        shape,
        explore: (program) => exploreGoMapProgram(program, shape),
      };
    }
    default:
      return null;
  }
}
