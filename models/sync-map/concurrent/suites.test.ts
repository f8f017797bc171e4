/** The suites against the table of their classes. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { loadEngine } from '../../../src/instrument/load-program.ts';
import { steppedEngine, type SteppedEngine } from './engine.ts';
import { exploreMapProgram } from './explore.ts';
import { exploreSuite } from './run-suite.ts';
import { syncMapSuites } from './suites.ts';

/** Programs, classes, most in one, new steps: by suite, as `docs/sync-map-suites.md` has them. */
const table = new Map(
  readFileSync(fileURLToPath(new URL('../../../docs/sync-map-suites.md', import.meta.url)), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .slice(1)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
    .map(([name, ...counts]) => [name!, counts.map((count) => Number(count.replaceAll(',', '')))]),
);

let engine: SteppedEngine;
beforeAll(async () => {
  engine = steppedEngine(await loadEngine('sync-map'));
});

test('the table has every suite, and their sums', () => {
  const names = syncMapSuites.map(({ name }) => name);
  expect([...table.keys()]).toEqual([...names, 'all']);
  const sum = (column: number): number =>
    names.reduce((total, name) => total + table.get(name)![column]!, 0);
  expect([sum(0), sum(1), sum(3)]).toEqual([0, 1, 3].map((column) => table.get('all')![column]));
});

// The others take half a minute together; `mapcheck ci` runs them all.
const checked = syncMapSuites.filter(
  ({ name, shape }) => shape === '1 + 1' || shape === '1 + 1 + 1' || name === 'expunged, 1 + 2',
);

test.each(checked)('$name: every program holds, in as many classes as before', (suite) => {
  const { found, programs, classes, classesMax, steps } = exploreSuite(suite, (program) =>
    exploreMapProgram(program, engine),
  );
  expect(found).toBe(null);
  expect([programs, classes, classesMax, steps]).toEqual(table.get(suite.name));
});

test('programs that differ by the order of threads or by symmetric keys are made once', () => {
  const suite = syncMapSuites.find(({ name }) => name === 'empty, 1 + 1 + 1')!;
  const programs = [...suite.programs()];
  const seen = new Set<string>();
  const shape = (exchanges: boolean, threads: (typeof programs)[0]['threads']): string =>
    threads
      .map((operations) =>
        operations.map(({ op, k }) => [op, exchanges && k !== undefined ? 3 - (k as number) : k]),
      )
      .map((thread) => JSON.stringify(thread))
      .toSorted((left, right) => (left < right ? -1 : Number(left > right)))
      .join(' ');
  for (const { threads } of programs) {
    expect(seen.has(shape(false, threads))).toBe(false);
    seen.add(shape(false, threads));
    seen.add(shape(true, threads));
  }
  // Eleven operations; a program and its mirror image are one.
  expect(programs.length).toBe(231);
});
