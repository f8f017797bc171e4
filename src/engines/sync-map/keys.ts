/** How keys are told apart. */
export type KeyProfile = 'sameValueZero' | 'float64';

/** Stands for one stored NaN under the `float64` key profile: equal to itself alone, so no lookup finds it. */
export class NanKey {}

/** The key under which a caller's key is looked up and stored: a NaN becomes a new object each time. */
export function float64Key<K>(key: K): K {
  // A NaN is the one value that does not equal itself. The cast hides the stand-in from the structure, which only ever
  // hashes it, and `callerKey` takes it off again.
  return key !== key ? (new NanKey() as unknown as K) : key;
}

/** The key as its caller wrote it. */
export function callerKey<K>(key: K): K {
  return key instanceof NanKey ? (Number.NaN as unknown as K) : key;
}
