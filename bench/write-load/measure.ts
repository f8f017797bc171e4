/** Counts what writes cost a `SyncMap`. Counts, not times: the same in every run and on every machine. */
import { SyncMap } from '../../src/engines/sync-map/index.ts';

/** A mix of reads and one kind of write. */
export interface Load {
  readonly name: 'new keys' | 'churn' | 'settled overwrites' | 'unsettled overwrites';
  /** What is written, in a sentence. */
  readonly title: string;
  /** Whether the keys at the start have been promoted into read. */
  readonly isSettled: boolean;
  readonly write: 'store-new' | 'store-new-delete-oldest' | 'overwrite';
}

/** The loads, apart because they could not differ more. */
export const LOADS: readonly Load[] = [
  {
    name: 'new keys',
    title: 'each write stores a key that the map has never had',
    isSettled: true,
    write: 'store-new',
  },
  {
    name: 'churn',
    title:
      'writes take turns to store a new key and to delete the oldest, so that the map keeps its size',
    isSettled: true,
    write: 'store-new-delete-oldest',
  },
  {
    name: 'settled overwrites',
    title: 'each write overwrites a key that a promotion has brought into read',
    isSettled: true,
    write: 'overwrite',
  },
  {
    name: 'unsettled overwrites',
    title: 'each write overwrites a key that was stored just before the load and not promoted yet',
    isSettled: false,
    write: 'overwrite',
  },
];

/** How much is done. */
export interface LoadSize {
  /** Keys in the map before the first counted operation. */
  readonly keyCount: number;
  readonly operationCount: number;
}

/** What was counted, in all. */
export interface LoadCounts {
  readonly reads: number;
  readonly writes: number;
  readonly lockAcquisitions: number;
  readonly promotions: number;
  readonly dirtyCopies: number;
  /** Entries that those copies walked into a new dirty map. */
  readonly entriesCopied: number;
}

/** A generator of 32-bit integers, unsigned: xorshift32. */
function draws(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/**
 * Runs a load and counts.
 *
 * A read looks up a key drawn from all that are in the map at that moment, a write is as the load says. `readPercent` is
 * the chance of a read, 0 to 100.
 */
export function countLoad(load: Load, readPercent: number, size: LoadSize): LoadCounts {
  const counts = { lockAcquisitions: 0, promotions: 0, dirtyCopies: 0, entriesCopied: 0 };
  const map = new SyncMap<number, number>({
    profile: 'go1.23',
    observer: {
      lockAcquired: () => counts.lockAcquisitions++,
      promotion: () => counts.promotions++,
      dirtyCopy: (entryCount) => {
        counts.dirtyCopies++;
        counts.entriesCopied += entryCount;
      },
    },
  });
  // The map holds the keys from `oldest` up to but not including `next`.
  let oldest = 0;
  let next = 0;
  while (next < size.keyCount) map.store(next++, 0);
  if (load.isSettled) map.range(() => false);
  Object.assign(counts, { lockAcquisitions: 0, promotions: 0, dirtyCopies: 0, entriesCopied: 0 });
  const draw = draws(0x2545f491);
  let reads = 0;
  for (let operation = 1; operation <= size.operationCount; operation++) {
    const isRead = draw() % 100 < readPercent;
    const present = oldest + (draw() % (next - oldest));
    if (isRead) {
      reads++;
      map.load(present);
    } else if (load.write === 'overwrite') map.store(present, operation);
    else if (load.write === 'store-new-delete-oldest' && next - oldest > size.keyCount) {
      map.delete(oldest++);
    } else map.store(next++, operation);
  }
  return { reads, writes: size.operationCount - reads, ...counts };
}

/** The read shares that are measured, in percent. */
export const READ_PERCENTS: readonly number[] = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/** A load at one share of reads. */
export interface LoadPoint {
  readonly load: Load['name'];
  readonly readPercent: number;
  readonly counts: LoadCounts;
}

/** Every load at every share. */
export function countAll(size: LoadSize): LoadPoint[] {
  return LOADS.flatMap((load) =>
    READ_PERCENTS.map((readPercent) => ({
      load: load.name,
      readPercent,
      counts: countLoad(load, readPercent, size),
    })),
  );
}
