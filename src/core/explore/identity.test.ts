import { expect, test } from 'vitest';
import { AtomicRef } from '../../atomics/atomic-ref.ts';
import { objectCompareAndSwap, objectLoad, type SteppedProgram, type StepResult } from '../step.ts';
import { bruteForce } from './brute-force.ts';
import { isIdentity } from './identity.ts';
import { exploreExhaustively } from './optimal.ts';

interface Cell {
  readonly below: Cell | null;
}
type Steps = Generator<number, void, StepResult>;

test('objects, functions and symbols are identities, plain values are not', () => {
  expect([{}, [], () => 1, Symbol('s')].every(isIdentity)).toBe(true);
  expect([0, Number.NaN, '', 1n, true, null, undefined].some(isIdentity)).toBe(false);
});

test('a conditional write is predicted by the objects of its own run', () => {
  function* push(top: AtomicRef<Cell>): Steps {
    for (let attempt = 0; attempt < 2; attempt++) {
      yield objectLoad(top);
      const below = top.load();
      yield objectCompareAndSwap(top, below);
      if (top.compareAndSwap(below, { below })) return;
    }
  }
  const program: SteppedProgram<AtomicRef<Cell>> = {
    setup: () => new AtomicRef<Cell>({ below: null }),
    threads: [push, push, push],
  };
  const found = exploreExhaustively(program as SteppedProgram, { hasHashes: true });
  const { complete, hashSum } = bruteForce(program as SteppedProgram, {
    prunesPrefixes: true,
    prefixesMax: 10_000,
  });
  expect(found).toMatchObject({ complete, hashSum, redundant: 0, mispredictions: 0 });
});
