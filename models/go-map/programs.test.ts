import { expect, test } from 'vitest';
import { generateProgram } from '../../src/run/ticket.ts';
import { campaignState } from '../../src/run/plan.ts';
import type { Program } from '../../src/core/program.ts';
import { goMapTargets } from './target.ts';

const [target] = goMapTargets;

function programs(seed: string, count: number): Program[] {
  const campaign = campaignState(seed, target!.name);
  return Array.from({ length: count }, (_, run) => generateProgram(target!, campaign, run));
}

test('the schema accepts every generated program, and JSON keeps it', () => {
  for (const program of programs('schema', 150)) {
    const copy: unknown = JSON.parse(JSON.stringify(program));
    expect(target!.schema.parse(copy)).toEqual(program);
  }
});

test.each(['1', '2'])('150 programs of seed %s reach every rare branch', (seed) => {
  const total: Record<string, number> = {};
  for (const program of programs(seed, 150)) {
    for (const [name, count] of Object.entries(target!.execute(program).coverage)) {
      total[name] = (total[name] ?? 0) + count;
    }
  }
  for (const name of target!.coverage) expect(total[name], name).toBeGreaterThan(0);
});

test('programs have some 200 operations, and no end that grows without bound', () => {
  const lengths = programs('lengths', 300).map(({ threads }) => threads[0]!.length);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  expect(mean).toBeGreaterThan(150);
  expect(mean).toBeLessThan(300);
  expect(Math.max(...lengths)).toBeLessThan(1500);
});

test('one seed gives one program', () => {
  expect(programs('same', 20)).toEqual(programs('same', 20));
});
