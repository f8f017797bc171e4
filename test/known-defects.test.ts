/**
 * The known defects of Go: each has a trace that fails as recorded, a section in the document and a
 * program for Go; none is in the corrected profiles; campaigns find them by themselves.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { KNOWN_DEFECTS } from '../models/go-map/known-defects.ts';
import { SYNC_MAP_RULES } from '../models/sync-map/rules.ts';
import { builtInTargets } from '../models/targets.ts';
import { shrinkProgram } from '../src/core/shrink/shrink.ts';
import type { Target } from '../src/core/target.ts';
import { replayTrace } from '../src/run/replay.ts';
import { traceFiles } from '../src/run/saved-traces.ts';
import { runTicket, type TicketResult } from '../src/run/ticket.ts';
import { readTrace } from '../src/trace/read.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'traces/known');
const files = traceFiles(folder).map((file) => relative(folder, file));

const identifiers = new Set<string>(Object.keys(KNOWN_DEFECTS));
for (const { knownLeak } of Object.values(SYNC_MAP_RULES)) {
  if (knownLeak !== null) identifiers.add(knownLeak.id);
}

const find = (name: string): Target => builtInTargets.find((target) => target.name === name)!;
const load = (file: string): ReturnType<typeof readTrace> =>
  readTrace(join(folder, file), builtInTargets);

test('each known defect has one trace, named after it', () => {
  expect(files.map((file) => file.replace(/\.json$/, ''))).toEqual([...identifiers].toSorted());
});

describe.each(files)('%s', (file) => {
  const { trace, target } = load(file);

  test('fails as recorded', () => {
    expect(trace).toMatchObject({ expect: 'fails', known: file.replace(/\.json$/, '') });
    const report = replayTrace(load(file));
    expect(report.verdict).toBe('fails');
    const { property, known, message, expected, actual } = trace;
    expect(report.violation).toMatchObject({ property, known, message, expected, actual });
  });

  test('is counted as known, and nothing else is wrong', () => {
    const outcome = target.execute(trace.program);
    expect(outcome.violation).toBeNull();
    expect(Object.keys(outcome.known)).toEqual([trace.known]);
  });

  test('holds on the corrected profile', () => {
    const corrected = find(`${target.name.split('@')[0]}@corrected`);
    const outcome = corrected.execute(trace.program, { knownFails: true });
    expect(outcome.violation).toBeNull();
    expect(outcome.known).toEqual({});
  });

  test('has a section in the document and a program for Go', () => {
    const document = readFileSync(join(root, 'docs/known-defects.md'), 'utf8');
    const start = document.indexOf(`\n## \`${trace.known}\`: `);
    expect(start, 'its section').toBeGreaterThan(0);
    const section = document.slice(start + 1).split('\n## ')[0]!;
    const program = `docs/repro/${basename(file, '.json')}`;
    const due = [trace.property, `\`npx mapcheck replay traces/known/${file}\``, `\`${program}\``];
    expect(due.filter((text) => !section.includes(text))).toEqual([]);
    expect(existsSync(join(root, program, 'main.go'))).toBe(true);
    expect(existsSync(join(root, program, 'go.mod'))).toBe(true);
  });
});

/** What a campaign of so many runs with the seed 1 fails with, when known defects count. */
function campaign(target: string, runCount: number): TicketResult['violations'] {
  const ticket = { targetIndex: 0, firstRun: 0, runCount };
  return runTicket(find(target), '1', 0, ticket, true).violations;
}

// Each turns up at least three times in so many runs on the average, so that a change of generators
// has room. The other defects of the map are rarer: from once in some hundreds of runs to once in
// some thousands.
describe.each([
  ['go-map', 500, ['go-map/aged-iterator-duplicate', 'go-map/clear-misses-retired-array']],
  ['go-map@go1.19', 100, ['go-map/clear-unseen']],
  ['sync-map', 50, ['sync-map/compare-and-delete-leak']],
  ['sync-map@go1.20', 50, ['sync-map/compare-and-delete-leak']],
  ['sync-map@go1.15.0', 50, ['sync-map/load-and-delete-leak']],
] as const)('a campaign of %s', (target, runCount, defects) => {
  test(`finds by itself, within ${runCount} runs: ${defects.join(', ')}`, () => {
    const known = campaign(target, runCount).map(({ violation }) => violation.known);
    for (const defect of defects) expect(known).toContain(defect);
    // Whatever fails is known.
    expect(known).not.toContain(null);
  });
});

test('the leak of CompareAndDelete shrinks to three operations', () => {
  const [found] = campaign('sync-map', 50);
  const options = { knownFails: true };
  const shrunk = shrinkProgram(find('sync-map'), found!.program, found!.violation, options);
  expect(shrunk.isMinimal).toBe(true);
  expect(shrunk.program.threads[0]).toHaveLength(3);
});
