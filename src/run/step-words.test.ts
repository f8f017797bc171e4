import { expect, test } from 'vitest';
import { objectOf, raceWords, stepWords, type WordedStep } from './step-words.ts';

function step(kind: string, expression: string, thread = 0): WordedStep {
  return { thread, kind, expression, place: 'a.ts:3:5', location: 'setup #0, byte 4' };
}

test.each([
  ['Atomics.load(words, COUNT)', 'words[COUNT]'],
  ['this.#cells[0]', 'this.#cells[0]'],
  ['this.data[at * this.meta[SIZE] + 1]', 'this.data[at * this.meta[SIZE] + 1]'],
  ['lock.tryLock()', 'lock'],
  ['Atomics.store(views[0], at + 1, 2)', 'setup #0, byte 4'],
])('%s touches %s', (expression, object) => {
  expect(objectOf(step('load', expression))).toBe(object);
});

test('steps are named by thread, kind, object and place', () => {
  expect(stepWords(step('store', 'words[1]', 1), 'words[1]')).toBe(
    "T2's store of words[1] (a.ts:3:5)",
  );
  expect(stepWords(step('wait', ''), 'words[1]')).toBe("T1's wait on words[1] (a.ts:3:5)");
  expect(stepWords({ ...step('fence', ''), place: '' }, '')).toBe("T1's fence");
});

test('a race names its object once where both call it the same', () => {
  expect(raceWords(step('write', 'words[1]'), step('read', 'words[1]', 1))).toBe(
    "data race: T1's write of words[1] (a.ts:3:5) and T2's read of it (a.ts:3:5) are not ordered by happens-before",
  );
  expect(raceWords(step('write', 'a[1]'), step('read', 'b[i]', 1))).toContain("T2's read of b[i]");
});
