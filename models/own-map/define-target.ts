/** Makes a target of any map-like class. */
import { concurrentRules, ownMapRules } from '../../properties/own-map/rules.ts';
import { suggest } from '../../src/core/did-you-mean.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { Program } from '../../src/core/program.ts';
import type { Property } from '../../src/core/property.ts';
import type { ExecuteOptions, Outcome, Target } from '../../src/core/target.ts';
import { encodeToken, type ValueToken } from '../value-token.ts';
import { CacheRun } from './check/cache-run.ts';
import { MapRun } from './check/map-run.ts';
import type { OwnRun } from './check/run.ts';
import { SyncMapRun } from './check/sync-map-run.ts';
import type { CreateContext, TargetDefinition } from './definition.ts';
import { ownMapPrograms } from './generate/programs.ts';
import { simplifyOperationOf, simplifySetupOf } from './generate/simplify.ts';
import { operationsOf, type OperationTable } from './operations.ts';
import type { MapSetup, OwnMap } from './own-map.ts';
import { programSchemaOf } from './program-schema.ts';
import { itself, neverNan } from './reference-map.ts';
import { MODEL_NAMES, MODELS } from './vocabulary.ts';

type AnyDefinition = TargetDefinition<unknown>;

/** Every setting of a definition. */
const SETTINGS: readonly (keyof AnyDefinition)[] = [
  'name',
  'title',
  'model',
  'create',
  'operations',
  'setups',
  'capacity',
  'keyAt',
  'keys',
  'values',
  'objectAt',
  'keyIdentity',
  'order',
  'hasLiveIterators',
  'inspect',
  'interleavings',
  'properties',
  'coverage',
];

/** Unequal to itself, equal in text or as numbers, beyond 32 bits, names that objects inherit, without order or text. */
export const ODD_KEYS: readonly unknown[] = [
  Number.NaN,
  -0,
  Number.POSITIVE_INFINITY,
  1.5,
  -1,
  2 ** 31,
  2 ** 32,
  '',
  '0',
  '1',
  'NaN',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '\uD800',
  true,
  false,
  null,
  undefined,
  0n,
  1n,
  { object: 0 },
  { object: 1 },
  { object: 2 },
];

/** What the place where a map lives allows. */
interface Reach {
  /** Whether functions can be handed to it. */
  readonly isInProcess: boolean;
  /** Most entries that are looked up after an operation. */
  readonly lookupsMax: number;
  readonly objectAt?: (n: number) => object;
}

const IN_PROCESS: Reach = { isInProcess: true, lookupsMax: 16 };

const ODD_VALUES: readonly unknown[] = [undefined, null, Number.NaN, -0, '', false, { object: 0 }];
/** Values that are compared must compare alike under `===` and `Object.is`. */
const COMPARED_VALUES: readonly unknown[] = [null, '', false, { object: 0 }];

/**
 * Makes a target of a map-like class: campaigns, shrinking, traces and replay work as for the built-in ones.
 *
 * Operations are found by the names of methods; `operations` gives those that have another name or form. Cost: `create`
 * is called once, here.
 *
 * @throws UsageError E-TARGET-001 for a definition that lacks something or says something unknown, 002 for an unknown
 *   model, 003 for an operation the model does not know, 004 for a map without an operation the model needs, 005 for a
 *   key or value that traces cannot hold, 006 for a `create` that throws.
 *
 * @example
 * export default defineConfig({
 *   targets: [defineTarget({ name: 'my-map', model: 'map', create: () => new MyMap() })],
 * });
 */
export function defineTarget<M, K = unknown, V = unknown>(
  definition: TargetDefinition<M, K, V>,
): Target {
  const own = resolveOwnMap(definition as unknown as AnyDefinition);
  const target = targetOf(own, definition.title);
  const { interleavings } = definition;
  if (interleavings === undefined) return target;
  const tokens = tokensOf(
    definition as unknown as AnyDefinition,
    'interleavings.keys',
    interleavings.keys ?? [1, 2],
  );
  return {
    ...target,
    properties: [...target.properties, ...concurrentRules(own.name)],
    interleavings: {
      module: pathOf(interleavings.module),
      instrument: interleavings.instrument ?? [],
      create: (exports) => interleavings.create(exports),
      keys: [tokens[0]!, tokens[1]!],
    },
  };
}

/** A module as a path: what `import.meta.url` gives is a URL. */
function pathOf(module: string | URL): string {
  const text = String(module);
  return text.startsWith('file:') ? decodeURIComponent(new URL(text).pathname) : text;
}

/** Binds a map with all its defaults to programs and runs. */
export function targetOf(own: OwnMap, title?: string): Target {
  return {
    name: own.name,
    title: title ?? `held to ${MODELS[own.model].summary}`,
    properties: propertiesOf(own),
    coverage: own.coverage,
    schema: programSchemaOf(own),
    programs: ownMapPrograms(own),
    execute: (program: Program, options: ExecuteOptions = {}): Outcome =>
      runOwnMap(own, program, options),
    simplifyOperation: simplifyOperationOf(own),
    simplifySetup: simplifySetupOf(own),
  };
}

/** Runs a program once on a map and its model. */
export function runOwnMap(own: OwnMap, program: Program, options: ExecuteOptions): Outcome {
  return runOf(own, program, options).execute();
}

function runOf(own: OwnMap, program: Program, options: ExecuteOptions): OwnRun {
  if (own.model === 'sync-map') return new SyncMapRun(own, program, options);
  if (own.model === 'cache') return new CacheRun(own, program, options);
  return new MapRun(own, program, options);
}

/**
 * Fills in the defaults.
 *
 * @throws UsageError as `defineTarget`.
 */
export function resolveOwnMap(definition: AnyDefinition, reach: Reach = IN_PROCESS): OwnMap {
  assertSettings(definition);
  const { name, model } = definition;
  const setups = definition.setups ?? [{}];
  const sample = createSample(definition, setups[0]!);
  const operations = operationsOf({
    target: name,
    model,
    overrides: definition.operations ?? {},
    sample,
  });
  const rules = ownMapRules(name, MODELS[model].summary);
  const hasIterators = ['entries', 'keys', 'values'].some((kind) => kind in operations);
  const order = definition.order ?? (model === 'map' ? 'insertion' : 'any');
  const hasLiveIterators = (definition.hasLiveIterators ?? model === 'map') && hasIterators;
  const hasNestedOperations = reach.isInProcess && (hasLiveIterators || 'range' in operations);
  const keys = tokensOf(definition, 'keys', definition.keys ?? ODD_KEYS);
  const isCompared = 'compareAndSwap' in operations || 'compareAndDelete' in operations;
  const values = definition.values ?? (isCompared ? COMPARED_VALUES : ODD_VALUES);
  const keyAt = definition.keyAt ?? ((n: number): unknown => n);
  tokensOf(definition, 'keyAt', [keyAt(0), keyAt(-(2 ** 31))]);
  return {
    name,
    model,
    create: definition.create,
    operations,
    rules,
    setups,
    capacityOf: capacityOf(definition),
    keyAt,
    keys,
    values: tokensOf(definition, 'values', values),
    identityOf:
      definition.keyIdentity === 'never-nan' ? neverNan : (definition.keyIdentity ?? itself),
    order,
    hasLiveIterators,
    hasNestedOperations,
    lookupsMax: reach.lookupsMax,
    objectAt: reach.objectAt ?? definition.objectAt,
    inspect: definition.inspect,
    ownProperties: (definition.properties ?? []).map((property) => ({
      rule: {
        name: `${name}.${property.name}`,
        statement: property.statement,
        source: `the definition of ${name}`,
      },
      check: (map, model) => property.check(map, model),
    })),
    coverage: [
      ...branchesOf(definition, operations, hasNestedOperations || hasLiveIterators, keys),
      ...(definition.coverage ?? []),
    ],
  };
}

function assertSettings(definition: AnyDefinition): void {
  const refuse = (code: string, setting: string, problem: string, todo: string): never => {
    const name = typeof definition?.name === 'string' ? definition.name : 'a target';
    throw new UsageError(problem, { code, place: `defineTarget: ${name}: ${setting}`, todo });
  };
  if (typeof definition !== 'object' || definition === null) {
    refuse(
      'E-TARGET-001',
      'definition',
      'the definition is no object',
      'Write defineTarget({ name, model, create }).',
    );
  }
  for (const setting of Object.keys(definition)) {
    if ((SETTINGS as readonly string[]).includes(setting)) continue;
    refuse(
      'E-TARGET-001',
      setting,
      `unknown setting ${JSON.stringify(setting)}`,
      suggest(setting, SETTINGS),
    );
  }
  const { name, model, create } = definition;
  if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9.@-]*$/.test(name)) {
    refuse(
      'E-TARGET-001',
      'name',
      `${JSON.stringify(name)} cannot be the name of a target`,
      'Take letters, digits, "-", "." and "@", a letter first.',
    );
  }
  if (typeof model !== 'string' || !MODEL_NAMES.includes(model)) {
    refuse(
      'E-TARGET-002',
      'model',
      `unknown model ${JSON.stringify(model)}`,
      suggest(model, MODEL_NAMES),
    );
  }
  if (typeof create !== 'function') {
    refuse('E-TARGET-001', 'create', 'create is no function', 'Write create: () => new MyMap().');
  }
  const isCache = model === 'cache' || model === 'lru-cache';
  if (isCache !== (definition.capacity !== undefined) && (isCache ? model === 'lru-cache' : true)) {
    refuse(
      'E-TARGET-001',
      'capacity',
      isCache ? 'a cache that evicts exactly needs a capacity' : 'only caches have a capacity',
      isCache
        ? 'Write capacity: 3, or a function of the set-up.'
        : 'Leave it out, or take the model lru-cache.',
    );
  }
}

function createSample(definition: AnyDefinition, setup: MapSetup): unknown {
  const context: CreateContext = { setup, draw: () => 0, mark: () => undefined };
  try {
    return definition.create(context);
  } catch (error) {
    throw new UsageError(
      `create() threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
      {
        code: 'E-TARGET-006',
        place: `defineTarget: ${definition.name}: create`,
        todo: 'It is called once when the target is defined, to see which operations the map has.',
        cause: error,
      },
    );
  }
}

function capacityOf({ capacity }: AnyDefinition): (setup: MapSetup) => number {
  if (typeof capacity === 'function') return capacity;
  return () => capacity ?? Number.POSITIVE_INFINITY;
}

function tokensOf(
  definition: AnyDefinition,
  setting: 'keys' | 'values' | 'keyAt' | 'interleavings.keys',
  values: readonly unknown[],
): ValueToken[] {
  return values.map((value, index) => {
    try {
      return encodeToken(value);
    } catch (error) {
      throw new UsageError(`no trace can hold a value of type ${typeof value}`, {
        code: 'E-TARGET-005',
        place: `defineTarget: ${definition.name}: ${setting}[${index}]`,
        todo: 'Write { object: 3 } for an object, and make it with objectAt: (n) => ….',
        cause: error,
      });
    }
  });
}

/** Rare branches that can be told from outside, as far as the map can reach them. */
function branchesOf(
  definition: AnyDefinition,
  operations: OperationTable,
  canChangeMeanwhile: boolean,
  keys: readonly ValueToken[],
): string[] {
  const { model } = definition;
  const hasKey = (float: string): boolean =>
    keys.some(
      (token) =>
        typeof token === 'object' && token !== null && 'float' in token && token.float === float,
    );
  const isCache = model === 'cache' || model === 'lru-cache';
  const branches: [string, boolean][] = [
    ['overwrite', true],
    ['reinsertion', operations.delete !== undefined],
    ['emptied', operations.delete !== undefined && model !== 'sync-map' && model !== 'cache'],
    ['growth', !isCache],
    ['clear', operations.clear !== undefined],
    ['nanKey', hasKey('NaN')],
    ['negativeZeroKey', hasKey('-0')],
    ['changeDuringIteration', canChangeMeanwhile],
    ['eviction', isCache],
    ['oldVersion', model === 'persistent-map'],
  ];
  return branches.filter(([, isPossible]) => isPossible).map(([name]) => name);
}

function propertiesOf({ model, operations, rules, ownProperties }: OwnMap): readonly Property[] {
  const isCache = model === 'cache' || model === 'lru-cache';
  const isIterable = ['entries', 'keys', 'values', 'forEach'].some((kind) => kind in operations);
  const all: [Property, boolean][] = [
    [rules.matchesModel, true],
    [rules.contents, model !== 'cache'],
    [rules.size, operations.size !== undefined],
    [rules.iteration, isIterable],
    [rules.persistence, model === 'persistent-map'],
    [rules.capacity, isCache && operations.size !== undefined],
    [rules.range, operations.range !== undefined],
    [rules.noPanic, true],
  ];
  return [
    ...all.filter(([, isUsed]) => isUsed).map(([rule]) => rule),
    ...ownProperties.map(({ rule }) => rule),
  ];
}
