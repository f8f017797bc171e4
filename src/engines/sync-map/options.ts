import type { SyncMapObserver } from './inspection.ts';
import type { KeyProfile } from './keys.ts';
import type { VisitOrder } from './order.ts';
import type { SyncMapProfileName } from './profiles.ts';

/** How a `SyncMap` is made. */
export interface SyncMapOptions<K, V> {
  /** Default `corrected`; the others are faithful to Go, known defects included. */
  readonly profile?: SyncMapProfileName;
  /**
   * Equality of values in `compareAndSwap` and `compareAndDelete`. Default `===`, which like Go's says that NaN does not
   * equal itself and that 0 equals -0. May run with the mutex held; what it throws reaches the caller, nothing is left
   * locked or changed.
   */
  readonly equal?: (current: V, old: V) => boolean;
  /**
   * `sameValueZero` (default): as in a native `Map`, a NaN key is found again. `float64`: as in Go, each NaN that is
   * stored is a key of its own, found by nothing but `range` and removed by nothing but `clear`.
   */
  readonly keys?: KeyProfile;
  /** Order in which maps are visited; default insertion order. */
  readonly order?: VisitOrder<K>;
  readonly observer?: SyncMapObserver;
}

/** The default of `equal`. */
export function strictEqual(current: unknown, old: unknown): boolean {
  return current === old;
}
