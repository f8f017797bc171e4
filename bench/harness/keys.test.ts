import { describe, expect, test } from 'vitest';
import { KEY_KINDS, makeKeys, scatter, shuffledSample, stringKey } from './keys.ts';

describe.each(KEY_KINDS)('%s keys', (kind) => {
  test('are the same each time and all different', () => {
    const keys = makeKeys(kind, 0, 50_000);
    expect([...makeKeys(kind, 0, 50_000)]).toEqual([...keys]);
    expect(new Set<unknown>(keys).size).toBe(50_000);
  });

  test('of two ranges have none in common', () => {
    const present = new Set<unknown>(makeKeys(kind, 0, 20_000));
    const absent: unknown[] = [...makeKeys(kind, 20_000, 20_000)];
    expect(absent.filter((key) => present.has(key))).toEqual([]);
  });

  test('are sampled without repetition, in an order of their own, the same each time', () => {
    const keys = makeKeys(kind, 0, 1000);
    const sample: unknown[] = [...shuffledSample(keys, 400)];
    expect([...shuffledSample(keys, 400)]).toEqual(sample);
    expect(new Set(sample).size).toBe(400);
    const all: unknown[] = [...keys];
    const places = sample.map((key) => all.indexOf(key));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    const ascents = places.filter((place, index) => index > 0 && place > places[index - 1]!);
    expect(ascents.length).toBeGreaterThan(100);
    expect(ascents.length).toBeLessThan(300);
  });
});

test('the first keys stay what they are, so that reports of different days compare', () => {
  expect([0, 1, 2].map(scatter)).toMatchInlineSnapshot(`
    [
      0,
      -315337211,
      65356255,
    ]
  `);
  expect([0, 1, 2].map(stringKey)).toMatchInlineSnapshot(`
    [
      "k0",
      "k1ttda85",
      "k12wt7j",
    ]
  `);
});
