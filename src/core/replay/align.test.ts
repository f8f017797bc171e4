import { expect, test } from 'vitest';
import { align, likeness, type StepLook } from './align.ts';

const look = (kind: string, location: string, expression: string): StepLook => ({
  kind,
  location,
  expression,
});
const write = look('write', 'setup #0, byte 4', 'memory[1] = 1');
const store = look('store', 'setup #0, byte 4', 'Atomics.store(memory, 1, 1)');
const load = look('load', 'setup #0, byte 4', 'Atomics.load(memory, 1)');

test('a step is known by what it does to what, before how it is written', () => {
  expect(likeness(store, store)).toBe(4);
  expect(likeness(store, { ...store, expression: 'Atomics.store(m, FLAG, 1)' })).toBe(3);
  expect(likeness(store, { ...store, location: 'setup #1, byte 0' })).toBe(2);
  // A plain access that was made atomic is the same step; one that reads instead is not.
  expect(likeness(store, write)).toBe(1);
  expect(likeness(store, load)).toBe(0);
  // Traces of the first version know no locations.
  expect(likeness(store, { ...store, location: '' })).toBe(4);
  expect(likeness(store, { ...write, location: '' })).toBe(0);
});

test('the alignment agrees most, and says which steps are new', () => {
  expect(align([load, store, load], [store])).toEqual([-1, 0, -1]);
  expect(align([load, write, store], [load, store])).toEqual([0, -1, 1]);
  expect(align([write], [load, store, load])).toEqual([1]);
  expect(align([], [load])).toEqual([]);
});
