/** Simpler versions of operations and set-ups, for the shrinker. */
import type { Json, Operation, Program } from '../../../src/core/program.ts';

/** Other operations that may do as well, simplest first. */
const SIMPLER: Readonly<Record<string, readonly string[]>> = {
  loadOrStore: ['load', 'store'],
  loadAndDelete: ['load', 'delete'],
  swap: ['load', 'store'],
  compareAndSwap: ['load', 'store'],
  compareAndDelete: ['load', 'delete'],
};

/** Simpler versions of one operation: another name, a range that is not stopped, smaller keys and values. */
export function simplifyOperation(operation: Operation): readonly Operation[] {
  const simpler: Operation[] = [];
  for (const op of SIMPLER[operation.op] ?? []) {
    simpler.push(renamed(operation, op));
  }
  if (operation['stop'] !== undefined) {
    const { stop, ...others } = operation;
    simpler.push(others);
    if (stop !== 1) simpler.push({ ...operation, stop: 1 });
  }
  for (const name of ['k', 'v', 'old']) {
    const argument = operation[name];
    if (argument === undefined) continue;
    for (const smaller of smallerTokens(argument)) simpler.push({ ...operation, [name]: smaller });
  }
  return simpler;
}

/** Simpler set-ups: keys as in JavaScript, visited as inserted. */
export function simplifySetup(setup: Program['setup']): readonly Program['setup'][] {
  const candidates: Program['setup'][] = [
    { keys: 'sameValueZero', order: 'insertion' },
    { ...setup, order: 'insertion' },
    { ...setup, keys: 'sameValueZero' },
  ];
  return candidates.filter(
    (candidate, index) =>
      !isSame(candidate, setup) &&
      candidates.findIndex((other) => isSame(other, candidate)) === index,
  );
}

function renamed(operation: Operation, op: string): Operation {
  const { at, k, v, old } = operation;
  return {
    ...(at === undefined ? {} : { at }),
    op,
    ...(k === undefined ? {} : { k }),
    ...(op === 'store' ? { v: v ?? old ?? 1 } : {}),
  };
}

function smallerTokens(token: Json): Json[] {
  if (typeof token !== 'number') return [0, 1, 2];
  if (!Number.isInteger(token) || token < 0) return [0, 1];
  return [...new Set([0, 1, token >> 1, token - 1])].filter(
    (smaller) => smaller >= 0 && smaller < token,
  );
}

function isSame(first: Program['setup'], second: Program['setup']): boolean {
  return first['keys'] === second['keys'] && first['order'] === second['order'];
}
