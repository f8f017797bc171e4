/** What the examples find, to the operation. `README.md` in this folder says what it means. */
import { describe, expect, test } from 'vitest';
import { shrinkProgram, type MapcheckConfig, type StepRecord, type Target } from 'mapcheck';
import { runTicket } from '../../src/run/ticket.ts';
import hashmap from './hashmap/mapcheck.config.ts';
import immutable from './immutable/mapcheck.config.ts';
import lruCache from './lru-cache/mapcheck.config.ts';
import nativeMap from './native-map/mapcheck.config.ts';

const RUNS = 120;

const targets = [nativeMap, lruCache, immutable, hashmap].flatMap(
  (config: MapcheckConfig) => config.targets!,
);

function targetOf(name: string): Target {
  return targets.find(
    (target): target is Target => typeof target !== 'string' && target.name === name,
  )!;
}

/** Each property that fails, with the operations that show it. */
function findings(target: Target): Record<string, readonly string[]> {
  const ticket = { targetIndex: 0, firstRun: 0, runCount: RUNS };
  const { violations, divergence } = runTicket(target, 'examples', 0, ticket, false);
  expect(divergence).toBeNull();
  const found: Record<string, readonly string[]> = {};
  for (const { program, violation } of violations) {
    const shrunk = shrinkProgram(target, program, violation, { knownFails: false });
    const steps: StepRecord[] = [];
    target.execute(shrunk.program, { onStep: (step) => steps.push(step) });
    found[violation.property] = steps.map(({ operation, result }) =>
      result === '' ? operation : `${operation}: ${result}`,
    );
  }
  return found;
}

describe('what holds', () => {
  test.each([
    'native-map',
    'lru-cache',
    'immutable-map',
    'immutable-ordered-map',
    'immutable-mutable-map',
    'hashmap',
  ])('%s', (name) => {
    expect(findings(targetOf(name))).toEqual({});
  });
});

describe('what does not', () => {
  test('hashmap throws for every bigint key', () => {
    expect(findings(targetOf('hashmap-bigint-keys'))).toMatchInlineSnapshot(`
      {
        "hashmap-bigint-keys.no-panic": [
          "get(0n): TypeError: Invalid value used as weak map key",
        ],
      }
    `);
  });

  test('hashmap leaves out an entry when another is deleted during an iteration', () => {
    expect(findings(targetOf('hashmap-changed-while-iterating'))).toMatchInlineSnapshot(`
      {
        "hashmap-changed-while-iterating.iteration": [
          "set 2 keys from 0",
          "forEach(0: delete(0)): the end",
        ],
      }
    `);
  });

  test("hashmap's iterator throws once fewer entries are left than it has given", () => {
    const target = targetOf('hashmap-changed-while-iterating');
    const { violation } = target.execute({
      setup: { map: {}, checks: 'end' },
      draws: [],
      threads: [
        [
          { op: 'set', k: 0, v: 0 },
          { op: 'set', k: 1, v: 0 },
          { op: 'iterate', it: 0, kind: 'entries' },
          { op: 'next', it: 0, count: 2 },
          { op: 'delete', k: 1 },
          { op: 'next', it: 0, count: 1 },
        ],
      ],
    });
    expect(violation).toMatchObject({
      property: 'hashmap-changed-while-iterating.no-panic',
      actual: "TypeError: Cannot read properties of undefined (reading 'key')",
      operationIndex: 5,
    });
  });

  test('lru-cache holds an undefined key that iteration leaves out', () => {
    expect(findings(targetOf('lru-cache-undefined-key'))).toMatchInlineSnapshot(`
      {
        "lru-cache-undefined-key.iteration": [
          "set(undefined, 0): the end",
        ],
      }
    `);
  });

  test('lru-cache leaves out an entry that is used during an iteration', () => {
    expect(findings(targetOf('lru-cache-used-while-iterating'))).toMatchInlineSnapshot(`
      {
        "lru-cache-used-while-iterating.iteration": [
          "set(0, 0)",
          "set(1, 0)",
          "forEach(0: set(0, 0)): the end",
        ],
      }
    `);
  });
});
