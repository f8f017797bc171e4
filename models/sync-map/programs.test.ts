import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation, Program } from '../../src/core/program.ts';
import { NESTING_MAX } from './schema.ts';
import { syncMapTargets } from './target.ts';

const target = syncMapTargets[0]!;

function flat(operations: readonly Operation[]): Operation[] {
  return operations.flatMap((operation) => [
    operation,
    ...flat((operation['nested'] ?? []) as unknown as Operation[]),
  ]);
}

describe('random programs', () => {
  const programs = fc.sample(target.programs, { seed: 3, numRuns: 400 });

  test('are the same for the same seed and differ between seeds', () => {
    expect(fc.sample(target.programs, { seed: 3, numRuns: 400 })).toEqual(programs);
    expect(fc.sample(target.programs, { seed: 4, numRuns: 400 })).not.toEqual(programs);
  });

  test('survive JSON', () => {
    expect(JSON.parse(JSON.stringify(programs))).toEqual(programs);
  });

  test('have 100 to 250 operations on average', () => {
    const count = programs.reduce((sum, program) => sum + flat(program.threads[0]!).length, 0);
    expect(count / programs.length).toBeGreaterThan(100);
    expect(count / programs.length).toBeLessThan(250);
  });

  test.each(syncMapTargets.map((each) => [each.name, each] as const))(
    'of %s pass its schema',
    (_, each) => {
      for (const program of fc.sample(each.programs, { seed: 5, numRuns: 100 })) {
        expect(each.schema.parse(program)).toEqual(program);
      }
    },
  );

  test('have every operation, nested ranges and NaN keys', () => {
    const all = programs.flatMap((program) => flat(program.threads[0]!));
    expect(new Set(all.map(({ op }) => op)).size).toBe(10);
    const isNested = (operation: Operation): boolean => operation['at'] !== undefined;
    expect(all.some((operation) => operation.op === 'range' && isNested(operation))).toBe(true);
    expect(all.some((operation) => JSON.stringify(operation['k']) === '{"float":"NaN"}')).toBe(
      true,
    );
  });
});

describe('the schema', () => {
  const good: Program = {
    setup: { keys: 'sameValueZero', order: 'insertion' },
    draws: [],
    threads: [
      [
        { op: 'store', k: 1, v: 2 },
        { op: 'range', nested: [{ op: 'clear', at: 0 }] },
      ],
    ],
  };

  function errorsOf(program: unknown): string[] {
    const result = target.schema.safeParse(program);
    return (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  }

  test('accepts a program', () => {
    expect(errorsOf(good)).toEqual([]);
  });

  const with_ = (operation: unknown): unknown => ({ ...good, threads: [[operation]] });
  let nest: unknown = { op: 'range' };
  for (let depth = 0; depth < NESTING_MAX + 1; depth += 1) {
    nest = { op: 'range', nested: [{ ...(nest as object), at: 0 }] };
  }
  const bad: [what: string, program: unknown, error: string][] = [
    [
      'an unknown operation',
      with_({ op: 'put', k: 1 }),
      'threads.0.0.op: expected one of load, store',
    ],
    ['a missing key', with_({ op: 'load' }), 'threads.0.0.k: expected a number, string'],
    ['an unknown field', with_({ op: 'load', k: 1, x: 1 }), 'threads.0.0: Unrecognized key: "x"'],
    [
      'a nested operation without its place',
      with_({ op: 'range', nested: [{ op: 'clear' }] }),
      'threads.0.0.nested.0.at: expected the 0-based index',
    ],
    ['a stop of 0', with_({ op: 'range', stop: 0 }), 'threads.0.0.stop: '],
    ['ranges nested too deep', with_(nest), `ranges are nested at most ${NESTING_MAX} deep`],
    [
      'two threads',
      { ...good, threads: [[], []] },
      'threads: a sequential program has exactly one',
    ],
    [
      'an unknown key kind',
      { ...good, setup: { keys: 'float', order: 'insertion' } },
      'setup.keys: ',
    ],
    ['a draw that is no 32-bit number', { ...good, draws: [-1] }, 'draws.0: '],
  ];
  test.each(bad)('refuses %s, with its path', (_, program, error) => {
    const errors = errorsOf(program);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(error);
  });

  test('refuses operations that the profile does not have', () => {
    const old = syncMapTargets.find(({ name }) => name === 'sync-map@go1.9')!;
    expect(old.schema.safeParse(good).success).toBe(false);
  });
});

describe('simpler versions', () => {
  test('of an operation never come back to it', () => {
    const seen = new Set<string>();
    const visit = (operation: Operation, depth: number): void => {
      expect(depth).toBeLessThan(60);
      for (const simpler of target.simplifyOperation(operation)) {
        expect(
          target.schema.safeParse({
            setup: { keys: 'float64', order: 'drawn' },
            draws: [],
            threads: [[simpler]],
          }).success,
        ).toBe(true);
        const text = JSON.stringify(simpler);
        expect(text).not.toBe(JSON.stringify(operation));
        if (seen.has(text)) continue;
        seen.add(text);
        visit(simpler, depth + 1);
      }
    };
    visit({ op: 'compareAndSwap', k: 5, old: { float: 'NaN' }, v: 'x' }, 0);
    visit({ op: 'loadOrStore', k: 'a', v: 3 }, 0);
    visit({ op: 'range', stop: 3, nested: [{ op: 'load', k: 1, at: 0 }] }, 0);
    expect(seen.size).toBeGreaterThan(20);
  });

  test('of an operation keep to the profile', () => {
    const old = syncMapTargets.find(({ name }) => name === 'sync-map@go1.9')!;
    expect(old.simplifyOperation({ op: 'loadOrStore', k: 0, v: 0 }).map(({ op }) => op)).toEqual([
      'load',
      'store',
    ]);
  });

  test('of a set-up, simplest first', () => {
    expect(target.simplifySetup({ keys: 'float64', order: 'drawn' })).toEqual([
      { keys: 'sameValueZero', order: 'insertion' },
      { keys: 'float64', order: 'insertion' },
      { keys: 'sameValueZero', order: 'drawn' },
    ]);
    expect(target.simplifySetup({ keys: 'sameValueZero', order: 'insertion' })).toEqual([]);
  });
});
