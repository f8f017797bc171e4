/** The keys and values of one run: from tokens to values, and from values to texts. */
import type { Json } from '../../src/core/program.ts';
import { showValue, TokenDecoder } from '../value-token.ts';
import type { Fingerprint } from '../tree-bucket-map/fingerprint.ts';

/** Decodes tokens, and remembers the objects that were made. Make one for each run. */
export class RunValues {
  readonly #decoder = new TokenDecoder();
  readonly #objectAt: ((n: number) => object) | undefined;
  readonly #objects = new Map<number, object>();
  readonly #numbers = new Map<unknown, number>();

  constructor(objectAt: ((n: number) => object) | undefined) {
    this.#objectAt = objectAt;
  }

  /** Returns the value of a token; of an object's token, the same object each time. */
  decode(token: Json | undefined): unknown {
    if (this.#objectAt !== undefined && isObjectToken(token)) return this.#object(token.object);
    return this.#decoder.decode(token as Json);
  }

  /** Writes a value as a person would. */
  show(value: unknown): string {
    const number = this.#numbers.get(value);
    if (number !== undefined) return `object#${number}`;
    if (typeof value === 'object' && value !== null && 'then' in value) return 'a promise';
    try {
      return showValue(value);
    } catch {
      return 'an object that has no text';
    }
  }

  /** Takes a value into a digest. */
  digest(value: unknown, into: Fingerprint): void {
    if (typeof value === 'number' && (value | 0) === value && !Object.is(value, -0)) {
      into.word(value);
    } else {
      into.text(this.show(value));
    }
  }

  #object(n: number): object {
    let object = this.#objects.get(n);
    if (object === undefined) {
      object = this.#objectAt!(n);
      this.#objects.set(n, object);
      this.#numbers.set(object, n);
    }
    return object;
  }
}

function isObjectToken(token: Json | undefined): token is { readonly object: number } {
  return typeof token === 'object' && token !== null && 'object' in token;
}
