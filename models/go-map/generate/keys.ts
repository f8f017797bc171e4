/** The keys and values of programs: which token stands for the key or the value of a number. */
import type { ValueToken } from '../../value-token.ts';

/** Kinds of keys a program uses. */
export type KeyKind = 'integer' | 'string' | 'float' | 'object' | 'mixed' | 'late-string';

/** Numbers from here on are keys that hurt, where the kind has any. */
export const ODD_KEYS = 1_000_000;

const ODD_INTEGERS: readonly ValueToken[] = [
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 31,
  2 ** 32,
  2 ** 53,
  { float: '-0' },
  0,
];
const ODD_STRINGS: readonly ValueToken[] = [
  '',
  '\ud800',
  '\udc00x',
  'k',
  '0',
  'k0',
  'kk',
  'x'.repeat(40),
];
const ODD_FLOATS: readonly ValueToken[] = [
  { float: 'NaN' },
  { float: '-0' },
  0,
  { float: 'Infinity' },
  { float: '-Infinity' },
  5e-324,
  { float: 'NaN' },
  1e308,
];
const ODD_MIXED: readonly ValueToken[] = [
  true,
  false,
  null,
  { float: 'NaN' },
  { float: '-0' },
  '',
  { bigint: '0' },
  { undefined: true },
];

const ODD: Readonly<Record<KeyKind, readonly ValueToken[]>> = {
  integer: ODD_INTEGERS,
  string: ODD_STRINGS,
  float: ODD_FLOATS,
  object: [{ object: 0 }],
  mixed: ODD_MIXED,
  'late-string': ODD_STRINGS,
};

/**
 * The token of the key with a number. Numbers that agree modulo a power of two share a bucket under
 * the linear hash.
 */
export function keyToken(kind: KeyKind, number: number): ValueToken {
  if (number >= ODD_KEYS) {
    const odd = ODD[kind];
    return odd[(number - ODD_KEYS) % odd.length]!;
  }
  switch (kind) {
    case 'integer':
      return number;
    case 'string':
      return `k${number}`;
    case 'float':
      return (number & 1) === 0 ? number : number + 0.5;
    case 'object':
      return { object: number };
    case 'late-string':
      return number < 12 ? number : `k${number}`;
    default:
      return mixedToken(number);
  }
}

/** Tells whether a token is that of NaN. */
export function isNaNToken(token: ValueToken): boolean {
  return typeof token === 'object' && token !== null && 'float' in token && token.float === 'NaN';
}

function mixedToken(number: number): ValueToken {
  switch (number % 5) {
    case 0:
      return number;
    case 1:
      return `k${number}`;
    case 2:
      return { bigint: String(number) };
    case 3:
      return { object: number };
    default:
      return number + 0.5;
  }
}

/** Kinds of values a program uses. */
export type ValueKind = 'counter' | 'few' | 'late-objects' | 'mixed';

/** The token of the n-th value of a program. */
export function valueToken(kind: ValueKind, number: number): ValueToken {
  switch (kind) {
    case 'counter':
      return number;
    case 'few':
      return number % 3;
    case 'late-objects':
      return number < 20 ? number : { object: number };
    default:
      return MIXED_VALUES[number % MIXED_VALUES.length]!(number);
  }
}

const MIXED_VALUES: readonly ((number: number) => ValueToken)[] = [
  (number) => number,
  (number) => `v${number}`,
  (number) => ({ object: number }),
  (number) => ({ bigint: String(number) }),
  () => ({ undefined: true }),
  () => ({ float: 'NaN' }),
];
