/** `mapcheck show` from outside: the pages of traces and journals. Runs the build in `dist`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, root, runMapcheck, type Ran } from './testing/project.ts';

const folder = makeProject('show');

const mapcheck = (...args: string[]): Ran => runMapcheck(folder, args);

const page = (name: string): string => readFileSync(join(folder, name), 'utf8');

test('a failing interleaving: thread by thread, beside its source, with the orders it needs', () => {
  const source = readFileSync(join(root, 'examples/interleavings/visits.ts'), 'utf8');
  const named = source.replace("name: 'visits'", "name: 'visits </script><b>'");
  writeFileSync(join(folder, 'visits.ts'), named);
  const explored = mapcheck('explore', 'visits.ts', '--json', '--reporter', 'html=all/report.html');
  const { failure } = JSON.parse(explored.stdout) as { failure: { trace: string } };
  const shown = mapcheck('show', failure.trace, '--out', 'pages/visits.html', '--json');
  expect(JSON.parse(shown.stdout)).toEqual({ verdict: 'fails', out: 'pages/visits.html' });
  expect([shown.code, shown.stderr]).toEqual([0, '']);
  const html = page('pages/visits.html');
  expect(html.match(/<tr data-step="\d+"/g)).toHaveLength(4);
  expect(html).toContain('<th scope="col">T1</th><th scope="col">T3</th>');
  expect(html).toContain('<mark data-column="16">Atomics.load(visits, 0)</mark>');
  expect(html).toContain(
    'T1&#39;s load of visits[0] (visits.ts:4:16) came before T3&#39;s store of it',
  );
  expect(html).not.toContain('<b>');
  // The report of the command is such a page too.
  expect(page('all/report.html')).toContain('visits &lt;/script&gt;&lt;b&gt;');
});

test('a trace of one thread: its operations, and the state around the fault', () => {
  const known = join(root, 'traces/known/sync-map');
  const name = readdirSync(known).find((file) => file.endsWith('.json'))!;
  const { code, stdout } = mapcheck('show', join(known, name));
  const out = name.replace('.json', '.html');
  expect(stdout).toBe(`Wrote ${out}\n`);
  expect(code).toBe(0);
  expect(page(out)).toContain('<th scope="col">operation</th>');
  expect(page(out)).toContain('State around the fault');
});

test('a journal: how far it came, and what it found', () => {
  const run = ['run', 'sync-map', '--runs', '200', '--known-fails', '--journal', 'kept', '--json'];
  expect(mapcheck(...run).code).toBe(1);
  const { code, stdout } = mapcheck('show', 'kept', '--out', 'kept.html', '--json');
  expect(JSON.parse(stdout)).toEqual({ verdict: null, out: 'kept.html' });
  expect(code).toBe(0);
  expect(page('kept.html')).toContain('complete: finished');
  expect(page('kept.html')).toContain('sync-map.leak-bound');
  expect(page('kept.html')).toContain('Program, as it was found');
});

test('what cannot be shown, or written, ends with exit code 2', () => {
  const missing = mapcheck('show', 'nowhere.json');
  expect(missing.stderr).toContain('nowhere.json');
  expect(missing.code).toBe(2);
  const empty = mapcheck('show', 'node_modules');
  expect(empty.stderr).toContain('no journal in this folder');
  expect(empty.code).toBe(2);
  const known = join(root, 'traces/known/sync-map');
  const trace = join(
    known,
    readdirSync(known).find((file) => file.endsWith('.json'))!,
  );
  const unwritable = mapcheck('show', trace, '--out', 'node_modules');
  expect(unwritable.stderr).toContain('node_modules');
  expect(unwritable.code).toBe(2);
});
