/** The steppable build of a sync.Map engine, as programs of several threads need it. */
import { UsageError } from '../../../src/core/errors.ts';
import type { SyncMap } from '../../../src/engines/sync-map/index.ts';
import { formOf, type Form } from '../../../src/instrument/runtime/native-calls.ts';
import { OPERATION_NAMES, type OperationName } from '../rules.ts';

/** A map of the engine under test. */
export type EngineMap = SyncMap<unknown, unknown>;

/** An engine whose operations can be run in steps. */
export interface SteppedEngine {
  readonly SyncMap: typeof SyncMap;
  /** The stepped form of each operation that the engine has. */
  readonly forms: Readonly<Partial<Record<OperationName, Form>>>;
}

/**
 * Takes the engine out of a stepped module, as `loadEngine` loads it or a build plugin makes it: the one that ships, or
 * one with a seeded bug.
 *
 * @throws UsageError E-EXPLORE-003 if the module's functions have no stepped forms.
 */
export function steppedEngine(module: Readonly<Record<string, unknown>>): SteppedEngine {
  const engine = module['SyncMap'] as typeof SyncMap;
  const methods = engine.prototype as unknown as Readonly<Record<string, unknown>>;
  const forms: Partial<Record<OperationName, Form>> = {};
  for (const name of OPERATION_NAMES) {
    const form = formOf(methods[name]);
    if (form !== undefined) forms[name] = form;
  }
  if (forms.load === undefined) {
    throw new UsageError('the engine has no stepped forms', {
      code: 'E-EXPLORE-003',
      place: 'SyncMap.load',
      todo: 'Load the engine with loadEngine, or make its module steppable with the build plugin.',
    });
  }
  return { SyncMap: engine, forms };
}
