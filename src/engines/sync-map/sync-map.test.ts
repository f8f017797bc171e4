import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SYNC_MAP_PROFILES, SyncMap } from './index.ts';
import type { SyncMapObserver, SyncMapOptions, SyncMapProfileName } from './index.ts';

/** [size of read, amended, size of dirty or -1, misses] */
function scalars<V>(map: SyncMap<number, V>): (number | boolean)[] {
  const view = map.inspect();
  return [view.read.size, view.amended, view.dirty?.size ?? -1, view.misses];
}

function stored<V>(
  count: number,
  value: V,
  options: SyncMapOptions<number, V> = {},
): SyncMap<number, V> {
  const map = new SyncMap<number, V>(options);
  for (let key = 1; key <= count; key += 1) map.store(key, value);
  return map;
}

/** Three keys in read, none in dirty. */
function settled(options: SyncMapOptions<number, string> = {}): SyncMap<number, string> {
  const map = stored<string>(3, 'a', options);
  map.range(() => true);
  expect(scalars(map)).toEqual([3, false, -1, 0]);
  return map;
}

/** Keys 1 to 3 in read, key 2 expunged, keys 8 and 9 in dirty alone. */
function amended(options: SyncMapOptions<number, string> = {}): SyncMap<number, string> {
  const map = settled(options);
  map.delete(2);
  map.store(8, 'h');
  map.store(9, 'i');
  expect(scalars(map)).toEqual([3, true, 4, 0]);
  expect(map.inspect().read.get(2)!.kind).toBe('expunged');
  return map;
}

function pairs<K, V>(map: SyncMap<K, V>): [K, V][] {
  const result: [K, V][] = [];
  map.range((key, value) => result.push([key, value]) > 0);
  return result;
}

describe('results', () => {
  test('of an empty map', () => {
    const map = new SyncMap<string, number>();
    expect(map.load('a')).toEqual({ value: undefined, ok: false });
    expect(map.loadAndDelete('a')).toEqual({ value: undefined, loaded: false });
    expect(map.compareAndSwap('a', 1, 2)).toBe(false);
    expect(map.compareAndDelete('a', 1)).toBe(false);
    expect(map.delete('a')).toBe(undefined);
    expect(map.clear()).toBe(undefined);
    expect(pairs(map)).toEqual([]);
  });

  for (const [name, make] of [
    ['settled in read', settled],
    ['amended', amended],
  ] as const) {
    describe(`of a map that is ${name}`, () => {
      test('store and load', () => {
        const map = make();
        for (const key of [1, 2, 8, 77]) {
          expect(map.store(key, 'new')).toBe(undefined);
          expect(map.load(key)).toEqual({ value: 'new', ok: true });
        }
      });

      test('swap', () => {
        const map = make();
        expect(map.swap(1, 'b')).toEqual({ previous: 'a', loaded: true });
        expect(map.swap(77, 'b')).toEqual({ previous: undefined, loaded: false });
        map.delete(1);
        expect(map.swap(1, 'c')).toEqual({ previous: undefined, loaded: false });
        expect(map.load(1).value).toBe('c');
      });

      test('loadOrStore', () => {
        const map = make();
        expect(map.loadOrStore(1, 'b')).toEqual({ actual: 'a', loaded: true });
        expect(map.loadOrStore(77, 'b')).toEqual({ actual: 'b', loaded: false });
        expect(map.loadOrStore(77, 'c')).toEqual({ actual: 'b', loaded: true });
        map.delete(1);
        expect(map.loadOrStore(1, 'd')).toEqual({ actual: 'd', loaded: false });
      });

      test('loadAndDelete and delete', () => {
        const map = make();
        map.store(77, 'z');
        for (const [key, value] of [
          [1, 'a'],
          [77, 'z'],
        ] as const) {
          expect(map.loadAndDelete(key)).toEqual({ value, loaded: true });
          expect(map.loadAndDelete(key)).toEqual({ value: undefined, loaded: false });
        }
        map.delete(3);
        expect(map.load(3).ok).toBe(false);
      });

      test('compareAndSwap', () => {
        const map = make();
        map.store(77, 'z');
        expect(map.compareAndSwap(1, 'x', 'b')).toBe(false);
        expect(map.compareAndSwap(1, 'a', 'b')).toBe(true);
        expect(map.compareAndSwap(77, 'x', 'b')).toBe(false);
        expect(map.compareAndSwap(77, 'z', 'b')).toBe(true);
        expect(map.compareAndSwap(55, 'z', 'b')).toBe(false);
        expect([map.load(1).value, map.load(77).value]).toEqual(['b', 'b']);
      });

      test('compareAndDelete', () => {
        const map = make();
        map.store(77, 'z');
        expect(map.compareAndDelete(77, 'x')).toBe(false);
        expect(map.compareAndDelete(77, 'z')).toBe(true);
        expect(map.compareAndDelete(77, 'z')).toBe(false);
        expect(map.compareAndDelete(1, 'x')).toBe(false);
        expect(map.compareAndDelete(1, 'a')).toBe(true);
        expect([map.load(1).ok, map.load(77).ok]).toEqual([false, false]);
      });

      test('clear', () => {
        const map = make();
        map.clear();
        expect(pairs(map)).toEqual([]);
        expect(map.load(1).ok).toBe(false);
        map.store(1, 'again');
        expect(pairs(map)).toEqual([[1, 'again']]);
      });
    });
  }

  test('a stored undefined is a value', () => {
    const map = new SyncMap<string, undefined>();
    map.store('a', undefined);
    expect(map.load('a')).toEqual({ value: undefined, ok: true });
    expect(map.swap('a', undefined)).toEqual({ previous: undefined, loaded: true });
    expect(map.compareAndSwap('b', undefined, undefined)).toBe(false);
    expect(map.compareAndDelete('a', undefined)).toBe(true);
    expect(map.load('a').ok).toBe(false);
  });

  test('equal decides what compareAndSwap and compareAndDelete take for the old value', () => {
    const strict = stored(1, Number.NaN);
    expect(strict.compareAndSwap(1, Number.NaN, 1)).toBe(false);
    const loose = stored(1, Number.NaN, { equal: Object.is });
    expect(loose.compareAndSwap(1, Number.NaN, 1)).toBe(true);
  });

  test('an equal that throws leaves nothing locked and nothing changed', () => {
    const equal = (): boolean => {
      throw new Error('uncomparable');
    };
    for (const profile of ['go1.23', 'corrected'] as const) {
      const map = amended({ equal, profile });
      expect(() => map.compareAndSwap(8, 'h', 'x')).toThrow('uncomparable');
      expect(() => map.compareAndDelete(8, 'h')).toThrow('uncomparable');
      expect(map.inspect().isLocked).toBe(false);
      expect(map.load(8).value).toBe('h');
    }
  });
});

describe('promotion', () => {
  test('four new keys: misses 1, 2, 3, and the fourth miss promotes', () => {
    const map = stored(4, 'a');
    const seen = [1, 2, 3, 4].map((key) => {
      map.load(key);
      return scalars(map);
    });
    expect(seen).toEqual([
      [0, true, 4, 1],
      [0, true, 4, 2],
      [0, true, 4, 3],
      [4, false, -1, 0],
    ]);
  });

  test('one new key: a miss on an absent key promotes at once', () => {
    const map = stored(1, 'a');
    map.load(99);
    expect(scalars(map)).toEqual([1, false, -1, 0]);
  });

  test('the last key of dirty deleted: an empty dirty is promoted', () => {
    const map = stored(1, 'a');
    map.delete(1);
    expect(scalars(map)).toEqual([0, false, -1, 0]);
  });

  test('range promotes whatever the misses are, even if it stops at once', () => {
    const map = stored(5, 'a');
    map.range(() => false);
    expect(scalars(map)).toEqual([5, false, -1, 0]);
  });

  test('clear leaves dirty empty but not null, and the next new key does not copy', () => {
    const copies: number[] = [];
    const map = amended({ observer: { dirtyCopy: (count) => copies.push(count) } });
    map.clear();
    expect(scalars(map)).toEqual([0, false, 0, 0]);
    map.store(1, 'a');
    expect(scalars(map)).toEqual([0, true, 1, 0]);
    expect(copies).toEqual([0, 2]);
  });
});

/** Rows of the miss table: what one call adds to misses, by where the key is. Dirty is large enough not to promote. */
describe('miss table', () => {
  type Call = (map: SyncMap<number, string>, key: number) => unknown;
  const rows: [
    name: string,
    call: Call,
    settled: number,
    expunged: number,
    fresh: number,
    absent: number,
  ][] = [
    ['load', (map, key) => map.load(key), 0, 0, 1, 1],
    ['loadAndDelete', (map, key) => map.loadAndDelete(key), 0, 0, 1, 1],
    ['delete', (map, key) => map.delete(key), 0, 0, 1, 1],
    ['compareAndDelete, equal', (map, key) => map.compareAndDelete(key, 'v'), 0, 0, 1, 1],
    ['compareAndDelete, unequal', (map, key) => map.compareAndDelete(key, 'x'), 0, 0, 1, 1],
    ['loadOrStore', (map, key) => map.loadOrStore(key, 'w'), 0, 0, 1, 0],
    ['swap', (map, key) => map.swap(key, 'w'), 0, 0, 0, 0],
    ['store', (map, key) => map.store(key, 'w'), 0, 0, 0, 0],
    ['compareAndSwap, equal', (map, key) => map.compareAndSwap(key, 'v', 'w'), 0, 0, 1, 0],
    ['compareAndSwap, unequal', (map, key) => map.compareAndSwap(key, 'x', 'w'), 0, 0, 1, 0],
  ];
  for (const profile of ['go1.23', 'corrected'] as const) {
    for (const [name, call, ...expected] of rows) {
      test(`${name} on ${profile}`, () => {
        const counted = [1, 2, 8, 99].map((key) => {
          const map = stored(3, 'v', { profile });
          map.range(() => true);
          map.delete(2);
          for (const fresh of [8, 9, 10, 11]) map.store(fresh, 'v');
          call(map, key);
          return map.inspect().misses;
        });
        expect(counted).toEqual(expected);
      });
    }
  }

  test('delete counts nothing on go1.9', () => {
    const map = stored(5, 'v', { profile: 'go1.9' });
    map.delete(1);
    map.delete(99);
    expect(scalars(map)).toEqual([0, true, 4, 0]);
  });
});

describe('profiles', () => {
  const later = {
    loadAndDelete: (map: SyncMap<number, number>) => map.loadAndDelete(1),
    swap: (map: SyncMap<number, number>) => map.swap(1, 1),
    compareAndSwap: (map: SyncMap<number, number>) => map.compareAndSwap(1, 1, 1),
    compareAndDelete: (map: SyncMap<number, number>) => map.compareAndDelete(1, 1),
    clear: (map: SyncMap<number, number>) => map.clear(),
  };
  const had: Record<SyncMapProfileName, number> = {
    'go1.9': 0,
    'go1.15.0': 1,
    'go1.19': 1,
    'go1.20': 4,
    'go1.23': 5,
    corrected: 5,
  };
  for (const profile of Object.values(SYNC_MAP_PROFILES)) {
    test(`${profile.name} has the operations of its versions and says so of the others`, () => {
      const refused = Object.entries(later).filter(([operation, call]) => {
        const map = new SyncMap<number, number>({ profile: profile.name });
        if ((profile.operations as readonly string[]).includes(operation)) {
          call(map);
          return false;
        }
        expect(() => call(map)).toThrow(`${operation} is not part of profile ${profile.name}`);
        return true;
      });
      expect(refused).toHaveLength(5 - had[profile.name]);
    });
  }

  test('the error names the profiles that have the operation', () => {
    expect(() => new SyncMap({ profile: 'go1.19' }).clear()).toThrowErrorMatchingInlineSnapshot(
      `[TypeError: SyncMap: clear is not part of profile go1.19 (Go 1.15.2 to 1.19); profiles that have it: go1.23, corrected]`,
    );
  });

  test('an unknown profile is refused', () => {
    const options = { profile: 'go1.24' } as unknown as SyncMapOptions<number, number>;
    expect(() => new SyncMap(options)).toThrow('SyncMap: no profile go1.24; there are go1.9, ');
  });

  /** One key that biases, then many keys that come and go: does dirty keep them? */
  function churn(
    profile: SyncMapProfileName,
    remove: (map: SyncMap<number, number>, key: number) => void,
  ): unknown[] {
    const map = new SyncMap<number, number>({ profile });
    map.store(0, 0);
    for (let key = 1; key <= 1000; key += 1) {
      map.store(key, key);
      remove(map, key);
    }
    const view = map.inspect();
    return [view.dirty?.size ?? -1, view.misses];
  }

  test('deletes leak on go1.15.0 alone', () => {
    const byDelete = (map: SyncMap<number, number>, key: number): void => map.delete(key);
    expect(churn('go1.15.0', byDelete)).toEqual([1001, 1000]);
    expect(churn('go1.19', byDelete)[0]).toBeLessThanOrEqual(2);
    expect(churn('go1.23', byDelete)[0]).toBeLessThanOrEqual(2);
    expect(churn('corrected', byDelete)[0]).toBeLessThanOrEqual(2);
  });

  test('compareAndDelete leaks on go1.20 and go1.23, not on corrected', () => {
    const byCompare = (map: SyncMap<number, number>, key: number): void => {
      expect(map.compareAndDelete(key, key)).toBe(true);
    };
    expect(churn('go1.20', byCompare)).toEqual([1001, 1000]);
    expect(churn('go1.23', byCompare)).toEqual([1001, 1000]);
    expect(churn('corrected', byCompare)[0]).toBeLessThanOrEqual(2);
  });
});

describe('range', () => {
  test('calls nobody while locked, and f may do anything', () => {
    const map = amended();
    const seen: number[] = [];
    map.range((key) => {
      expect(map.inspect().isLocked).toBe(false);
      seen.push(key);
      map.store(key + 100, 'new');
      map.delete(3);
      map.range(() => true);
    });
    expect(seen).toEqual([1, 8, 9]);
    expect(map.load(101).ok).toBe(true);
  });

  test('an f that throws reaches the caller and leaves nothing locked', () => {
    const map = amended();
    expect(() =>
      map.range(() => {
        throw new Error('enough');
      }),
    ).toThrow('enough');
    expect(map.inspect().isLocked).toBe(false);
    map.store(123, 'still works');
    expect(pairs(map)).toHaveLength(5);
  });

  test('stops only at false', () => {
    const map = settled();
    let count = 0;
    map.range(() => {
      count += 1;
      return count === 2 ? false : 0;
    });
    expect(count).toBe(2);
  });

  test('order chooses the visiting order; what is not a permutation is refused and locks nothing', () => {
    const backwards = (keys: readonly number[]): number[] =>
      keys.map((_, index) => keys.length - 1 - index);
    expect(pairs(settled({ order: backwards })).map(([key]) => key)).toEqual([3, 2, 1]);
    for (const [answer, message] of [
      [[0, 0, 1], 'it returned 0 out of place'],
      [[0, 1, 3], 'it returned 3 out of place'],
      [[0, 1], 'order returned 2 of 3 indices'],
    ] as const) {
      let isBad = false;
      const map = settled({ order: (keys) => (isBad ? answer : keys.map((_, index) => index)) });
      isBad = true;
      expect(() => pairs(map)).toThrow(message);
      expect(() => map.store(9, 'i')).toThrow(message);
      expect(map.inspect().isLocked).toBe(false);
      isBad = false;
      map.store(9, 'i');
      expect(pairs(map)).toHaveLength(4);
    }
  });
});

describe('keys', () => {
  const odd = [0, -0, Number.NaN, 2 ** 31, 2 ** 32, '', '\ud800', 'NaN', null, undefined, true, 1n];

  test('are those of a native Map by default', () => {
    const map = new SyncMap<unknown, number>();
    const native = new Map<unknown, number>();
    for (const [index, key] of odd.entries()) {
      map.store(key, index);
      native.set(key, index);
    }
    for (const key of odd) expect(map.load(key).value).toBe(native.get(key));
    expect(pairs(map)).toEqual([...native]);
  });

  test('float64: each stored NaN is a key nobody finds, gone with clear', () => {
    const map = new SyncMap<number, number>({ keys: 'float64' });
    map.store(Number.NaN, 1);
    map.store(Number.NaN, 2);
    expect(map.loadOrStore(Number.NaN, 3)).toEqual({ actual: 3, loaded: false });
    expect(map.load(Number.NaN).ok).toBe(false);
    map.delete(Number.NaN);
    expect(map.compareAndDelete(Number.NaN, 1)).toBe(false);
    expect(pairs(map)).toEqual([
      [Number.NaN, 1],
      [Number.NaN, 2],
      [Number.NaN, 3],
    ]);
    map.clear();
    expect(pairs(map)).toEqual([]);
  });
});

test('the observer hears each rare event', () => {
  const heard: string[] = [];
  const observer: SyncMapObserver = {
    lockAcquired: () => heard.push('lock'),
    promotion: (count) => heard.push(`promotion ${count}`),
    rangePromotion: (count) => heard.push(`rangePromotion ${count}`),
    dirtyCopy: (count) => heard.push(`dirtyCopy ${count}`),
    expunge: () => heard.push('expunge'),
    unexpunge: () => heard.push('unexpunge'),
    slowPathLoad: () => heard.push('slowPathLoad'),
    clear: () => heard.push('clear'),
  };
  const map = new SyncMap<number, number>({ observer });
  const during = (call: () => unknown): string[] => {
    heard.length = 0;
    call();
    return [...heard];
  };
  expect(during(() => map.store(1, 1))).toEqual(['lock', 'dirtyCopy 0']);
  expect(during(() => map.load(1))).toEqual(['lock', 'slowPathLoad', 'promotion 1']);
  expect(during(() => map.load(1))).toEqual([]);
  expect(during(() => map.delete(1))).toEqual([]);
  expect(during(() => map.store(2, 2))).toEqual(['lock', 'expunge', 'dirtyCopy 0']);
  expect(during(() => map.store(1, 3))).toEqual(['lock', 'unexpunge']);
  expect(during(() => map.range(() => true))).toEqual(['lock', 'rangePromotion 2']);
  expect(during(() => map.clear())).toEqual(['lock', 'clear']);
  expect(during(() => map.clear())).toEqual([]);
});

test('law: follows a native Map through any sequence of stores, loads and deletes', () => {
  const step = fc.record({
    kind: fc.constantFrom('store', 'load', 'delete', 'loadOrStore', 'range'),
    key: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(Number.NaN, 2 ** 32, '')),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const map = new SyncMap<unknown, number>();
      const native = new Map<unknown, number>();
      for (const [index, { kind, key }] of steps.entries()) {
        if (kind === 'load') {
          expect(map.load(key)).toEqual({ value: native.get(key), ok: native.has(key) });
        } else if (kind === 'delete') {
          map.delete(key);
          native.delete(key);
        } else if (kind === 'range') {
          expect(new Map(pairs(map))).toEqual(native);
        } else if (kind === 'store' || !native.has(key)) {
          if (kind === 'store') map.store(key, index);
          else expect(map.loadOrStore(key, index)).toEqual({ actual: index, loaded: false });
          native.set(key, index);
        }
      }
      expect(new Map(pairs(map))).toEqual(native);
    }),
    { seed: 7, numRuns: 300 },
  );
});
