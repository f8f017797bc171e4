/** The suites of concurrent programs as part of the gate. */
import { join } from 'node:path';
import { exploreSuite, type SuiteReport } from '../../models/sync-map/concurrent/run-suite.ts';
import {
  syncMapSingleSuites,
  syncMapSuites,
  type Suite,
} from '../../models/sync-map/concurrent/suites.ts';
import { syncMapProfileOf } from '../../models/sync-map/target.ts';
import type { Target } from '../core/target.ts';
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

/**
 * Explores the suites of every target that has some: all for `sync-map`, those of one operation a thread for
 * `sync-map@corrected`, whose steps differ in one operation. Cost: half a minute.
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
    const suites = suitesOf(name);
    if (suites.length === 0) continue;
    const engine = await mapEngine(null);
    const profile = syncMapProfileOf(name)!;
    let shape = '';
    for (const suite of suites) {
      if (suite.shape !== shape) {
        onPart?.(`${name}: every interleaving of ${suite.shape} operations, from every start`);
      }
      ({ shape } = suite);
      const report = exploreSuite(suite, engine, { profile });
      const { found } = report;
      const subject = { target: name, mutant: null };
      const failure =
        found === null
          ? null
          : describeMapFailure(
              { ...subject, operations: found.program },
              mapShape(name, engine),
              found.failure,
              join(tracesFolder, 'failures'),
            );
      results.push({ target: name, suite, report, failure });
    }
  }
  return results;
}

function suitesOf(target: string): readonly Suite[] {
  if (target === 'sync-map') return syncMapSuites;
  return target === 'sync-map@corrected' ? syncMapSingleSuites : [];
}
