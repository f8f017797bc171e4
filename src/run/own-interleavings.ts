/** The interleavings of users' maps: their modules loaded in steps, small programs explored whole. */
import { join } from 'node:path';
import {
  exploreOwnSuite,
  ownShape,
  type OwnSuiteReport,
} from '../../models/own-map/concurrent/explore.ts';
import { operationsOfEngine, ownEngine } from '../../models/own-map/concurrent/engine.ts';
import { ownSuites } from '../../models/own-map/concurrent/suites.ts';
import type { SteppedEngine } from '../../models/sync-map/concurrent/engine.ts';
import { exploreMapProgram } from '../../models/sync-map/concurrent/explore.ts';
import { concurrentProgram } from '../../models/sync-map/concurrent/program.ts';
import type { Suite } from '../../models/sync-map/concurrent/suites.ts';
import { SYNC_MAP_RULES } from '../../models/sync-map/rules.ts';
import { concurrentSchema } from '../../models/sync-map/schema.ts';
import { UsageError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import type { BuiltProgram } from '../core/shrink/shrink-threads.ts';
import { loadSteppedModule } from '../instrument/load-program.ts';
import { assertExplored } from './explore-program.ts';
import {
  describeMapFailure,
  parsedOperations,
  type MapFailure,
  type MapSubject,
} from './operations-failure.ts';

/** What one suite of a user's map came to. */
export interface OwnSuiteResult {
  readonly target: string;
  readonly suite: Suite;
  readonly report: OwnSuiteReport;
  readonly failure: MapFailure | null;
}

/**
 * Explores the suites of a target that has a stepped module, up to the first failure.
 *
 * @throws UsageError as `loadSteppedModule`, and E-EXPLORE-001 where no thread reached shared memory.
 */
export async function runOwnSuites(
  target: Target,
  tracesFolder: string,
  onPart?: (part: string) => void,
): Promise<OwnSuiteResult[]> {
  const engine = await engineOf(target);
  const results: OwnSuiteResult[] = [];
  let locationCount = 0;
  for (const suite of ownSuites(operationsOfEngine(engine), target.interleavings!.keys)) {
    onPart?.(`${target.name}: every interleaving of ${suite.name} operations`);
    const report = exploreOwnSuite(target.name, suite, engine, (explored) => {
      locationCount += explored.locationCount;
      // A built-in that cannot be stepped is refused once, whatever comes after.
      assertExplored(target.name, { ...explored, locationCount: 1 });
      // Operations without a step can be put in any order, so that anything seems to fail.
      if (explored.failure !== null && explored.locationCount === 0) {
        throw nothingExplored(target.name);
      }
    });
    const { found } = report;
    const failure =
      found === null
        ? null
        : describeMapFailure(
            { target: target.name, mutant: null, operations: found.program },
            ownShape(target.name, engine),
            found.failure,
            join(tracesFolder, 'failures'),
          );
    results.push({ target: target.name, suite, report, failure });
    if (failure !== null) break;
  }
  if (locationCount === 0) throw nothingExplored(target.name);
  return results;
}

/**
 * The program of a saved order on a user's map.
 *
 * @throws UsageError as `loadSteppedModule`, and E-TRACE-008 for operations that cannot be run.
 */
export async function buildOwnSubject(target: Target, subject: MapSubject): Promise<BuiltProgram> {
  const operations = parsedOperations(
    concurrentSchema(SYNC_MAP_RULES['go1.23']),
    subject.operations,
  );
  const engine = await engineOf(target);
  const known = operationsOfEngine(engine);
  const unknown = operations.threads.flat().find(({ op }) => !known.includes(op));
  if (unknown === undefined) return ownShape(target.name, engine).build(operations);
  throw new UsageError(`target ${target.name} has no operation ${unknown.op}`, {
    code: 'E-TRACE-008',
    place: '$.subject.operations.threads',
  });
}

/**
 * The steppable map of a target that has one.
 *
 * @throws UsageError as `loadSteppedModule` and `ownEngine`.
 */
export async function engineOf({ name, interleavings }: Target): Promise<SteppedEngine> {
  const { module, instrument } = interleavings!;
  return ownEngine(name, await loadSteppedModule(module, instrument), interleavings!);
}

/**
 * Makes sure that threads on a target's map meet in shared memory: one stores while the other looks.
 *
 * @throws UsageError as `engineOf`, and E-EXPLORE-001 where they do not.
 */
export async function assertShared(target: Target): Promise<void> {
  const [k] = target.interleavings!.keys;
  const program = concurrentProgram([], [[{ op: 'store', k, v: 1 }], [{ op: 'load', k }]]);
  const options = { watchesState: false, executionsMax: 1 };
  const { locationCount } = exploreMapProgram(program, await engineOf(target), options);
  if (locationCount === 0) throw nothingExplored(target.name);
}

function nothingExplored(target: string): UsageError {
  return new UsageError('no thread reached shared memory, so nothing was explored', {
    code: 'E-EXPLORE-001',
    place: `${target}: interleavings`,
    todo:
      'Threads share through Atomics, typed arrays over a SharedArrayBuffer, or mapcheck/atomics; ' +
      'name packages whose code does so in `instrument`.',
  });
}
