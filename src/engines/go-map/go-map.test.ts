import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GoMap, type GoMapOptions } from './index.ts';

const OBJECTS: readonly object[] = Array.from({ length: 12 }, (_, index) => ({ index }));
const SYMBOLS: readonly symbol[] = [Symbol('a'), Symbol('a'), Symbol.for('a'), Symbol.iterator];

/** Keys that hurt: every kind, NaN and both zeros, 32-bit borders, lone surrogates. */
const anyKey: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.constantFrom(
    0,
    -0,
    Number.NaN,
    2 ** 31,
    -(2 ** 31),
    2 ** 31 - 1,
    2 ** 32,
    0.5,
    -1e300,
    Infinity,
  ),
  fc.constantFrom('', 'a', '\ud800', '\udc00', '\ud800\udc00', '0', 'NaN'),
  fc.string({ maxLength: 3 }),
  fc.constantFrom(0n, 1n, -1n, 2n ** 40n, -(2n ** 70n)),
  fc.constantFrom(true, false, null, undefined),
  fc.constantFrom(...OBJECTS),
  fc.constantFrom(...SYMBOLS),
);

/** Values of every kind of storage; the numbers must survive to the bit. */
const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, Number.NaN, 1.2345e-300, undefined, null, 'text', OBJECTS[0]),
);

type Step =
  | readonly ['set', unknown, unknown]
  | readonly ['delete' | 'get', unknown]
  | readonly ['clear'];

function steps(key: fc.Arbitrary<unknown>, value: fc.Arbitrary<unknown>): fc.Arbitrary<Step[]> {
  return fc.array(
    fc.oneof(
      { weight: 60, arbitrary: fc.tuple(fc.constant('set' as const), key, value) },
      { weight: 30, arbitrary: fc.tuple(fc.constant('delete' as const), key) },
      { weight: 10, arbitrary: fc.tuple(fc.constant('get' as const), key) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('clear' as const)) },
    ),
    { maxLength: 400, size: 'max' },
  );
}

function applyStep(map: Map<unknown, unknown>, step: Step): unknown {
  switch (step[0]) {
    case 'set':
      return map.set(step[1], step[2]) === map;
    case 'delete':
      return map.delete(step[1]);
    case 'get':
      return [map.has(step[1]), map.get(step[1])];
    default:
      return map.clear();
  }
}

function expectSameEntries(map: GoMap<unknown, unknown>, model: Map<unknown, unknown>): void {
  expect(map.size).toBe(model.size);
  const seen = new Map(map);
  expect([...map.keys()].length).toBe(model.size);
  for (const [key, value] of model) {
    expect(seen.has(key)).toBe(true);
    expect(Object.is(seen.get(key), value)).toBe(true);
  }
}

function holdsLaws(
  key: fc.Arbitrary<unknown>,
  value: fc.Arbitrary<unknown>,
  options: GoMapOptions<unknown>,
): void {
  fc.assert(
    fc.property(steps(key, value), (program) => {
      const map = new GoMap<unknown, unknown>(options);
      const model = new Map<unknown, unknown>();
      for (const step of program) {
        expect(applyStep(map, step)).toEqual(applyStep(model, step));
      }
      expectSameEntries(map, model);
    }),
    { seed: 20240601, numRuns: 60 },
  );
}

describe('does what Map does', () => {
  test('keys and values of every kind', () => holdsLaws(anyKey, anyValue, {}));
  test('integer keys, number values', () =>
    holdsLaws(fc.integer({ min: -200, max: 200 }), fc.double(), {}));
  test('integer keys, values that turn into references', () =>
    holdsLaws(fc.integer({ min: -200, max: 200 }), anyValue, {}));
  test('keys that all collide', () => holdsLaws(anyKey, anyValue, { hash: () => 0x12345678 }));
  test('keys in four buckets, under 64-bit hashes', () => {
    const hash = (key: unknown): bigint => BigInt(String(key).length & 3) + (1n << 60n);
    holdsLaws(anyKey, anyValue, { hash, profile: 'go1.21' });
  });
});

test('storage changes a chunk at a time and keeps every entry', () => {
  const map = new GoMap<unknown, unknown>();
  const model = new Map<unknown, unknown>();
  const set = (key: unknown, value: unknown): void => {
    map.set(key, value);
    model.set(key, value);
  };
  for (let key = 0; key < 6000; key++) set(key, key / 3);
  set(17, 'a string value');
  for (let key = 6000; key < 9000; key++) set(key, { key });
  set('a string key', 1);
  for (let key = 0; key < 9000; key += 2) {
    map.delete(key);
    model.delete(key);
  }
  for (let key = 0; key < 12_000; key++) set(`k${key}`, -key);
  expectSameEntries(map, model);
});

test('is a Map look-alike', () => {
  const map = GoMap.from<number, string>([
    [1, 'one'],
    [2, 'two'],
  ]);
  expect(Object.prototype.toString.call(map)).toBe('[object GoMap]');
  expect(map.set(3, 'three')).toBe(map);
  expect(map.delete(3)).toBe(true);
  expect(map.delete(3)).toBe(false);
  const calls: unknown[][] = [];
  const receiver = {};
  map.forEach(function (this: unknown, ...call) {
    calls.push([this, ...call]);
  }, receiver);
  expect(calls.length).toBe(2);
  expect(calls.every((call) => call[0] === receiver && call[3] === map)).toBe(true);
  expect(new Map(calls.map((call) => [call[2], call[1]] as const))).toEqual(new Map(map));
  expect(Object.prototype.toString.call(map.keys())).toBe('[object GoMap Iterator]');
});

test('is deterministic: equal seeds give equal orders, other seeds others', () => {
  const orderOf = (seed: number): string => {
    const map = GoMap.from(
      OBJECTS.map((object, index) => [object, index] as const),
      { seed },
    );
    return [...map.values()].join() + [...map.values()].join();
  };
  expect(orderOf(1)).toBe(orderOf(1));
  expect(new Set([1, 2, 3, 4].map(orderOf)).size).toBe(4);
});

describe('options', () => {
  test.each([
    [0, 0],
    [8, 0],
    [9, 1],
    [13, 1],
    [14, 2],
    [26, 2],
    [27, 3],
    [105, 5],
    [1664, 8],
    [8.9, 0],
  ])('hint %d makes 2^%d buckets', (hint, B) => {
    expect(new GoMap({ hint }).inspect().B).toBe(B);
  });

  test.each([-1, -Infinity, Number.NaN, Infinity, 1e300, 2 ** 53, 2 ** 40])(
    'a bad hint counts as none: %d',
    (hint) => {
      const map = new GoMap<number, number>({ hint });
      expect(map.inspect().B).toBe(0);
      expect(map.set(1, 2).get(1)).toBe(2);
    },
  );

  test('Go 1.21 grows at six entries a bucket, the others at six and a half', () => {
    const sizeAtGrowth = (profile: 'go1.19' | 'go1.21' | 'go1.23' | 'corrected'): number[] => {
      const map = new GoMap<number, number>({ profile });
      const sizes: number[] = [];
      for (let key = 0, B = 0; key < 500; key++) {
        map.set(key, key);
        if (map.inspect().B > B) sizes.push(map.size);
        B = map.inspect().B;
      }
      return sizes;
    };
    expect(sizeAtGrowth('go1.23')).toEqual([9, 14, 27, 53, 105, 209, 417]);
    expect(sizeAtGrowth('go1.19')).toEqual(sizeAtGrowth('go1.23'));
    expect(sizeAtGrowth('corrected')).toEqual(sizeAtGrowth('go1.23'));
    expect(sizeAtGrowth('go1.21')).toEqual([9, 13, 25, 49, 97, 193, 385]);
  });

  test('the pool of overflow buckets is a parameter', () => {
    expect(new GoMap({ hint: 200 }).inspect().spareOverflow).toBe(2);
    expect(new GoMap({ hint: 200, poolSize: () => 7 }).inspect().spareOverflow).toBe(7);
    expect(() => new GoMap({ hint: 200, poolSize: () => -1 })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: poolSize(5) returned -1; expected an integer from 0 to 2^24]`,
    );
  });

  test('wrong options are named', () => {
    expect(() => new GoMap([[1, 2]] as never)).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: GoMap takes options, not entries; use GoMap.from(entries, options)]`,
    );
    expect(() => new GoMap({ profile: 'go1.24' as never })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: unknown profile "go1.24"; known profiles: go1.19, go1.21, go1.23, corrected]`,
    );
    expect(() => new GoMap({ keys: 'go' as never })).toThrowErrorMatchingInlineSnapshot(
      `[RangeError: unknown key rules "go"; known: javascript, float64]`,
    );
    expect(() => new GoMap(7 as never)).toThrow(TypeError);
    expect(() => new GoMap({ hash: 3 as never })).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: the GoMap option "hash" must be a function, found 3]`,
    );
    expect(() => new GoMap({ random: 'seed' as never })).toThrow('"random" must be a function');
    expect(() => new GoMap({ poolSize: 1 as never })).toThrow('"poolSize" must be a function');
  });
});
