/** Stands for one stored NaN where NaN does not equal itself: a key of its own that no caller can name. */
export class Unfindable {}

/** The key that a caller's key names: a new nameless one for each NaN, if NaN does not equal itself. */
export function nameOf(key: unknown, hasFloatKeys: boolean): unknown {
  return hasFloatKeys && key !== key ? new Unfindable() : key;
}
