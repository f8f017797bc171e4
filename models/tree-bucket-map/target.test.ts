import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Program } from '../../src/core/program.ts';
import { shrinkProgram } from '../../src/core/shrink/shrink.ts';
import type { StepRecord, Target } from '../../src/core/target.ts';
import type { TreeBucketMapView } from '../../src/engines/tree-bucket-map/index.ts';
import { JAVA8, TreeBucketMap } from '../../src/engines/tree-bucket-map/index.ts';
import { createTreeBucketMapTarget, treeBucketMapTargets } from './target.ts';

const RUNS = 150;

function programsOf(target: Target): readonly Program[] {
  return fc.sample(target.programs, { numRuns: RUNS, seed: 11 });
}

function program(...operations: Program['threads'][number]): Program {
  return { setup: { hint: 0, hash: { mask: 0 }, seed: 0 }, draws: [], threads: [operations] };
}

describe.each(treeBucketMapTargets.map((target) => [target.name, target] as const))(
  '%s',
  (_name, target) => {
    test(`holds in ${RUNS} random programs, which reach every rare branch`, () => {
      const reached = new Set<string>();
      for (const random of programsOf(target)) {
        const outcome = target.execute(random);
        expect(outcome.violation).toBeNull();
        for (const key of Object.keys(outcome.coverage)) reached.add(key);
      }
      expect([...reached].sort()).toEqual([...target.coverage].sort());
    });

    test('a program is complete in its JSON: it passes the schema and runs the same again', () => {
      for (const random of programsOf(target).slice(0, 40)) {
        const copy = target.schema.parse(JSON.parse(JSON.stringify(random)));
        expect(target.execute(copy)).toEqual(target.execute(random));
      }
    });

    test('simpler operations and set-ups pass the schema too', () => {
      for (const random of programsOf(target).slice(0, 40)) {
        const operations = random.threads[0]!.flatMap((operation) =>
          target.simplifyOperation(operation),
        );
        for (const setup of [random.setup, ...target.simplifySetup(random.setup)]) {
          target.schema.parse({ setup, draws: [], threads: [operations] });
        }
      }
    });
  },
);

test('what does not fit the schema is refused with its path', () => {
  const { schema } = treeBucketMapTargets[0]!;
  const paths = (operation: object): string =>
    schema
      .safeParse({ ...program(), threads: [[operation]] })
      .error!.issues.map((issue) => issue.path.join('.'))
      .join();
  expect(paths({ op: 'fly' })).toBe('threads.0.0.op');
  expect(paths({ op: 'set', k: { float: 'x' }, v: 1 })).toBe('threads.0.0.k');
  expect(paths({ op: 'get', k: 1, extra: 1 })).toBe('threads.0.0');
  expect(paths({ op: 'forEach', nested: [{ op: 'clone', at: 0 }] })).toBe(
    'threads.0.0.nested.0.op',
  );
});

test('a listener is told operations, results and what happened inside', () => {
  const steps: StepRecord[] = [];
  treeBucketMapTargets[0]!.execute(
    program({ op: 'fill', from: 0, count: 9, stride: 1, v: 5 }, { op: 'get', k: 3 }),
    { onStep: (step) => steps.push(step) },
  );
  expect(steps).toEqual([
    {
      thread: 0,
      operation: 'set 9 keys from 0 by 1',
      result: '',
      notes: ['doubled to 32 buckets (long-chain)'],
    },
    { thread: 0, operation: 'get(3)', result: '8', notes: [] },
  ]);
});

/** Engines with a fault in one answer each, and the property that must notice it. */
const faults: Record<string, (map: TreeBucketMap<unknown, unknown>) => object> = {
  results: (map) => ({ get: (key: unknown) => map.get(key) ?? 0 }),
  count: (map) => viewed(map, (view) => ({ size: view.size + 1 })),
  bucket: (map) => viewed(map, (view) => ({ hash: (key: unknown) => view.hash(key) + 1 })),
  form: (map) =>
    viewed(map, (view) => ({
      bucket: (index: number) => {
        const { chain, tree } = view.bucket(index);
        return { chain, tree: tree === null ? null : { root: tree.root, size: tree.size + 1 } };
      },
    })),
  'tree-order': (map) => viewed(map, () => ({ identity: () => 0 })),
  'linked-order': (map) =>
    viewed(map, (view) => ({ head: { ...view.head, after: view.head.after?.after ?? null } })),
  'load-factor': (map) =>
    viewed(map, (view) => ({
      bucketCount: 2 * view.bucketCount,
      bucket: (index: number) =>
        index < view.bucketCount ? view.bucket(index) : { chain: null, tree: null },
    })),
  reachable: (map) => ({ has: (key: unknown) => key !== 4 && map.has(key) }),
  'lookup-cost': (map) => ({
    has: (key: unknown) => {
      for (const other of map.keys()) map.get(other);
      return map.has(key);
    },
  }),
  'no-panic': () => ({
    delete: () => {
      throw new RangeError('fault');
    },
  }),
};

function viewed(
  map: TreeBucketMap<unknown, unknown>,
  change: (view: TreeBucketMapView) => object,
): object {
  return {
    inspect: () => {
      const view = map.inspect();
      return { ...view, ...change(view) };
    },
  };
}

describe.each(Object.entries(faults))('a fault in one answer, %s', (property, fault) => {
  class Faulty extends TreeBucketMap<unknown, unknown> {
    constructor(options: ConstructorParameters<typeof TreeBucketMap>[0]) {
      super(options);
      // The own answers are asked of a view without the faulty ones, or they would ask themselves.
      Object.assign(this, fault(unwrapped(this)));
    }
  }

  /** The same map, its methods taken from the class. */
  function unwrapped(map: TreeBucketMap<unknown, unknown>): TreeBucketMap<unknown, unknown> {
    const take = (name: 'get' | 'has' | 'keys' | 'inspect'): unknown =>
      TreeBucketMap.prototype[name].bind(map);
    return {
      get: take('get'),
      has: take('has'),
      keys: take('keys'),
      inspect: take('inspect'),
    } as never;
  }

  const target = createTreeBucketMapTarget('faulty', JAVA8, {
    TreeBucketMap: Faulty as unknown as typeof TreeBucketMap,
  });

  test('is found and shrinks to a few operations', () => {
    const objects = Array.from({ length: 12 }, (_, object) => ({ op: 'set', k: { object }, v: 1 }));
    const failing = program(
      { op: 'iterate', it: 1, kind: 'keys' },
      { op: 'fill', from: 0, count: 20, stride: 1, v: 7 },
      { op: 'next', it: 1, count: 3 },
      ...objects,
      { op: 'forEach', nested: [{ op: 'set', k: 4, v: 2, at: 1 }], throwAt: 2 },
      { op: 'get', k: 99 },
      { op: 'delete', k: 99 },
    );
    const { violation } = target.execute(failing);
    expect(violation?.property).toBe(`tree-bucket-map.${property}`);
    expect(violation!.state.length).toBeGreaterThan(0);
    const shrunk = shrinkProgram(target, failing, violation!, { knownFails: false });
    expect(shrunk.violation.property).toBe(violation!.property);
    expect(shrunk.program.threads[0]!.length).toBeLessThanOrEqual(3);
  });
});
