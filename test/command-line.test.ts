/** The command line from outside: what scripts and people type against. Runs the build in `dist`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../bin/mapcheck.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-cli-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function mapcheck(...args: string[]): Result {
  const environment = { ...process.env, CI: '', NO_COLOR: '1', FORCE_COLOR: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
  });
  return { code: status, stdout, stderr };
}

function runJson(...args: string[]): Record<string, unknown> {
  const { code, stdout, stderr } = mapcheck('run', ...args, '--json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout.trimEnd()).not.toContain('\n');
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('run', () => {
  test('gives the same object, byte for byte, for any number of workers', () => {
    const args = ['run', '--seed', '1', '--runs', '120', '--json'];
    const one = mapcheck(...args, '--workers', '1');
    const three = mapcheck(...args, '--workers', '3');
    expect(one.code).toBe(0);
    expect(three.stdout).toBe(one.stdout);
    const report = JSON.parse(one.stdout) as { verdict: string; targets: { runs: number }[] };
    expect(report.verdict).toBe('holds');
    for (const target of report.targets) expect(target.runs).toBe(120);
  });

  test('the digest depends on seed, targets and runs', () => {
    const target = 'tree-bucket-map';
    const digests = [
      runJson(target, '--runs', '60'),
      runJson(target, '--runs', '61'),
      runJson(target, '--runs', '60', '--seed', '01'),
      runJson(target, '--runs', '60', '--seed', '-5'),
      runJson(`${target}@description`, '--runs', '60'),
    ].map((report) => report['digest']);
    expect(new Set(digests).size).toBe(5);
    expect(runJson(target, '--runs', '60', '--workers', '2')['digest']).toBe(digests[0]);
  });

  test('a campaign that stops at the first failure reports the same for any number of workers', () => {
    const args = ['run', 'sync-map', '--runs', '400', '--known-fails', '--bail', '1', '--json'];
    const one = mapcheck(...args, '--workers', '1');
    expect(one.code).toBe(1);
    // The first ticket holds the first failure, so that its 50 runs are all that count.
    expect(JSON.parse(one.stdout)).toMatchObject({ targets: [{ runs: 50 }] });
    expect(mapcheck(...args, '--workers', '3').stdout).toBe(one.stdout);
  });

  test('seeds stay text', () => {
    for (const seed of ['00012', '1e3', '12345678901234567890', '-5', 'two words']) {
      expect(runJson('tree-bucket-map', '--runs', '1', '--seed', seed)['seed']).toBe(seed);
    }
  });

  test('a campaign by time ends by itself', () => {
    const { code, stdout } = mapcheck('run', 'tree-bucket-map', '--time', '300ms');
    expect(code).toBe(0);
    expect(stdout).toContain('Every property held');
  });

  test('a flag wins over the configuration, and the configuration over the default', () => {
    writeFileSync(
      join(folder, 'settings.json'),
      '{ "seed": "of the file", "runs": 3, "targets": ["tree-bucket-map"] }',
    );
    const report = runJson('--config', 'settings.json', '--seed', 'of the flag');
    expect(report).toMatchObject({
      seed: 'of the flag',
      targets: [{ target: 'tree-bucket-map', runs: 3 }],
    });
  });

  test('a trace that cannot be written is printed, so that nothing found is lost', () => {
    writeFileSync(join(folder, 'blocked'), '');
    const args = ['run', 'sync-map', '--runs', '20', '--known-fails', '--traces', 'blocked'];
    const { code, stdout } = mapcheck(...args);
    expect(code).toBe(1);
    expect(stdout).toContain('The trace could not be written: ENOTDIR');
    expect(stdout).toContain('"format": "mapcheck-trace"');
    const json = JSON.parse(mapcheck(...args, '--json').stdout) as {
      targets: { failures: { trace: null; unsavedTrace: { property: string } }[] }[];
    };
    expect(json.targets[0]!.failures[0]).toMatchObject({
      trace: null,
      unsavedTrace: { property: 'sync-map.leak-bound' },
    });
  });

  test('a report can go to a file beside the one on stdout', () => {
    const { code } = mapcheck(
      'run',
      'tree-bucket-map',
      '--runs',
      '5',
      '--json',
      '--reporter',
      'default=out.txt',
    );
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toContain('Every property held');
  });
});

describe('bad input ends with exit code 2 and says what to do', () => {
  test.each([
    [['run', 'tree-bucket-mpa'], 'Did you mean tree-bucket-map?'],
    [['run', '--runs', '-1'], 'expected a whole number'],
    [['run', '--runs', '1e3'], '--runs: found "1e3"'],
    [['run', '--seed', ''], 'the seed is empty'],
    [['run', '--time', '30'], 'a duration such as 30s'],
    [['run', '--time', '1s', '--runs', '3'], 'cannot be used with'],
    [['run', '--workers', '0'], 'from 1 up'],
    [['run', '--sed', '1'], 'Did you mean --seed?'],
    [['run', '--reporter', 'jsno'], 'Did you mean json?'],
    [['run', '--reporter', 'default', '--json'], 'both want stdout'],
    [['rnu'], 'Did you mean run?'],
    [['replay'], 'missing required argument'],
    [['replay', 'nothing.json'], 'no such file'],
    [['mutants', 'A99'], 'unknown mutant "A99"'],
    [['ci', '--reporter', 'junti=x'], 'Did you mean junit?'],
    [['conform', 'nowhere'], 'no such file or folder'],
  ])('%j', (args, expected) => {
    const { code, stdout, stderr } = mapcheck(...args);
    expect(stderr).toContain(expected);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('a configuration with an unknown setting, and one that names an unknown target', () => {
    writeFileSync(join(folder, 'bad.json'), '{\n  "run": 3\n}');
    const bad = mapcheck('run', '--config', 'bad.json');
    expect(bad.stderr).toContain('bad.json:2: $.run: unknown setting "run"');
    expect(bad.stderr).toContain('Did you mean runs?');
    expect(bad.code).toBe(2);
    writeFileSync(join(folder, 'target.json'), '{ "targets": ["synk-map"] }');
    expect(mapcheck('run', '--config', 'target.json')).toMatchObject({ code: 2, stdout: '' });
  });

  test('a damaged trace', () => {
    writeFileSync(join(folder, 'broken.json'), '{"format": "mapcheck-trace", "ver');
    const { code, stderr } = mapcheck('replay', 'broken.json');
    expect(code).toBe(2);
    expect(stderr).toContain('broken.json:1:');
  });
});

describe('mutants and replay', () => {
  test('a mutant is killed; its trace fails against the mutant and holds without it', () => {
    const { code, stdout } = mapcheck('mutants', 'T01', '--json', '--traces', '.');
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as {
      killed: number;
      mutants: { trace: string; by: string }[];
    };
    expect(report.killed).toBe(1);
    const [{ trace, by }] = report.mutants as [{ trace: string; by: string }];
    const failing = mapcheck('replay', trace, '--json');
    expect(failing.code).toBe(1);
    expect(JSON.parse(failing.stdout)).toMatchObject({
      verdict: 'fails',
      property: by,
      divergedAt: null,
    });
    const text = readFileSync(join(folder, trace), 'utf8').replace(
      '"mutant": "T01"',
      '"mutant": null',
    );
    writeFileSync(join(folder, 'fixed.json'), text);
    const holding = mapcheck('replay', 'fixed.json');
    expect(holding.code).toBe(0);
    expect(holding.stdout).toContain('HOLDS');
  });
});

describe('ci', () => {
  test('replays what is committed, and a regression that fails again fails the gate', () => {
    mapcheck('mutants', 'T01', '--traces', 'gate');
    const [file] = readdirSync(join(folder, 'gate/mutants'));
    const text = readFileSync(join(folder, 'gate/mutants', file!), 'utf8');
    const args = ['ci', 'tree-bucket-map', '--runs', '20', '--traces', 'gate'];
    // A trace that is expected to fail and holds on the engine as it is: a known defect that went away.
    const gone = text.replace('"mutant": "T01"', '"mutant": null');
    writeTrace('gate/known/a.json', gone);
    const known = mapcheck(
      ...args,
      '--reporter',
      'junit=junit.xml',
      '--reporter',
      'sarif=out.sarif',
    );
    expect(known.code).toBe(1);
    expect(known.stdout).toContain('It was expected to fail, and holds.');
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain('failures="1"');
    const sarif = JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8')) as {
      runs: { results: unknown[] }[];
    };
    expect(sarif.runs[0]!.results).toHaveLength(1);
    // The same program as a regression holds.
    rmSync(join(folder, 'gate/known'), { recursive: true });
    writeTrace('gate/regressions/a.json', gone.replace('"expect": "fails"', '"expect": "holds"'));
    const held = mapcheck(...args);
    expect(held.stdout).toContain('1 saved regression: 1 as expected.');
    expect(held.code).toBe(0);
  });
});

function writeTrace(name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test('without a command it says what to do next, and that nothing was checked', () => {
  const { code, stdout, stderr } = mapcheck();
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('nothing was checked');
  expect(stderr).toContain('mapcheck init');
  writeTrace('next/traces/failures/a/b.json', '{}');
  const next = spawnSync(process.execPath, [bin], { cwd: join(folder, 'next'), encoding: 'utf8' });
  expect(next.stderr).toContain('mapcheck replay traces/failures/a/b.json');
});

test('a locale without UTF-8 gets ASCII, and JSON stays what it is', () => {
  const args = [bin, 'run', 'tree-bucket-map', '--runs', '1', '--seed', 'é'];
  const run = (LC_ALL: string, ...more: string[]): string =>
    spawnSync(process.execPath, [...args, ...more], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL },
    }).stdout;
  expect(run('C')).toContain('seed "\\u00e9"');
  expect(run('C.UTF-8')).toContain('seed "é"');
  expect(JSON.parse(run('C', '--json'))).toMatchObject({ seed: 'é' });
});

test('help and version', () => {
  expect(mapcheck('--version')).toMatchObject({ code: 0, stdout: '0.1.0\n' });
  const help = mapcheck('--help');
  expect(help.code).toBe(0);
  expect(help.stdout).toContain('Exit codes:');
});
