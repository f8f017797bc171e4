import { describe, expect, test } from 'vitest';
import type { Program } from '../../src/core/program.ts';
import { shrinkProgram } from '../../src/core/shrink/shrink.ts';
import type { StepRecord, Target } from '../../src/core/target.ts';
import { campaignState } from '../../src/run/plan.ts';
import { generateProgram, runTicket } from '../../src/run/ticket.ts';
import { SyncMap } from '../../src/engines/sync-map/index.ts';
import { defineTarget } from './define-target.ts';
import type { TargetDefinition } from './definition.ts';

const RUNS = 150;

interface Found {
  readonly property: string;
  readonly steps: readonly string[];
}

/** The first failure of a small campaign, shrunk; `null` where everything holds. */
function firstFailure(target: Target, property?: string): Found | null {
  const ticket = { targetIndex: 0, firstRun: 0, runCount: RUNS };
  const { violations, divergence } = runTicket(target, 'test', 0, ticket, false);
  expect(divergence).toBeNull();
  const found = violations.find(
    ({ violation }) => property === undefined || violation.property.endsWith(`.${property}`),
  );
  if (found === undefined) return null;
  const { program, violation } = shrinkProgram(target, found.program, found.violation, {
    knownFails: false,
  });
  expect(target.schema.parse(program)).toEqual(program);
  const steps: StepRecord[] = [];
  target.execute(program, { onStep: (step) => steps.push(step) });
  return {
    property: violation.property,
    steps: steps.map(({ operation, result }) =>
      result === '' ? operation : `${operation}: ${result}`,
    ),
  };
}

function holds(target: Target): void {
  const ticket = { targetIndex: 0, firstRun: 0, runCount: RUNS };
  const result = runTicket(target, 'test', 0, ticket, false);
  expect(result.violations).toEqual([]);
  expect(result.divergence).toBeNull();
  for (const [branch, count] of Object.entries(result.coverage)) {
    expect(count, branch).toBeGreaterThan(0);
  }
}

/** A persistent map that copies. */
class CopyingMap {
  readonly entriesNow: Map<unknown, unknown>;

  constructor(entries: Iterable<readonly [unknown, unknown]> = []) {
    this.entriesNow = new Map(entries);
  }

  get(key: unknown): unknown {
    return this.entriesNow.get(key);
  }

  set(key: unknown, value: unknown): CopyingMap {
    return new CopyingMap([...this.entriesNow, [key, value]]);
  }

  delete(key: unknown): CopyingMap {
    return new CopyingMap([...this.entriesNow].filter(([other]) => !new Set([key]).has(other)));
  }

  get size(): number {
    return this.entriesNow.size;
  }

  entries(): Iterable<[unknown, unknown]> {
    return this.entriesNow.entries();
  }
}

/** An exact cache: the native Map, the oldest entry first. */
class SmallLru {
  readonly kept: Map<unknown, unknown> = new Map<unknown, unknown>();
  readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  get size(): number {
    return this.kept.size;
  }

  get(key: unknown): unknown {
    if (!this.kept.has(key)) return undefined;
    const value = this.kept.get(key);
    this.kept.delete(key);
    this.kept.set(key, value);
    return value;
  }

  peek(key: unknown): unknown {
    return this.kept.get(key);
  }

  has(key: unknown): boolean {
    return this.kept.has(key);
  }

  set(key: unknown, value: unknown): void {
    this.kept.delete(key);
    this.kept.set(key, value);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.max) break;
      this.kept.delete(oldest);
    }
  }

  delete(key: unknown): boolean {
    return this.kept.delete(key);
  }

  clear(): void {
    this.kept.clear();
  }

  entries(): Iterable<[unknown, unknown]> {
    return this.kept.entries();
  }
}

const lru = (create: () => SmallLru, model: 'lru-cache' | 'cache' = 'lru-cache'): Target =>
  defineTarget({ name: 'own', model, capacity: 3, create, order: 'insertion' });

function native(
  operations: NonNullable<TargetDefinition<Map<unknown, unknown>>['operations']> = {},
  more: Partial<TargetDefinition<Map<unknown, unknown>>> = {},
): Target {
  return defineTarget({
    name: 'own',
    model: 'map',
    create: () => new Map<unknown, unknown>(),
    operations,
    ...more,
  });
}

describe('what is right holds, and reaches every rare branch', () => {
  test.each([
    ['map', native()],
    ['unordered-map', native({}, { model: 'unordered-map' })],
    ['map that never finds NaN', native({ forEach: null }, neverNanDefinition())],
    [
      'persistent-map',
      defineTarget({ name: 'own', model: 'persistent-map', create: () => new CopyingMap() }),
    ],
    ['lru-cache', lru(() => new SmallLru(3))],
    ['cache', lru(() => new SmallLru(3), 'cache')],
    ['sync-map', defineTarget({ name: 'own', model: 'sync-map', create: () => new SyncMap() })],
  ])('%s', (_, target) => holds(target));
});

/** Every insertion of NaN is an entry of its own that no key finds. */
function neverNanDefinition(): Partial<TargetDefinition<Map<unknown, unknown>>> {
  class Unfindable {}
  const name = (key: unknown): unknown => (key === key ? key : new Unfindable());
  const back = (key: unknown): unknown => (key instanceof Unfindable ? Number.NaN : key);
  return {
    keyIdentity: 'never-nan',
    operations: {
      get: (map, key) => map.get(name(key)),
      set: (map, key, value) => map.set(name(key), value),
      has: (map, key) => map.has(name(key)),
      delete: (map, key) => map.delete(name(key)),
      keys: null,
      forEach: null,
      *entries(map) {
        for (const [key, value] of map) yield [back(key), value];
      },
    },
  };
}

describe('what is wrong is found, and comes out as the few operations that matter', () => {
  test('a set that forgets undefined', () => {
    const target = native({ set: (map, key, value) => value !== undefined && map.set(key, value) });
    expect(firstFailure(target, 'size')).toEqual({
      property: 'own.size',
      steps: ['set(0, undefined): 0'],
    });
  });

  test('NaN that is never found', () => {
    const target = native({ has: (map, key) => key === key && map.has(key) });
    expect(firstFailure(target)).toEqual({
      property: 'own.contents',
      steps: ['set(NaN, 0): not found'],
    });
  });

  test('an update that moves its entry to the end', () => {
    const target = native({
      set: (map, key, value) => {
        map.delete(key);
        map.set(key, value);
      },
    });
    expect(firstFailure(target, 'iteration')?.steps).toEqual([
      'set 2 keys from 0',
      'set(0, 0): 1 → 1',
    ]);
  });

  test('an iterator that does not live through a change', () => {
    const target = native({ entries: (map) => [...map] });
    expect(firstFailure(target)).toMatchObject({ property: 'own.iteration' });
    expect(
      firstFailure(native({ entries: (map) => [...map] }, { hasLiveIterators: false })),
    ).toBeNull();
  });

  test('an iteration that gives an entry twice, in whatever order', () => {
    const target = native(
      { values: (map) => [...map.values(), ...[...map.values()].slice(-1)] },
      { model: 'unordered-map' },
    );
    expect(firstFailure(target)).toEqual({
      property: 'own.iteration',
      steps: ['set(0, 0)', 'values(): 0'],
    });
  });

  test('a persistent map that writes into the old version', () => {
    class Leaky extends CopyingMap {
      override set(key: unknown, value: unknown): CopyingMap {
        if (this.size > 2) this.entriesNow.set(key, value);
        return new Leaky([...this.entriesNow, [key, value]]);
      }
    }
    const target = defineTarget({
      name: 'own',
      model: 'persistent-map',
      create: () => new Leaky(),
    });
    expect(firstFailure(target)).toEqual({
      property: 'own.persistence',
      steps: ['set 4 keys from 0: size 4'],
    });
  });

  test('a cache that evicts the entry just used', () => {
    class Wrong extends SmallLru {
      override get(key: unknown): unknown {
        return this.kept.get(key);
      }
    }
    expect(firstFailure(lru(() => new Wrong(3)))?.steps).toHaveLength(3);
    expect(firstFailure(lru(() => new Wrong(3), 'cache'))).toBeNull();
  });

  test('a cache above its capacity, even one that may forget what it likes', () => {
    for (const model of ['cache', 'lru-cache'] as const) {
      expect(
        firstFailure(
          lru(() => new SmallLru(4), model),
          'capacity',
        ),
      ).toEqual({
        property: 'own.capacity',
        steps: ['set 4 keys from 0: 4'],
      });
    }
  });

  test('a cache that brings back what was deleted', () => {
    class Wrong extends SmallLru {
      override delete(key: unknown): boolean {
        return this.kept.has(key) && this.size > 1 && super.delete(key);
      }
    }
    expect(firstFailure(lru(() => new Wrong(3), 'cache'))).toMatchObject({
      steps: ['set(3, 0)', 'delete(3): 1'],
    });
  });

  test('compareAndSwap that swaps where nothing is', () => {
    class Wrong extends SyncMap<unknown, unknown> {
      override compareAndSwap(key: unknown, old: unknown, value: unknown): boolean {
        if (this.load(key).ok) return super.compareAndSwap(key, old, value);
        return false;
      }

      override loadAndDelete(key: unknown): { value: unknown; loaded: boolean } {
        return { ...super.loadAndDelete(key), loaded: true };
      }
    }
    const target = defineTarget({ name: 'own', model: 'sync-map', create: () => new Wrong() });
    expect(firstFailure(target)).toEqual({
      property: 'own.matches-model',
      steps: ['loadAndDelete(0): loaded: true'],
    });
  });

  test('a range that goes on after it was told to stop', () => {
    const target = defineTarget({
      name: 'own',
      model: 'sync-map',
      create: () => new SyncMap<unknown, unknown>(),
      operations: {
        range: (map, visit) =>
          map.range((key, value) => {
            visit(key, value);
            return true;
          }),
      },
    });
    expect(firstFailure(target)).toMatchObject({ property: 'own.range' });
  });

  test('an error of the map, and one of create', () => {
    const target = native({
      get: (map, key) => {
        if (map.size > 2) throw new RangeError('too many');
        return map.get(key);
      },
    });
    expect(firstFailure(target)).toEqual({
      property: 'own.no-panic',
      steps: ['set 3 keys from 0: RangeError: too many'],
    });
    let isDefined = false;
    const thrower = defineTarget({
      name: 'own',
      model: 'map',
      create: () => {
        if (isDefined) throw new Error('no memory');
        isDefined = true;
        return new Map();
      },
    });
    expect(firstFailure(thrower)).toEqual({ property: 'own.no-panic', steps: [] });
  });

  test("a rule of the user's own", () => {
    const target = native(
      {},
      {
        properties: [
          {
            name: 'small',
            statement: 'There are never five entries.',
            check: (map, model) => (map.size > 4 && model.size > 4 ? 'Five entries.' : undefined),
          },
        ],
      },
    );
    expect(firstFailure(target)).toMatchObject({
      property: 'own.small',
      steps: ['set 5 keys from 0: Five entries.'],
    });
  });

  test('a map that is not deterministic', () => {
    let calls = 0;
    const target = native({ get: (map, key) => (++calls % 97 === 0 ? 'another' : map.get(key)) });
    const ticket = { targetIndex: 0, firstRun: 0, runCount: RUNS };
    expect(runTicket(target, 'test', 0, ticket, false).divergence).not.toBeNull();
  });
});

describe('what create and messages are given', () => {
  test('set-ups, draws and marks reach the map and the coverage', () => {
    const seen = new Set<unknown>();
    const target = defineTarget({
      name: 'own',
      model: 'map',
      setups: [{ seed: 1 }, { seed: 2 }],
      coverage: ['odd'],
      create: ({ setup, draw, mark }) => {
        seen.add(setup['seed']);
        if (draw() % 2 === 1) mark('odd');
        return new Map();
      },
    });
    holds(target);
    expect(seen).toEqual(new Set([1, 2]));
  });

  test('a message shows what inspect returns', () => {
    const target = native({ get: () => 7 }, { inspect: (map) => [`${map.size} entries`] });
    const program: Program = {
      setup: { map: {}, checks: 'end' },
      draws: [],
      threads: [[{ op: 'get', k: 0 }]],
    };
    expect(target.execute(program).violation?.state).toEqual(['0 entries', 'model: empty']);
  });

  test('objects are made by objectAt, the same one for the same number', () => {
    const target = native(
      {},
      { objectAt: (n) => ({ id: n }), keys: [{ object: 1 }, { object: 2 }] },
    );
    holds(target);
    const steps: StepRecord[] = [];
    const program: Program = {
      setup: { map: {}, checks: 'each' },
      draws: [],
      threads: [
        [
          { op: 'set', k: { object: 1 }, v: 5 },
          { op: 'get', k: { object: 1 } },
        ],
      ],
    };
    target.execute(program, { onStep: (step) => steps.push(step) });
    expect(steps.map(({ operation, result }) => `${operation}: ${result}`)).toEqual([
      'set(object#1, 5): ',
      'get(object#1): 5',
    ]);
  });
});

test('programs pass the schema of their own target, and depend on the run alone', () => {
  const target = native();
  const campaign = campaignState('test', target.name);
  for (let run = 0; run < 50; run++) {
    const program = generateProgram(target, campaign, run);
    expect(target.schema.parse(program)).toEqual(program);
    expect(generateProgram(native(), campaign, run)).toEqual(program);
  }
});

describe('a definition that is wrong says where and what to do', () => {
  const message = (definition: unknown): string => {
    try {
      defineTarget(definition as TargetDefinition<unknown>);
    } catch (error) {
      const { code, place, message: text, todo } = error as Record<string, string>;
      return [`[${code}] ${place}: ${text}`, todo].join('\n');
    }
    return 'no error';
  };
  const right = { name: 'own', model: 'map', create: () => new Map() };

  test('a map by other names', () => {
    class Dictionary {
      put(): void {}
      sett(): void {}
    }
    expect(message({ ...right, create: () => new Dictionary() })).toMatchInlineSnapshot(`
      "[E-TARGET-004] defineTarget: own: operations.set: the map of target 'own' has no set, which the model 'map' needs; it has put, sett
      Did you mean sett? Say so: operations: { set: (map, …) => map.sett(…) }."
    `);
  });

  test('unknown settings, models and operations', () => {
    expect(message({ ...right, modell: 'map' })).toMatchInlineSnapshot(`
      "[E-TARGET-001] defineTarget: own: modell: unknown setting "modell"
      Did you mean model?"
    `);
    expect(message({ ...right, model: 'ordered-map' })).toMatchInlineSnapshot(`
      "[E-TARGET-002] defineTarget: own: model: unknown model "ordered-map"
      Did you mean unordered-map?"
    `);
    expect(message({ ...right, operations: { gett: () => 1 } })).toMatchInlineSnapshot(`
      "[E-TARGET-003] defineTarget: own: operations.gett: the model 'map' has no operation "gett"
      Did you mean get?"
    `);
    expect(message({ ...right, operations: { get: 'get' } })).toMatchInlineSnapshot(`
      "[E-TARGET-003] defineTarget: own: operations.get: operation get of target 'own' is no function
      Write (map, …) => …, or null for an operation that is not to be used."
    `);
  });

  test('names, capacities, keys, create', () => {
    expect(message({ ...right, name: 'my map' })).toMatchInlineSnapshot(`
      "[E-TARGET-001] defineTarget: my map: name: "my map" cannot be the name of a target
      Take letters, digits, "-", "." and "@", a letter first."
    `);
    expect(message({ ...right, capacity: 3 })).toMatchInlineSnapshot(`
      "[E-TARGET-001] defineTarget: own: capacity: only caches have a capacity
      Leave it out, or take the model lru-cache."
    `);
    expect(message({ ...right, model: 'lru-cache' })).toMatchInlineSnapshot(`
      "[E-TARGET-001] defineTarget: own: capacity: a cache that evicts exactly needs a capacity
      Write capacity: 3, or a function of the set-up."
    `);
    expect(message({ ...right, keys: [1, new Date(0)] })).toMatchInlineSnapshot(`
      "[E-TARGET-005] defineTarget: own: keys[1]: no trace can hold a value of type object
      Write { object: 3 } for an object, and make it with objectAt: (n) => …."
    `);
    expect(
      message({
        ...right,
        create: () => {
          throw new TypeError('no');
        },
      }),
    ).toMatchInlineSnapshot(`
      "[E-TARGET-006] defineTarget: own: create: create() threw TypeError: no
      It is called once when the target is defined, to see which operations the map has."
    `);
    expect(message(null)).toMatchInlineSnapshot(`
      "[E-TARGET-001] defineTarget: a target: definition: the definition is no object
      Write defineTarget({ name, model, create })."
    `);
    expect(message({ name: 'own', model: 'map' })).toMatchInlineSnapshot(`
      "[E-TARGET-001] defineTarget: own: create: create is no function
      Write create: () => new MyMap()."
    `);
  });
});
