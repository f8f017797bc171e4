/**
 * A target for tests of the machinery itself: a counter whose defect needs three operations and one draw.
 *
 * Operations are `add` with an amount and `poison` with a nested list. The sum is wrong once a `poison` that holds a
 * nested `drop` has been followed by an `add` of 10 or more while the first draw is odd.
 */
import fc from 'fast-check';
import { z } from 'zod';
import { drawSource, type Operation, type Program } from '../program.ts';
import type { Outcome, Target } from '../target.ts';

const amount = fc.integer({ min: 0, max: 99 });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  amount.map((value) => ({ op: 'add', value })),
  fc.array(fc.constantFrom({ op: 'drop' }, { op: 'keep' }), { maxLength: 4 }).map((nested) => ({
    op: 'poison',
    nested,
  })),
);

function execute(program: Program): Outcome {
  const draw = drawSource(program.draws);
  const isOdd = draw() % 2 === 1;
  let isPoisoned = false;
  let fingerprint = 17;
  const operations = program.threads[0]!;
  for (const [operationIndex, { op, value, nested }] of operations.entries()) {
    fingerprint = (Math.imul(fingerprint, 31) + Number(value ?? 1)) >>> 0;
    if (op === 'poison') {
      isPoisoned ||= (nested as readonly Operation[]).some((inner) => inner.op === 'drop');
    } else if (isPoisoned && isOdd && Number(value) >= 10) {
      const violation = {
        property: 'toy.sum',
        message: `add(${Number(value)}) was lost.`,
        expected: String(Number(value)),
        actual: '0',
        operationIndex,
        state: [],
        known: null,
      };
      return { operations: operationIndex + 1, violation, known: {}, coverage: {}, fingerprint };
    }
  }
  return { operations: operations.length, violation: null, known: {}, coverage: {}, fingerprint };
}

/** The target. */
export const toyTarget: Target = {
  name: 'toy',
  title: 'a counter with a defect, for tests',
  properties: [{ name: 'toy.sum', statement: 'every add counts', source: 'this file' }],
  coverage: [],
  schema: z.strictObject({
    setup: z.strictObject({ width: z.int().min(1, 'the width is at least 1') }),
    draws: z.array(z.number()),
    threads: z.array(z.array(z.looseObject({ op: z.enum(['add', 'poison']) }))),
  }) as never,
  programs: fc.record({
    setup: fc.record({ width: fc.integer({ min: 1, max: 64 }) }),
    draws: fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 20 }),
    threads: fc.tuple(fc.array(operation, { maxLength: 120, size: 'max' })),
  }),
  execute,
  simplifyOperation: ({ op, value }) =>
    op === 'add' && Number(value) > 0
      ? [0, 10, Number(value) - 1].filter((v) => v < Number(value)).map((v) => ({ op, value: v }))
      : [],
  simplifySetup: (setup) => (setup['width'] === 1 ? [] : [{ width: 1 }]),
};
