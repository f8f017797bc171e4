/**
 * The contract of one call of Range, clause by clause. Range is not linearizable: no single instant need match what it
 * reports, so this is what there is to hold it to.
 *
 *   (a) once      No key is reported twice.
 *   (b) complete  A key that is present from before the call to its end is reported, unless the caller stopped early.
 *   (c) held      A reported value was the key's value at some instant of the call.
 *   (d) absent    A key that was absent throughout the call is not reported.
 *   (e)           Different keys may be reported as of different instants. A permission: nothing to check.
 *   (f) snapshot  A key that is stored for the first time ever during the call is not reported. True of the classic
 *                 design alone, which reports the entries of one snapshot.
 *   (g)           A key that is deleted and stored again meanwhile may be reported or not. A permission: (b) leaves such keys out.
 */

import { Unfindable } from './unfindable.ts';

/** The clauses that can be broken. */
export type RangeClause = 'once' | 'complete' | 'held' | 'absent' | 'snapshot';

/** Everything the clauses need to know about one call of Range. */
export class RangeSession<V> {
  /** Keys present since before the call. */
  readonly #steady: Set<unknown>;
  /** Every value a key had during the call. */
  readonly #values = new Map<unknown, V[]>();
  readonly #firstStoredMeanwhile = new Set<unknown>();
  readonly #reported = new Set<unknown>();

  constructor(contents: ReadonlyMap<unknown, V>) {
    this.#steady = new Set(contents.keys());
    for (const [key, value] of contents) this.#values.set(key, [value]);
  }

  /** The map changed during the call: a key got a value. */
  noteStored(key: unknown, value: V, isFirst: boolean): void {
    if (isFirst) this.#firstStoredMeanwhile.add(key);
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, [value]);
    else values.push(value);
  }

  /** The map changed during the call: a key is gone. */
  noteRemoved(key: unknown): void {
    this.#steady.delete(key);
  }

  /** Range reported a pair. Returns the clause that this breaks, or `null`. */
  report(key: unknown, value: V): RangeClause | null {
    const name = this.#name(key, value);
    if (this.#reported.has(name)) return 'once';
    this.#reported.add(name);
    const values = this.#values.get(name);
    if (values === undefined) return 'absent';
    if (this.#firstStoredMeanwhile.has(name)) return 'snapshot';
    return values.some((held) => Object.is(held, value)) ? null : 'held';
  }

  /** Range returned without having been stopped. Returns the keys that clause (b) misses. */
  missing(): unknown[] {
    return [...this.#steady].filter((key) => !this.#reported.has(key));
  }

  /** The values a key had during the call, oldest first. */
  valuesOf(key: unknown): readonly V[] {
    return this.#values.get(key) ?? [];
  }

  /** A reported NaN may be any of the stored ones with that value; it is taken to be one that was not reported yet. */
  #name(key: unknown, value: V): unknown {
    if (key === key || this.#values.has(key)) return key;
    let name = key;
    for (const [candidate, values] of this.#values) {
      if (!(candidate instanceof Unfindable) || !Object.is(values[0], value)) continue;
      name = candidate;
      if (!this.#reported.has(candidate)) break;
    }
    return name;
  }
}
