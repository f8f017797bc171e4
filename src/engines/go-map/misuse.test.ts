import { describe, expect, test } from 'vitest';
import { FatalError, GoMap, GoPanic, HashError, type Hasher } from './index.ts';

describe('a nil map', () => {
  test('reads as empty, takes deletes and clears, panics on set', () => {
    const map = GoMap.nil<number, number>();
    expect(map.size).toBe(0);
    expect(map.get(1)).toBeUndefined();
    expect(map.has(1)).toBe(false);
    expect(map.delete(1)).toBe(false);
    map.clear();
    expect([...map]).toEqual([]);
    expect(() => map.set(1, 1)).toThrow(new GoPanic('assignment to entry in nil map'));
    expect(map.size).toBe(0);
  });

  test('panics before it hashes', () => {
    const map = GoMap.nil<number, number>({
      hash: () => {
        throw new Error('hashed');
      },
    });
    expect(() => map.set(1, 1)).toThrow(GoPanic);
  });

  test('its clone is nil', () => {
    expect(() => GoMap.nil<number, number>().clone().set(1, 1)).toThrow(GoPanic);
  });
});

/** A map about to evacuate, whose hasher runs `callback` at the first hash of an evacuation. */
function mapInGrowth(callback: (map: GoMap<number, number>) => void): GoMap<number, number> {
  let isArmed = false;
  let calls = 0;
  const hash: Hasher<number> = (key) => {
    if (isArmed && ++calls === 2) callback(map);
    return Math.imul(key, 0x9e3779b1);
  };
  const map = new GoMap<number, number>({ hash });
  for (let key = 0; key < 8; key++) map.set(key, key);
  isArmed = true;
  return map;
}

describe('a hasher that calls back during an evacuation meets the misuse flags', () => {
  const cases: [string, (map: GoMap<number, number>) => unknown, string][] = [
    ['get', (map) => map.get(1), 'concurrent map read and map write'],
    ['has', (map) => map.has(1), 'concurrent map read and map write'],
    ['set', (map) => map.set(1, 1), 'concurrent map writes'],
    ['delete', (map) => map.delete(1), 'concurrent map writes'],
    ['clear', (map) => map.clear(), 'concurrent map writes'],
    ['iteration', (map) => [...map], 'concurrent map iteration and map write'],
    ['clone', (map) => map.clone(), 'concurrent map clone and map write'],
  ];
  test.each(cases)('%s', (_, misuse, text) => {
    const map = mapInGrowth(misuse);
    expect(() => map.set(8, 8)).toThrow(new FatalError(text));
    expect(new FatalError(text).message).toBe(`fatal error: ${text}`);
    expect(map.inspect().flags & 4).toBe(0);
    expect(new Set(map.keys())).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  });

  test('a step of an iterator that began before is fatal too', () => {
    let step = (): unknown => undefined;
    const map = mapInGrowth(() => step());
    const iterator = map.keys();
    iterator.next();
    step = () => iterator.next();
    expect(() => map.set(8, 8)).toThrow(new FatalError('concurrent map iteration and map write'));
  });

  test('size and inspection are always allowed', () => {
    let seen = -1;
    const map = mapInGrowth((inner) => {
      seen = inner.size + inner.inspect().count;
    });
    map.set(8, 8);
    expect(seen).toBe(16);
  });
});

describe('hashers that err', () => {
  test.each([
    ['a fraction', 1.5],
    ['NaN', Number.NaN],
    ['too large', 2 ** 32],
    ['too small', -(2 ** 31) - 1],
    ['infinite', Infinity],
    ['text', '1'],
    ['nothing', undefined],
    ['a bigint of 65 bits', 1n << 64n],
    ['an object', {}],
  ])('nonsense: %s', (_, returned) => {
    const map = new GoMap<string, number>({ hash: () => returned as number });
    expect(() => map.set('key', 1)).toThrow(HashError);
    expect(map.size).toBe(0);
    expect(map.inspect().flags).toBe(0);
  });

  test('the message names key, result and what was expected', () => {
    const map = new GoMap<string, number>({ hash: () => 0.5 });
    expect(() => map.set('key', 1)).toThrowErrorMatchingInlineSnapshot(
      `[HashError: the hasher returned 0.5 (number) for the key "key"; expected an integer in [-2^31, 2^32) or a bigint of 64 bits]`,
    );
  });

  test('a changed mind is found before the bucket is moved', () => {
    let salt = 0;
    const map = new GoMap<number, number>({ hash: (key) => Math.imul(key + salt, 0x9e3779b1) });
    for (let key = 0; key < 8; key++) map.set(key, key);
    salt = 1;
    expect(() => map.set(8, 8)).toThrowErrorMatchingInlineSnapshot(
      `[HashError: the hasher changed its mind about the key 0: its hash now has the tophash 158, expected 5 as when the key was stored]`,
    );
    salt = 0;
    expect(map.size).toBe(8);
    map.set(8, 8);
    expect(new Set(map.keys())).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]));
  });

  test('a throw at any of its calls leaves the map as it was', () => {
    let budget = Infinity;
    const hash: Hasher<number> = (key) => {
      if (budget-- <= 0) throw new Error('refused');
      return Math.imul(key, 0x9e3779b1);
    };
    const map = new GoMap<number, number>({ hash });
    const model = new Map<number, number>();
    for (let key = 0; key < 300; key++) {
      for (let calls = 0; ; calls++) {
        budget = calls;
        try {
          map.set(key, key);
          break;
        } catch {
          budget = Infinity;
          expect(map.size).toBe(model.size);
          for (const [known, value] of model) expect(map.get(known)).toBe(value);
        }
      }
      model.set(key, key);
    }
    budget = Infinity;
    expect(map.size).toBe(300);
  });
});
