/**
 * The contract of iteration, a property for each clause that asks for something, and how a loop
 * begins.
 */
import { FLAG_ITERATOR, FLAG_OLD_ITERATOR } from '../../src/engines/go-map/inspection.ts';
import {
  isCurrent,
  isFirstTime,
  isNotCleared,
  isNotDeleted,
  isNotOver,
  isOfTheMap,
  type IterationSession,
  type Production,
} from '../../models/go-map/iteration.ts';
import type { Entry } from '../../models/go-map/spec.ts';
import { showValue } from '../../models/value-token.ts';
import type { CheckedProperty } from './checked-property.ts';
import type { StepFacts } from './facts.ts';
import { counted } from './wording.ts';

/** One production of one loop. */
export interface ProductionFacts {
  readonly session: IterationSession;
  readonly production: Production;
}

/** The end of a loop. */
export interface LoopEndFacts {
  readonly session: IterationSession;
  /** Entries that are missing although nothing excuses it. */
  readonly missed: readonly Entry[];
}

const SOURCE = 'Go language specification, "For statements with range clause"';

function pair({ production }: ProductionFacts): string {
  return `(${showValue(production.key)}, ${showValue(production.value)})`;
}

/** Clause 8. */
export const nothingFromNothing: CheckedProperty<ProductionFacts> = {
  name: 'map.iteration.ended',
  statement:
    'A loop over a nil map, or over one that was empty when it began, produces nothing; an ' +
    'ended loop stays ended.',
  source: `Clause 8; ${SOURCE}`,
  holds: ({ session }) => isNotOver(session),
  explain: (facts) => ({
    message: `A loop that was over produced ${pair(facts)}.`,
    expected: 'nothing',
    actual: pair(facts),
  }),
};

/** Clauses 1 and 3. */
export const ofTheMap: CheckedProperty<ProductionFacts> = {
  name: 'map.iteration.of-the-map',
  statement:
    'In whatever order, a loop produces entries of its map, present at the start or inserted ' +
    'since.',
  source: `Clauses 1 and 3; ${SOURCE}`,
  holds: ({ production }) => isOfTheMap(production),
  explain: (facts) => ({
    message: `A loop produced ${pair(facts)}, which was never in the map.`,
    expected: 'an entry of the map',
    actual: pair(facts),
  }),
};

/** Clause 2. */
export const notDeleted: CheckedProperty<ProductionFacts> = {
  name: 'map.iteration.not-deleted',
  statement: 'An entry that was deleted before it is reached is not produced.',
  source: `Clause 2; ${SOURCE}`,
  holds: ({ production }) => isNotDeleted(production),
  explain: (facts) => ({
    message: `A loop produced ${pair(facts)}, which was deleted before.`,
    expected: 'no deleted entry',
    actual: pair(facts),
  }),
};

/** Clause 7. */
export const notCleared: CheckedProperty<ProductionFacts> = {
  name: 'map.iteration.not-cleared',
  statement: 'After a clear nothing from before it is produced.',
  source: 'Clause 7; Go language specification, "Clear"; golang/go issues 59411 and 70189',
  holds: ({ production }) => isNotCleared(production),
  explain: (facts) => ({
    message: `A loop produced ${pair(facts)}, which was cleared before.`,
    expected: 'no entry from before the clear',
    actual: pair(facts),
  }),
};

/** Clause 5. */
export const current: CheckedProperty<ProductionFacts> = {
  name: 'map.iteration.current',
  statement: 'An entry is produced with the key and the value it has at that moment.',
  source: `Clause 5; ${SOURCE}`,
  holds: ({ production }) => isCurrent(production),
  explain: (facts) => ({
    message: `A loop produced ${pair(facts)}, which is not what the map holds now.`,
    expected: entryText(facts.production.entry),
    actual: pair(facts),
  }),
};

/** Clause 6. */
export const once: CheckedProperty<ProductionFacts> = {
  name: 'map.iteration.once',
  statement:
    'A loop produces no entry twice. A key that was deleted and set again is another entry.',
  source: `Clause 6; ${SOURCE}`,
  holds: ({ session, production }) => isFirstTime(session, production),
  explain: (facts) => ({
    message: `A loop produced ${pair(facts)} a second time; it was never deleted in between.`,
    expected: 'each entry at most once',
    actual: `${pair(facts)} again`,
  }),
};

/** Checked for every production. */
export const productionProperties: readonly CheckedProperty<ProductionFacts>[] = [
  nothingFromNothing,
  ofTheMap,
  notDeleted,
  notCleared,
  current,
  once,
];

/** Clause 4. */
export const complete: CheckedProperty<LoopEndFacts> = {
  name: 'map.iteration.complete',
  statement: 'An entry that is present from the start of a loop to its end is produced.',
  source: `Clause 4; ${SOURCE}`,
  holds: ({ missed }) => missed.length === 0,
  explain: ({ missed }) => ({
    message: `A loop ended without producing ${counted(missed.length, 'entry')} that had been there all along.`,
    expected: missed.map(entryText).join(', '),
    actual: 'not produced',
  }),
};

function entryText(entry: Entry | undefined): string {
  return entry === undefined ? 'nothing' : `(${showValue(entry.key)}, ${showValue(entry.value)})`;
}

/** Where a loop begins. */
export const startIsDrawn: CheckedProperty<StepFacts> = {
  name: 'map.iteration.start',
  statement:
    'A loop begins at a drawn bucket and a drawn cell: the low B bits of one draw, and the ' +
    'three bits above them.',
  source: 'Go runtime/map.go mapiterinit; golang/go issues 6719, 8412, 8688',
  holds: (facts) =>
    !facts.isIterationStart ||
    (facts.draws === 1 &&
      facts.startBucket === facts.lastDraw % 2 ** facts.now.B &&
      facts.offset === Math.floor(facts.lastDraw / 2 ** facts.now.B) % 8),
  explain: ({ startBucket, offset, lastDraw, now, draws }) => ({
    message: 'A loop did not begin where the draw says.',
    expected: `one draw; bucket ${lastDraw % 2 ** now.B}, cell ${Math.floor(lastDraw / 2 ** now.B) % 8}`,
    actual: `draws: ${draws}; bucket ${startBucket}, cell ${offset}`,
  }),
};

const BOTH_FLAGS = FLAG_ITERATOR | FLAG_OLD_ITERATOR;

/** Loops announce themselves. */
export const announced: CheckedProperty<StepFacts> = {
  name: 'map.iteration.announced',
  statement:
    'The start of a loop over a map that is not empty sets iterator and oldIterator; nothing ' +
    'else does, and nothing but ' +
    'the start of a growth clears them.',
  source: 'M15; Go runtime/map.go mapiterinit',
  holds: (facts) =>
    facts.isIterationStart
      ? (facts.now.flags & BOTH_FLAGS) === BOTH_FLAGS
      : facts.kind === 'make' ||
        facts.doublings + facts.sameSizeGrowths > 0 ||
        ((facts.now.flags ^ facts.before.flags) & BOTH_FLAGS) === 0,
  explain: ({ now, before }) => ({
    message: 'The iterator flags are wrong.',
    expected: `flags ${before.flags & BOTH_FLAGS}, or ${BOTH_FLAGS} after the start of a loop`,
    actual: `flags ${now.flags & BOTH_FLAGS}`,
  }),
};

/** Checked after every operation. */
export const iterationStepProperties: readonly CheckedProperty<StepFacts>[] = [
  startIsDrawn,
  announced,
];

/** A loop that does not come to an end. */
export interface EndlessFacts {
  readonly produced: number;
  readonly producedMax: number;
}

/** Loops end. */
export const ends: CheckedProperty<EndlessFacts> = {
  name: 'map.iteration.ends',
  statement: 'A loop in which nothing is inserted comes to an end.',
  source: `Clauses 4 and 6; ${SOURCE}`,
  holds: ({ produced, producedMax }) => produced <= producedMax,
  explain: ({ produced, producedMax }) => ({
    message: `A loop has produced ${counted(produced, 'entry')} and goes on.`,
    expected: `at most ${producedMax}`,
    actual: `${produced} and more`,
  }),
};

/** A whole loop, by whichever method. */
export interface WholeLoopFacts {
  readonly method: string;
  readonly expected: readonly unknown[];
  readonly actual: readonly unknown[];
}

/** keys, values and forEach see what entries sees. */
export const everyMethod: CheckedProperty<WholeLoopFacts> = {
  name: 'map.iteration.every-method',
  statement:
    'With nothing done in between, keys, values and forEach give exactly the entries of the ' +
    'map, each once.',
  source: `Clauses 4 and 6; ECMAScript Map.prototype`,
  holds: ({ expected, actual }) => isPermutation(expected, actual),
  explain: ({ method, expected, actual }) => ({
    message: `${method} did not give the entries of the map.`,
    expected: expected.map(showValue).join(', '),
    actual: actual.map(showValue).join(', '),
  }),
};

function isPermutation(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  const balance = new Map<unknown, number>();
  for (const value of left) balance.set(value, (balance.get(value) ?? 0) + 1);
  for (const value of right) balance.set(value, (balance.get(value) ?? 0) - 1);
  return [...balance.values()].every((number) => number === 0);
}
