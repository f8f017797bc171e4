import { describe, expect, test } from 'vitest';
import { TokenDecoder, encodeToken, showValue, valueTokenSchema } from './value-token.ts';

const VALUES: readonly unknown[] = [
  0,
  -0,
  1.5,
  2 ** 31,
  2 ** 32,
  5e-324,
  Number.NaN,
  Infinity,
  -Infinity,
  '',
  'a',
  '\ud800',
  true,
  false,
  0n,
  -12n,
  2n ** 70n,
  null,
  undefined,
];

describe('tokens', () => {
  test.each(VALUES)('%s survives JSON', (value) => {
    const text = JSON.stringify(encodeToken(value));
    const token = valueTokenSchema.parse(JSON.parse(text));
    expect(Object.is(new TokenDecoder().decode(token), value)).toBe(true);
  });

  test('one number is one object within a run, and another in the next run', () => {
    const decoder = new TokenDecoder();
    const object = decoder.decode({ object: 3 });
    expect(decoder.decode({ object: 3 })).toBe(object);
    expect(decoder.decode({ object: 4 })).not.toBe(object);
    expect(new TokenDecoder().decode({ object: 3 })).not.toBe(object);
    expect(encodeToken(object)).toEqual({ object: 3 });
  });

  test('what has no token is refused', () => {
    expect(() => encodeToken(() => 1)).toThrow(TypeError);
    expect(() => encodeToken({})).toThrow(TypeError);
  });

  test.each([{ float: '0' }, { bigint: '007' }, { object: -1 }, { object: 1, more: 2 }, [1], {}])(
    'the schema refuses %j',
    (token) => {
      expect(valueTokenSchema.safeParse(token).success).toBe(false);
    },
  );
});

test('values are shown as a person writes them', () => {
  const object = new TokenDecoder().decode({ object: 7 });
  expect(VALUES.slice(0, 2).concat(['a"b', 12n, object, undefined]).map(showValue)).toEqual([
    '0',
    '-0',
    '"a\\"b"',
    '12n',
    'object#7',
    'undefined',
  ]);
  expect(showValue('x'.repeat(100))).toMatch(/… \(102 characters\)$/);
});
