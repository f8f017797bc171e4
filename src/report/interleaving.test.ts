import { describe, expect, test } from 'vitest';
import type { PlacedStep, ShownOperation, ShownRun } from '../run/program-failure.ts';
import { clipTo, printable, widthOf } from './characters.ts';
import { formatShownRun } from './interleaving.ts';
import { paletteFor, PLAIN, type Palette } from './palette.ts';
import { wrap } from './table.ts';

const STEP: PlacedStep = {
  thread: 0,
  index: 0,
  kind: 'load',
  location: 'setup #0, byte 0',
  point: 1,
  loop: -1,
  read: 0,
  written: undefined,
  isPreemption: false,
  racesWith: [],
  after: [],
  expression: 'Atomics.load(counter, 0)',
  place: 'src/deep/counter.ts:4:16',
};
const STORE: PlacedStep = {
  ...STEP,
  index: 1,
  kind: 'store',
  read: undefined,
  written: 1,
  expression: 'Atomics.store(counter, 0, seen + 1)',
  place: 'src/deep/counter.ts:5:3',
};
const RUN: ShownRun = {
  kind: 'assertion',
  property: 'assertion',
  message: '1 instead of 2',
  steps: [
    STEP,
    { ...STEP, thread: 2, isPreemption: true },
    { ...STORE, thread: 2, expression: 'Atomics.store(counter, 0, `né ${seen + 1} 漢`)' },
    STORE,
  ],
  stuck: [],
  thrown: { thread: 0, text: 'Error: 1 instead of 2' },
  race: null,
  orderings: {
    necessary: [
      { earlier: 0, later: 2, thread: 2 },
      { earlier: 1, later: 3, thread: 0 },
    ],
    tried: 3,
    undecided: 0,
  },
  history: [],
  details: [],
};

const of = (more: Partial<Palette>): string =>
  formatShownRun(RUN, { ...PLAIN, ...more }, 0).join('\n');

describe('the table of an interleaving', () => {
  test('has a column for each thread that moved, and the orders that matter', () => {
    expect(`\n${of({})}\n`).toMatchInlineSnapshot(`
      "
         #  T1                                   T3                                           value  place
         0  Atomics.load(counter, 0)                                                          0      src/deep/counter.ts:4:16
      *  1                                       Atomics.load(counter, 0)                     0      src/deep/counter.ts:4:16
         2                                       Atomics.store(counter, 0, \`né \${seen + 1} …  = 1    src/deep/counter.ts:5:3
      -  3  Atomics.store(counter, 0, seen + 1)                                               = 1    src/deep/counter.ts:5:3
            throws Error: 1 instead of 2

      * preemption: the thread before could have gone on   - switch: it had ended, or could not

      Necessary orderings (turn any of them round, and the failure is gone):
        T1's load of counter[0] (src/deep/counter.ts:4:16) came before T3's store of it (src/deep/counter.ts:5:3)
        T3's load of counter[0] (src/deep/counter.ts:4:16) came before T1's store of it (src/deep/counter.ts:5:3)
      "
    `);
  });

  test('drops folders, then narrows its columns, then goes below itself', () => {
    for (const columns of [120, 100, 80, 60, 40]) {
      const lines = of({ columns }).split('\n');
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
    }
    expect(`\n${of({ columns: 80 })}\n`).toMatchInlineSnapshot(`
      "
         #  T1                        T3                        value  place
         0  Atomics.load(counter, 0)                            0      counter.ts:4:16
      *  1                            Atomics.load(counter, 0)  0      counter.ts:4:16
         2                            Atomics.store(counter, …  = 1    counter.ts:5:3
      -  3  Atomics.store(counter, …                            = 1    counter.ts:5:3
            throws Error: 1 instead…

      * preemption: the thread before could have gone on
      - switch: it had ended, or could not

      Necessary orderings (turn any of them round, and the failure is gone):
        T1's load of counter[0] (src/deep/counter.ts:4:16) came before T3's store of
            it (src/deep/counter.ts:5:3)
        T3's load of counter[0] (src/deep/counter.ts:4:16) came before T1's store of
            it (src/deep/counter.ts:5:3)
      "
    `);
    expect(`\n${of({ columns: 40 }).split('\n\n')[0]}\n`).toMatchInlineSnapshot(`
      "
          0  T1  Atomics.load(counter, 0)
                 0  counter.ts:4:16
      *   1  T3  Atomics.load(counter, 0)
                 0  counter.ts:4:16
          2  T3  Atomics.store(counter, 0, …
                 = 1  counter.ts:5:3
      -   3  T1  Atomics.store(counter, 0, …
                 = 1  counter.ts:5:3
             T1  throws Error: 1 instead of…
      "
    `);
  });

  test('keeps what is near switches and necessary orders when it is long', () => {
    const steps = Array.from({ length: 300 }, (_, index): PlacedStep => {
      const thread = index < 90 || index > 200 ? 0 : 1;
      return { ...STEP, thread, isPreemption: index === 90 };
    });
    const orderings = {
      necessary: [{ earlier: 140, later: 250, thread: 0 }],
      tried: 1,
      undecided: 0,
    };
    const lines = formatShownRun({ ...RUN, steps, thrown: null, orderings }, PLAIN);
    const numbers = lines.flatMap((line) => /^[*-]? *(\d+) /.exec(line)?.[1] ?? []).map(Number);
    for (const kept of [0, 89, 90, 91, 140, 200, 201, 250, 299]) expect(numbers).toContain(kept);
    expect(numbers.length).toBeGreaterThan(40);
    expect(numbers.length).toBeLessThanOrEqual(60);
    const gaps = lines.flatMap((line) => /… (\d+) steps …/.exec(line)?.[1] ?? []).map(Number);
    expect(gaps.reduce((sum, gap) => sum + gap, numbers.length)).toBe(300);
  });

  test('shows the operations of a history, and where they may act', () => {
    const operation = (more: Partial<ShownOperation>): ShownOperation => ({
      thread: 0,
      call: 'add(1)',
      result: '0',
      first: 0,
      last: 3,
      rank: 0,
      isLeftOver: false,
      ...more,
    });
    const history = [
      operation({ rank: null, isLeftOver: true }),
      operation({ thread: 2, first: 1, last: 1, call: 'get()', result: '', rank: 0 }),
      operation({ thread: 2, first: 2, last: 2, call: 'get()', rank: 1 }),
    ];
    const shown = { ...RUN, history, orderings: null, thrown: null };
    expect(`\n${formatShownRun(shown, PLAIN).join('\n')}\n`).toMatchInlineSnapshot(`
      "
         #  T1                                   T3                                           value                    place
            [add(1)]                                                                          returns 0  fits nowhere
         0  Atomics.load(counter, 0)                                                          0                        src/deep/counter.ts:4:16
                                                 [get()]
      *  1                                       Atomics.load(counter, 0)                     0  ◆1                    src/deep/counter.ts:4:16
                                                 [get()]                                      returns 0
         2                                       Atomics.store(counter, 0, \`né \${seen + 1} …  = 1  ◆2                  src/deep/counter.ts:5:3
      -  3  Atomics.store(counter, 0, seen + 1)                                               = 1                      src/deep/counter.ts:5:3

      * preemption: the thread before could have gone on   - switch: it had ended, or could not   ◆ linearization points tried, in their order
      "
    `);
  });

  test('lets no control character of the checked code through', () => {
    const evil = { ...STEP, expression: 'x["\u001b[2J\u202e"]', place: '' };
    const shown = { ...RUN, steps: [evil], thrown: { thread: 0, text: 'Error: \u001b[31m\nred' } };
    const text = formatShownRun({ ...shown, orderings: null }, PLAIN).join('\n');
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text).toContain('x["\\u{1b}[2J\\u{202e}"]');
  });
});

test('widths count columns, not characters', () => {
  expect(widthOf('漢字')).toBe(4);
  expect(widthOf('e\u0301')).toBe(1);
  expect(clipTo('漢字漢字', 5)).toBe('漢字…');
  expect(printable('a\tb\u0007')).toBe('a b\\u{7}');
});

test('prose breaks between words', () => {
  expect(wrap('one two three four', 9)).toEqual(['one two', '  three', '  four']);
  expect(wrap('  indented text here', 12, '    ')).toEqual(['  indented', '    text', '    here']);
  expect(wrap('unbreakable', 4)).toEqual(['unbreakable']);
  expect(wrap('no limit at all', null)).toEqual(['no limit at all']);
});

test('a terminal has a width, a pipe has none', () => {
  expect(paletteFor({ isTTY: true, columns: 70 }, {}).columns).toBe(70);
  expect(paletteFor({ isTTY: true, columns: 0 }, {}).columns).toBe(null);
  expect(paletteFor({ columns: 70 }, {}).columns).toBe(null);
});
