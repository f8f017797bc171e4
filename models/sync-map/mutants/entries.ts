/** Seeded bugs in the life of an entry: value, nil, expunged. */
import type { Mutant } from '../../mutant.ts';

const CATALOGUE = 'mutation of sync/map.go (Go 1.23)';

/** Seeded bugs in what an entry points to, and when. */
export const entryMutants: readonly Mutant[] = [
  {
    id: 'C13',
    title: 'Deleted entries are left out of dirty but stay nil instead of expunged',
    origin: `${CATALOGUE}, dirtyLocked`,
    engine: 'sync-map',
    file: 'sync-map.js',
    find: 'if (entry.tryExpungeLocked())',
    replace: 'if (entry.current() === null)',
    killedBy: ['sync-map.live-read-in-dirty', 'sync-map.refinement'],
    withinRuns: 20,
    targets: ['sync-map'],
    interleaved: {
      killedBy: ['sync-map.live-read-in-dirty', 'sync-map.linearizable', 'sync-map.range.complete'],
      withinExecutions: 2000,
    },
  },
  {
    id: 'C14',
    title: 'The fast path of Store writes to an expunged entry',
    origin: `${CATALOGUE}, trySwap`,
    engine: 'sync-map',
    file: 'entry.js',
    find: 'if (pointer === EXPUNGED) return EXPUNGED; if (this.pointer.compareAndSwap(pointer, box)) return pointer;',
    replace:
      'if (this.pointer.compareAndSwap(pointer, box)) return pointer === EXPUNGED ? null : pointer;',
    killedBy: [
      'sync-map.lock-count',
      'sync-map.live-read-in-dirty',
      'sync-map.entry-transitions',
      'sync-map.refinement',
    ],
    withinRuns: 20,
    targets: ['sync-map'],
    interleaved: {
      killedBy: ['sync-map.linearizable', 'sync-map.range.complete'],
      withinExecutions: 2000,
    },
    claim: '9',
  },
  {
    id: 'C15',
    title: 'A write to an expunged entry does not put it back into dirty',
    origin: `${CATALOGUE}, Swap and LoadOrStore after unexpungeLocked`,
    engine: 'sync-map',
    file: 'sync-map.js',
    find: 'this.#dirty.set(key, entry); this.#observer?.unexpunge?.();',
    replace: 'this.#observer?.unexpunge?.();',
    killedBy: ['sync-map.live-read-in-dirty', 'sync-map.refinement'],
    withinRuns: 20,
    targets: ['sync-map'],
    interleaved: {
      killedBy: ['sync-map.linearizable', 'sync-map.range.complete'],
      withinExecutions: 2000,
    },
  },
  {
    id: 'C18',
    title: 'Delete makes entries expunged instead of nil',
    origin: `${CATALOGUE}, entry.delete`,
    engine: 'sync-map',
    file: 'entry.js',
    find: 'if (this.pointer.compareAndSwap(pointer, null)) return pointer;',
    replace: 'if (this.pointer.compareAndSwap(pointer, EXPUNGED)) return pointer;',
    killedBy: [
      'sync-map.expunged-needs-dirty',
      'sync-map.dirty-not-expunged',
      'sync-map.expunged-not-in-dirty',
      'sync-map.entry-transitions',
      'sync-map.no-panic',
    ],
    withinRuns: 10,
    targets: ['sync-map'],
    interleaved: {
      killedBy: ['sync-map.entry-transitions', 'sync-map.linearizable', 'sync-map.no-panic'],
      withinExecutions: 1500,
    },
  },
  {
    id: 'C27-nil-copy',
    title: 'Deleted entries are copied into dirty, so no promotion ever releases them',
    origin: `${CATALOGUE}, dirtyLocked; no result shows it`,
    engine: 'sync-map',
    file: 'sync-map.js',
    find: 'if (entry.tryExpungeLocked()) this.#observer?.expunge?.(); else dirty.set(key, entry);',
    replace: 'dirty.set(key, entry);',
    killedBy: ['sync-map.copy-drops-deleted'],
    withinRuns: 20,
    targets: ['sync-map'],
  },
];
