import { describe, expect, test } from 'vitest';
import { MapSpec } from './spec.ts';

describe('entries', () => {
  test('an update keeps the entry, a delete and a set make another one', () => {
    const spec = new MapSpec('javascript');
    const first = spec.set('a', 1);
    expect(spec.set('a', 2)).toBe(first);
    expect(first).toMatchObject({ value: 2, incarnation: 1 });
    expect(spec.delete('a')).toBe(first);
    expect(spec.find('a')).toBeUndefined();
    expect(spec.latest('a')).toBe(first);
    const second = spec.set('a', 3);
    expect(second).not.toBe(first);
    expect(second.incarnation).toBe(2);
    expect(first.removedBy).toBe('delete');
  });

  test('deleting what is not there does nothing', () => {
    const spec = new MapSpec('javascript');
    spec.set('a', 1);
    spec.delete('a');
    expect(spec.delete('a')).toBeUndefined();
    expect(spec.size).toBe(0);
  });

  test('a clear removes everything and says so', () => {
    const spec = new MapSpec('float64');
    const entries = [spec.set(1, 1), spec.set(Number.NaN, 2)];
    spec.clear();
    expect(spec.size).toBe(0);
    expect(spec.liveEntries()).toEqual([]);
    expect(entries.map(({ removedBy }) => removedBy)).toEqual(['clear', 'clear']);
  });
});

describe('keys', () => {
  test('under float64 every NaN is an entry that nothing finds', () => {
    const spec = new MapSpec('float64');
    spec.set(Number.NaN, 1);
    spec.set(Number.NaN, 2);
    expect(spec.size).toBe(2);
    expect(spec.find(Number.NaN)).toBeUndefined();
    expect(spec.delete(Number.NaN)).toBeUndefined();
    expect(spec.size).toBe(2);
  });

  test('under javascript NaN is one key', () => {
    const spec = new MapSpec('javascript');
    spec.set(Number.NaN, 1);
    spec.set(Number.NaN, 2);
    expect(spec.size).toBe(1);
    expect(spec.find(Number.NaN)?.value).toBe(2);
  });

  test('0 and -0 are one key; float64 keeps the sign last written, javascript keeps none', () => {
    const floats = new MapSpec('float64');
    floats.set(0, 1);
    expect(floats.set(-0, 2).key).toBe(-0);
    expect(floats.size).toBe(1);
    const plain = new MapSpec('javascript');
    expect(plain.set(-0, 1).key).toBe(0);
  });

  test('values of different kinds are different keys', () => {
    const spec = new MapSpec('javascript');
    for (const key of [1, '1', 1n, true, null, undefined, {}, {}]) spec.set(key, key);
    expect(spec.size).toBe(8);
  });
});

test('a clone has equal entries and is independent', () => {
  const spec = new MapSpec('float64');
  spec.set(1, 'a');
  spec.set(Number.NaN, 'b');
  spec.set(2, 'c');
  spec.delete(2);
  const copy = spec.clone();
  expect(copy.size).toBe(2);
  expect(copy.irreflexiveEntries().map(({ value }) => value)).toEqual(['b']);
  copy.set(1, 'changed');
  spec.clear();
  expect(copy.find(1)?.value).toBe('changed');
  expect(copy.size).toBe(2);
  expect(new MapSpec('javascript', true).clone().isNil).toBe(true);
});
