import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation, Program } from '../../src/core/program.ts';
import type { StepRecord, Target } from '../../src/core/target.ts';
import { SyncMap } from '../../src/engines/sync-map/index.ts';
import { bindSyncMapTarget, syncMapTargets } from './target.ts';

function targetOf(name: string): Target {
  return syncMapTargets.find((target) => target.name === name)!;
}

function programOf(
  operations: readonly Operation[],
  setup: Partial<Program['setup']> = {},
): Program {
  return {
    setup: { keys: 'sameValueZero', order: 'insertion', ...setup },
    draws: [],
    threads: [operations],
  };
}

/** What a fixed campaign comes to. */
function campaign(
  target: Target,
  runs: number,
): { coverage: Record<string, number>; known: Record<string, number> } {
  const coverage: Record<string, number> = {};
  const known: Record<string, number> = {};
  for (const program of fc.sample(target.programs, { seed: 11, numRuns: runs })) {
    const outcome = target.execute(program);
    expect(outcome.violation).toBe(null);
    for (const [key, count] of Object.entries(outcome.coverage))
      coverage[key] = (coverage[key] ?? 0) + count;
    for (const [key, count] of Object.entries(outcome.known))
      known[key] = (known[key] ?? 0) + count;
  }
  return { coverage, known };
}

const KNOWN: Record<string, string[]> = {
  'sync-map': ['sync-map/compare-and-delete-leak'],
  'sync-map@go1.20': ['sync-map/compare-and-delete-leak'],
  'sync-map@go1.15.0': ['sync-map/load-and-delete-leak'],
};

describe.each(syncMapTargets.map((target) => [target.name, target] as const))(
  '%s',
  (name, target) => {
    test('holds over 200 random programs and reaches every rare branch', () => {
      const { coverage, known } = campaign(target, 200);
      expect(Object.keys(coverage)).toEqual(target.coverage);
      for (const key of target.coverage) expect(coverage[key], key).toBeGreaterThan(0);
      expect(Object.keys(known)).toEqual(KNOWN[name] ?? []);
    });

    test('has properties with names of their own', () => {
      const names = target.properties.map((property) => property.name);
      expect(new Set(names).size).toBe(names.length);
      for (const property of target.properties) {
        expect(property.name).toMatch(/^sync-map\.[a-z.-]+$/);
        expect(property.statement).toMatch(/^[A-Z].*\.$/);
        expect(property.source).not.toBe('');
      }
    });
  },
);

test('the default target covers exactly these branches', () => {
  expect(targetOf('sync-map').coverage).toEqual([
    'promotion',
    'rangePromotion',
    'expunge',
    'unexpunge',
    'dirtyCopy',
    'slowPathLoad',
    'clear',
  ]);
});

test('equal runs have equal fingerprints, other ones other ones', () => {
  const target = targetOf('sync-map');
  const programs = fc.sample(target.programs, { seed: 2, numRuns: 40 });
  const digests = programs.map((program) => target.execute(program).fingerprint);
  expect(programs.map((program) => target.execute(program).fingerprint)).toEqual(digests);
  expect(new Set(digests).size).toBe(digests.length);
  for (const digest of digests) expect(digest).toBe(digest >>> 0);
});

describe('the known leaks', () => {
  const cases = [
    ['sync-map', 'compareAndDelete', 'sync-map/compare-and-delete-leak'],
    ['sync-map@go1.20', 'compareAndDelete', 'sync-map/compare-and-delete-leak'],
    ['sync-map@go1.15.0', 'delete', 'sync-map/load-and-delete-leak'],
  ] as const;

  test.each(cases)('%s: found within 10 runs when it counts as a failure', (name, _, known) => {
    const target = targetOf(name);
    const programs = fc.sample(target.programs, { seed: 11, numRuns: 10 });
    const violations = programs
      .map((program) => target.execute(program, { knownFails: true }).violation)
      .filter((violation) => violation !== null);
    expect(violations.length).toBeGreaterThan(0);
    for (const violation of violations) {
      expect(violation).toMatchObject({ property: 'sync-map.leak-bound', known });
    }
  });

  test.each(cases)('%s: three operations show it', (name, op, known) => {
    const target = targetOf(name);
    const last = op === 'delete' ? { op, k: 1 } : { op, k: 1, old: 1 };
    const program = programOf([{ op: 'store', k: 0, v: 0 }, { op: 'store', k: 1, v: 1 }, last]);
    expect(target.execute(program)).toMatchObject({ violation: null, known: { [known]: 1 } });
    const { violation } = target.execute(program, { knownFails: true });
    expect(violation).toMatchObject({ known, operationIndex: 2 });
    const corrected = targetOf('sync-map@corrected');
    expect(corrected.execute(program, { knownFails: true })).toMatchObject({
      violation: null,
      known: {},
    });
  });
});

test('the report of a leak shows the entry that stays', () => {
  const program = programOf([
    { op: 'store', k: 0, v: 0 },
    { op: 'store', k: 1, v: 1 },
    { op: 'compareAndDelete', k: 1, old: 1 },
  ]);
  const { violation } = targetOf('sync-map').execute(program, { knownFails: true });
  expect(violation).toMatchInlineSnapshot(`
    {
      "actual": "2 entries, 1 of them deleted and in dirty alone",
      "expected": "1 entry in dirty at most",
      "known": "sync-map/compare-and-delete-leak",
      "message": "After compareAndDelete, the deleted entry of key 1 stays in dirty, which alone has it.",
      "operationIndex": 2,
      "property": "sync-map.leak-bound",
      "state": [
        "before:",
        "  read of 0, amended true, dirty of 2, misses 0",
        "  0: 0 (dirty)",
        "  1: 1 (dirty)",
        "after:",
        "  read of 0, amended true, dirty of 2, misses 1",
        "  0: 0 (dirty)",
        "  1: nil (dirty)",
      ],
    }
  `);
});

describe('the families', () => {
  const target = targetOf('sync-map');
  test.each(target.families!.map((family) => [family.name, family] as const))(
    '%s hold, whole',
    (_, family) => {
      let count = 0;
      const visit = (operations: readonly Operation[]): void => {
        if (operations.length === family.prelude.length + family.length) {
          count += 1;
          const outcome = target.execute({ setup: family.setup, draws: [], threads: [operations] });
          if (outcome.violation !== null)
            throw new Error(JSON.stringify([operations, outcome.violation]));
          return;
        }
        for (const operation of family.alphabet) visit([...operations, operation]);
      };
      visit(family.prelude);
      expect(count).toBe(family.alphabet.length ** family.length);
      for (const operation of [...family.prelude, ...family.alphabet]) {
        expect(target.schema.safeParse(programOf([operation])).success).toBe(true);
      }
    },
  );
});

test('a step listener gets a line for each operation, nested ones and rare events included', () => {
  const steps: StepRecord[] = [];
  targetOf('sync-map').execute(
    programOf([
      { op: 'store', k: 1, v: 10 },
      { op: 'load', k: 1 },
      { op: 'range', stop: 1, nested: [{ at: 0, op: 'loadAndDelete', k: 1 }] },
      { op: 'swap', k: 'b', v: 2 },
      { op: 'compareAndSwap', k: 'b', old: 2, v: 3 },
    ]),
    { onStep: (step) => steps.push(step) },
  );
  const table = steps.map(
    ({ operation, result, notes }) => `${operation} → ${result} | ${notes.join('; ')}`,
  );
  expect(table).toMatchInlineSnapshot(`
    [
      "store(1, 10) →  | dirtyCopy: 0 entries",
      "load(1) → { value: 10, ok: true } | slowPathLoad; promotion: 1 entry",
      "range begins →  | ",
      "loadAndDelete(1) → { value: 10, loaded: true } | in pair 0 of range",
      "range ends → [1: 10] | ",
      "swap("b", 2) → { previous: undefined, loaded: false } | expunge; dirtyCopy: 0 entries",
      "compareAndSwap("b", 2, 3) → true | promotion: 1 entry",
    ]
  `);
});

describe('an engine that does wrong', () => {
  type Visit = (key: unknown, value: unknown) => unknown;
  const pairs: Operation[] = [
    { op: 'store', k: 1, v: 1 },
    { op: 'store', k: 2, v: 2 },
  ];

  function violationOf(engine: unknown, operations: readonly Operation[]): string {
    const target = bindSyncMapTarget('sync-map', engine as typeof SyncMap);
    const violation = target.execute(programOf(operations)).violation;
    return violation === null ? 'none' : violation.property;
  }

  class Twice extends SyncMap<unknown, unknown> {
    override range(visit: Visit): void {
      super.range((key, value) => visit(key, value) !== false && visit(key, value));
    }
  }
  class LeavesOut extends SyncMap<unknown, unknown> {
    override range(visit: Visit): void {
      super.range((key, value) => key === 2 || visit(key, value));
    }
  }
  class WrongValue extends SyncMap<unknown, unknown> {
    override range(visit: Visit): void {
      super.range((key) => visit(key, 'wrong'));
    }
  }
  class WrongKey extends SyncMap<unknown, unknown> {
    override range(visit: Visit): void {
      super.range((_, value) => visit('wrong', value));
    }
  }
  class NewKeys extends SyncMap<unknown, unknown> {
    override range(visit: Visit): void {
      super.range(visit);
      const { ok, value } = this.load(3);
      if (ok) visit(3, value);
    }
  }
  class GoesOn extends SyncMap<unknown, unknown> {
    override range(visit: Visit): void {
      super.range((key, value) => void visit(key, value));
    }
  }
  class NeverEnds extends SyncMap<unknown, unknown> {
    override range(visit: Visit): void {
      super.range((key, value) => {
        for (;;) visit(key, value);
      });
    }
  }
  class Reversed extends SyncMap<unknown, unknown> {
    override range(visit: Visit): void {
      const all: [unknown, unknown][] = [];
      super.range((key, value) => all.unshift([key, value]));
      for (const [key, value] of all) if (visit(key, value) === false) return;
    }
  }
  class Throws extends SyncMap<unknown, unknown> {
    override load(): never {
      throw new TypeError('broken');
    }
  }
  class RangeThrows extends SyncMap<unknown, unknown> {
    override range(): never {
      throw new TypeError('broken');
    }
  }
  class Forgets extends SyncMap<unknown, unknown> {
    override loadOrStore(_: unknown, value: unknown): { actual: unknown; loaded: boolean } {
      return { actual: value, loaded: false };
    }
  }

  const range: Operation = { op: 'range' };
  const cases: [name: string, engine: unknown, operations: Operation[], property: string][] = [
    ['gives a key twice', Twice, [range], 'sync-map.range.once'],
    ['leaves a key out', LeavesOut, [range], 'sync-map.range.complete'],
    ['gives a value that never was', WrongValue, [range], 'sync-map.range.held'],
    ['gives a key that never was', WrongKey, [range], 'sync-map.range.absent'],
    [
      'gives a key that is new',
      NewKeys,
      [{ op: 'range', nested: [{ at: 0, op: 'store', k: 3, v: 3 }] }],
      'sync-map.range.snapshot',
    ],
    ['goes on when told to stop', GoesOn, [{ op: 'range', stop: 1 }], 'sync-map.range.stops'],
    ['never ends', NeverEnds, [range], 'sync-map.range.once'],
    ['walks in another order', Reversed, [range], 'sync-map.range.snapshot-walk'],
    ['throws', Throws, [{ op: 'load', k: 1 }], 'sync-map.no-panic'],
    ['throws in range', RangeThrows, [range], 'sync-map.no-panic'],
    ['returns something else', Forgets, [{ op: 'loadOrStore', k: 1, v: 5 }], 'sync-map.results'],
  ];
  test.each(cases)('one that %s', (_, engine, operations, property) => {
    expect(violationOf(SyncMap, [...pairs, ...operations])).toBe('none');
    expect(violationOf(engine, [...pairs, ...operations])).toBe(property);
  });

  test('a violation says where, what was due, what was there, and shows the state', () => {
    const target = bindSyncMapTarget('sync-map', Forgets as typeof SyncMap);
    const nested = { op: 'range', nested: [{ at: 1, op: 'loadOrStore', k: 1, v: 5 }] };
    expect(target.execute(programOf([...pairs, nested])).violation).toMatchInlineSnapshot(`
      {
        "actual": "{ actual: 5, loaded: false }",
        "expected": "{ actual: 1, loaded: true }",
        "known": null,
        "message": "In pair 1 of range: loadOrStore(1, 5) returned what it should not.",
        "operationIndex": 2,
        "property": "sync-map.results",
        "state": [
          "before:",
          "  read of 2, amended false, dirty nil, misses 0",
          "  1: 1 (read)",
          "  2: 2 (read)",
          "after:",
          "  read of 2, amended false, dirty nil, misses 0",
          "  1: 1 (read)",
          "  2: 2 (read)",
        ],
      }
    `);
  });

  test('a target that does not exist cannot be bound', () => {
    expect(() => bindSyncMapTarget('sync-map@go1.24', SyncMap)).toThrow(RangeError);
  });
});
