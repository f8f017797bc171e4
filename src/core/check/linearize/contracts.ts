/** What each operation promises, where a map promises less (or more) than linearizability. */
import { OPERATION_NAMES, type OperationName } from './history.ts';

/**
 * The promises of the operations on the whole map. Operations on one key are linearizable, or not looked at.
 *
 * `clear`: `atomic` empties the map at one moment; `each-key` removes each key at a moment of its own.
 * `len`: `atomic` counts at one moment; `ignored` promises nothing.
 * `range`: `clauses` is Go's contract for `sync.Map.Range` (no key twice, each visited entry was there at some moment of
 * the call, and after a complete range every other key was absent at some moment of it); `snapshot` is all of the map at
 * one moment; `ignored` promises nothing.
 */
export interface Contracts {
  readonly clear: 'atomic' | 'each-key';
  readonly len: 'atomic' | 'ignored';
  readonly range: 'clauses' | 'snapshot' | 'ignored';
  /** Reading operations on one key whose results are not judged. */
  readonly ignored: readonly OperationName[];
}

/** What histories are held to unless something else is asked for. */
export const DEFAULT_CONTRACTS: Contracts = {
  clear: 'atomic',
  len: 'atomic',
  range: 'clauses',
  ignored: [],
};

/** The operations that may be ignored: those that change nothing. */
const IGNORABLE: readonly OperationName[] = ['load', 'get'];

/** The promises that can be chosen, by operation; the first is the default. */
export const PROMISES: Readonly<Record<string, readonly string[]>> = {
  clear: ['atomic', 'each-key'],
  len: ['atomic', 'ignored'],
  range: ['clauses', 'snapshot', 'ignored'],
  load: ['linearizable', 'ignored'],
  get: ['linearizable', 'ignored'],
};

/** The contracts of chosen promises, each one of {@link PROMISES}; what is not chosen is the default. */
export function contractsOf(chosen: Readonly<Record<string, string>>): Contracts {
  return {
    clear: (chosen['clear'] ?? DEFAULT_CONTRACTS.clear) as Contracts['clear'],
    len: (chosen['len'] ?? DEFAULT_CONTRACTS.len) as Contracts['len'],
    range: (chosen['range'] ?? DEFAULT_CONTRACTS.range) as Contracts['range'],
    ignored: IGNORABLE.filter((name) => chosen[name] === 'ignored'),
  };
}

/** For each operation code, 1 where the contracts ignore it. */
export function ignoredOperations(contracts: Contracts): Uint8Array {
  return contracts === DEFAULT_CONTRACTS ? IGNORED_BY_DEFAULT : ignoredBy(contracts);
}

function ignoredBy(contracts: Contracts): Uint8Array {
  return Uint8Array.from(OPERATION_NAMES, (name) =>
    Number(
      contracts.ignored.includes(name) ||
        (name === 'len' && contracts.len === 'ignored') ||
        (name === 'range' && contracts.range === 'ignored'),
    ),
  );
}

const IGNORED_BY_DEFAULT: Uint8Array = ignoredBy(DEFAULT_CONTRACTS);
