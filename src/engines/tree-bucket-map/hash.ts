import type { KeyOrder } from './key-order.ts';
import { hasIdentityOnly } from './key-order.ts';

/** Computes a hash from a key and the map's seed: an integer of which the low 32 bits count. */
export type KeyHash<K> = (key: K, seed: number) => number;

const floatBits = new Float64Array(1);
const floatWords = new Int32Array(floatBits.buffer);

/** Marks the type in the hash, so that `1n`, `'1'` and `1` differ. Arbitrary odd numbers. */
const BIGINT_SALT = 0x2c1b3c6d;
const IDENTITY_SALT = 0x297a2d39;
const OTHER_SALT = 0x1b56c4e9;

/** Golden ratio in 32 bits, odd: spreads consecutive strings' lengths. */
const STRING_SALT = 0x9e3779b9 | 0;

/**
 * The hash of a key under the map's own function, as a signed 32-bit integer.
 *
 * Keys that are equal hash equally; `-0` must have been made `0` by the caller. Keys with identity hash by their
 * number in `order`. Writers pass `isAdmitting`, so that a new key gets one; for readers a key without one hashes as
 * number 0, which is harmless because it is in no map.
 *
 * Cost: O(1); strings O(length); bigints O(digits) and one string. Determinism: key, seed and order of admission
 * only.
 */
export function defaultHash(
  key: unknown,
  seed: number,
  order: KeyOrder,
  isAdmitting: boolean,
): number {
  if (typeof key === 'number') return hashNumber(key, seed);
  if (typeof key === 'string') return hashString(key, seed);
  if (typeof key === 'bigint') return hashString(key.toString(16), seed ^ BIGINT_SALT);
  if (hasIdentityOnly(key)) {
    const number = isAdmitting ? order.admitIdentity(key) : order.identity(key);
    return mix(number ^ seed ^ IDENTITY_SALT);
  }
  // What is left has a text of its own: undefined, null, booleans, and symbols of the registry.
  const text = typeof key === 'symbol' ? Symbol.keyFor(key)! : String(key);
  return hashString(text, seed ^ OTHER_SALT);
}

function hashNumber(key: number, seed: number): number {
  const integer = key | 0;
  if (integer === key) return mix(integer ^ seed);
  if (key !== key) return mix(seed ^ OTHER_SALT); // one hash for every NaN, whatever its bits
  floatBits[0] = key;
  return mix(floatWords[0]! ^ mix(floatWords[1]! ^ seed));
}

function hashString(key: string, seed: number): number {
  let hash = seed ^ STRING_SALT;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return mix(hash ^ key.length);
}

/** Lets every input bit reach every output bit. Source: the finaliser of MurmurHash3, 32 bits. */
function mix(word: number): number {
  let hash = word;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
