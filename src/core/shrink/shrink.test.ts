import { expect, test } from 'vitest';
import { createStream } from '../../random/stream.ts';
import { deriveState, expandSeed } from '../../random/seed.ts';
import type { Program } from '../program.ts';
import { toyTarget } from '../testing/toy-target.ts';
import { shrinkProgram } from './shrink.ts';

const smallest: Program = {
  setup: { width: 1 },
  draws: [1],
  threads: [
    [
      { op: 'poison', nested: [{ op: 'drop' }] },
      { op: 'add', value: 10 },
    ],
  ],
};

function failingPrograms(count: number): Program[] {
  const found: Program[] = [];
  const base = expandSeed('shrink', 'test');
  for (let run = 0; found.length < count; run++) {
    const program = toyTarget.programs.generate(
      createStream(deriveState(base, run)),
      undefined,
    ).value;
    if (toyTarget.execute(program).violation !== null) found.push(program);
  }
  return found;
}

// The defect needs exactly two operations, one nested operation, the least amount and one odd draw.
test('every failing program shrinks to the one smallest program', () => {
  for (const program of failingPrograms(40)) {
    const violation = toyTarget.execute(program).violation!;
    const result = shrinkProgram(toyTarget, program, violation, { knownFails: false });
    // Which odd draw is left depends on what the shrinker tries; all else is the same.
    expect(result.program.draws).toHaveLength(1);
    expect({ ...result.program, draws: [1] }).toEqual(smallest);
    expect(result.isMinimal).toBe(true);
    expect(result.violation.property).toBe('toy.sum');
  }
});

test('a spent budget keeps the best program so far, which still fails, and says so', () => {
  const [program] = failingPrograms(1);
  const violation = toyTarget.execute(program!).violation!;
  const result = shrinkProgram(toyTarget, program!, violation, {
    knownFails: false,
    attemptsMax: 3,
  });
  expect(result.isMinimal).toBe(false);
  expect(result.attempts).toBe(3);
  expect(toyTarget.execute(result.program).violation?.property).toBe('toy.sum');
});

test('a candidate that fails in another way is not taken', () => {
  const target = {
    ...toyTarget,
    // Shorter programs fail too, but another property.
    execute: (program: Program) => {
      const length = program.threads[0]!.length;
      const violation = toyTarget.execute(smallest).violation!;
      const property = length >= 5 ? 'toy.sum' : 'toy.other';
      return {
        ...toyTarget.execute(smallest),
        violation: { ...violation, property, operationIndex: length - 1 },
      };
    },
  };
  const program = {
    ...smallest,
    threads: [Array.from({ length: 40 }, () => ({ op: 'add', value: 0 }))],
  };
  const violation = target.execute(program).violation;
  const result = shrinkProgram(target, program, violation, { knownFails: false });
  expect(result.program.threads[0]).toHaveLength(5);
});
