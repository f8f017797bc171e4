/**
 * The classic concurrent map of Go: two maps that share their entries, one of them readable without a lock.
 *
 * Follows `sync/map.go` of Go 1.9 to 1.23, step by step: every atomic access is a call of its own on an `AtomicRef` or
 * on the `Mutex`, in Go's order, so that an explorer may interleave threads at each. What differs between Go versions
 * is data (`profiles.ts`). Go 1.24 replaced this design by a hash trie, which is not modelled here.
 *
 * Structure. `read` holds an immutable snapshot, a map from keys to entries with the flag `amended`. `dirty`, guarded by
 * `mutex`, holds every live entry of read and the keys that came since; it is null while there are none. An operation
 * that finds its key in read works on the entry alone. One that does not, while `amended` is set, takes the mutex, looks
 * again, goes on in dirty and counts a miss; when misses reach the size of dirty, dirty becomes read: a promotion.
 *
 * An entry points to a value, to null (deleted) or to EXPUNGED (deleted, and left out when dirty was made). Writing to
 * an expunged entry puts it back into dirty first: without that, the write would be lost at the next promotion.
 *
 * Invariants, true whenever the mutex is free; those marked * at every step.
 *   Y1  amended ⇒ dirty is not null.           Y12 A key in both maps has one entry.
 *   Y2  not amended ⇒ dirty is null, or, after a Clear, dirty and read are both empty.
 *   Y3  dirty is null ⇒ misses = 0.            Y4  misses > 0 ⇒ amended.
 *   Y5  misses = 0 or misses < size of dirty (not in profile go1.9, whose Delete shrinks dirty without a miss).
 *   Y6* A snapshot never changes, and its map is never dirty.      Y7* read is written only with the mutex held.
 *   Y8  No entry in dirty is expunged.         Y16 The live entries of both maps are the map that callers see.
 *   Y9  dirty not null ⇒ each entry of read that is not expunged is in dirty, deleted ones too (Y19).
 *   Y10 An expunged entry of read ⇒ dirty is not null and lacks the key.    Y11 dirty null ⇒ read has no expunged entry.
 *   Y13* null becomes EXPUNGED only while dirty is made, EXPUNGED becomes null only by a write that holds the mutex.
 *   Y14* A dropped expunged entry stays so.    Y15 An entry that LoadAndDelete takes out of dirty is not in read.
 *   Y17 Right after a promotion: dirty null, misses 0, not amended, read is the former dirty.
 *   Y18 Right after the first new key: amended, dirty has all live entries of read and the new key, which read lacks.
 *   Y20 Dirty is made at most once more often than there were promotions and clears.
 *   Y21 Right after a Clear: read empty, not amended, misses 0, dirty null or empty.
 *   Y22 Every deleted entry of dirty is in read too (profiles go1.15.0 and go1.20 to go1.23 break this: their leaks;
 *       `profiles.ts` says how `corrected` keeps it).
 *
 * Differences from Go on purpose: results come as objects; keys are those of a native `Map`, which turns -0 into 0; the
 * visiting order of maps is insertion order unless `order` says otherwise; up to Go 1.19 Store writes under the mutex
 * blindly where this swaps, which no caller can tell apart.
 */
import { AtomicRef, Mutex } from '../../atomics/index.ts';
import { Entry, EXPUNGED } from './entry.ts';
import type { Box } from './entry.ts';
import type { SyncMapObserver, SyncMapView } from './inspection.ts';
import { callerKey, float64Key } from './keys.ts';
import { strictEqual } from './options.ts';
import type { SyncMapOptions } from './options.ts';
import { orderedKeys } from './order.ts';
import type { VisitOrder } from './order.ts';
import { missingOperationMessage, SYNC_MAP_PROFILES } from './profiles.ts';
import type { SyncMapProfile, VersionedOperation } from './profiles.ts';
import type { LoadAndDeleteResult, LoadOrStoreResult, LoadResult, SwapResult } from './results.ts';
import { emptySnapshot, type Snapshot } from './snapshot.ts';

/** A map for many readers, after Go's `sync.Map`: reads of settled keys take no lock. */
export class SyncMap<K, V> {
  /** Read by everyone at any time, written only with the mutex held (Y7). */
  readonly #read: AtomicRef<Snapshot<K, V>>;
  /** Guards `#dirty`, `#misses` and the writing of `#read`. */
  readonly #mutex = new Mutex();
  /** Read and written only with the mutex held. */
  #dirty: Map<K, Entry<V>> | null = null;
  /** Lookups that needed the mutex since the last promotion. Read and written only with the mutex held. */
  #misses = 0;

  readonly #profile: SyncMapProfile;
  readonly #equal: (current: V, old: V) => boolean;
  readonly #hasFloatKeys: boolean;
  readonly #order: VisitOrder<K> | undefined;
  readonly #observer: SyncMapObserver | undefined;

  /** @throws TypeError if the profile has no such name. */
  constructor(options: SyncMapOptions<K, V> = {}) {
    const name = options.profile ?? 'corrected';
    if (!Object.hasOwn(SYNC_MAP_PROFILES, name)) {
      const known = Object.keys(SYNC_MAP_PROFILES).join(', ');
      throw new TypeError(`SyncMap: no profile ${name}; there are ${known}`);
    }
    this.#profile = SYNC_MAP_PROFILES[name];
    this.#equal = options.equal ?? strictEqual;
    this.#hasFloatKeys = options.keys === 'float64';
    this.#order = options.order;
    this.#observer = options.observer;
    this.#read = new AtomicRef(emptySnapshot<K, V>());
  }

  /** Returns the value of a key. */
  load(key: K): LoadResult<V> {
    const sought = this.#hasFloatKeys ? float64Key(key) : key;
    let snapshot = this.#read.load();
    let entry = snapshot.entries.get(sought);
    if (entry === undefined && snapshot.amended) {
      this.#lock();
      this.#observer?.slowPathLoad?.();
      // A promotion while this thread waited may have brought the key into read.
      snapshot = this.#read.load();
      entry = snapshot.entries.get(sought);
      if (entry === undefined && snapshot.amended) {
        entry = this.#dirty?.get(sought);
        this.#missLocked();
      }
      this.#mutex.unlock();
    }
    const box = entry === undefined ? null : entry.current();
    return box === null ? { value: undefined, ok: false } : { value: box.value, ok: true };
  }

  /** Sets the value of a key. */
  store(key: K, value: V): void {
    this.#exchange(key, { value });
  }

  /** Sets the value of a key and returns the one before. */
  swap(key: K, value: V): SwapResult<V> {
    this.#require('swap');
    const previous = this.#exchange(key, { value });
    return previous === null
      ? { previous: undefined, loaded: false }
      : { previous: previous.value, loaded: true };
  }

  /** Returns the value of a key if it has one, else sets it. */
  loadOrStore(key: K, value: V): LoadOrStoreResult<V> {
    const sought = this.#hasFloatKeys ? float64Key(key) : key;
    const box = { value };
    const entry = this.#read.load().entries.get(sought);
    if (entry !== undefined) {
      const actual = entry.tryLoadOrStore(box);
      if (actual !== EXPUNGED) return { actual: actual.value, loaded: actual !== box };
    }
    this.#lock();
    try {
      const actual = this.#loadOrStoreLocked(sought, box);
      return { actual: actual.value, loaded: actual !== box };
    } finally {
      this.#mutex.unlock();
    }
  }

  /** Removes a key and returns the value it had. */
  loadAndDelete(key: K): LoadAndDeleteResult<V> {
    this.#require('loadAndDelete');
    const box = this.#remove(key);
    return box === null ? { value: undefined, loaded: false } : { value: box.value, loaded: true };
  }

  /** Removes a key. */
  delete(key: K): void {
    this.#remove(key);
  }

  /**
   * Sets the value of a key if it is `old`, and returns whether it did.
   *
   * An absent key is no match, whatever `old` is.
   */
  compareAndSwap(key: K, old: V, value: V): boolean {
    this.#require('compareAndSwap');
    const sought = this.#hasFloatKeys ? float64Key(key) : key;
    const box = { value };
    const snapshot = this.#read.load();
    const entry = snapshot.entries.get(sought);
    if (entry !== undefined) return entry.compareAndReplace(old, box, this.#equal);
    if (!snapshot.amended) return false;
    this.#lock();
    try {
      return this.#compareAndSwapLocked(sought, old, box);
    } finally {
      this.#mutex.unlock();
    }
  }

  /** Removes a key if its value is `old`, and returns whether it did. An absent key is no match. */
  compareAndDelete(key: K, old: V): boolean {
    this.#require('compareAndDelete');
    const sought = this.#hasFloatKeys ? float64Key(key) : key;
    let snapshot = this.#read.load();
    let entry = snapshot.entries.get(sought);
    if (entry === undefined && snapshot.amended) {
      this.#lock();
      try {
        snapshot = this.#read.load();
        entry = snapshot.entries.get(sought);
        if (entry === undefined && snapshot.amended) {
          entry = this.#dirty?.get(sought);
          if (this.#profile.slowCompareAndDelete === 'remove') {
            return this.#compareAndRemoveLocked(sought, entry, old);
          }
          this.#missLocked();
        }
      } finally {
        this.#mutex.unlock();
      }
    }
    return entry !== undefined && entry.compareAndReplace(old, null, this.#equal);
  }

  /**
   * Calls `visit` for each key with its value and stops when it returns `false`.
   *
   * No lock is held meanwhile: `visit` may call anything, `range` included, and may throw. Each key is visited at most
   * once; one that is present from before the call to its end, exactly once; keys that are new since the call, never.
   *
   * **Cost** O(size) even if `visit` stops at once, when the map is amended: dirty becomes read first.
   */
  range(visit: (key: K, value: V) => unknown): void {
    let snapshot = this.#read.load();
    if (snapshot.amended) {
      this.#lock();
      snapshot = this.#read.load();
      if (snapshot.amended) {
        snapshot = this.#promoteLocked();
        this.#observer?.rangePromotion?.(snapshot.entries.size);
      }
      this.#mutex.unlock();
    }
    for (const key of this.#visit(snapshot.entries, 'range')) {
      const box = snapshot.entries.get(key)!.current();
      if (box === null) continue;
      if (visit(this.#hasFloatKeys ? callerKey(key) : key, box.value) === false) break;
    }
  }

  /** Removes all keys. */
  clear(): void {
    this.#require('clear');
    let snapshot = this.#read.load();
    if (snapshot.entries.size === 0 && !snapshot.amended) return;
    this.#lock();
    snapshot = this.#read.load();
    if (snapshot.entries.size > 0 || snapshot.amended) this.#read.store(emptySnapshot());
    this.#dirty?.clear();
    this.#misses = 0;
    this.#observer?.clear?.();
    this.#mutex.unlock();
  }

  /** The state of the map, for the checker. O(1). */
  inspect(): SyncMapView<K, V> {
    const snapshot = this.#read.load();
    return {
      read: snapshot.entries,
      amended: snapshot.amended,
      dirty: this.#dirty,
      misses: this.#misses,
      isLocked: this.#mutex.isLocked,
    };
  }

  #require(operation: VersionedOperation): void {
    if (!this.#profile.operations.includes(operation)) {
      throw new TypeError(`SyncMap: ${missingOperationMessage(this.#profile, operation)}`);
    }
  }

  #lock(): void {
    this.#mutex.lock();
    this.#observer?.lockAcquired?.();
  }

  /** Store and Swap. Returns the box before, `null` if there was no value. */
  #exchange(key: K, box: Box<V>): Box<V> | null {
    const sought = this.#hasFloatKeys ? float64Key(key) : key;
    const entry = this.#read.load().entries.get(sought);
    if (entry !== undefined) {
      const previous = entry.trySwap(box);
      if (previous !== EXPUNGED) return previous;
    }
    this.#lock();
    try {
      return this.#exchangeLocked(sought, box);
    } finally {
      this.#mutex.unlock();
    }
  }

  #exchangeLocked(key: K, box: Box<V>): Box<V> | null {
    const snapshot = this.#read.load();
    const settled = snapshot.entries.get(key);
    if (settled !== undefined) {
      if (settled.unexpungeLocked()) this.#readmitLocked(key, settled);
      return settled.swapLocked(box);
    }
    const fresh = this.#dirty?.get(key);
    if (fresh !== undefined) return fresh.swapLocked(box);
    this.#insertLocked(snapshot, key, box);
    return null;
  }

  /** Returns the box of the key afterwards: `box` itself exactly when it was stored. */
  #loadOrStoreLocked(key: K, box: Box<V>): Box<V> {
    const snapshot = this.#read.load();
    const settled = snapshot.entries.get(key);
    if (settled !== undefined) {
      if (settled.unexpungeLocked()) this.#readmitLocked(key, settled);
      return settled.tryLoadOrStore(box);
    }
    const fresh = this.#dirty?.get(key);
    if (fresh !== undefined) {
      const actual = fresh.tryLoadOrStore(box);
      this.#missLocked();
      return actual;
    }
    this.#insertLocked(snapshot, key, box);
    return box;
  }

  #compareAndSwapLocked(key: K, old: V, box: Box<V>): boolean {
    const settled = this.#read.load().entries.get(key);
    if (settled !== undefined) return settled.compareAndReplace(old, box, this.#equal);
    const fresh = this.#dirty?.get(key);
    // A key that is nowhere counts no miss here, unlike in the other operations.
    if (fresh === undefined) return false;
    const isSwapped = fresh.compareAndReplace(old, box, this.#equal);
    this.#missLocked();
    return isSwapped;
  }

  /** Delete and LoadAndDelete. Returns the box that was removed, or `null`. */
  #remove(key: K): Box<V> | null {
    const sought = this.#hasFloatKeys ? float64Key(key) : key;
    let snapshot = this.#read.load();
    let entry = snapshot.entries.get(sought);
    if (entry === undefined && snapshot.amended) {
      this.#lock();
      snapshot = this.#read.load();
      entry = snapshot.entries.get(sought);
      if (entry === undefined && snapshot.amended) entry = this.#removeFromDirtyLocked(sought);
      this.#mutex.unlock();
    }
    // From here on without the mutex, also for an entry that was in dirty.
    return entry === undefined ? null : entry.remove();
  }

  /** Returns the entry whose value the caller must still delete, `undefined` if there is none. */
  #removeFromDirtyLocked(key: K): Entry<V> | undefined {
    const entry = this.#dirty?.get(key);
    if (this.#profile.slowDelete !== 'leak') this.#dirty?.delete(key);
    // Up to Go 1.14 the entry itself is left as it is: nobody can reach it any more.
    if (this.#profile.slowDelete === 'remove') return undefined;
    this.#missLocked();
    return entry;
  }

  /** The whole of a CompareAndDelete on a key that read lacks; `profiles.ts` says why this is linearizable. */
  #compareAndRemoveLocked(key: K, entry: Entry<V> | undefined, old: V): boolean {
    const isDeleted = entry !== undefined && entry.compareAndReplace(old, null, this.#equal);
    if (isDeleted) this.#dirty!.delete(key);
    this.#missLocked();
    return isDeleted;
  }

  /** Adds a key that neither map has. */
  #insertLocked(snapshot: Snapshot<K, V>, key: K, box: Box<V>): void {
    if (!snapshot.amended) {
      this.#dirtyLocked();
      this.#read.store({ entries: snapshot.entries, amended: true });
    }
    this.#dirty!.set(key, new Entry(box));
  }

  /** Puts an entry that was expunged until now back into dirty. */
  #readmitLocked(key: K, entry: Entry<V>): void {
    this.#dirty!.set(key, entry);
    this.#observer?.unexpunge?.();
  }

  /** Counts a miss, and promotes dirty when the misses have paid for copying it. */
  #missLocked(): void {
    this.#misses += 1;
    if (this.#misses < (this.#dirty?.size ?? 0)) return;
    const promoted = this.#promoteLocked();
    this.#observer?.promotion?.(promoted.entries.size);
  }

  /** Makes dirty the new read. */
  #promoteLocked(): Snapshot<K, V> {
    const snapshot: Snapshot<K, V> = { entries: this.#dirty ?? new Map(), amended: false };
    this.#read.store(snapshot);
    this.#dirty = null;
    this.#misses = 0;
    return snapshot;
  }

  /** Makes dirty, if there is none, from the live entries of read; expunges the others. */
  #dirtyLocked(): void {
    if (this.#dirty !== null) return;
    const entries = this.#read.load().entries;
    const dirty = new Map<K, Entry<V>>();
    for (const key of this.#visit(entries, 'dirtyCopy')) {
      const entry = entries.get(key)!;
      if (entry.tryExpungeLocked()) this.#observer?.expunge?.();
      else dirty.set(key, entry);
    }
    this.#dirty = dirty;
    this.#observer?.dirtyCopy?.(dirty.size);
  }

  #visit(entries: ReadonlyMap<K, Entry<V>>, use: 'range' | 'dirtyCopy'): Iterable<K> {
    if (this.#order === undefined) return entries.keys();
    return orderedKeys([...entries.keys()], this.#hasFloatKeys, use, this.#order);
  }
}
