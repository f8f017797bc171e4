/**
 * Keys and values of programs, as they stand in JSON.
 *
 * Numbers that JSON can hold, strings, booleans and `null` stand for themselves. Everything else is
 * an object with one member that names its kind. An object token is an identity: within one run the
 * same number is the same object.
 */
import { z } from 'zod';
import type { ZodType } from 'zod';
import type { Json } from '../src/core/program.ts';

/** A number that JSON has no notation for, or would change. */
export type FloatName = 'NaN' | '-0' | 'Infinity' | '-Infinity';

/** A key or a value as JSON. */
export type ValueToken =
  | null
  | boolean
  | number
  | string
  | { readonly float: FloatName }
  | { readonly bigint: string }
  | { readonly object: number }
  | { readonly undefined: true };

/**
 * What an object token decodes to: nothing but its number, so that a hasher can tell objects apart.
 */
export interface ObjectToken {
  readonly object: number;
}

const FLOATS: Readonly<Record<FloatName, number>> = {
  NaN: Number.NaN,
  '-0': -0,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** Accepts exactly the tokens, with a message that lists the kinds. */
export const valueTokenSchema: ZodType<ValueToken> = z.union(
  [
    z.null(),
    z.boolean(),
    z.number(),
    z.string(),
    z.strictObject({ float: z.enum(['NaN', '-0', 'Infinity', '-Infinity']) }),
    z.strictObject({ bigint: z.string().regex(/^(0|-?[1-9][0-9]*)$/) }),
    z.strictObject({ object: z.int().min(0).max(0xffff) }),
    z.strictObject({ undefined: z.literal(true) }),
  ],
  {
    error:
      'expected a number, string, boolean, null, {"float":"NaN"|"-0"|"Infinity"|"-Infinity"}, ' +
      '{"bigint":"12"}, {"object":3} or {"undefined":true}',
  },
);

/** Decodes tokens and remembers the objects it made. Make one for each run. */
export class TokenDecoder {
  readonly #objects: ObjectToken[] = [];

  /** Returns the value that a token stands for. The token must have passed `valueTokenSchema`. */
  decode(token: Json): unknown {
    if (typeof token !== 'object' || token === null) return token;
    if ('object' in token) return this.#object(token['object'] as number);
    if ('float' in token) return FLOATS[token['float'] as FloatName];
    if ('bigint' in token) return BigInt(token['bigint'] as string);
    return undefined;
  }

  #object(identity: number): ObjectToken {
    return (this.#objects[identity] ??= Object.freeze({ object: identity }));
  }
}

/**
 * Returns the token of a value.
 *
 * @throws `TypeError` for what has no token: functions, symbols, objects that no decoder made.
 */
export function encodeToken(value: unknown): ValueToken {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return encodeNumber(value);
    case 'bigint':
      return { bigint: value.toString() };
    case 'undefined':
      return { undefined: true };
    default:
      if (value === null) return null;
      if (isObjectToken(value)) return { object: value.object };
      throw new TypeError(`no token stands for a ${typeof value} of this kind`);
  }
}

/** Tells whether a value is an object that a decoder made. */
export function isObjectToken(value: unknown): value is ObjectToken {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { object?: unknown }).object === 'number'
  );
}

function encodeNumber(value: number): ValueToken {
  if (Object.is(value, -0)) return { float: '-0' };
  if (Number.isNaN(value)) return { float: 'NaN' };
  if (value === Number.POSITIVE_INFINITY) return { float: 'Infinity' };
  if (value === Number.NEGATIVE_INFINITY) return { float: '-Infinity' };
  return value;
}

/** Longest text of a value in a message, in UTF-16 code units. */
const SHOWN_LENGTH_MAX = 80;

/** Writes a value as a person would: strings quoted, `12n`, `-0`, objects by number. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return cut(JSON.stringify(value));
  if (typeof value === 'bigint') return cut(`${value}n`);
  if (Object.is(value, -0)) return '-0';
  if (isObjectToken(value)) return `object#${value.object}`;
  return cut(String(value));
}

function cut(text: string): string {
  if (text.length <= SHOWN_LENGTH_MAX) return text;
  return `${text.slice(0, SHOWN_LENGTH_MAX)}… (${text.length} characters)`;
}
