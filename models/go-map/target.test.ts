import { describe, expect, test } from 'vitest';
import type { Program } from '../../src/core/program.ts';
import type { StepRecord } from '../../src/core/target.ts';
import { campaignState } from '../../src/run/plan.ts';
import { generateProgram } from '../../src/run/ticket.ts';
import { GoMap } from '../../src/engines/go-map/index.ts';
import type { CheckedMapClass } from './check/engine-port.ts';
import { KNOWN_DEFECTS } from './known-defects.ts';
import { bindGoMapTarget, goMapTargets } from './target.ts';

const SETUP = { keys: 'javascript', hash: 'linear', hint: 0, pool: 'go', wipe: 'auto', nil: false };

function program(operations: Program['threads'][number], setup: Program['setup'] = {}): Program {
  return { setup: { ...SETUP, ...setup }, draws: [7, 8, 9], threads: [operations] };
}

function named(name: string) {
  return goMapTargets.find((target) => target.name === name)!;
}

describe.each(goMapTargets.map((target) => [target.name, target] as const))(
  '%s',
  (name, target) => {
    test('every property holds over 150 programs', () => {
      const campaign = campaignState('target test', name);
      for (let run = 0; run < 150; run++) {
        const { violation } = target.execute(generateProgram(target, campaign, run));
        expect(violation, `run ${run}`).toBeNull();
      }
    });
  },
);

/** First run of a campaign of seed 1 in which each known defect shows. */
function firstRuns(name: string, runs: number): Map<string, number> {
  const target = named(name);
  const campaign = campaignState('1', name);
  const first = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    const { violation } = target.execute(generateProgram(target, campaign, run), {
      knownFails: true,
    });
    if (violation === null) continue;
    expect(violation.known, `run ${run}: ${violation.message}`).not.toBeNull();
    if (!first.has(violation.known!)) first.set(violation.known!, run);
  }
  return first;
}

describe('known defects', () => {
  test("a campaign of 1000 runs finds each of Go 1.23's by itself", () => {
    const found = [...firstRuns('go-map', 1000).keys()].toSorted();
    const expected = Object.keys(KNOWN_DEFECTS).filter((id) => id !== 'go-map/clear-unseen');
    expect(found).toEqual(expected.toSorted());
  });

  test("a campaign of 50 runs finds Go 1.19's deaf clear", () => {
    expect(firstRuns('go-map@go1.19', 50).has('go-map/clear-unseen')).toBe(true);
  });

  test('they are counted and do not stop a run, unless they are asked for', () => {
    const nan = { op: 'set', key: { float: 'NaN' }, value: 0 };
    const retired = program(
      [
        ...[0, 1, 2, 3].map((value) => ({ ...nan, value })),
        { op: 'iterate', it: 0 },
        ...[4, 5, 6, 7, 8].map((value) => ({ ...nan, value })),
        { op: 'clear' },
        { op: 'drain', it: 0 },
        { op: 'size' },
      ],
      { keys: 'float64' },
    );
    const counted = named('go-map').execute(retired);
    expect(counted.violation).toBeNull();
    expect(counted.known).toEqual({ 'go-map/clear-misses-retired-array': 7 });
    const asked = named('go-map').execute(retired, { knownFails: true }).violation;
    expect(asked).toMatchObject({
      property: 'map.iteration.not-cleared',
      known: 'go-map/clear-misses-retired-array',
      operationIndex: 11,
    });
    expect(named('go-map@corrected').execute(retired)).toMatchObject({
      violation: null,
      known: {},
    });
  });
});

describe('what goes wrong becomes a violation', () => {
  /** An engine whose `get` is replaced. */
  function withGet(get: (this: Map<unknown, unknown>, key: unknown) => unknown): CheckedMapClass {
    const engine = class extends (GoMap as unknown as new (
      options: unknown,
    ) => Map<unknown, unknown>) {};
    Object.defineProperty(engine.prototype, 'get', { value: get });
    return engine as unknown as CheckedMapClass;
  }

  const looking = program([
    { op: 'set', key: 1, value: 10 },
    { op: 'get', key: 1 },
  ]);

  test('a wrong result', () => {
    const { violation } = bindGoMapTarget(
      'go-map',
      withGet(() => 11),
    ).execute(looking);
    expect(violation).toMatchObject({
      property: 'map.results',
      message: 'get(1) returned 11.',
      expected: '10',
      actual: '11',
      operationIndex: 1,
      known: null,
    });
    expect(violation!.state.join('\n')).toContain('1=10/');
  });

  test('an exception', () => {
    const throwing = withGet(() => {
      throw new RangeError('out of cells');
    });
    expect(bindGoMapTarget('go-map', throwing).execute(looking).violation).toMatchObject({
      property: 'map.no-panic',
      actual: 'thrown: out of cells',
    });
  });

  test('an unknown target has no engine to bind', () => {
    expect(() => bindGoMapTarget('go-map@2.0', GoMap)).toThrow(RangeError);
  });
});

test('a nil map reads as an empty one and refuses assignments', () => {
  const nil = program(
    ['get', 'has', 'delete'].map((op) => ({ op, key: 1 })),
    { nil: true },
  );
  const operations = [
    ...nil.threads[0]!,
    { op: 'size' },
    { op: 'clear' },
    { op: 'range', via: 'keys' },
    { op: 'set', key: 1, value: 1 },
    { op: 'clone' },
    { op: 'swap' },
    { op: 'set', key: 1, value: 1 },
  ];
  for (const target of goMapTargets) {
    const outcome = target.execute({ ...nil, threads: [operations] });
    expect(outcome.violation).toBeNull();
    expect(outcome.operations).toBe(10);
  }
});

test('steps are recorded in words when somebody listens', () => {
  const steps: StepRecord[] = [];
  const nine = Array.from({ length: 9 }, (_, key) => ({ op: 'set', key, value: key }));
  const intruded = [
    ...nine.slice(0, 8),
    { op: 'intrude', action: 'get', key: 1, it: 0 },
    ...nine.slice(8),
    { op: 'get', key: 8 },
    { op: 'iterate', it: 0 },
  ];
  named('go-map').execute(program(intruded), { onStep: (step) => steps.push(step) });
  expect(steps.slice(9)).toMatchInlineSnapshot(`
    [
      {
        "notes": [
          "growth: doubling, 1 → 2 buckets",
          "tried get: fatal error: concurrent map read and map write",
          "evacuated bucket 0",
          "growth finished",
        ],
        "operation": "set(8, 8)",
        "result": "",
        "thread": 0,
      },
      {
        "notes": [],
        "operation": "get(8)",
        "result": "8",
        "thread": 0,
      },
      {
        "notes": [],
        "operation": "iterate(#0)",
        "result": "(1, 1)",
        "thread": 0,
      },
    ]
  `);
});

describe('the schema', () => {
  const [target] = goMapTargets;

  test.each([
    ['a second thread', { ...program([]), threads: [[], []] }, 'threads'],
    ['an unknown operation', program([{ op: 'put', key: 1 }]), 'threads.0.0.op'],
    ['a missing value', program([{ op: 'set', key: 1 }]), 'threads.0.0.value'],
    ['a key of no kind', program([{ op: 'get', key: { float: '0' } }]), 'threads.0.0.key'],
    ['too much', program([{ op: 'clear', key: 1 }]), 'threads.0.0'],
    ['an unknown hash', program([], { hash: 'md5' }), 'setup.hash'],
    ['a draw out of range', { ...program([]), draws: [-1] }, 'draws.0'],
  ])('refuses %s and says where', (_, given, path) => {
    const { error } = target!.schema.safeParse(given);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });
});

describe('the shrinker', () => {
  const [target] = goMapTargets;

  test('simpler operations and set-ups are valid, and there is an end to them', () => {
    const campaign = campaignState('simplify', 'go-map');
    for (let run = 0; run < 10; run++) {
      const { setup, threads } = generateProgram(target!, campaign, run);
      let current = setup;
      for (let steps = 0; steps < 100; steps++) {
        const [next] = target!.simplifySetup(current);
        if (next === undefined) break;
        expect(target!.schema.safeParse(program([], next)).success).toBe(true);
        current = next;
        expect(steps).toBeLessThan(50);
      }
      for (const operation of threads[0]!) {
        const simpler = target!.simplifyOperation(operation);
        const parsed = target!.schema.safeParse(program([...simpler]));
        expect(parsed.success, JSON.stringify(operation)).toBe(true);
        for (const each of simpler) expect(each).not.toEqual(operation);
      }
    }
  });
});
