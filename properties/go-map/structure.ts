/**
 * What must be true of the cells at every moment at which anybody may look, in the middle of a
 * write included.
 */
import { FLAG_HASH_WRITING } from '../../src/engines/go-map/inspection.ts';
import type { CheckedProperty } from './checked-property.ts';
import type { LayoutFacts, StateFacts } from './facts.ts';
import { counted } from './wording.ts';

/** A property of the cells that says how many of them are at fault. */
function cellProperty(
  rule: { name: string; statement: string; source: string },
  fault: keyof LayoutFacts,
  thing: string,
): CheckedProperty<StateFacts> {
  return {
    ...rule,
    holds: ({ layout }) => layout[fault] === 0,
    explain: ({ layout }) => ({
      message: `${counted(Number(layout[fault]), thing)} in breach of: ${rule.statement}`,
      expected: 'none',
      actual: counted(Number(layout[fault]), thing),
    }),
  };
}

/** Every key stands in the one bucket that a lookup would search. */
export const reachable: CheckedProperty<StateFacts> = {
  name: 'map.reachable',
  statement:
    'After every operation and after every single evacuated bucket, each key of the map stands ' +
    'in exactly the bucket ' +
    'that a lookup searches (the old one while it is not evacuated, else the new one), under ' +
    'its tophash.',
  source: 'M12; Go runtime/map.go mapaccess1, evacuate',
  holds: ({ layout }) => layout.reachable === layout.entries,
  explain: ({ layout }) => ({
    message: `${counted(layout.entries - layout.reachable, 'entry')} of the map cannot be found by a lookup.`,
    expected: `${counted(layout.entries, 'entry')} reachable`,
    actual: `${layout.reachable} reachable`,
  }),
};

/** The number of live cells is the count. */
export const count: CheckedProperty<StateFacts> = {
  name: 'map.count',
  statement:
    'The count is the number of live cells in the new chains and in the old chains that are not ' +
    'evacuated.',
  source: 'M1',
  holds: ({ layout, now }) => now.count === layout.liveCells,
  explain: ({ layout, now }) => ({
    message: 'The count differs from the number of live cells.',
    expected: `count ${layout.liveCells}, one for each live cell`,
    actual: `count ${now.count}`,
  }),
};

/** Each key has one cell. */
export const unique: CheckedProperty<StateFacts> = cellProperty(
  {
    name: 'map.unique',
    statement: 'Each key that equals itself occurs in exactly one live cell.',
    source: 'M12',
  },
  'duplicateCells',
  'second cell',
);

/** No cell holds what was never put there, or what is gone. */
export const noStrays: CheckedProperty<StateFacts> = cellProperty(
  {
    name: 'map.no-strays',
    statement: 'Each live cell belongs to an entry of the map; nothing deleted is live.',
    source: 'M1, M12',
  },
  'strayCells',
  'stray cell',
);

/** Cells hold the values that were set. */
export const values: CheckedProperty<StateFacts> = cellProperty(
  {
    name: 'map.values',
    statement: 'Each live cell holds the value that was last set for its key.',
    source: 'Go language specification, "Map types"',
  },
  'wrongValueCells',
  'cell with another value',
);

/** Cells hold the keys as last written. */
export const keyRepresentative: CheckedProperty<StateFacts> = cellProperty(
  {
    name: 'map.keys.representative',
    statement:
      'Setting an equal key writes that key over the old one, so that -0 takes the place of 0 ' +
      '(float64); ' +
      'under SameValueZero the stored zero is 0.',
    source: 'needkeyupdate; golang/go issues 11088 and 45045',
  },
  'wrongKeyCells',
  'cell with another representative of its key',
);

/** The tophash is the hash's. */
export const tophash: CheckedProperty<StateFacts> = cellProperty(
  {
    name: 'map.tophash',
    statement: "A live cell's tophash is the top byte of its key's hash, plus 5 if below 5.",
    source: 'M13',
  },
  'wrongTophashCells',
  'cell with a wrong tophash',
);

/** Behind emptyRest all is emptyRest. */
export const emptyRest: CheckedProperty<StateFacts> = cellProperty(
  {
    name: 'map.empty-rest',
    statement:
      'In a chain that is not evacuated nothing but emptyRest follows an emptyRest cell, across ' +
      'overflow buckets too.',
    source: 'M2; commits 4b05c01f9c and df2bb9817b of golang/go',
  },
  'cellsAfterRest',
  'cell behind emptyRest',
);

/** Marks stand in evacuated chains, and only there. */
export const marks: CheckedProperty<StateFacts> = {
  name: 'map.evacuation.marks',
  statement:
    'An evacuated chain holds evacuation marks only; a chain that is not evacuated holds none.',
  source: 'M3',
  holds: ({ layout }) => layout.marksOutOfPlace === 0 && layout.cellsNotMarked === 0,
  explain: ({ layout }) => ({
    message: 'Evacuation marks stand where they must not, or are missing.',
    expected: 'marks in every cell of evacuated chains and in no other',
    actual: `${layout.marksOutOfPlace} out of place, ${layout.cellsNotMarked} missing`,
  }),
};

/** Nothing is written into a bucket whose old entries are yet to come. */
export const pristineDestination: CheckedProperty<StateFacts> = cellProperty(
  {
    name: 'map.evacuation.pristine-destination',
    statement:
      'As long as an old bucket is not evacuated, the buckets it will move to are blank and ' +
      'have no overflow bucket.',
    source: 'M5',
  },
  'spoiltDestinations',
  'destination written too early',
);

/** Chains end. */
export const chainsEnd: CheckedProperty<StateFacts> = cellProperty(
  {
    name: 'map.chains-end',
    statement: 'Every chain of overflow buckets has an end.',
    source: 'Go runtime/map.go: overflow links go to buckets that are new',
  },
  'endlessChains',
  'endless chain',
);

/** Overflow buckets are counted. */
export const noverflow: CheckedProperty<StateFacts> = {
  name: 'map.space.noverflow',
  statement:
    'Up to B = 15, noverflow is the number of overflow buckets linked from the new array, ' +
    'pooled ones included.',
  source: 'M8; Go runtime/map.go incrnoverflow',
  holds: ({ layout, now }) => now.B >= 16 || now.noverflow === layout.newOverflow,
  explain: ({ layout, now }) => ({
    message: 'noverflow differs from the number of overflow buckets.',
    expected: `noverflow ${layout.newOverflow}`,
    actual: `noverflow ${now.noverflow}`,
  }),
};

/** What must hold at every moment, in this order: the most telling first. */
export const structureProperties: readonly CheckedProperty<StateFacts>[] = [
  chainsEnd,
  reachable,
  unique,
  noStrays,
  values,
  keyRepresentative,
  tophash,
  emptyRest,
  marks,
  pristineDestination,
  count,
  noverflow,
];

/** No writer flag, between operations. */
export const notWriting: CheckedProperty<StateFacts> = {
  name: 'map.not-writing',
  statement: 'Between operations the mark of a write under way is not set.',
  source: 'M10',
  holds: ({ now }) => (now.flags & FLAG_HASH_WRITING) === 0,
  explain: () => ({
    message: 'The mark of a write is set although no write is under way.',
    expected: 'hashWriting clear',
    actual: 'hashWriting set',
  }),
};

/** No array, no entries. */
export const noBuckets: CheckedProperty<StateFacts> = {
  name: 'map.no-buckets',
  statement: 'A map without a bucket array has B 0 and no entries.',
  source: 'M11',
  holds: ({ now }) => now.hasBuckets || (now.B === 0 && now.count === 0),
  explain: ({ now }) => ({
    message: 'The map has no bucket array, but claims a size.',
    expected: 'B 0, count 0',
    actual: `B ${now.B}, count ${now.count}`,
  }),
};

/** What must hold between two operations, beside `structureProperties`. */
export const restingProperties: readonly CheckedProperty<StateFacts>[] = [notWriting, noBuckets];
