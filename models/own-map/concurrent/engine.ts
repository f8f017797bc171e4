/**
 * A user's map in the dress of sync.Map, so that programs of several threads run on it and are judged as sync.Map's are.
 *
 * `get` does for `load` and `set` for `store`, where the map has no operations of those names. What is left undone is
 * never asked: `operationsOfEngine` says what there is.
 */
import { UsageError } from '../../../src/core/errors.ts';
import type { TargetInterleavings } from '../../../src/core/target.ts';
import { callSteps, formOf, type Form } from '../../../src/instrument/runtime/native-calls.ts';
import type { EngineMap, SteppedEngine } from '../../sync-map/concurrent/engine.ts';

/** Operations of a program of several threads, with the methods that can do them. */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  load: ['load', 'get'],
  store: ['store', 'set'],
  loadOrStore: ['loadOrStore'],
  loadAndDelete: ['loadAndDelete'],
  delete: ['delete'],
  swap: ['swap'],
  compareAndSwap: ['compareAndSwap'],
  compareAndDelete: ['compareAndDelete'],
};

const STORES: readonly string[] = ['store', 'loadOrStore', 'swap', 'compareAndSwap'];

type Members = Readonly<Record<string, unknown>>;
type Method = (...args: readonly unknown[]) => unknown;

/**
 * Binds a map of a stepped module.
 *
 * @throws UsageError E-EXPLORE-003 if its methods have no stepped forms, 006 if it cannot be read and written to.
 */
export function ownEngine(
  target: string,
  exports: Members,
  { create, module }: TargetInterleavings,
): SteppedEngine {
  const sample = create(exports) as Members;
  const links = Object.entries(METHODS).flatMap(([name, methods]) => {
    const method = methods.find((candidate) => typeof sample[candidate] === 'function');
    return method === undefined ? [] : [[name, method] as const];
  });
  const names = links.map(([name]) => name);
  if (!names.includes('load') || !names.includes('store')) {
    throw new UsageError('the map has no get and set, nor load and store', {
      code: 'E-EXPLORE-006',
      place: `${target}: interleavings.create`,
      todo: 'Return a map of the stepped module that has them.',
    });
  }
  if (!links.some(([, method]) => formOf(sample[method]) !== undefined)) {
    throw new UsageError('the methods of the map have no stepped forms', {
      code: 'E-EXPLORE-003',
      place: `${target}: interleavings.create`,
      todo: `Make the map of what create() is given, the exports of ${module}, or name its package in \`instrument\`.`,
    });
  }
  const forms: Record<string, Form> = {};
  for (const [name, method] of links) forms[name] = formFor(name, method);
  const Facade = facadeFor(() => create(exports) as Members, links);
  return { SyncMap: Facade as never, forms };
}

/** The operations that programs may use, of those that threads do. */
export function operationsOfEngine(engine: SteppedEngine): readonly string[] {
  return Object.keys(engine.forms);
}

/** A map as programs see it: the user's, and the keys that were ever stored. */
interface Facade {
  readonly inner: Members;
  readonly stored: Set<unknown>;
}

/** Runs an operation in steps. */
function formFor(name: string, method: string): Form {
  return function* (this: unknown, ...args: readonly unknown[]) {
    const { inner, stored } = this as Facade;
    if (STORES.includes(name)) stored.add(args[0]);
    return asSyncMap(name, method, yield* callSteps(inner[method], inner, args));
  };
}

/** Makes the class of maps: operations that run at once, for what comes before and after the threads. */
function facadeFor(
  create: () => Members,
  links: readonly (readonly [name: string, method: string])[],
): unknown {
  class OwnFacade implements Facade {
    readonly inner = create();
    readonly stored = new Set<unknown>();

    /** Whatever the map itself does for an iteration, lookups are what is compared. */
    range(visit: (key: unknown, value: unknown) => unknown): void {
      const map = this as unknown as EngineMap;
      for (const key of this.stored) {
        const found = map.load(key);
        if (found.ok && visit(key, found.value) === false) return;
      }
    }
  }
  for (const [name, method] of links) {
    Object.defineProperty(OwnFacade.prototype, name, {
      value(this: OwnFacade, ...args: readonly unknown[]): unknown {
        if (STORES.includes(name)) this.stored.add(args[0]);
        return asSyncMap(name, method, (this.inner[method] as Method).apply(this.inner, [...args]));
      },
    });
  }
  return OwnFacade;
}

function asSyncMap(name: string, method: string, result: unknown): unknown {
  if (name !== 'load' || method === 'load') return result;
  return { value: result, ok: result !== undefined };
}
