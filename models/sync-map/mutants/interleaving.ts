/** Seeded bugs that only several callers at once can see. */
import type { Mutant } from '../../mutant.ts';

const CATALOGUE = 'mutation of sync/map.go (Go 1.23)';

/** Killed by exploring interleavings: one caller alone, whatever it does, sees nothing wrong. */
export const interleavingMutants: readonly Mutant[] = [
  {
    id: 'C05',
    title: 'A copy of the map has a mutex of its own: two critical sections run at once',
    origin: 'golang/go issues 24112, 60216 and 22490',
    engine: 'sync-map',
    file: 'sync-map.js',
    find: '#mutex = new Mutex();',
    replace: '#mutex = { isLocked: false, lock() {}, unlock() {} };',
    killedBy: [],
    withinRuns: 0,
    targets: [],
    interleaved: { killedBy: ['sync-map.read-under-mutex'], withinExecutions: 20 },
  },
  {
    id: 'C06',
    title: 'Swap reads the value and then writes its own, without comparing',
    origin: 'golang/go issue 70970, taken back before Go 1.24.0',
    engine: 'sync-map',
    file: 'entry.js',
    find: 'if (this.pointer.compareAndSwap(pointer, box)) return pointer;',
    replace: 'this.pointer.store(box); return pointer;',
    killedBy: [],
    withinRuns: 0,
    targets: [],
    interleaved: { killedBy: ['sync-map.linearizable'], withinExecutions: 1000 },
  },
  {
    id: 'C12',
    title: 'Entries are expunged by a plain store',
    origin: `${CATALOGUE}, dirtyLocked`,
    engine: 'sync-map',
    file: 'entry.js',
    find: 'if (this.pointer.compareAndSwap(null, EXPUNGED)) return true;',
    replace: 'this.pointer.store(EXPUNGED); return true;',
    killedBy: [],
    withinRuns: 0,
    targets: [],
    interleaved: { killedBy: ['sync-map.linearizable'], withinExecutions: 2000 },
  },
  {
    id: 'C16',
    title: 'Load does not look at read again once it has the mutex',
    origin: `${CATALOGUE}, Load`,
    engine: 'sync-map',
    file: 'sync-map.js',
    find: `// A promotion while this thread waited may have brought the key into read.
      snapshot = this.#read.load();
      entry = snapshot.entries.get(sought);`,
    replace: '',
    killedBy: [],
    withinRuns: 0,
    targets: [],
    interleaved: {
      killedBy: ['sync-map.refinement', 'sync-map.linearizable'],
      withinExecutions: 500,
    },
  },
  {
    id: 'C17',
    title: 'Delete stores nil without comparing',
    origin: `${CATALOGUE}, LoadAndDelete`,
    engine: 'sync-map',
    file: 'entry.js',
    find: 'if (this.pointer.compareAndSwap(pointer, null)) return pointer;',
    replace: 'this.pointer.store(null); return pointer;',
    killedBy: [],
    withinRuns: 0,
    targets: [],
    interleaved: { killedBy: ['sync-map.linearizable'], withinExecutions: 1000 },
  },
];
