/** What the phases of a random program are made of. */
import type { OperationName } from '../rules.ts';

/** How often each operation comes, relative to the others. Operations that are left out do not come. */
export type Weights = Readonly<Partial<Record<OperationName, number>>>;

/** The mixtures. Every one of them has operations that all profiles have. */
export const PHASES: readonly Weights[] = [
  // Everything, evenly.
  {
    load: 4,
    store: 4,
    loadOrStore: 3,
    loadAndDelete: 2,
    delete: 2,
    swap: 2,
    compareAndSwap: 3,
    compareAndDelete: 2,
    range: 1,
  },
  // New keys.
  { store: 8, loadOrStore: 6, swap: 4, load: 2 },
  // Reads until dirty is promoted.
  { load: 18, compareAndSwap: 1, store: 1 },
  // Deletes.
  { delete: 6, loadAndDelete: 5, compareAndDelete: 4, load: 3, store: 2, range: 1 },
  // Deletes and new keys together: what is expunged comes back.
  { delete: 5, store: 7, swap: 2, loadOrStore: 3, load: 5 },
  // Overwrites.
  { store: 5, swap: 5, compareAndSwap: 8, load: 2 },
  // Ranges.
  { range: 5, store: 6, delete: 4, load: 4, compareAndDelete: 2 },
  // Clears.
  { clear: 2, store: 8, load: 6, delete: 2, range: 1, loadOrStore: 2 },
];

/** How a key that came can go again. */
export const CHURNS: readonly OperationName[] = ['delete', 'loadAndDelete', 'compareAndDelete'];
