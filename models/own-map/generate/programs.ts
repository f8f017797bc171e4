/** Random programs for a map of the user's own: keys that hurt, growth, holes, changes during iteration. */
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Operation, Program } from '../../../src/core/program.ts';
import type { OwnMap } from '../own-map.ts';
import { encodeToken, type ValueToken } from '../../value-token.ts';

/** Most operations of a generated program; a fill counts as one. */
const OPERATIONS_MAX = 50;

/** How often each operation stands in a program, against the others. */
const WEIGHTS: Readonly<Record<string, number>> = {
  get: 4,
  set: 10,
  has: 3,
  delete: 6,
  clear: 1,
  size: 1,
  peek: 2,
  entries: 2,
  keys: 1,
  values: 1,
  load: 5,
  store: 8,
  loadOrStore: 5,
  loadAndDelete: 4,
  swap: 4,
  compareAndSwap: 5,
  compareAndDelete: 5,
};

const NO_ARGUMENTS: readonly string[] = ['clear', 'size', 'entries', 'keys', 'values'];
const WITH_VALUE: readonly string[] = ['set', 'store', 'loadOrStore', 'swap', 'compareAndSwap'];
const WITH_OLD: readonly string[] = ['compareAndSwap', 'compareAndDelete'];

/** Random programs; draws nothing but from fast-check's generator. */
export function ownMapPrograms(map: OwnMap): Arbitrary<Program> {
  const setup = fc.record({
    map: fc.constantFrom(...map.setups),
    checks: fc.constantFrom('each' as const, 'each' as const, 'end' as const),
  });
  const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
  return fc
    .record({
      setup,
      draws: fc.array(uint32, { maxLength: 3 }),
      operations: fc.array(operation(map), {
        minLength: 1,
        maxLength: OPERATIONS_MAX,
        size: 'max',
      }),
    })
    .map(({ setup: made, draws, operations }) => ({ setup: made, draws, threads: [operations] }));
}

function operation(map: OwnMap): Arbitrary<Operation> {
  const simple = simpleOperation(map);
  const others: { readonly weight: number; readonly arbitrary: Arbitrary<Operation> }[] = [];
  if (map.hasLiveIterators) {
    const it = fc.integer({ min: 0, max: 1 });
    const kind = fc.constantFrom('entries', 'keys', 'values');
    others.push({ weight: 3, arbitrary: fc.record({ op: fc.constant('iterate'), it, kind }) });
    const count = fc.nat(9);
    others.push({ weight: 7, arbitrary: fc.record({ op: fc.constant('next'), it, count }) });
  }
  if (map.operations.forEach !== undefined) {
    others.push({ weight: 2, arbitrary: forEach(map, simple) });
  }
  if (map.operations.range !== undefined) {
    others.push({ weight: 4, arbitrary: range(map, simple) });
  }
  if (map.model === 'persistent-map') {
    const back = fc.integer({ min: 1, max: 6 });
    others.push({ weight: 4, arbitrary: fc.record({ op: fc.constant('version'), back }) });
  }
  return fc.oneof({ weight: 30, arbitrary: simple }, ...others);
}

/** An operation that may stand inside a loop too. */
function simpleOperation(map: OwnMap): Arbitrary<Operation> {
  const k = key(map);
  const v = value(map);
  const names = Object.keys(WEIGHTS).filter((name) => name in map.operations);
  const choices = names.map((op) => ({
    weight: WEIGHTS[op]!,
    arbitrary: fc.record({
      op: fc.constant(op),
      ...(NO_ARGUMENTS.includes(op) ? {} : { k }),
      ...(WITH_OLD.includes(op) ? { old: v } : {}),
      ...(WITH_VALUE.includes(op) ? { v } : {}),
    }) as Arbitrary<Operation>,
  }));
  const run = keyRun(map);
  const writes = map.operations.set !== undefined || map.operations.store !== undefined;
  if (writes) {
    const fill = fc.record({ op: fc.constant('fill'), ...run, v: fc.nat(999) });
    choices.push({ weight: 4, arbitrary: fill });
  }
  if (map.operations.delete !== undefined) {
    const drain = fc.record({ op: fc.constant('drain'), ...run });
    choices.push({ weight: 3, arbitrary: drain });
  }
  return fc.oneof(...choices);
}

function keyRun(map: OwnMap): Record<'from' | 'count' | 'stride', Arbitrary<number>> {
  const capacities = map.setups.map(map.capacityOf).filter((capacity) => capacity < 1_000);
  const around = capacities.flatMap((capacity) => [capacity, capacity + 1]);
  // Around the sizes at which tables commonly grow.
  const boundaries = [7, 8, 9, 12, 13, 16, 17, 24, 25, 33, 49, 65, 96, 100];
  return {
    from: fc.constantFrom(0, 0, 0, 0, 3, 64, 1000, 2 ** 31 - 8192, -(2 ** 31)),
    count: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(...around, ...boundaries)),
    stride: fc.constantFrom(1, 1, 2, 16, 32, 64),
  };
}

/** Few ordinary keys, so that operations meet; some that collide in their low bits; the ones that hurt. */
function key(map: OwnMap): Arbitrary<ValueToken> {
  const at = (n: number): ValueToken => encodeToken(map.keyAt(n));
  const few = fc.integer({ min: 0, max: 12 }).map(at);
  const many = fc.integer({ min: 0, max: 24 }).map((n) => at(n * 64));
  const choices = [
    { weight: 5, arbitrary: few },
    { weight: 2, arbitrary: many },
  ];
  if (map.keys.length > 0) choices.push({ weight: 3, arbitrary: fc.constantFrom(...map.keys) });
  return fc.oneof(...choices);
}

/** Values from a small range, so that comparisons succeed; and the ones that hurt. */
function value(map: OwnMap): Arbitrary<ValueToken> {
  const isCompared = map.operations.compareAndSwap !== undefined;
  const ordinary = fc.integer({ min: 1, max: isCompared ? 3 : 999 });
  if (map.values.length === 0) return ordinary;
  return fc.oneof(
    { weight: 6, arbitrary: ordinary },
    { weight: 1, arbitrary: fc.constantFrom(...map.values) },
  );
}

function nestedOperations(simple: Arbitrary<Operation>): Arbitrary<readonly Operation[]> {
  const nested = fc
    .tuple(simple, fc.integer({ min: 0, max: 12 }))
    .map(([inner, at]): Operation => ({ ...inner, at }));
  return fc.array(nested, { maxLength: 4 });
}

function forEach(map: OwnMap, simple: Arbitrary<Operation>): Arbitrary<Operation> {
  const op = fc.constant('forEach');
  if (!map.hasNestedOperations) return fc.record({ op });
  return fc.record({ op, nested: nestedOperations(simple) });
}

function range(map: OwnMap, simple: Arbitrary<Operation>): Arbitrary<Operation> {
  if (!map.hasNestedOperations) return fc.constant({ op: 'range' });
  const stop = fc.integer({ min: 1, max: 6 });
  return fc.record(
    { op: fc.constant('range'), nested: nestedOperations(simple), stop },
    { requiredKeys: ['op'] },
  ) as Arbitrary<Operation>;
}
