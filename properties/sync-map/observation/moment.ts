/** What the rules see of the engine: its state, copied, between two operations. */
import type { EntryKind, EntryView, SyncMapView } from '../../../src/engines/sync-map/index.ts';

/** The entry of a key as the engine shows it. */
export type ObservedEntry = EntryView<unknown>;

/**
 * The state of the map at one moment, a row for each key: first the keys of read in its order, then the keys that are in
 * dirty alone, in its order.
 *
 * Arrays are reused from one capture to the next; only the first `rowCount` rows count.
 */
export class Moment {
  /** The maps themselves, for their identity: what is in them may have changed since. */
  readMap: ReadonlyMap<unknown, ObservedEntry> = new Map<unknown, ObservedEntry>();
  dirtyMap: ReadonlyMap<unknown, ObservedEntry> | null = null;
  amended = false;
  misses = 0;
  isLocked = false;
  readSize = 0;
  /** -1 if dirty is null. */
  dirtySize = -1;
  rowCount = 0;

  readonly keys: unknown[] = [];
  /** `null` in the rows of keys that dirty alone has. */
  readonly readEntries: (ObservedEntry | null)[] = [];
  /** `null` in the rows of keys that dirty lacks. */
  readonly dirtyEntries: (ObservedEntry | null)[] = [];
  /** State of the entry: the one of read if there is one. */
  readonly kinds: EntryKind[] = [];
  /** `undefined` unless the kind is `value`. */
  readonly values: unknown[] = [];

  /** Copies the state of a map. O(keys). */
  capture(view: SyncMapView<unknown, unknown>): void {
    const { read, dirty } = view;
    this.readMap = read;
    this.dirtyMap = dirty;
    this.amended = view.amended;
    this.misses = view.misses;
    this.isLocked = view.isLocked;
    this.readSize = read.size;
    this.dirtySize = dirty === null ? -1 : dirty.size;
    let row = 0;
    for (const [key, entry] of read) {
      this.#set(row, key, entry, dirty === null ? null : (dirty.get(key) ?? null));
      row += 1;
    }
    if (dirty !== null) {
      for (const [key, entry] of dirty) {
        if (read.has(key)) continue;
        this.#set(row, key, null, entry);
        row += 1;
      }
    }
    this.rowCount = row;
  }

  #set(
    row: number,
    key: unknown,
    readEntry: ObservedEntry | null,
    dirtyEntry: ObservedEntry | null,
  ): void {
    const entry = readEntry ?? dirtyEntry!;
    this.keys[row] = key;
    this.readEntries[row] = readEntry;
    this.dirtyEntries[row] = dirtyEntry;
    this.kinds[row] = entry.kind;
    this.values[row] = entry.value;
  }
}
