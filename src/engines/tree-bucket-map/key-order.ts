/**
 * A total order over all JavaScript values that agrees with key equality: two keys compare 0 exactly if they are one
 * key.
 *
 * By type first, in the order of the constants below, then by value: numbers ascending with `NaN` last, strings by
 * code units, `false` before `true`, symbols of the registry by their name, and everything that has an identity only
 * (objects, functions, other symbols) by a number given out when it is admitted. Numbers are given in the order of
 * admission and belong to a map and its clones, so the order depends on the program alone and not on what else the
 * process did.
 */
export class KeyOrder {
  /** Weak, so that a map does not keep removed keys alive. Made at the first use; most maps never need it. */
  #numbers: WeakMap<object, number> | null = null;
  #admittedCount = 0;

  /** Gives `key` its number if it needs one and has none. Must have been called for every key that stands in a tree. */
  admit(key: unknown): void {
    if (hasIdentityOnly(key)) this.admitIdentity(key);
  }

  /** Like `admit`, for a key known to have an identity only; returns the number, 1 and up. */
  admitIdentity(key: object): number {
    this.#numbers ??= new WeakMap();
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = ++this.#admittedCount;
      this.#numbers.set(key, number);
    }
    return number;
  }

  /** The number of a key with identity; 0, which is less than all, if it was never admitted. */
  identity(key: object): number {
    return this.#numbers?.get(key) ?? 0;
  }

  /** Negative, 0 or positive, as `a` comes before `b`, is the same key, or comes after it. */
  compare(a: unknown, b: unknown): number {
    if (a === b) return 0;
    const rank = rankOf(a);
    const byType = rank - rankOf(b);
    if (byType !== 0) return byType;
    if (rank === RANK_NUMBER) return compareNumbers(a as number, b as number);
    if (rank < RANK_IDENTITY) return (a as string) < (b as string) ? -1 : 1;
    if (rank === RANK_REGISTERED_SYMBOL) {
      return Symbol.keyFor(a as symbol)! < Symbol.keyFor(b as symbol)! ? -1 : 1;
    }
    return this.identity(a as object) - this.identity(b as object);
  }
}

const RANK_UNDEFINED = 0;
const RANK_NULL = 1;
const RANK_BOOLEAN = 2;
const RANK_NUMBER = 3;
const RANK_STRING = 4;
const RANK_BIGINT = 5;
const RANK_IDENTITY = 6;
const RANK_REGISTERED_SYMBOL = 7;

function rankOf(key: unknown): number {
  switch (typeof key) {
    case 'number':
      return RANK_NUMBER;
    case 'string':
      return RANK_STRING;
    case 'bigint':
      return RANK_BIGINT;
    case 'boolean':
      return RANK_BOOLEAN;
    case 'undefined':
      return RANK_UNDEFINED;
    case 'symbol':
      return Symbol.keyFor(key) === undefined ? RANK_IDENTITY : RANK_REGISTERED_SYMBOL;
    default:
      return key === null ? RANK_NULL : RANK_IDENTITY;
  }
}

function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // Neither less nor greater and not identical: at least one is NaN, and all NaN are one key.
  const isNaNFirst = a !== a;
  return isNaNFirst === (b !== b) ? 0 : isNaNFirst ? 1 : -1;
}

/**
 * True for objects, functions and symbols outside the registry: what only identity tells apart. Such symbols are
 * accepted by `WeakMap` since ES2023, which the type cast says and the compiler's library does not yet.
 */
export function hasIdentityOnly(key: unknown): key is object {
  return rankOf(key) === RANK_IDENTITY;
}

/** Key equality, that of `Map`: identical, or both `NaN`. `-0` never gets here; it is stored as `0`. */
export function isSameKey(a: unknown, b: unknown): boolean {
  return a === b || (a !== a && b !== b);
}
