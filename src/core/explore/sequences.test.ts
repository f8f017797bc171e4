import { expect, test } from 'vitest';
import { toyTarget } from '../testing/toy-target.ts';
import { exploreFamily, familySize } from './sequences.ts';

const family = {
  name: 'sums',
  setup: { width: 1 },
  draws: [1],
  prelude: [{ op: 'add', value: 3 }],
  alphabet: [
    { op: 'add', value: 10 },
    { op: 'poison', nested: [] },
    { op: 'poison', nested: [{ op: 'drop' }] },
  ],
  length: 4,
};

test('a family that holds is run whole', () => {
  const report = exploreFamily(toyTarget, { ...family, draws: [2] });
  expect(report).toEqual({ family: 'sums', programs: 81, operations: 81 * 5, found: null });
  expect(familySize(family)).toBe(81);
});

test('the first failing program in lexicographic order is reported', () => {
  const { found, programs } = exploreFamily(toyTarget, family);
  // Digits 0,0,2,0: the first sequence with a poison that drops before an add.
  expect(found?.program.threads[0]!.slice(1)).toEqual(
    [0, 0, 2, 0].map((digit) => family.alphabet[digit]),
  );
  expect(programs).toBe(2 * 3 + 1);
});
