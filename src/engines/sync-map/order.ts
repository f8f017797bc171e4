import { callerKey } from './keys.ts';

/**
 * Chooses the order in which a native map of Go is visited, which Go draws at random.
 *
 * Receives the keys in insertion order and what the visit is for; returns their indices in the order to visit. Called
 * with the mutex held when `use` is `dirtyCopy`, so it must not operate on the map.
 */
export type VisitOrder<K> = (keys: readonly K[], use: 'range' | 'dirtyCopy') => readonly number[];

/**
 * The keys in the order a hook chose.
 *
 * @throws TypeError if the hook's answer is not a permutation of the indices.
 */
export function orderedKeys<K>(
  keys: readonly K[],
  hasFloatKeys: boolean,
  use: 'range' | 'dirtyCopy',
  order: VisitOrder<K>,
): K[] {
  const indices = order(hasFloatKeys ? keys.map(callerKey) : keys, use);
  const seen = new Uint8Array(keys.length);
  const ordered: K[] = [];
  for (const index of indices) {
    if (!(index >= 0 && index < keys.length) || !Number.isInteger(index) || seen[index] === 1) {
      throw new TypeError(
        `order must return each index from 0 to ${keys.length - 1} once; it returned ${index} out of place`,
      );
    }
    seen[index] = 1;
    ordered.push(keys[index]!);
  }
  if (ordered.length !== keys.length) {
    throw new TypeError(`order returned ${ordered.length} of ${keys.length} indices`);
  }
  return ordered;
}
