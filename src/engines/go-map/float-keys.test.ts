import { describe, expect, test } from 'vitest';
import { GoMap } from './index.ts';

const newMap = (): GoMap<number, number> => new GoMap<number, number>({ keys: 'float64' });

describe('keys as Go floats', () => {
  test('0 equals -0, and an update stores the key anew with its sign', () => {
    const map = newMap().set(0, 1).set(-0, 2);
    expect([...map]).toEqual([[-0, 2]]);
    expect(map.get(0)).toBe(2);
    map.set(0, 3);
    expect([...map]).toEqual([[0, 3]]);
  });

  test('each set of NaN adds an entry that only clear removes', () => {
    const map = newMap();
    for (let value = 0; value < 100; value++) map.set(Number.NaN, value).set(value, -value);
    expect(map.size).toBe(200);
    expect(map.get(Number.NaN)).toBeUndefined();
    expect(map.has(Number.NaN)).toBe(false);
    expect(map.delete(Number.NaN)).toBe(false);
    const values = [...map].filter(([key]) => Number.isNaN(key)).map(([, value]) => value);
    expect(values.toSorted((left, right) => left - right)).toEqual([...Array(100).keys()]);
    map.clear();
    expect(map.size).toBe(0);
    expect([...map]).toEqual([]);
  });

  test('a NaN given to get, has and delete takes one draw each, on an empty map none', () => {
    let draws = 0;
    const random = (): number => ++draws;
    const map = new GoMap<number, number>({ keys: 'float64', random });
    expect(draws).toBe(1);
    map.get(Number.NaN);
    map.delete(Number.NaN);
    expect(draws).toBe(1);
    map.set(1, 1);
    map.get(Number.NaN);
    map.has(Number.NaN);
    map.delete(Number.NaN);
    expect(draws).toBe(4);
  });

  test('an injected hasher gets the draw for NaN and 0 for any other key', () => {
    const seen: [number, number, number][] = [];
    const map = new GoMap<number, number>({
      keys: 'float64',
      random: () => 0xfffffffe,
      hash: (key, seed, draw) => {
        seen.push([key, seed, draw]);
        return 1;
      },
    });
    map.set(Number.NaN, 1).set(2.5, 2);
    expect(seen).toEqual([
      [Number.NaN, 0xfffffffe, 0xfffffffe],
      [2.5, 0xfffffffe, 0],
    ]);
  });

  test('a NaN has no hash to inspect', () => {
    expect(newMap().inspect().hash(Number.NaN)).toBeUndefined();
    expect(new GoMap().inspect().hash(Number.NaN)).toBeTypeOf('number');
  });
});

test('by default keys are the same as in Map: one NaN, -0 stored as 0', () => {
  const map = new GoMap<number, number>();
  map.set(Number.NaN, 1).set(Number.NaN, 2).set(-0, 3);
  expect(map.size).toBe(2);
  expect(map.get(Number.NaN)).toBe(2);
  expect([...map.keys()].some((key) => Object.is(key, 0))).toBe(true);
  expect([...map.keys()].some((key) => Object.is(key, -0))).toBe(false);
});
