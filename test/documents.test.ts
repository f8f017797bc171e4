/** What the documents name exists, and the numbers in them that are counts are the ones the code gives. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { countAll } from '../bench/write-load/measure.ts';
import { writeLoadSvg } from '../bench/write-load/plot.ts';
import { allMutants } from '../models/mutants.ts';
import { builtInTargets } from '../models/targets.ts';
import { mutantTarget } from '../src/run/mutant-target.ts';
import { replaySchedule } from '../src/run/replay-schedule.ts';
import { ALL_SETTINGS } from '../src/config/settings.ts';
import { readAnyTrace, readTrace } from '../src/trace/read.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const properties = new Set(
  builtInTargets.flatMap((target) => target.properties.map((property) => property.name)),
);
const mutants = new Set(allMutants.map((mutant) => mutant.id));
const targets = new Set(builtInTargets.map((target) => target.name));

describe.each([
  'README.md',
  'CONTRIBUTING.md',
  'docs/claims.md',
  'docs/known-defects.md',
  'docs/mutants.md',
])('%s', (file) => {
  const text = read(file);

  test('names properties that exist', () => {
    const named = [...text.matchAll(/`((?:map|sync-map|tree-bucket-map)\.[\w.-]+)`/g)];
    const unknown = named.map((match) => match[1]!).filter((name) => !properties.has(name));
    expect(unknown.filter((name) => !/\.(go|ts|js|md)$/.test(name))).toEqual([]);
  });

  test('names mutants and targets that exist', () => {
    for (const [, ids] of text.matchAll(/mapcheck mutants ((?:[A-Za-z0-9-]+ ?)+)`/g)) {
      for (const id of ids!.trim().split(' ')) expect(mutants).toContain(id);
    }
    for (const [, name] of text.matchAll(/mapcheck run ([a-z][\w@.-]*)/g)) {
      expect(targets).toContain(name);
    }
  });

  test('links to files that are there', () => {
    for (const [, target] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
      expect(existsSync(join(root, dirname(file), target!)), target).toBe(true);
    }
    for (const [, path] of text.matchAll(/`((?:docs|traces|src|models|schema)\/[\w@./-]+)`/g)) {
      // NAME, TARGET and the like stand for whatever the reader has.
      if (!/[A-Z]{4}/.test(path!)) expect(existsSync(join(root, path!)), path).toBe(true);
    }
  });
});

describe('docs/claims.md', () => {
  const size = { keyCount: 1000, operationCount: 100_000 };

  test('has the counts of the write loads, and the plot is drawn from them', () => {
    const points = countAll(size);
    expect(read('docs/sync-map-write-load.svg')).toBe(writeLoadSvg(points, size));
  });

  test('has a row for each claim that a mutant refutes', () => {
    const text = read('docs/claims.md');
    const claims = allMutants.filter((mutant) => mutant.claim !== undefined);
    expect(claims.length).toBeGreaterThan(4);
    for (const { id, claim } of claims) {
      const row = text.split('\n').find((line) => line.startsWith(`| ${claim} `));
      expect(row, `claim ${claim}`).toContain(id);
    }
  });
});

describe('traces/mutants', () => {
  // The shortest program that refutes a claim stands in the repository, and still refutes it.
  test.each(allMutants.filter((mutant) => mutant.claim !== undefined).map(({ id }) => [id]))(
    '%s fails against its mutant and holds on the engine',
    async (id) => {
      const { trace, target } = readTrace(
        join(root, 'traces/mutants', `${id}.json`),
        builtInTargets,
      );
      const mutated = await mutantTarget(id, target.name);
      expect(mutated?.execute(trace.program).violation?.property).toBe(trace.property);
      expect(target.execute(trace.program).violation).toBeNull();
    },
  );
});

describe('traces/mutants/*.interleaved.json', () => {
  const traceOf = (id: string): string => join(root, 'traces/mutants', `${id}.interleaved.json`);

  const kept = allMutants.filter(({ id, interleaved }) => {
    expect(existsSync(traceOf(id))).toBe(interleaved !== undefined);
    return interleaved !== undefined;
  });

  test.each(kept.map(({ id }) => [id]))(
    '%s fails against its mutant by a property that the catalogue names',
    async (id) => {
      const loaded = readAnyTrace(traceOf(id), []);
      if (!('schedule' in loaded)) throw new Error('expected the trace of an interleaving');
      const { verdict, property } = await replaySchedule(loaded.schedule);
      expect([verdict, property]).toEqual(['fails', loaded.schedule.property]);
      const { killedBy } = allMutants.find((mutant) => mutant.id === id)!.interleaved!;
      expect(killedBy).toContain(loaded.schedule.property);
    },
  );
});

describe('docs/mutants.md', () => {
  const text = read('docs/mutants.md');
  const idsOf = (heading: string): string[] => {
    const section = text.split(`## ${heading}\n`)[1]!.split('\n## ')[0]!;
    return [...section.matchAll(/^\| ([A-Z]\d\d[\w-]*|claim-[\w-]+) /gm)].map(([, id]) => id!);
  };

  test('has a row for each mutant of the catalogue', () => {
    expect(idsOf('Planted').toSorted()).toEqual(allMutants.map(({ id }) => id).toSorted());
  });

  test('has a reason for each entry that is not planted', () => {
    const others = idsOf('Shown elsewhere, or not planted');
    expect(others.length).toBeGreaterThan(5);
    for (const id of others) expect(mutants).not.toContain(id);
  });
});

test('docs/configuration.md has every setting with its flag, variable and default', () => {
  const rows = read('docs/configuration.md')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.replaceAll('`', '').trim()))
    .filter((cells) => cells.length === 7);
  for (const { path, flag, variable, commands, fallback } of ALL_SETTINGS) {
    const row = ['', path, flag, variable, fallback, commands.join(', '), ''];
    expect(rows).toContainEqual(row);
  }
});
