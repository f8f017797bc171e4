import { AtomicRef } from '../../atomics/index.ts';
import type { EntryKind, EntryView } from './inspection.ts';

/**
 * A stored value in a box of its own.
 *
 * Every write makes a new box, so an entry whose pointer is still the same box has not been written in between: the
 * conditional swaps below have no ABA problem, also where equal values are stored twice.
 */
export interface Box<V> {
  readonly value: V;
}

/**
 * The mark of an expunged entry: deleted, and known to be absent from dirty.
 *
 * It is a box nobody stores. A deleted entry that is not expunged points to `null` (Go: nil).
 */
export const EXPUNGED: Box<never> = Object.freeze({ value: undefined as never });

/** What an entry points to: a value, `null` for deleted, or `EXPUNGED`. */
export type Pointer<V> = Box<V> | null;

/**
 * The slot of one key, shared by read and dirty.
 *
 * `pointer` may be read and written by every thread at any time, with two exceptions: null becomes `EXPUNGED` and
 * `EXPUNGED` becomes null only while the mutex of the map is held (Y13).
 */
export class Entry<V> implements EntryView<V> {
  readonly pointer: AtomicRef<Pointer<V>>;

  constructor(box: Box<V>) {
    this.pointer = new AtomicRef<Pointer<V>>(box);
  }

  /** The box, or `null` for a deleted entry, expunged or not. */
  current(): Box<V> | null {
    const pointer = this.pointer.load();
    return pointer === EXPUNGED ? null : pointer;
  }

  /** Writes a box and returns what was there, or declines with `EXPUNGED` and writes nothing. */
  trySwap(box: Box<V>): Pointer<V> {
    for (;;) {
      const pointer = this.pointer.load();
      if (pointer === EXPUNGED) return EXPUNGED;
      if (this.pointer.compareAndSwap(pointer, box)) return pointer;
    }
  }

  /**
   * Returns the box that is there, or writes `box` into a deleted entry and returns that; declines with `EXPUNGED`.
   * The result is `box` itself exactly when it was written.
   */
  tryLoadOrStore(box: Box<V>): Box<V> {
    for (;;) {
      const pointer = this.pointer.load();
      if (pointer !== null) return pointer;
      if (this.pointer.compareAndSwap(null, box)) return box;
    }
  }

  /** Deletes the value and returns its box, or `null` if there was none. */
  remove(): Box<V> | null {
    for (;;) {
      const pointer = this.pointer.load();
      if (pointer === null || pointer === EXPUNGED) return null;
      if (this.pointer.compareAndSwap(pointer, null)) return pointer;
    }
  }

  /** Replaces a value that equals `old`, `null` as the replacement deletes it; returns whether it did. */
  compareAndReplace(
    old: V,
    replacement: Pointer<V>,
    equal: (current: V, old: V) => boolean,
  ): boolean {
    for (;;) {
      const pointer = this.pointer.load();
      if (pointer === null || pointer === EXPUNGED || !equal(pointer.value, old)) return false;
      if (this.pointer.compareAndSwap(pointer, replacement)) return true;
    }
  }

  /** Turns a deleted entry into an expunged one; returns whether the entry is expunged now. */
  tryExpungeLocked(): boolean {
    let pointer = this.pointer.load();
    while (pointer === null) {
      if (this.pointer.compareAndSwap(null, EXPUNGED)) return true;
      pointer = this.pointer.load();
    }
    return pointer === EXPUNGED;
  }

  /** Takes the expunged mark away; if that returns true, the caller must put the entry into dirty before unlocking. */
  unexpungeLocked(): boolean {
    return this.pointer.compareAndSwap(EXPUNGED, null);
  }

  /** Writes a box into an entry that cannot be expunged, since the mutex is held and the entry is in dirty. */
  swapLocked(box: Box<V>): Box<V> | null {
    return this.pointer.swap(box);
  }

  /** For inspection. */
  get kind(): EntryKind {
    const pointer = this.pointer.load();
    if (pointer === null) return 'nil';
    return pointer === EXPUNGED ? 'expunged' : 'value';
  }

  /** For inspection: the value, `undefined` unless `kind` is `value`. */
  get value(): V | undefined {
    return this.current()?.value;
  }
}
