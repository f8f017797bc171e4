/** A panic that a Go program could recover from. */
export class GoPanic extends Error {
  override readonly name: string = 'GoPanic';
}

/**
 * Misuse that ends a Go program: an operation met another one half-way through.
 *
 * In one thread this happens only when a hasher or an observer calls back into the map that is
 * calling it.
 */
export class FatalError extends Error {
  override readonly name: string = 'FatalError';

  /** `text` is Go's own, without the prefix. */
  constructor(text: string) {
    super(`fatal error: ${text}`);
  }
}

/**
 * The hasher that was given to the map returned nonsense or changed its mind. The map is as it was
 * before.
 */
export class HashError extends Error {
  override readonly name: string = 'HashError';
}

const TEXT_LENGTH_MAX = 80;

/**
 * A key or a hash as it stands in an error message: strings quoted, `bigint` as `12n`, cut at 80
 * characters.
 */
export function showValue(value: unknown): string {
  switch (typeof value) {
    case 'string': {
      const text = JSON.stringify(value);
      if (text.length <= TEXT_LENGTH_MAX) return text;
      return `${text.slice(0, TEXT_LENGTH_MAX)}… (${value.length} characters)`;
    }
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : 'an object';
    default:
      return String(value);
  }
}
