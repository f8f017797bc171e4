/**
 * The performance state of `sync.Map` for a single caller: read, dirty, amended, misses and the state of each entry, as
 * they must be after each operation.
 *
 * Written from the rules, not from the steps: an operation first changes the content of one cell, then what dirty holds,
 * then the misses. Locks, atomic accesses and second looks do not exist here. The engine must be in the same state after
 * every operation, entry for entry and in the same order.
 */
import { countsMiss } from './rules.ts';
import type { OperationName, Place, SyncMapRules } from './rules.ts';
import { nameOf } from './unfindable.ts';

/** The entry of one key. Read and dirty share it, and so does every Range under way. */
export interface Cell<V> {
  kind: 'value' | 'nil' | 'expunged';
  /** Meaningful if `kind` is `value`. */
  value: V | undefined;
}

/** Chooses the order in which a native map is visited; returns indices. */
export type ModelOrder = (
  keys: readonly unknown[],
  use: 'range' | 'dirtyCopy',
) => readonly number[];

/** A call of Range: the cells of its snapshot in visiting order. */
export interface RangeModel<V> {
  /** The next pair that must be reported, `null` at the end. */
  next(): readonly [unknown, V] | null;
}

/** What an operation was given. */
export interface ModelArguments<V> {
  readonly value?: V;
  readonly old?: V;
}

/** The mid-level model. */
export class PerformanceModel<V> {
  read: Map<unknown, Cell<V>> = new Map<unknown, Cell<V>>();
  amended = false;
  dirty: Map<unknown, Cell<V>> | null = null;
  misses = 0;

  readonly #rules: SyncMapRules;
  readonly #hasFloatKeys: boolean;
  readonly #order: ModelOrder | undefined;

  constructor(rules: SyncMapRules, hasFloatKeys: boolean, order?: ModelOrder) {
    this.#rules = rules;
    this.#hasFloatKeys = hasFloatKeys;
    this.#order = order;
  }

  /** Where a key is now. */
  place(key: unknown): Place {
    const settled = this.read.get(key);
    if (settled !== undefined) return settled.kind === 'expunged' ? 'readExpunged' : 'readLive';
    return this.dirty !== null && this.dirty.has(key) ? 'dirtyOnly' : 'absent';
  }

  /** Applies an operation on a key. */
  apply(operation: OperationName, callerKey: unknown, given: ModelArguments<V>): void {
    const key = nameOf(callerKey, this.#hasFloatKeys);
    const place = this.place(key);
    const isMiss = countsMiss(this.#rules, operation, place, this.amended);
    const cell = this.read.get(key) ?? this.dirty?.get(key);
    const isLive = cell?.kind === 'value';
    const isMatch = isLive && cell.value === given.old;
    const rules = this.#rules;
    switch (operation) {
      case 'store':
      case 'swap':
        this.#write(key, place, cell, given.value as V);
        break;
      case 'loadOrStore':
        if (!isLive) this.#write(key, place, cell, given.value as V);
        break;
      case 'compareAndSwap':
        if (isMatch) this.#write(key, place, cell, given.value as V);
        break;
      case 'delete':
      case 'loadAndDelete':
        this.#erase(key, place, cell, rules.onDelete === 'dropped');
        break;
      case 'compareAndDelete':
        if (isMatch) this.#erase(key, place, cell, rules.onCompareAndDelete === 'dropped');
        break;
      default:
    }
    if (isMiss) this.#miss();
  }

  /** Clear: dirty stays, without its keys. Nothing happens to a map without keys. */
  clear(): void {
    if (this.read.size === 0 && !this.amended) return;
    this.read = new Map();
    this.amended = false;
    this.dirty = this.dirty === null ? null : new Map();
    this.misses = 0;
  }

  /** Begins a Range: an amended map is promoted first. */
  openRange(): RangeModel<V> {
    if (this.amended) this.#promote();
    const cells = this.read;
    const keys = this.#visit(cells, 'range');
    let position = 0;
    return {
      next: () => {
        while (position < keys.length) {
          const key = keys[position]!;
          position += 1;
          const cell = cells.get(key)!;
          if (cell.kind === 'value') return [key, cell.value as V];
        }
        return null;
      },
    };
  }

  #write(key: unknown, place: Place, cell: Cell<V> | undefined, value: V): void {
    if (place === 'readExpunged') this.dirty!.set(key, cell!);
    if (cell !== undefined) {
      cell.kind = 'value';
      cell.value = value;
      return;
    }
    if (!this.amended) {
      this.dirty ??= this.#copyOfRead();
      this.amended = true;
    }
    this.dirty!.set(key, { kind: 'value', value });
  }

  #erase(key: unknown, place: Place, cell: Cell<V> | undefined, isDropped: boolean): void {
    if (cell?.kind === 'value') {
      cell.kind = 'nil';
      cell.value = undefined;
    }
    if (place === 'dirtyOnly' && isDropped) this.dirty!.delete(key);
  }

  /** The cells with a value; the other ones are expunged. */
  #copyOfRead(): Map<unknown, Cell<V>> {
    const copy = new Map<unknown, Cell<V>>();
    for (const key of this.#visit(this.read, 'dirtyCopy')) {
      const cell = this.read.get(key)!;
      if (cell.kind === 'value') copy.set(key, cell);
      else cell.kind = 'expunged';
    }
    return copy;
  }

  #miss(): void {
    this.misses += 1;
    if (this.misses >= this.dirty!.size) this.#promote();
  }

  #promote(): void {
    this.read = this.dirty!;
    this.dirty = null;
    this.amended = false;
    this.misses = 0;
  }

  #visit(cells: ReadonlyMap<unknown, Cell<V>>, use: 'range' | 'dirtyCopy'): unknown[] {
    const keys = [...cells.keys()];
    return this.#order === undefined ? keys : this.#order(keys, use).map((index) => keys[index]);
  }
}
