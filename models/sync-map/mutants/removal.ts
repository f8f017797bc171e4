/** Seeded bugs in Delete, CompareAndDelete, Clear and Range. */
import type { Mutant } from '../../mutant.ts';

const CATALOGUE = 'mutation of sync/map.go (Go 1.23)';

/** Seeded bugs in taking keys away, and in walking over them. */
export const removalMutants: readonly Mutant[] = [
  {
    id: 'C01',
    title: 'Delete leaves a key that is in dirty alone in dirty: keys are never released',
    origin: 'golang/go issue 40999; Go 1.15.0 and 1.15.1',
    engine: 'sync-map',
    file: 'sync-map.js',
    find: "if (this.#profile.slowDelete !== 'leak') this.#dirty?.delete(key);",
    replace: '',
    killedBy: ['sync-map.leak-bound', 'sync-map.promotion-threshold', 'sync-map.refinement'],
    withinRuns: 10,
    targets: ['sync-map'],
  },
  {
    id: 'C04',
    title: 'Range holds the mutex while it calls its function',
    origin: 'golang/go issue 46399',
    engine: 'sync-map',
    file: 'sync-map.js',
    find: 'if (visit(this.#hasFloatKeys ? callerKey(key) : key, box.value) === false) break;',
    replace:
      'let goesOn; this.#mutex.lock(); try { goesOn = visit(this.#hasFloatKeys ? callerKey(key) : key, box.value) !== false; } ' +
      'finally { this.#mutex.unlock(); } if (!goesOn) break;',
    killedBy: ['sync-map.unlocked', 'sync-map.no-panic'],
    withinRuns: 10,
    targets: ['sync-map'],
  },
  {
    id: 'C24-clear',
    title: 'Clear does not reset misses',
    origin: `${CATALOGUE}, Clear`,
    engine: 'sync-map',
    file: 'sync-map.js',
    find: 'this.#misses = 0; this.#observer?.clear?.();',
    replace: 'this.#observer?.clear?.();',
    killedBy: ['sync-map.clear-state', 'sync-map.misses-need-amended'],
    withinRuns: 60,
    targets: ['sync-map'],
  },
  {
    id: 'C25',
    title: 'Clear does not empty dirty',
    origin: `${CATALOGUE}, Clear`,
    engine: 'sync-map',
    file: 'sync-map.js',
    find: 'this.#dirty?.clear();',
    replace: '',
    killedBy: ['sync-map.clear-state', 'sync-map.unamended-has-no-dirty'],
    withinRuns: 60,
    targets: ['sync-map'],
    interleaved: {
      killedBy: ['sync-map.unamended-has-no-dirty', 'sync-map.linearizable'],
      withinExecutions: 1000,
    },
  },
  {
    id: 'C26',
    title: 'Clear does not replace read',
    origin: `${CATALOGUE}, Clear`,
    engine: 'sync-map',
    file: 'sync-map.js',
    find: 'if (snapshot.entries.size > 0 || snapshot.amended) this.#read.store(emptySnapshot());',
    replace: '',
    killedBy: ['sync-map.clear-state', 'sync-map.results'],
    withinRuns: 60,
    targets: ['sync-map'],
    interleaved: {
      killedBy: ['sync-map.refinement', 'sync-map.linearizable'],
      withinExecutions: 1000,
    },
  },
  {
    id: 'C27',
    title: 'Clear empties dirty before it publishes the empty read',
    origin: `${CATALOGUE}, Clear`,
    engine: 'sync-map',
    file: 'sync-map.js',
    find: 'if (snapshot.entries.size > 0 || snapshot.amended) this.#read.store(emptySnapshot()); this.#dirty?.clear();',
    replace:
      'this.#dirty?.clear(); if (snapshot.entries.size > 0 || snapshot.amended) this.#read.store(emptySnapshot());',
    killedBy: [],
    withinRuns: 200,
    targets: ['sync-map'],
    equivalent:
      'Dirty is looked at with the mutex held only, and Clear holds it throughout, so nobody can tell which of the two came first.',
  },
  {
    id: 'C28',
    title: 'CompareAndDelete takes the key out of dirty before it compares',
    origin: `${CATALOGUE}, CompareAndDelete`,
    engine: 'sync-map',
    file: 'sync-map.js',
    find: 'return this.#compareAndRemoveLocked(sought, entry, old); } this.#missLocked();',
    replace:
      'return this.#compareAndRemoveLocked(sought, entry, old); } this.#dirty?.delete(sought); this.#missLocked();',
    killedBy: [
      'sync-map.promotion-threshold',
      'sync-map.visible-keys',
      'sync-map.results',
      'sync-map.refinement',
    ],
    withinRuns: 20,
    targets: ['sync-map'],
    interleaved: {
      killedBy: ['sync-map.linearizable', 'sync-map.refinement'],
      withinExecutions: 150,
    },
  },
];
