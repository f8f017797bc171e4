/**
 * Hashes: the built-in ones and the checks around an injected one.
 *
 * Go's 32-bit scheme throughout: the low bits of a hash choose the bucket, its top byte is the
 * tophash. A hash is kept as a signed 32-bit integer. A 64-bit hash is folded so that its low 24
 * bits and its top byte survive; with at most 2^24 buckets the map then does exactly what a 64-bit
 * Go does.
 */
import { HashError, showValue } from './errors.ts';

/**
 * A hasher that people bring themselves.
 *
 * Returns an integer in [-2^31, 2^32), or a `bigint` of 64 bits. It must give equal keys equal
 * hashes for as long as `seed` stays. `draw` is a fresh 32-bit random number for a key that does
 * not equal itself, and 0 for any other.
 */
export type Hasher<K> = (key: K, seed: number, draw: number) => number | bigint;

/** Go's `minTopHash`; the values below mark empty and moved cells (`inspection.ts`). */
const MIN_TOPHASH = 5;

/**
 * The tophash of a hash: its top byte, moved up by 5 where it would collide with the five states of
 * empty cells.
 */
export function tophashOf(hash: number): number {
  const top = hash >>> 24;
  return top + (MIN_TOPHASH & ((top - MIN_TOPHASH) >> 31));
}

/**
 * Two-multiply mix of a 32-bit integer under a seed; each output bit depends on every input bit.
 */
export function hashInteger(key: number, seed: number): number {
  let hash = key ^ seed;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}

/**
 * Hash of a string's char codes, all of them, lone surrogates included. Cost: one multiply a char
 * code.
 */
export function hashString(text: string, seed: number): number {
  let hash = seed ^ text.length;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hashInteger(hash, 0x2545f491);
}

const doubles = new Float64Array(1);
const doubleWords = new Int32Array(doubles.buffer);

/**
 * Hash of a number by its value: integers of 32 bits as such, other numbers by their bits; every
 * NaN alike.
 */
export function hashNumber(value: number, seed: number): number {
  const integer = value | 0;
  if (integer === value) return hashInteger(integer, seed);
  doubles[0] = value === value ? value : Number.NaN;
  return hashInteger(doubleWords[0]! ^ hashInteger(doubleWords[1]!, seed), 0x3c6ef372);
}

function hashBigint(value: bigint, seed: number): number {
  let rest = value < 0n ? ~value : value;
  let hash = value < 0n ? ~seed : seed;
  do {
    hash = hashInteger(Number(BigInt.asIntN(32, rest)), hash ^ 0x5bd1e995);
    rest >>= 32n;
  } while (rest !== 0n);
  return hash;
}

/** Numbers objects, functions and symbols in the order in which a map first meets them. */
export class Identities {
  readonly #numbers: WeakMap<WeakKey, number> = new WeakMap();
  #count: number = 0;

  /**
   * The number of a thing, given out at the first call. Deterministic: depends on the order of
   * first calls only.
   */
  numberOf(thing: WeakKey): number {
    const known = this.#numbers.get(thing);
    if (known !== undefined) return known;
    this.#count++;
    this.#numbers.set(thing, this.#count);
    return this.#count;
  }
}

function hashSymbol(key: symbol, seed: number, identities: Identities): number {
  const registered = Symbol.keyFor(key);
  if (registered !== undefined) return hashString(registered, seed ^ 0x1b873593);
  return hashInteger(identities.numberOf(key), seed ^ 0x27d4eb2f);
}

/** The built-in hash of a key of any kind; objects, functions and symbols by identity. */
export function hashBuiltIn(key: unknown, seed: number, identities: Identities): number {
  switch (typeof key) {
    case 'string':
      return hashString(key, seed);
    case 'number':
      return hashNumber(key, seed);
    case 'bigint':
      return hashBigint(key, seed);
    case 'boolean':
      return hashInteger(key ? 1 : 2, seed ^ 0x6a09e667);
    case 'undefined':
      return hashInteger(3, seed ^ 0x6a09e667);
    case 'symbol':
      return hashSymbol(key, seed, identities);
    default:
      if (key === null) return hashInteger(4, seed ^ 0x6a09e667);
      return hashInteger(identities.numberOf(key as WeakKey), seed ^ 0x165667b1);
  }
}

/**
 * Makes the 32-bit hash of what an injected hasher returned.
 *
 * @throws HashError if that is neither an integer in [-2^31, 2^32) nor a bigint in [-2^63, 2^64).
 */
export function foldHash(returned: unknown, key: unknown): number {
  if (typeof returned === 'number' && returned >= -0x80000000 && returned <= 0xffffffff) {
    const hash = returned | 0;
    if (hash === returned || hash + 0x100000000 === returned) return hash;
  }
  if (typeof returned === 'bigint' && returned >= -(1n << 63n) && returned < 1n << 64n) {
    const low = Number(returned & 0xffffffn);
    return low | (Number((returned >> 56n) & 0xffn) << 24);
  }
  throw new HashError(
    `the hasher returned ${showValue(returned)} (${typeof returned}) for the key ` +
      `${showValue(key)}; ` +
      'expected an integer in [-2^31, 2^32) or a bigint of 64 bits',
  );
}

/**
 * A small deterministic generator of 32-bit draws (a counter through a mixer). Not for keys an
 * attacker may choose.
 */
export function createRandom(seed: number): () => number {
  let counter = seed | 0;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    return hashInteger(counter, 0x51ed270b) >>> 0;
  };
}
