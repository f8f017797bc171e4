/**
 * What people may ask for when they make a map, and what the engine makes of it.
 */
import { showValue } from './errors.ts';
import { createRandom, Identities, type Hasher } from './hash.ts';
import type { MapObserver } from './inspection.ts';
import { resolveProfile, type Profile, type ProfileName } from './profiles.ts';
import { B_MAX, isOverloaded, loadLimit, type Settings } from './state.ts';

/** Options of `new GoMap`; everything has a default. */
export interface GoMapOptions<K> {
  /** How many entries to make room for. A bad hint (negative, NaN, too large) counts as 0. */
  readonly hint?: number | undefined;
  /** The hasher. Default: built in, by the kind of the key. */
  readonly hash?: Hasher<K> | undefined;
  /** The version of the algorithm. Default: `corrected`. */
  readonly profile?: ProfileName | Profile | undefined;
  /**
   * Which keys are the same. `javascript` (default): SameValueZero, -0 stored as 0, as in `Map`.
   * `float64`: as for Go's floats; NaN never equals anything, 0 equals -0, and an update stores the
   * key anew, sign included.
   */
  readonly keys?: 'javascript' | 'float64' | undefined;
  /**
   * The source of random draws, 32 bits each, for the seed of the hash, start positions of
   * iterators and the hashes of NaN. Default: a small deterministic generator. For keys from
   * outside pass a cryptographic source.
   */
  readonly random?: (() => number) | undefined;
  /** Seed of the default generator. Default 0. */
  readonly seed?: number | undefined;
  /** Is told of rare moments of writes. */
  readonly observer?: MapObserver | undefined;
  /**
   * Overflow buckets allocated together with 2^B buckets. Default: 2^(B-4) from B = 4 on, else
   * none.
   */
  readonly poolSize?: ((B: number) => number) | undefined;
  /**
   * Whether evacuation wipes an old bucket when no iterator can stand in it (Go: the bucket type
   * has pointers). Default: true once keys or values are stored as references, false for int32 keys
   * with number values.
   */
  readonly wipe?: boolean | undefined;
}

function defaultPoolSize(B: number): number {
  return B >= 4 ? 1 << (B - 4) : 0;
}

/** A map that fails at its first key for the sake of an option is harder to mend than none. */
function requireFunction(name: 'hash' | 'random' | 'poolSize', option: unknown): void {
  if (option === undefined || typeof option === 'function') return;
  throw new TypeError(`the GoMap option "${name}" must be a function, found ${showValue(option)}`);
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError if options are no options at all, or `hash`, `random` or `poolSize` is no
 * function; RangeError for an unknown profile.
 */
export function resolveOptions<K>(options: GoMapOptions<K>): Settings {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`GoMap options must be an object, found ${String(options)}`);
  }
  if (Symbol.iterator in options) {
    throw new TypeError('GoMap takes options, not entries; use GoMap.from(entries, options)');
  }
  const keys = options.keys ?? 'javascript';
  if (keys !== 'javascript' && keys !== 'float64') {
    throw new RangeError(`unknown key rules ${JSON.stringify(keys)}; known: javascript, float64`);
  }
  requireFunction('hash', options.hash);
  requireFunction('random', options.random);
  requireFunction('poolSize', options.poolSize);
  return {
    profile: resolveProfile(options.profile ?? 'corrected'),
    hasFloatKeys: keys === 'float64',
    hasher: (options.hash as Hasher<unknown> | undefined) ?? null,
    random: options.random ?? createRandom(options.seed ?? 0),
    observer: options.observer ?? null,
    poolSize: options.poolSize ?? defaultPoolSize,
    wipe: options.wipe ?? null,
    identities: new Identities(),
  };
}

/** The least `B` with room for `hint` entries; 0 for a bad hint, as in Go. */
export function bucketsForHint(profile: Profile, hint: unknown): number {
  if (typeof hint !== 'number' || !(hint > 0)) return 0;
  const count = Math.floor(hint);
  let B = 0;
  while (isOverloaded(count, loadLimit(profile, B))) {
    if (B === B_MAX) return 0;
    B++;
  }
  return B;
}
