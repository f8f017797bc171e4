/** What a user says about a map of their own. */
import type { Json } from '../../src/core/program.ts';

/** What a map is to match. Each name is explained in `docs/own-map.md`. */
export type ModelName =
  /** The native `Map`: entries in insertion order, iterators that live through changes. */
  | 'map'
  /** A map whose iteration promises no order, and nothing about changes made meanwhile. */
  | 'unordered-map'
  /** A map whose `set`, `delete` and `clear` return another map and leave the old one as it was. */
  | 'persistent-map'
  /** A map that may forget entries whenever it likes, but never holds more than its capacity. */
  | 'cache'
  /** A map that forgets exactly the least recently used entry, exactly when it is full. */
  | 'lru-cache'
  /** Go's `sync.Map`, with its results in JavaScript dress. */
  | 'sync-map';

/** In which order a whole iteration gives the entries. */
export type IterationOrder =
  /** As they were inserted; under `lru-cache`, the least recently used one first. */
  | 'insertion'
  /** The other way round; under `lru-cache`, the most recently used one first. */
  | 'reverse'
  | 'any';

/** How each operation of a map is done. All but the first argument are keys and values. */
export interface MapOperations<M, K, V> {
  /** Returns the value of a key, or `undefined`. */
  get(map: M, key: K): V | undefined;
  /** Sets a value. What it returns counts only under `persistent-map`: the new map. */
  set(map: M, key: K, value: V): unknown;
  /** Returns whether a key is there. */
  has(map: M, key: K): boolean;
  /** Returns whether the key was there, or nothing where the map does not say; under `persistent-map`, the new map. */
  delete(map: M, key: K): unknown;
  /** Removes everything. Under `persistent-map`, returns the new map. */
  clear(map: M): unknown;
  /** Returns the number of entries. */
  size(map: M): number;
  /** Caches only: the value of a key, without using it. */
  peek(map: M, key: K): V | undefined;
  /** Gives key and value of each entry. */
  entries(map: M): Iterable<readonly [K, V]>;
  /** Gives each key. */
  keys(map: M): Iterable<K>;
  /** Gives each value, in the order of the keys. */
  values(map: M): Iterable<V>;
  /** Calls a function for each entry. */
  forEach(map: M, visit: (value: V, key: K) => void): void;
}

/** How each operation of a map like Go's `sync.Map` is done. */
export interface ConcurrentMapOperations<M, K, V> {
  load(map: M, key: K): { readonly value: V | undefined; readonly ok: boolean };
  store(map: M, key: K, value: V): unknown;
  loadOrStore(map: M, key: K, value: V): { readonly actual: V; readonly loaded: boolean };
  loadAndDelete(map: M, key: K): { readonly value: V | undefined; readonly loaded: boolean };
  delete(map: M, key: K): unknown;
  swap(map: M, key: K, value: V): { readonly previous: V | undefined; readonly loaded: boolean };
  compareAndSwap(map: M, key: K, old: V, value: V): boolean;
  compareAndDelete(map: M, key: K, old: V): boolean;
  clear(map: M): unknown;
  /** Calls a function for each entry until it returns false. */
  range(map: M, visit: (key: K, value: V) => boolean): void;
}

/** Any operation; `null` for one that the map has but that is not to be used. */
export type OperationOverrides<M, K, V> = {
  readonly [Name in keyof MapOperations<M, K, V>]?: MapOperations<M, K, V>[Name] | null;
} & {
  readonly [Name in keyof ConcurrentMapOperations<M, K, V>]?:
    | (Name extends keyof MapOperations<M, K, V>
        ? MapOperations<M, K, V>[Name]
        : ConcurrentMapOperations<M, K, V>[Name])
    | null;
};

/** What `create` may use to make a map. */
export interface CreateContext {
  /** One of the definition's `setups`. */
  readonly setup: { readonly [key: string]: Json };
  /** The next random draw of the program: 32 bits, unsigned. For seeds of hashes and the like. */
  readonly draw: () => number;
  /** Says that a rare branch was reached: one of the definition's `coverage`. */
  readonly mark: (branch: string) => void;
}

/** A rule of the user's own, checked after every operation. */
export interface OwnProperty<M> {
  /** Becomes `<target>.<name>`. */
  readonly name: string;
  /** The rule as one sentence. */
  readonly statement: string;
  /** Returns what is wrong, in one sentence, or nothing; may throw instead. `size` is what the model holds. */
  check(map: M, model: { readonly size: number; has(key: unknown): boolean }): string | undefined;
}

/** Any map-like class, described well enough to be checked. */
export interface TargetDefinition<M, K = unknown, V = unknown> {
  /** What commands and traces call it: letters, digits, `-`, `.`, `@`. */
  readonly name: string;
  /** One line for `mapcheck list`. */
  readonly title?: string;
  readonly model: ModelName;
  /** Makes an empty map. Called for each run, and once when the target is defined. */
  readonly create: (context: CreateContext) => M;
  /** What the map has under another name or in another form; the rest is found on the map itself. */
  readonly operations?: OperationOverrides<M, K, V>;
  /** Ways to make the map, chosen at random for each run. Default: one without settings. */
  readonly setups?: readonly { readonly [key: string]: Json }[];
  /** Caches only: the most entries there may be. A function of the set-up, or a number. */
  readonly capacity?: number | ((setup: { readonly [key: string]: Json }) => number);
  /** The n-th ordinary key, n from -2³¹ to 2³¹-1; hundreds are used to make the map grow. Default: n itself. */
  readonly keyAt?: (n: number) => K;
  /** Keys that hurt. Default: NaN, -0, '', '0', '__proto__', `undefined`, large numbers, bigints, objects … */
  readonly keys?: readonly unknown[];
  /** Values besides small integers. Default: `undefined`, `null`, NaN, '', -0, an object. */
  readonly values?: readonly unknown[];
  /** Makes the object that stands for `{ object: n }` among keys and values. Default: a frozen `{ object: n }`. */
  readonly objectAt?: (n: number) => object;
  /**
   * Which keys are the same: those whose identities are the same in a native `Map`. Default: the key itself, so that NaN
   * is NaN and -0 is 0. `'never-nan'`: as Go's and as `===`, where NaN is not itself.
   */
  readonly keyIdentity?: 'never-nan' | ((key: K) => unknown);
  /** Default: `insertion` for `map`, `any` for the others. */
  readonly order?: IterationOrder;
  /**
   * Whether iterators are used while the map changes. Default: for `map` only. In any other order they must then give each
   * entry once at most, as it is at that moment, and leave out none that is there from beginning to end.
   */
  readonly hasLiveIterators?: boolean;
  /** The map's state for messages: a text, a list of lines, or anything JSON. Default: its entries. */
  readonly inspect?: (map: M) => unknown;
  /**
   * The map's source, if threads share it: `mapcheck ci` makes it steppable and explores every interleaving of small
   * programs on it. `module` is its path or URL; `create` makes a map of its exports, which have the names they have in the
   * source; `instrument` names packages whose code is part of it.
   */
  readonly interleavings?: {
    readonly module: string | URL;
    create(exports: object): unknown;
    readonly instrument?: readonly string[];
    /** Two keys that matter to each other: of one bucket, say. Default: 1 and 2. */
    readonly keys?: readonly [unknown, unknown];
  };
  readonly properties?: readonly OwnProperty<M>[];
  /** Rare branches that `create`'s context is told of, and that a campaign must reach. */
  readonly coverage?: readonly string[];
}
