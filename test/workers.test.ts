/** Workers that hang or die, from outside the pool. Runs the build in `dist`. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type * as Campaign from '../src/run/campaign.ts';
import type { Recovery } from '../src/run/pool.ts';
import type * as Mutants from '../src/run/mutants.ts';
import type * as Project from '../src/run/project.ts';
import type * as ReplayGuarded from '../src/run/replay-guarded.ts';
import type { Target } from '../src/core/target.ts';
import type { Mutant } from '../models/mutant.ts';
import { treeBucketMapMutants } from '../models/tree-bucket-map/mutants/index.ts';
import type { Trace } from '../src/trace/format.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-workers-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The compiled module: workers run compiled code. */
async function compiled<Module>(path: string): Promise<Module> {
  return (await import(pathToFileURL(join(root, 'dist/src', path)).href)) as Module;
}

const { runCampaign } = await compiled<typeof Campaign>('run/campaign.js');
const { openProjectOf } = await compiled<typeof Project>('run/project.js');
const { replayGuarded } = await compiled<typeof ReplayGuarded>('run/replay-guarded.js');

const { huntMutants } = await compiled<typeof Mutants>('run/mutants.js');

const config = join(root, 'test/fixtures/misbehaving-targets.mjs');

async function targetsNamed(names: readonly string[]): Promise<Target[]> {
  const { targets } = await openProjectOf(config);
  return names.map((name) => targets.find((target) => target.name === name)!);
}

interface Request {
  readonly targets: readonly string[];
  readonly runs?: number;
  readonly workers?: number;
  readonly hangTimeoutMs?: number;
  readonly onRecovery?: (recovery: Recovery) => void;
}

async function run({
  hangTimeoutMs = 400,
  targets,
  runs = 60,
  workers = 2,
  onRecovery = () => {},
}: Request): Promise<Campaign.CampaignReport> {
  const plan = { seed: '1', targets, runs, knownFails: false, config };
  return runCampaign(plan, await targetsNamed(targets), {
    workers,
    bail: 0,
    hangTimeoutMs,
    workerMemoryMb: 64,
    tracesFolder: folder,
    onRecovery,
  });
}

/** The parts of a report that must not depend on who did the work. */
function essence(report: Campaign.CampaignReport): unknown {
  return JSON.parse(JSON.stringify(report)) as unknown;
}

describe('code that does not come back', () => {
  test('an endless loop is one failed run, saved as a trace; everything else is done', async () => {
    const report = await run({ targets: ['hangs', 'well'] });
    const [hangs, well] = report.targets;
    expect(well).toMatchObject({ verdict: 'holds', runs: 60, failures: [] });
    expect(hangs).toMatchObject({ verdict: 'fails', runs: 60, lostRuns: 0 });
    expect(hangs!.failures).toHaveLength(1);
    expect(hangs!.failedRuns).toBeGreaterThan(0);
    const [failure] = hangs!.failures;
    expect(failure).toMatchObject({
      property: 'hangs.terminates',
      message: 'The program did not come to an end: no progress for 400 ms.',
    });
    // The program of that very run, cut after the operation that hangs.
    const trace = JSON.parse(readFileSync(failure!.trace!, 'utf8')) as Trace;
    const values = trace.program.threads[0]!.map(({ value }) => value);
    expect(values.at(-1)).toBe(123);
    expect(values.indexOf(123)).toBe(values.length - 1);
    expect(failure!.steps).toHaveLength(values.length - 1);
    expect(failure!.violation.state[0]).toContain('does not return: {"op":"add","value":123}');
    expect(essence(await run({ targets: ['hangs', 'well'], workers: 1 }))).toEqual(essence(report));
  });

  test('process.exit and exhausted memory are failures of the run that does it', async () => {
    const report = await run({
      targets: ['exits', 'hoards', 'well'],
      hangTimeoutMs: 10_000,
    });
    expect(report.targets.map(({ target, verdict, runs }) => [target, verdict, runs])).toEqual([
      ['exits', 'fails', 60],
      ['hoards', 'fails', 60],
      ['well', 'holds', 60],
    ]);
    const messages = report.targets.map(({ failures }) => failures[0]?.message);
    expect(messages).toEqual([
      'The program took its worker down: the worker ended with exit code 3.',
      'The program took its worker down: it used more than 64 MB of memory.',
      undefined,
    ]);
    for (const { failures } of report.targets.slice(0, 2)) {
      expect(failures[0]!.property).toMatch(/\.no-crash$/);
      expect(failures[0]!.savedTrace.program.threads[0]!.at(-1)).toMatchObject({ value: 123 });
    }
  });

  test('a thread that died of what went before is replaced, and nothing is lost', async () => {
    const report = await run({ targets: ['wears-out'], runs: 150 });
    const well = await run({ targets: ['well'], runs: 150 });
    expect(report.targets[0]).toMatchObject({ verdict: 'holds', runs: 150, lostRuns: 0 });
    expect(report.targets[0]!.operations).toBeGreaterThan(well.targets[0]!.operations / 2);
  });

  test('a generator that hangs costs its ticket, which is reported as lost', async () => {
    const report = await run({ targets: ['hangs-in-making'] });
    expect(report.verdict).toBe('inconclusive');
    const [target] = report.targets;
    expect(target!.lostRuns).toBeGreaterThan(0);
    expect(target!.runs + target!.lostRuns).toBe(60);
    expect(target!.lost[0]!.reason).toMatch(/^in making the program of run \d+: no progress/);
  });
});

// How long a process takes to come up depends on the machine, and none of these is about hanging.
const patient = { hangTimeoutMs: 60_000 };

describe('native crashes', () => {
  test.each([
    ['aborts', 'SIGABRT', 10],
    ['faults', 'SIGSEGV', 16],
  ])('code that %s costs the runs that do it, and nothing else', async (name, signal, runs) => {
    const request = { ...patient, targets: [name, 'well'], runs };
    const report = await run(request);
    const [crashing, well] = report.targets;
    expect(well).toMatchObject({ verdict: 'holds', runs, failures: [] });
    expect(crashing).toMatchObject({ verdict: 'fails', runs, lostRuns: 0 });
    expect(crashing!.failures).toHaveLength(1);
    const [failure] = crashing!.failures;
    expect(failure).toMatchObject({
      property: `${name}.no-crash`,
      message: `The program took its worker down: the worker was ended by ${signal}.`,
    });
    // The input that it died of, cut after the operation that did it, with the steps up to there.
    const trace = JSON.parse(readFileSync(failure!.trace!, 'utf8')) as Trace;
    const values = trace.program.threads[0]!.map(({ value }) => value);
    expect(values.indexOf(123)).toBe(values.length - 1);
    expect(failure!.steps).toHaveLength(values.length - 1);
    expect(essence(await run({ ...request, workers: 1 }))).toEqual(essence(report));
  });

  test('one that does not come again is told of, and changes nothing', async () => {
    const marker = join(folder, 'crashed');
    process.env['MAPCHECK_TEST_MARKER'] = marker;
    const recoveries: Recovery[] = [];
    const onRecovery = (recovery: Recovery): void => void recoveries.push(recovery);
    const request = { ...patient, targets: ['crashes-once', 'well'], onRecovery };
    const report = await run(request);
    expect(existsSync(marker)).toBe(true);
    expect(recoveries).toEqual([
      {
        target: 'crashes-once',
        run: expect.any(Number) as number,
        seen: 'the worker was ended by SIGABRT',
      },
    ]);
    expect(report).toMatchObject({ verdict: 'holds', isComplete: true });
    // The marker is there now, so nothing crashes.
    expect(essence(await run(request))).toEqual(essence(report));
    expect(recoveries).toHaveLength(1);
  });

  test('one of a smaller program does not cost the failure that is made small', async () => {
    const report = await run({ ...patient, targets: ['crashes-when-small'], runs: 1 });
    const [failure] = report.targets[0]!.failures;
    expect(failure).toMatchObject({ property: 'crashes-when-small.short', isMinimal: false });
    expect(failure!.operationsLeft).toBeGreaterThan(3);
    expect(failure!.operationsLeft).toBeLessThan(failure!.operationsFound);
  });
});

function traceOf(target: string, values: readonly number[]): Trace {
  return {
    format: 'mapcheck-trace',
    version: 1,
    target,
    property: `${target}.terminates`,
    expect: 'holds',
    known: null,
    mutant: null,
    message: '',
    expected: '',
    actual: '',
    origin: null,
    program: { setup: {}, draws: [], threads: [values.map((value) => ({ op: 'add', value }))] },
  };
}

test.each([
  ['hangs', 'hangs.terminates', 400],
  ['aborts', 'aborts.no-crash', 60_000],
])(
  'the replay of a trace that %s ends too, and those after it are replayed',
  async (name, property, hangTimeoutMs) => {
    const [bad, well] = await targetsNamed([name, 'well']);
    const reports = await replayGuarded(
      [
        { file: 'a', trace: traceOf(name, [1, 2, 123, 4]), target: bad! },
        { file: 'b', trace: traceOf('well', [123]), target: well! },
      ],
      { hangTimeoutMs, config },
    );
    expect(reports[0]).toMatchObject({ verdict: 'fails', violation: { property } });
    expect(reports[0]!.steps.map(({ operation }) => operation)).toEqual(['add(1)', 'add(2)']);
    expect(reports[1]).toMatchObject({ verdict: 'holds' });
  },
);

describe('mutants', () => {
  const [ordinary] = treeBucketMapMutants;
  const mutant = (id: string, replace: string): Mutant => ({
    ...ordinary!,
    id,
    file: 'chain.js',
    find: 'for (; last.next !== null; last = last.next) length++;',
    replace,
    killedBy: ['tree-bucket-map.terminates'],
  });

  test('one that never comes back is killed by that, and those after it are hunted', async () => {
    const reports = await huntMutants(
      [
        mutant('loops', 'for (; last.next !== null;) length++;'),
        mutant('exits', 'for (; last.next !== null; last = last.next) process.exit(3);'),
        ordinary!,
      ],
      { seed: '1', tracesFolder: join(folder, 'mutants'), hangTimeoutMs: 500 },
    );
    const killed = reports.map(({ by, isByNamedProperty, runsToKill }) =>
      [by, isByNamedProperty ? 'named' : 'not named', `run ${runsToKill}`].join(', '),
    );
    expect(killed).toMatchInlineSnapshot(`
      [
        "tree-bucket-map.terminates, named, run 1",
        "tree-bucket-map.no-crash, not named, run 1",
        "tree-bucket-map.load-factor, named, run 2",
      ]
    `);
    const [{ failure, runsToKill }] = reports as [Mutants.MutantReport];
    expect(failure!.run).toBe(runsToKill - 1);
    expect(failure!.operationsLeft).toBeLessThan(failure!.operationsFound);
    expect(failure!.steps).toHaveLength(failure!.operationsLeft - 1);
    expect(failure!.savedTrace).toMatchObject({ mutant: 'loops', expect: 'fails' });
  });
});
