/** Finds out how each operation of a map is done: as its user says, or by the method of that name. */
import { closest, suggest } from '../../src/core/did-you-mean.ts';
import { UsageError } from '../../src/core/errors.ts';
import { MODELS, type ModelRules, type OperationName } from './vocabulary.ts';
import type { ModelName } from './definition.ts';

/** Does one operation on a map. */
export type OperationFunction = (map: unknown, ...args: readonly unknown[]) => unknown;

/** The operations a map has. */
export type OperationTable = { readonly [Name in OperationName]?: OperationFunction };

/** What the operations are found from. */
export interface OperationSource {
  readonly target: string;
  readonly model: ModelName;
  readonly overrides: Readonly<Record<string, unknown>>;
  /** A map to find methods on. */
  readonly sample: unknown;
}

/**
 * Returns a function for each operation that the model knows and the map has.
 *
 * @throws UsageError E-TARGET-003 for an operation that the model does not know, 004 for one that the map lacks.
 */
export function operationsOf(source: OperationSource): OperationTable {
  const { model, overrides, sample, target } = source;
  const rules = MODELS[model];
  assertKnown(source, rules);
  const table: { [name: string]: OperationFunction } = {};
  for (const name of rules.operations) {
    const override = overrides[name];
    if (override === null) continue;
    if (typeof override === 'function') {
      table[name] = override as OperationFunction;
      continue;
    }
    if (override !== undefined) {
      throw new UsageError(`operation ${name} of target '${target}' is no function`, {
        code: 'E-TARGET-003',
        place: `defineTarget: ${target}: operations.${name}`,
        todo: 'Write (map, …) => …, or null for an operation that is not to be used.',
      });
    }
    const own = methodOf(sample, name);
    if (own !== null) table[name] = own;
  }
  assertComplete(source, rules, table);
  return table;
}

function assertKnown({ target, model, overrides }: OperationSource, rules: ModelRules): void {
  for (const name of Object.keys(overrides)) {
    if ((rules.operations as readonly string[]).includes(name)) continue;
    throw new UsageError(`the model '${model}' has no operation ${JSON.stringify(name)}`, {
      code: 'E-TARGET-003',
      place: `defineTarget: ${target}: operations.${name}`,
      todo: suggest(name, rules.operations),
    });
  }
}

function assertComplete(
  { target, model, sample }: OperationSource,
  rules: ModelRules,
  table: OperationTable,
): void {
  for (const group of rules.required) {
    if (group.some((name) => table[name] !== undefined)) continue;
    const methods = methodNames(sample);
    const near = closest(group[0]!, methods);
    const found = methods.length === 0 ? 'nothing' : methods.slice(0, 20).join(', ');
    throw new UsageError(
      `the map of target '${target}' has no ${group.join(' or ')}, which the model '${model}' needs; it has ${found}`,
      {
        code: 'E-TARGET-004',
        place: `defineTarget: ${target}: operations.${group[0]!}`,
        todo:
          near === null
            ? `Say how it is done: operations: { ${group[0]!}: (map, key, …) => … }.`
            : `Did you mean ${near}? Say so: operations: { ${group[0]!}: (map, …) => map.${near}(…) }.`,
      },
    );
  }
}

/** How an operation is done by the map's own member of that name. */
function methodOf(sample: unknown, name: OperationName): OperationFunction | null {
  if ((typeof sample !== 'object' && typeof sample !== 'function') || sample === null) return null;
  const members = sample as Readonly<Record<PropertyKey, unknown>>;
  if (name === 'size' && typeof members['size'] === 'number') {
    return (map) => (map as { readonly size: number }).size;
  }
  if (typeof members[name] === 'function') return caller(name);
  if (name === 'entries' && typeof members[Symbol.iterator] === 'function') {
    return (map) => map;
  }
  return null;
}

/** Calls by name, with the few arguments that operations have spelt out: a spread costs more than many a lookup. */
function caller(name: string): OperationFunction {
  return (map, ...args) => {
    const method = map as Readonly<Record<string, (...args: unknown[]) => unknown>>;
    switch (args.length) {
      case 0:
        return method[name]!();
      case 1:
        return method[name]!(args[0]);
      case 2:
        return method[name]!(args[0], args[1]);
      default:
        return method[name]!(...args);
    }
  };
}

/** Names of everything that can be called on a map, its own class first. */
function methodNames(sample: unknown): string[] {
  const names = new Set<string>();
  let level: unknown = sample;
  while (typeof level === 'object' && level !== null && level !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(level)) {
      const member = Object.getOwnPropertyDescriptor(level, name)!;
      if (name !== 'constructor' && typeof member.value === 'function') names.add(name);
    }
    level = Object.getPrototypeOf(level);
  }
  return [...names];
}
