/** Simpler versions of operations and set-ups, simplest first, for the shrinker. */
import type { Json, Operation, Program } from '../../../src/core/program.ts';
import { encodeToken } from '../../value-token.ts';
import { keyRunOf, setupOf, type OwnMap } from '../own-map.ts';

/** Simpler versions of one operation. */
export function simplifyOperationOf(map: OwnMap): (operation: Operation) => readonly Operation[] {
  const ordinary = [0, 1, 2, 3].map((n) => encodeToken(map.keyAt(n)) as Json);
  return (operation) => [...asSimple(map, operation), ...withSimplerArguments(operation, ordinary)];
}

/** Compound operations become single ones where that is enough. */
function asSimple(map: OwnMap, operation: Operation): readonly Operation[] {
  if (operation.op === 'fill' || operation.op === 'drain') return asSingle(map, operation);
  const { op, nested, stop } = operation;
  if ((op === 'forEach' || op === 'range') && (nested !== undefined || stop !== undefined)) {
    const { nested: _nested, ...withoutNested } = operation;
    const { stop: _stop, ...withoutStop } = operation;
    const isEmpty = Array.isArray(nested) && nested.length === 0;
    return [
      ...(isEmpty ? [withoutNested as Operation] : []),
      ...(stop === undefined ? [] : [withoutStop as Operation]),
    ];
  }
  return [];
}

/** A run of one key is a single write. */
function asSingle(map: OwnMap, operation: Operation): readonly Operation[] {
  const { count, from } = keyRunOf(operation);
  if (count !== 1) return [];
  const { op, count: _count, from: _from, stride: _stride, ...rest } = operation;
  const write = map.operations.set === undefined ? 'store' : 'set';
  return [{ ...rest, op: op === 'fill' ? write : 'delete', k: encodeToken(map.keyAt(from)) }];
}

function withSimplerArguments(
  operation: Operation,
  ordinary: readonly Json[],
): readonly Operation[] {
  const { op, k, v, old } = operation;
  const simpler: Operation[] = [];
  if (op === 'fill' || op === 'drain') {
    const { count, from, stride } = keyRunOf(operation);
    simpler.push(
      ...smaller(count, 1).map((less) => ({ ...operation, count: less })),
      ...nearer(from).map((less) => ({ ...operation, from: less })),
      ...smaller(stride, 1).map((less) => ({ ...operation, stride: less })),
    );
  }
  if (k !== undefined) {
    simpler.push(...before(k, ordinary).map((less) => ({ ...operation, k: less })));
  }
  if (v !== undefined)
    simpler.push(...before(v, [0, 1]).map((less) => ({ ...operation, v: less })));
  if (old !== undefined) {
    simpler.push(...before(old, [0, 1]).map((less) => ({ ...operation, old: less })));
  }
  if (op === 'next') {
    simpler.push(
      ...smaller(Number(operation['count']), 1).map((count) => ({ ...operation, count })),
    );
  }
  if (op === 'iterate' || op === 'next') {
    if (operation['it'] !== 0) simpler.push({ ...operation, it: 0 });
  }
  for (const name of ['back', 'at']) {
    const number = operation[name];
    if (typeof number !== 'number') continue;
    const least = name === 'back' ? 1 : 0;
    simpler.push(...smaller(number, least).map((less) => ({ ...operation, [name]: less })));
  }
  return simpler;
}

/** The ordinary tokens before this one in the list; all of them for one that is not in it. */
function before(token: Json, list: readonly Json[]): readonly Json[] {
  const index = list.findIndex((candidate) => candidate === token);
  return index < 0 ? list : list.slice(0, index);
}

/** Numbers nearer to the least: it, half way, one less. */
function smaller(value: number, least: number): readonly number[] {
  if (value <= least) return [];
  return [...new Set([least, (value + least) >> 1, value - 1])];
}

/** Numbers nearer to 0, from either side. */
function nearer(value: number): readonly number[] {
  return value === 0 ? [] : [...new Set([0, Math.trunc(value / 2)])];
}

/** Simpler versions of a set-up: the definition's earlier ones, and a look after every operation. */
export function simplifySetupOf(
  map: OwnMap,
): (setup: Program['setup']) => readonly Program['setup'][] {
  const texts = map.setups.map((setup) => JSON.stringify(setup));
  return (setup) => {
    const { map: made, checks } = setupOf({ setup, draws: [], threads: [] });
    const index = texts.indexOf(JSON.stringify(made));
    const earlier = map.setups.slice(0, index < 0 ? map.setups.length : index);
    const simpler: Program['setup'][] = earlier.map((other) => ({ ...setup, map: other }));
    if (checks !== 'each') simpler.push({ ...setup, checks: 'each' });
    return simpler;
  };
}
