/**
 * What `sync.Map` promises to a single caller: a partial map with nine operations, and the contract of Range.
 *
 * Each operation is its doc comment in Go's `sync/map.go` (1.23), in one line or three. Values are compared with `===`,
 * which agrees with Go's comparison of interface values for everything a program holds.
 */
import { RangeSession } from './range-contract.ts';
import { nameOf } from './unfindable.ts';

/** The operations that engine and spec have in common, results included. */
export interface SyncMapOperations<K, V> {
  load(key: K): { readonly value: V | undefined; readonly ok: boolean };
  store(key: K, value: V): void;
  loadOrStore(key: K, value: V): { readonly actual: V; readonly loaded: boolean };
  loadAndDelete(key: K): { readonly value: V | undefined; readonly loaded: boolean };
  delete(key: K): void;
  swap(key: K, value: V): { readonly previous: V | undefined; readonly loaded: boolean };
  compareAndSwap(key: K, old: V, value: V): boolean;
  compareAndDelete(key: K, old: V): boolean;
  clear(): void;
}

/** The sequential specification. */
export class SyncMapSpec<V> implements SyncMapOperations<unknown, V> {
  /** All keys with their values. */
  readonly contents: Map<unknown, V> = new Map<unknown, V>();
  /** All keys that were ever stored. */
  readonly #everStored = new Set<unknown>();
  readonly #openRanges: RangeSession<V>[] = [];
  readonly #hasFloatKeys: boolean;

  /** `hasFloatKeys`: NaN does not equal itself, as in Go; otherwise keys are told apart as in a native `Map`. */
  constructor(hasFloatKeys: boolean) {
    this.#hasFloatKeys = hasFloatKeys;
  }

  load(key: unknown): { value: V | undefined; ok: boolean } {
    const name = nameOf(key, this.#hasFloatKeys);
    return { value: this.contents.get(name), ok: this.contents.has(name) };
  }

  store(key: unknown, value: V): void {
    this.#set(nameOf(key, this.#hasFloatKeys), value);
  }

  loadOrStore(key: unknown, value: V): { actual: V; loaded: boolean } {
    const found = this.load(key);
    if (found.ok) return { actual: found.value as V, loaded: true };
    this.store(key, value);
    return { actual: value, loaded: false };
  }

  loadAndDelete(key: unknown): { value: V | undefined; loaded: boolean } {
    const found = this.load(key);
    this.delete(key);
    return { value: found.value, loaded: found.ok };
  }

  delete(key: unknown): void {
    this.#remove(nameOf(key, this.#hasFloatKeys));
  }

  swap(key: unknown, value: V): { previous: V | undefined; loaded: boolean } {
    const found = this.load(key);
    this.store(key, value);
    return { previous: found.value, loaded: found.ok };
  }

  compareAndSwap(key: unknown, old: V, value: V): boolean {
    const found = this.load(key);
    if (!found.ok || found.value !== old) return false;
    this.store(key, value);
    return true;
  }

  compareAndDelete(key: unknown, old: V): boolean {
    const found = this.load(key);
    if (!found.ok || found.value !== old) return false;
    this.delete(key);
    return true;
  }

  clear(): void {
    for (const key of this.contents.keys()) this.#remove(key);
  }

  /** Begins to watch over one call of Range. Whoever opens it closes it. */
  openRange(): RangeSession<V> {
    const session = new RangeSession(this.contents);
    this.#openRanges.push(session);
    return session;
  }

  closeRange(session: RangeSession<V>): void {
    this.#openRanges.splice(this.#openRanges.indexOf(session), 1);
  }

  #set(key: unknown, value: V): void {
    const isFirst = !this.#everStored.has(key);
    if (isFirst) this.#everStored.add(key);
    this.contents.set(key, value);
    for (const session of this.#openRanges) session.noteStored(key, value, isFirst);
  }

  #remove(key: unknown): void {
    if (!this.contents.delete(key)) return;
    for (const session of this.#openRanges) session.noteRemoved(key);
  }
}
