/** Keys for the benchmarks: random in looks, the same in every run, distinct by construction. */

/** What the keys of a map are. */
export type KeyKind = 'int' | 'string';

/** The kinds there are. */
export const KEY_KINDS: readonly KeyKind[] = ['int', 'string'];

/** Keys in a fixed order: an `Int32Array` or an array of strings, so that loops see one kind of array. */
export type Keys = Int32Array | readonly string[];

/**
 * A bijection of the 32-bit integers that scatters neighbours.
 *
 * Signed. Every step can be undone (xor with a shift of itself, product with an odd number), so no two indices get the
 * same key. The constants are arbitrary odd numbers; the engines' hashes use others.
 */
export function scatter(index: number): number {
  let mixed = index | 0;
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x2c1b3c6d);
  mixed ^= mixed >>> 12;
  mixed = Math.imul(mixed, 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}

/** The string key of an index: 2 to 8 characters, flat in memory. */
export function stringKey(index: number): string {
  return `k${(scatter(index) >>> 0).toString(36)}`;
}

/** The keys of the indices from `first` on. Two ranges that do not overlap share no key. */
export function makeKeys(kind: KeyKind, first: number, count: number): Keys {
  if (kind === 'int') {
    const keys = new Int32Array(count);
    for (let index = 0; index < count; index++) keys[index] = scatter(first + index);
    return keys;
  }
  return Array.from({ length: count }, (_, index) => stringKey(first + index));
}

/**
 * `count` of the keys, in an order that has nothing to do with theirs.
 *
 * Lookups in the order of insertion would walk the entries of a native map from first to last, which no program does.
 */
export function shuffledSample(keys: Keys, count: number): Keys {
  const indices = new Int32Array(keys.length);
  for (let index = 0; index < indices.length; index++) indices[index] = index;
  let state = 0x9e3779b9 | 0;
  for (let index = 0; index < count; index++) {
    // xorshift32: enough for an order, and quick.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = index + ((state >>> 0) % (indices.length - index));
    const swapped = indices[index]!;
    indices[index] = indices[other]!;
    indices[other] = swapped;
  }
  if (keys instanceof Int32Array)
    return Int32Array.from(indices.subarray(0, count), (at) => keys[at]!);
  return Array.from(indices.subarray(0, count), (at) => keys[at]!);
}
