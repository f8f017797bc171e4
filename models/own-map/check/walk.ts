/** What one iteration may give, item by item. */
import type { ReferenceEntry, ReferenceMap } from '../reference-map.ts';
import type { IterationOrder } from '../definition.ts';

/** What iterators give. */
export type IterationKind = 'keys' | 'values' | 'entries';

/** An item that an iteration gave; the member that its kind lacks counts for nothing. */
export interface Item {
  readonly key?: unknown;
  readonly value?: unknown;
}

/** Follows one iteration. */
export interface Walk {
  /** Takes an item; returns whether it may come now. */
  accept(item: Item): boolean;
  /** The entry that is due, as far as one can say, and `undefined` at the end. Only for messages and for the end. */
  due(): ReferenceEntry | undefined;
}

/**
 * Begins to follow an iteration. In insertion order it lives through changes as the native one does.
 *
 * `isLive` is for iterations in any order during which the map may change.
 */
export function beginWalk(
  reference: ReferenceMap,
  order: IterationOrder,
  kind: IterationKind,
  isLive = false,
): Walk {
  if (order === 'any') {
    return isLive ? new LiveWalk(reference, kind) : new UnorderedWalk(reference, kind);
  }
  const entries = reference.entries.values();
  return new OrderedWalk(
    order === 'insertion' ? entries : [...entries].toReversed().values(),
    reference.identityOf,
    kind,
  );
}

class OrderedWalk implements Walk {
  readonly #entries: Iterator<ReferenceEntry>;
  readonly #identityOf: (key: unknown) => unknown;
  readonly #kind: IterationKind;
  #due: IteratorResult<ReferenceEntry, unknown> | null = null;

  constructor(
    entries: Iterator<ReferenceEntry>,
    identityOf: (key: unknown) => unknown,
    kind: IterationKind,
  ) {
    this.#entries = entries;
    this.#identityOf = identityOf;
    this.#kind = kind;
  }

  accept(item: Item): boolean {
    const due = this.due();
    if (due === undefined) return false;
    const isRight =
      (this.#kind === 'keys' || Object.is(item.value, due.value)) &&
      (this.#kind === 'values' || isSameKey(item.key, due.key, this.#identityOf));
    // The next one is not asked for yet: what changes until then decides what it is.
    if (isRight) this.#due = null;
    return isRight;
  }

  due(): ReferenceEntry | undefined {
    this.#due ??= this.#entries.next();
    return this.#due.done === true ? undefined : this.#due.value;
  }
}

class UnorderedWalk implements Walk {
  readonly #left: Map<unknown, ReferenceEntry>;
  readonly #identityOf: (key: unknown) => unknown;
  readonly #kind: IterationKind;

  constructor(reference: ReferenceMap, kind: IterationKind) {
    this.#left = new Map(reference.entries);
    this.#identityOf = reference.identityOf;
    this.#kind = kind;
  }

  accept(item: Item): boolean {
    const identity = this.#find(item);
    return identity !== undefined && this.#left.delete(identity.is);
  }

  due(): ReferenceEntry | undefined {
    for (const entry of this.#left.values()) return entry;
    return undefined;
  }

  /** The identity under which an entry is left that the item can be. */
  #find(item: Item): { readonly is: unknown } | undefined {
    const hasValue = this.#kind !== 'keys';
    if (this.#kind !== 'values') {
      const is = this.#identityOf(item.key);
      const entry = this.#left.get(is);
      if (entry !== undefined) {
        return !hasValue || Object.is(entry.value, item.value) ? { is } : undefined;
      }
      if (item.key === item.key) return undefined;
    }
    for (const [is, entry] of this.#left) {
      if (this.#kind !== 'values' && entry.key === entry.key) continue;
      if (!hasValue || Object.is(entry.value, item.value)) return { is };
    }
    return undefined;
  }
}

/**
 * In any order, while the map changes: each entry at most once, only entries that are in the map at that moment with the
 * value they have then, and every entry that is there from beginning to end. Of values alone only that they are there.
 */
class LiveWalk implements Walk {
  readonly #reference: ReferenceMap;
  readonly #kind: IterationKind;
  readonly #atBegin: readonly (readonly [unknown, number])[];
  readonly #given = new Set<number>();

  constructor(reference: ReferenceMap, kind: IterationKind) {
    this.#reference = reference;
    this.#kind = kind;
    this.#atBegin = [...reference.entries].map(([is, entry]) => [is, entry.incarnation]);
  }

  accept(item: Item): boolean {
    for (const entry of this.#candidates(item)) {
      const isRight = this.#kind === 'keys' || Object.is(entry.value, item.value);
      if (!isRight || this.#given.has(entry.incarnation)) continue;
      if (this.#kind !== 'values') this.#given.add(entry.incarnation);
      return true;
    }
    return false;
  }

  due(): ReferenceEntry | undefined {
    if (this.#kind === 'values') return undefined;
    for (const [is, incarnation] of this.#atBegin) {
      const entry = this.#reference.entries.get(is);
      if (entry?.incarnation === incarnation && !this.#given.has(incarnation)) return entry;
    }
    return undefined;
  }

  /** The entries that an item can be. */
  #candidates(item: Item): readonly ReferenceEntry[] {
    if (this.#kind === 'values') return [...this.#reference.entries.values()];
    const found = this.#reference.find(item.key);
    if (found !== undefined) return [found];
    if (item.key === item.key) return [];
    return [...this.#reference.entries.values()].filter((entry) => entry.key !== entry.key);
  }
}

function isSameKey(left: unknown, right: unknown, identityOf: (key: unknown) => unknown): boolean {
  if (left === right || Object.is(left, right)) return true;
  const identity = identityOf(left);
  return identity !== left && Object.is(identity, identityOf(right));
}
