/** What `load` found. */
export interface LoadResult<V> {
  /** `undefined` if there was no value; a stored value may be `undefined` too, so ask `ok`. */
  readonly value: V | undefined;
  readonly ok: boolean;
}

/** What `loadOrStore` came to. */
export interface LoadOrStoreResult<V> {
  /** The value the key has now. */
  readonly actual: V;
  /** True if that value was there before, false if it was stored by this call. */
  readonly loaded: boolean;
}

/** What `loadAndDelete` removed. */
export interface LoadAndDeleteResult<V> {
  /** `undefined` if there was no value. */
  readonly value: V | undefined;
  readonly loaded: boolean;
}

/** What `swap` replaced. */
export interface SwapResult<V> {
  /** `undefined` if there was no value. */
  readonly previous: V | undefined;
  readonly loaded: boolean;
}
