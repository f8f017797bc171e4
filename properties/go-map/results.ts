/**
 * What operations return and throw, and what the map's seed does: everything a caller can see but
 * iteration.
 */
import type { CheckedProperty } from './checked-property.ts';
import type { CloneFacts, ResultFacts, StepFacts } from './facts.ts';
import { hintedB, loadLimit } from './facts.ts';
import { showValue } from '../../models/value-token.ts';

/** Results are the specification's. */
export const results: CheckedProperty<ResultFacts> = {
  name: 'map.results',
  statement: 'Every operation returns what the specification of a map returns.',
  source: 'Go language specification, "Index expressions", "Map types", "Length and capacity"',
  holds: (facts) => facts.thrown !== undefined || Object.is(facts.expected, facts.actual),
  explain: (facts) => ({
    message: `${facts.operation} returned ${showValue(facts.actual)}.`,
    expected: showValue(facts.expected),
    actual: showValue(facts.actual),
  }),
};

/** Nothing throws that need not. */
export const noPanic: CheckedProperty<ResultFacts> = {
  name: 'map.no-panic',
  statement:
    'No operation throws, whatever the hint, the hash, the key or the state: but for an ' +
    'assignment to a nil map.',
  source: 'Go language specification, "Map types"; golang/go issue 19926 for hints',
  holds: ({ thrown, expectedError }) => thrown === undefined || expectedError !== null,
  explain: ({ thrown, operation }) => ({
    message: `${operation} threw.`,
    expected: 'a result',
    actual: `thrown: ${errorText(thrown)}`,
  }),
};

/** Nil maps refuse assignments. */
export const nilAssignment: CheckedProperty<ResultFacts> = {
  name: 'map.nil-assignment',
  statement: 'Assigning to a nil map panics with "assignment to entry in nil map", every time.',
  source: 'Go language specification, "Map types"; Go runtime/map.go mapassign',
  holds: (facts) => facts.isIntrusion || isErrorAsExpected(facts),
  explain: explainError,
};

/** Misuse is fatal. */
export const misuse: CheckedProperty<ResultFacts> = {
  name: 'map.misuse-is-fatal',
  statement:
    'An operation that begins while a write is under way ends with the fatal error that Go has ' +
    'for the pair.',
  source: 'Go runtime/map.go: hashWriting; golang/go issue 16278 for iterators',
  holds: (facts) => !facts.isIntrusion || isErrorAsExpected(facts),
  explain: explainError,
};

function isErrorAsExpected({ thrown, expectedError }: ResultFacts): boolean {
  return (
    expectedError === null || (thrown !== undefined && errorText(thrown).endsWith(expectedError))
  );
}

function explainError({ thrown, expectedError, operation }: ResultFacts) {
  return {
    message: `${operation} did not end with the error that is due.`,
    expected: `thrown: ${expectedError}`,
    actual: thrown === undefined ? 'nothing thrown' : `thrown: ${errorText(thrown)}`,
  };
}

/** The text of whatever was thrown. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Checked for every result, the errors first. */
export const resultProperties: readonly CheckedProperty<ResultFacts>[] = [
  noPanic,
  nilAssignment,
  misuse,
  results,
];

/** A map emptied gets another seed. */
export const seedRotates: CheckedProperty<StepFacts> = {
  name: 'map.seed.rotates',
  statement:
    'When the last entry is deleted or cleared, the seed of the hash becomes a fresh random draw.',
  source: 'Go runtime/map.go mapdelete, mapclear since 1.16; golang/go issue 25237',
  holds: (facts) => !isEmptied(facts) || (facts.draws > 0 && facts.now.hash0 === facts.lastDraw),
  explain: ({ now, lastDraw, draws }) => ({
    message: 'The map was emptied, and the seed of its hash is not a fresh draw.',
    expected: draws === 0 ? 'a draw' : `seed ${lastDraw}`,
    actual: draws === 0 ? `no draw, seed ${now.hash0}` : `seed ${now.hash0}`,
  }),
};

/** The seed stays while anything is in the map. */
export const seedStable: CheckedProperty<StepFacts> = {
  name: 'map.seed.stable',
  statement:
    'The seed is drawn when the map is made, and never changes but when the map becomes empty.',
  source: 'Go runtime/map.go makemap; golang/go issue 66885',
  holds: (facts) =>
    facts.kind === 'make'
      ? facts.isNil || (facts.draws > 0 && facts.now.hash0 === facts.lastDraw)
      : isEmptied(facts) || facts.now.hash0 === facts.before.hash0,
  explain: ({ kind, before, now, lastDraw }) => ({
    message: kind === 'make' ? 'The first seed is not the draw.' : 'The seed changed in mid-life.',
    expected: `seed ${kind === 'make' ? lastDraw : before.hash0}`,
    actual: `seed ${now.hash0}`,
  }),
};

function isEmptied({ before, now }: StepFacts): boolean {
  return before.count > 0 && now.count === 0;
}

/** A clear that counts. */
export const clearResets: CheckedProperty<StepFacts> = {
  name: 'map.clear.resets',
  statement:
    'Clearing a map that is not empty ends any growth, zeroes count, noverflow and nevacuate, ' +
    'and keeps B and the ' +
    'iterator flags.',
  source: 'Go runtime/map.go mapclear',
  holds: (facts) => facts.kind !== 'clear' || !facts.isEffectiveWrite || isReset(facts),
  explain: ({ now, before }) => ({
    message: 'A clear left something behind.',
    expected: `count 0, noverflow 0, nevacuate 0, no growth, B ${before.B}, flags ${before.flags & 3}`,
    actual:
      `count ${now.count}, noverflow ${now.noverflow}, nevacuate ${now.nevacuate}, ` +
      `${now.isGrowing ? 'growing' : 'no growth'}, B ${now.B}, flags ${now.flags}`,
  }),
};

function isReset({ before, now }: StepFacts): boolean {
  return (
    now.count === 0 &&
    now.noverflow === 0 &&
    now.nevacuate === 0 &&
    !now.isGrowing &&
    now.B === before.B &&
    now.flags === (before.flags & 3)
  );
}

/** Checked after every operation. */
export const seedProperties: readonly CheckedProperty<StepFacts>[] = [
  seedRotates,
  seedStable,
  clearResets,
];

/** What a clone starts with. */
export const cloneShape: CheckedProperty<CloneFacts> = {
  name: 'map.clone.shape',
  statement:
    'A clone has the seed of its source, the size that the number of entries asks for (never ' +
    'more buckets than the ' +
    'source), no flags, and no growth under way.',
  source: 'Go runtime/map.go mapclone2; golang/go issue 69110',
  holds: (facts) =>
    facts.copy.hash0 === facts.source.hash0 &&
    facts.copy.B === dueCloneB(facts) &&
    facts.copy.flags === 0 &&
    !facts.copy.isGrowing,
  explain: (facts) => ({
    message: 'The clone has another shape than its source asks for.',
    expected: `seed ${facts.source.hash0}, B ${dueCloneB(facts)}, flags 0, no growth`,
    actual:
      `seed ${facts.copy.hash0}, B ${facts.copy.B}, flags ${facts.copy.flags}, ` +
      (facts.copy.isGrowing ? 'growing' : 'no growth'),
  }),
};

function dueCloneB({ source, loadNumerator }: CloneFacts): number {
  return hintedB(Math.min(source.count, loadLimit(source.B, loadNumerator)), loadNumerator);
}

/** A clone has what its source has. */
export const cloneEqual: CheckedProperty<CloneFacts> = {
  name: 'map.clone.equal',
  statement:
    'A clone has exactly the entries of its source, each where a lookup finds it, also in ' +
    'mid-growth.',
  source: 'Go maps.Clone; golang/go issues 62203 and 64474',
  holds: ({ copy, copyLayout }) =>
    copy.count === copyLayout.entries &&
    copyLayout.reachable === copyLayout.entries &&
    copyLayout.liveCells === copyLayout.entries &&
    copyLayout.wrongValueCells + copyLayout.wrongKeyCells === 0,
  explain: ({ copy, copyLayout }) => ({
    message: 'The clone differs from its source.',
    expected: `${copyLayout.entries} entries, all reachable`,
    actual:
      `count ${copy.count}, ${copyLayout.reachable} reachable, ${copyLayout.liveCells} live cells, ` +
      `${copyLayout.wrongValueCells} other values, ${copyLayout.wrongKeyCells} other keys`,
  }),
};

/** Checked for every clone. */
export const cloneProperties: readonly CheckedProperty<CloneFacts>[] = [cloneShape, cloneEqual];

/** A map that was set aside, looked at again. */
export interface AsideFacts {
  /** The first rule of its structure that no longer holds, or `null`. */
  readonly broken: string | null;
}

/** What is done to one map does not happen to the other. */
export const cloneIndependent: CheckedProperty<AsideFacts> = {
  name: 'map.clone.independent',
  statement: 'Operations on a map change nothing in its clones, nor in the map it was cloned from.',
  source: 'Go maps.Clone; golang/go issue 64474',
  holds: ({ broken }) => broken === null,
  explain: ({ broken }) => ({
    message: 'A map that nothing was done to has changed since it was set aside.',
    expected: 'as it was',
    actual: `no longer holds: ${broken}`,
  }),
};
