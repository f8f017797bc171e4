import { expect, test } from 'vitest';
import { exploreFamily, familySize } from '../../../src/core/explore/sequences.ts';
import { goMapTargets } from '../target.ts';
import { GO_MAP_FAMILIES } from './families.ts';

const target = goMapTargets.find(({ name }) => name === 'go-map')!;

test('every program of every family fits the schema', () => {
  for (const { setup, draws, prelude, alphabet } of GO_MAP_FAMILIES) {
    const program = { setup, draws, threads: [[...prelude, ...alphabet]] };
    expect(target.schema.safeParse(program).error?.issues).toBeUndefined();
  }
});

// A family is worth its time only if it reaches the moment that it is named after.
test.each([
  ['first doubling', 'doubling'],
  ['same-size', 'sameSizeGrowth'],
  ['middle of a doubling', 'lookupInOldBucket'],
])('the family of the %s reaches %s', (name, key) => {
  const family = GO_MAP_FAMILIES.find((candidate) => candidate.name.includes(name))!;
  const reached = family.alphabet.some((operation) => {
    const program = {
      setup: family.setup,
      draws: family.draws,
      threads: [[...family.prelude, operation, { op: 'get', key: 3 }]],
    };
    return target.execute(program).coverage[key]! > 0;
  });
  expect(reached).toBe(true);
});

test('the smallest family holds whole', () => {
  const family = GO_MAP_FAMILIES.find(({ name }) => name.includes('same-size'))!;
  const report = exploreFamily(target, family);
  expect(report.found).toBeNull();
  expect(report.programs).toBe(familySize(family));
});
