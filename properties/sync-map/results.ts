/** What callers see: results, Range clause by clause, and that nothing throws. */
import type { RangeClause } from '../../models/sync-map/range-contract.ts';
import type { Property } from '../../src/core/property.ts';

/** What callers are promised. */
export const results: Property = {
  name: 'sync-map.results',
  statement: 'Every operation returns what the sequential specification returns.',
  source: 'doc comments of sync/map.go; models/sync-map/spec.ts',
};

/** Nothing that a program can hold makes an operation fail. */
export const noPanic: Property = {
  name: 'sync-map.no-panic',
  statement: 'No operation throws, and none waits for a mutex that its own caller holds.',
  source: 'sync/map.go: with keys and values that can be compared, nothing panics',
};

/** A function that returned false has done what it wanted and may not be prepared for more. */
export const rangeStops: Property = {
  name: 'sync-map.range.stops',
  statement: 'Range calls its function no more once that has returned false, and ends.',
  source: 'doc comment of Range in sync/map.go',
};

/** Stricter than the contract: what this design does, pair by pair. */
export const rangeModel: Property = {
  name: 'sync-map.range.snapshot-walk',
  statement:
    'Range reports the entries of the snapshot it began with, each as it is when its turn comes.',
  source:
    'sync/map.go, Range: one load of read, then one load for each entry; models/sync-map/state.ts',
};

/** The clauses of the contract that can be broken. */
export const rangeClauses: Readonly<Record<RangeClause, Property>> = {
  once: {
    name: 'sync-map.range.once',
    statement: 'Range reports no key twice.',
    source: 'Range contract, clause (a)',
  },
  complete: {
    name: 'sync-map.range.complete',
    statement:
      'Range reports every key that is present from before the call to its end, unless it is stopped.',
    source: 'Range contract, clause (b)',
  },
  held: {
    name: 'sync-map.range.held',
    statement:
      'Each value that Range reports was the value of its key at some instant during the call.',
    source: 'Range contract, clause (c)',
  },
  absent: {
    name: 'sync-map.range.absent',
    statement: 'Range reports no key that is absent throughout the call.',
    source: 'Range contract, clause (d)',
  },
  snapshot: {
    name: 'sync-map.range.snapshot',
    statement: 'Range reports no key that is stored for the first time during the call.',
    source: 'Range contract, clause (f); the classic design alone promises it',
  },
};
