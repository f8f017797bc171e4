/**
 * The engines against each other on random programs; the whole campaign is `mapcheck selftest
 * --programs`.
 */
import { describe, expect, test } from 'vitest';
import { exploreExhaustively } from '../explore/optimal.ts';
import { exploreGraphs } from '../explore/graph/explore-graphs.ts';
import { UnsupportedStepError } from '../explore/graph/graph-engine.ts';
import { compare, compareEngines } from './random-campaign.ts';
import { randomProgram, type Instruction } from './random-program.ts';

const LIMITS = { prefixesMax: 600, visitsMax: 300 };

function step(op: Instruction['op'], place = 0, a = 0, ifEven = false): Instruction {
  return { op, place, a, ifEven };
}

describe('the engines agree on random programs', () => {
  // Parts.
  test.each([0, 1, 2])('part %i', (part) => {
    const report = compareEngines('test', part * 250, 250, LIMITS);
    expect(report.difference).toBeNull();
    expect(report.comparedWithBruteForce).toBeGreaterThan(190);
    expect(report.comparedWithGraphs).toBeGreaterThan(100);
  });
});

describe('programs the campaign found', () => {
  test('a tryLock that fails is no change that a spinning thread waits for', () => {
    const program = randomProgram([
      [step('tryLock'), step('store')],
      [step('await', 0, 2), step('tryLock'), step('await', 0, 1)],
    ]);
    expect(compare(program, LIMITS)).toMatchObject({ agrees: true, fault: null });
    expect(exploreExhaustively(program, { keepsGoing: true })).toMatchObject({
      complete: 4,
      deadlocks: 5,
    });
  });

  test('the graph engine starts over with what an execution teaches it', () => {
    // Threads in order never touch a half word; that one is touched at all shows in another order.
    const program = randomProgram([
      [step('add', 2), step('add', 2)],
      [step('add', 2), step('add', 2), step('half', 0, 0, true)],
    ]);
    expect(() => exploreGraphs(program, 10_000)).toThrow(UnsupportedStepError);
  });
});
