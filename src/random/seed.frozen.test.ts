import { expect, test } from 'vitest';
import { deriveState, expandSeed } from './seed.ts';
import { createStream } from './stream.ts';

// These outputs may change in a major version only: every printed seed would lose its meaning.
test('seed texts expand to the same states for ever', () => {
  expect(expandSeed('1', 'campaign')).toMatchInlineSnapshot(`
    [
      1022601557,
      -1856503760,
      518118511,
      1240104618,
    ]
  `);
  expect(expandSeed('0001', 'campaign')).toMatchInlineSnapshot(`
    [
      1109373903,
      369116184,
      -1657254764,
      -1825149889,
    ]
  `);
  expect(expandSeed('a seed with spaces', 'campaign')).toMatchInlineSnapshot(`
    [
      -637289221,
      755364774,
      1066063553,
      -2101607919,
    ]
  `);
});

test('the first draws of a stream stay the same for ever', () => {
  const stream = createStream(deriveState(expandSeed('1', 'campaign'), 7));
  const draws = Array.from({ length: 16 }, () => stream.nextInt(0, 0xffff));
  expect(draws).toMatchInlineSnapshot(`
    [
      61644,
      51374,
      40314,
      27046,
      4396,
      26881,
      55820,
      54414,
      64174,
      45430,
      24954,
      41119,
      26485,
      32704,
      63300,
      47297,
    ]
  `);
});

test('runs, purposes and seeds have states of their own', () => {
  const states = new Set<string>();
  for (const seed of ['1', '01', '2']) {
    for (const purpose of ['a', 'b']) {
      const base = expandSeed(seed, purpose);
      for (let run = 0; run < 500; run++) states.add(deriveState(base, run).join());
      states.add(deriveState(base, 2 ** 32 + 3).join());
    }
  }
  expect(states.size).toBe(3 * 2 * 501);
});
