/** Every report, written by the command itself, read by tools that are not ours. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Log } from 'sarif';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { formatJunit } from '../src/report/junit.ts';
import { sarifLog } from '../src/report/sarif.ts';
import type { CheckSuite } from '../src/report/document.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'bin/mapcheck.js');
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-report-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const RACY = `
import { defineProgram } from 'mapcheck';
export default defineProgram({
  name: 'a "racy" <program>',
  setup: () => new Int32Array(new SharedArrayBuffer(8)),
  threads: [
    (memory) => { memory[0] = 42; },
    (memory) => memory[0],
  ],
});
`;

const ALL = ['json=r.json', 'ndjson=r.ndjson', 'junit=r.xml', 'sarif=r.sarif', 'github=r.md'];

function mapcheck(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CI: '', NO_COLOR: '1', GITHUB_ACTIONS: '', ...environment },
  });
}

/** Runs a command with every reporter, each in a file of its own. */
function withAllReporters(name: string, args: readonly string[]): { code: number | null } {
  const reporters = ALL.flatMap((text) => ['--reporter', text.replace('=r', `=out/${name}`)]);
  const { status, stderr, stdout } = mapcheck([...args, ...reporters]);
  expect(stderr).not.toContain('Error');
  expect(stdout).not.toBe('');
  return { code: status };
}

const read = (name: string): string => readFileSync(join(folder, 'out', name), 'utf8');
const readSarif = (name: string): Log => JSON.parse(read(name)) as Log;

let checkSarif: ValidateFunction;
let checkEvent: ValidateFunction;

beforeAll(() => {
  const text = readFileSync(join(root, 'test/fixtures/schemas/sarif-2.1.0-rtm.5.json'), 'utf8');
  // Draft 4 says `id` where ajv wants `$id`; nothing refers to it.
  const { id: _, $schema: __, ...schema } = JSON.parse(text) as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  ajv.addFormat('uri', (uri) => /^[a-z][a-z0-9+.-]*:[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/i.test(uri));
  ajv.addFormat('uri-reference', /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/i);
  ajv.addFormat('date-time', true);
  checkSarif = ajv.compile(schema);
  const events = readFileSync(join(root, 'schema/events.schema.json'), 'utf8');
  checkEvent = new Ajv2020({ strict: false }).compile(JSON.parse(events) as object);

  writeFileSync(join(folder, 'racy program#1.ts'), RACY);
});

async function junitErrors(xml: string): Promise<string[]> {
  const schema = readFileSync(join(root, 'test/fixtures/schemas/junit-10.xsd'), 'utf8');
  const { valid, errors } = await validateXML({ xml, schema });
  expect(valid).toBe(errors.length === 0);
  return errors.map(({ message }) => message);
}

function sarifErrors(log: unknown): unknown {
  checkSarif(log);
  return checkSarif.errors;
}

interface Event {
  readonly event: string;
  readonly [field: string]: unknown;
}

function eventsOf(name: string): Event[] {
  const lines = read(name).trimEnd().split('\n');
  return lines.map((line) => {
    const event = JSON.parse(line) as Event;
    checkEvent(event);
    expect(checkEvent.errors, line).toBe(null);
    return event;
  });
}

describe('a campaign that fails', () => {
  let code: number | null;
  beforeAll(() => {
    const args = ['run', 'sync-map', '--runs', '60', '--known-fails', '--workers', '1'];
    ({ code } = withAllReporters('run', args));
  });

  test('is red everywhere', async () => {
    expect(code).toBe(1);
    const report = JSON.parse(read('run.json')) as {
      verdict: string;
      targets: { failures: { property: string; trace: string }[] }[];
    };
    const { failures } = report.targets[0]!;
    expect(report.verdict).toBe('fails');
    expect(failures.length).toBeGreaterThan(0);

    const xml = read('run.xml');
    expect(await junitErrors(xml)).toEqual([]);
    expect([...xml.matchAll(/<failure /g)]).toHaveLength(failures.length);

    const log = readSarif('run.sarif');
    expect(sarifErrors(log)).toBe(null);
    const results = log.runs[0]!.results!;
    expect(results.map(({ ruleId }) => ruleId)).toEqual(failures.map(({ property }) => property));
    const rules = log.runs[0]!.tool.driver.rules!;
    for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex!]!.id).toBe(ruleId);
    expect(read('run.md')).toContain('| sync-map |');
    expect(read('run.md')).toContain('Replay:   npx mapcheck replay traces/failures/sync-map/');
  });

  test('streams its events, those found before those saved, and ends with the report', () => {
    const events = eventsOf('run.ndjson');
    expect(events[0]).toMatchObject({ event: 'begin', command: 'run', seed: '1' });
    expect(events.at(-1)).toMatchObject({ event: 'end', verdict: 'fails' });
    expect(events.at(-1)!['report']).toEqual(JSON.parse(read('run.json')));
    const kinds = events.map(({ event }) => event);
    expect(kinds.indexOf('violation')).toBeGreaterThan(0);
    expect(kinds.indexOf('failure')).toBeGreaterThan(kinds.lastIndexOf('violation'));
    const runs = events.filter(({ event }) => event === 'progress').map((event) => event['runs']);
    expect(runs).toEqual([50, 10]);
  });

  test('has fingerprints of what failed, not of where the traces are kept', () => {
    const args = ['run', 'sync-map', '--runs', '55', '--known-fails', '--workers', '1'];
    const { stdout } = mapcheck([...args, '--reporter', 'sarif', '--traces', 'elsewhere']);
    const here = readSarif('run.sarif').runs[0]!.results!;
    const there = (JSON.parse(stdout) as Log).runs[0]!.results!;
    expect(there[0]!.locations).not.toEqual(here[0]!.locations);
    expect(there[0]!.partialFingerprints).toEqual(here[0]!.partialFingerprints);
    const digests = here.map((result) => result.partialFingerprints!['mapcheckTrace/v1']);
    expect(new Set(digests).size).toBe(here.length);
  });
});

describe('an exploration that fails', () => {
  test('has a thread flow for each thread, ordered as the steps were', async () => {
    const { code } = withAllReporters('explore', ['explore', 'racy program#1.ts']);
    expect(code).toBe(1);
    const log = readSarif('explore.sarif');
    expect(sarifErrors(log)).toBe(null);
    const [result] = log.runs[0]!.results!;
    expect(result!.ruleId).toBe('race');
    const flows = result!.codeFlows![0]!.threadFlows;
    expect(flows.map(({ id }) => id)).toEqual(['T1', 'T2']);
    const orders = flows.flatMap(({ locations }) => locations.map((at) => at.executionOrder));
    expect(new Set(orders)).toEqual(new Set([1, 2]));
    const place = flows[0]!.locations[0]!.location!.physicalLocation!;
    expect(place.artifactLocation!.uri).toBe('racy%20program%231.ts');
    expect(place.region).toEqual({ startLine: 7, startColumn: 19 });
    expect(place.region!.startLine).toBe(
      RACY.split('\n').findIndex((line) => line.includes('= 42')) + 1,
    );

    expect(await junitErrors(read('explore.xml'))).toEqual([]);
    expect(read('explore.xml')).toContain('name="a &quot;racy&quot; &lt;program&gt;"');
    const events = eventsOf('explore.ndjson');
    expect(events.map(({ event }) => event)).toEqual([
      'begin',
      'program',
      'failure',
      'suite',
      'end',
    ]);
  });

  test('is annotated at the line of its last step', () => {
    const { stdout } = mapcheck(['explore', 'racy program#1.ts', '--reporter', 'github']);
    expect(stdout).toMatch(/^::error file=racy program#1\.ts,line=[78],col=\d+,title=/m);
    // With JSON on stdout there is nothing else there, and the annotation is on stderr.
    const json = mapcheck(['explore', 'racy program#1.ts', '--json', '--reporter', 'github']);
    expect(JSON.parse(json.stdout)).toMatchObject({ verdict: 'fails' });
    expect(json.stderr).toMatch(/^::error file=racy/);
  });
});

describe('the gate', () => {
  test('holds in every report, and is annotated by itself in a workflow of GitHub', async () => {
    const args = ['ci', 'tree-bucket-map', '--runs', '20', '--workers', '1'];
    const { code } = withAllReporters('ci', args);
    expect(code).toBe(0);
    expect(sarifErrors(readSarif('ci.sarif'))).toBe(null);
    expect(readSarif('ci.sarif').runs[0]!.results).toEqual([]);
    expect(await junitErrors(read('ci.xml'))).toEqual([]);
    expect(eventsOf('ci.ndjson').some(({ event }) => event === 'part')).toBe(true);

    const summary = join(folder, 'summary.md');
    const { status } = mapcheck(args, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary });
    expect(status).toBe(0);
    expect(readFileSync(summary, 'utf8')).toContain('| tree-bucket-map |');
  });
});

describe('whatever names and messages hold', () => {
  const nasty = 'a\u0000]]>&<"\'\ud800\u001b[31m\r\n|`%:,é\u{1f600}\ufffe';
  const step = {
    thread: 0,
    operation: nasty,
    result: nasty,
    notes: [nasty],
    place: `${nasty}:1:2`,
  };
  const suites: CheckSuite[] = [
    {
      name: nasty,
      facts: { [nasty]: nasty },
      cases: [
        {
          name: nasty,
          failure: {
            property: nasty,
            message: nasty,
            text: nasty,
            trace: nasty,
            steps: [step, { ...step, thread: 1, place: '' }],
            essence: nasty,
          },
        },
        { name: 'b', failure: null, undecided: { verdict: 'inconclusive', message: nasty } },
        { name: 'c', failure: null, undecided: { verdict: 'nondeterministic', message: nasty } },
      ],
    },
  ];

  test('the files are valid, and no answer is no success', async () => {
    const xml = formatJunit(suites);
    expect(await junitErrors(xml)).toEqual([]);
    expect(xml).toContain('tests="3" failures="1" errors="2"');
    const log = sarifLog(suites, { properties: [], version: '1.2.3', digest: () => 'd' });
    expect(sarifErrors(JSON.parse(JSON.stringify(log)))).toBe(null);
    expect(log.runs[0]!.invocations![0]!.executionSuccessful).toBe(false);
    expect(log.runs[0]!.results!.map(({ kind }) => kind)).toEqual([undefined, 'open']);
  });

  test('the validators do see what is wrong', async () => {
    expect(await junitErrors('<testsuites><testsuite name="a"/></testsuites>')).not.toEqual([]);
    expect(await junitErrors('<testsuites>')).not.toEqual([]);
    expect(sarifErrors({ version: '2.1.0', runs: [{ tool: {} }] })).not.toBe(null);
    const bad = sarifLog(suites, { properties: [], version: '1', digest: () => 'd' });
    bad.runs[0]!.results![0]!.locations![0]!.physicalLocation!.artifactLocation!.uri = 'a b';
    expect(sarifErrors(bad)).not.toBe(null);
    expect(checkEvent({ event: 'part' })).toBe(false);
  });
});

describe('a file that cannot be written', () => {
  test('is refused before the work where that can be known', () => {
    const { status, stderr, stdout } = mapcheck(['run', '--reporter', 'junit=.']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('[E-USAGE-009] .: cannot write the junit report: it is a directory');
  });

  test.skipIf(!existsSync('/dev/full'))('costs no other report and no exit code', () => {
    const full = ['--reporter', 'ndjson=/dev/full', '--reporter', 'junit=/dev/full'];
    const late = ['--reporter', 'sarif=late.sarif'];
    const args = ['run', 'tree-bucket-map', '--runs', '5', ...full, ...late];
    const { status, stderr, stdout } = mapcheck(args);
    expect(status).toBe(2);
    expect(stderr).toContain('/dev/full: cannot write the ndjson report: ENOSPC');
    expect(stdout).toContain('Every property held');
    expect(existsSync(join(folder, 'late.sarif'))).toBe(true);
  });
});
