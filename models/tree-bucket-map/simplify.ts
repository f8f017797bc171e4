/** Simpler versions of operations and set-ups, simplest first, for the shrinker. */
import type { Operation, Program } from '../../src/core/program.ts';
import type { KeyRun, TreeBucketOperation } from './operations.ts';
import { asTreeBucketOperation, asTreeBucketSetup } from './operations.ts';

/** Simpler versions of one operation. */
export function simplifyTreeBucketOperation(operation: Operation): readonly Operation[] {
  return candidates(asTreeBucketOperation(operation)) as unknown as readonly Operation[];
}

function candidates(operation: TreeBucketOperation): readonly TreeBucketOperation[] {
  switch (operation.op) {
    case 'set':
      return [
        ...simplerKeys(operation.k).map((k) => ({ ...operation, k })),
        ...(operation.v === 0 ? [] : [{ ...operation, v: 0 }]),
      ];
    case 'get':
    case 'has':
    case 'delete':
      return simplerKeys(operation.k).map((k) => ({ ...operation, k }));
    case 'fill':
      return [...simplerRuns(operation), ...(operation.v === 0 ? [] : [{ ...operation, v: 0 }])];
    case 'drain':
      return simplerRuns(operation);
    case 'next':
      return smaller(operation.count, 1).map((count) => ({ ...operation, count }));
    case 'iterate':
      return operation.it === 0 ? [] : [{ ...operation, it: 0 }];
    case 'forEach': {
      if (operation.throwAt === undefined) return [];
      const { throwAt: _dropped, ...without } = operation;
      return [without];
    }
    case 'clone':
      return [{ op: 'entries' }];
    default:
      return [];
  }
}

function simplerRuns<T extends TreeBucketOperation & KeyRun>(operation: T): readonly T[] {
  return [
    ...smaller(operation.count, 1).map((count) => ({ ...operation, count })),
    ...smaller(operation.from, 0).map((from) => ({ ...operation, from })),
    ...smaller(operation.stride, 1).map((stride) => ({ ...operation, stride })),
  ];
}

/** Small integers in place of a key. Anything else is taken for less simple than every integer. */
function simplerKeys(key: unknown): readonly number[] {
  return smaller(typeof key === 'number' && Number.isInteger(key) ? key : 8, 0);
}

/** Numbers nearer to the least: it, half way, one less. */
function smaller(value: number, least: number): readonly number[] {
  if (value <= least) return [];
  return [...new Set([least, (value + least) >> 1, value - 1])];
}

/** Simpler versions of a set-up. */
export function simplifyTreeBucketSetup(made: Program['setup']): readonly Program['setup'][] {
  const setup = asTreeBucketSetup(made);
  const simpler: Program['setup'][] = [];
  if (setup.hint !== 0) simpler.push({ ...made, hint: 0 });
  if (setup.seed !== 0) simpler.push({ ...made, seed: 0 });
  if (setup.hash === 'own' || setup.hash.mask !== 0) simpler.push({ ...made, hash: { mask: 0 } });
  if (setup.hash === 'own' || (setup.hash.mask !== 0 && setup.hash.mask !== -1)) {
    simpler.push({ ...made, hash: { mask: -1 } });
  }
  return simpler;
}
