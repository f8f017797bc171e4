import { expect, test } from 'vitest';
import { closest, suggest } from './did-you-mean.ts';

const names = ['go-map', 'go-map@corrected', 'sync-map', 'tree-bucket-map'];

test.each([
  ['go-mpa', 'go-map'],
  ['gomap', 'go-map'],
  ['SYNC-MAP', 'sync-map'],
  ['syncmap', 'sync-map'],
  ['go-map@corected', 'go-map@corrected'],
])('%s is close to %s', (word, expected) => {
  expect(closest(word, names)).toBe(expected);
});

test('a word that is close to nothing gets the whole list', () => {
  expect(closest('banana', names)).toBeNull();
  expect(suggest('banana', names)).toBe(
    'Known: go-map, go-map@corrected, sync-map, tree-bucket-map.',
  );
});
