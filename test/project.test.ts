/** A project from nothing: `init`, its configuration, and where each setting comes from. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { initFiles } from '../src/cli/init-files.ts';

const bin = fileURLToPath(new URL('../bin/mapcheck.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mapcheck-project-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function mapcheck(cwd: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CI: '', ...more },
  });
  return { code: status, stdout, stderr };
}

const filesIn = (place: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file, readFileSync(file, 'utf8')]),
  );

describe('init', () => {
  test('makes a project that runs at once, and touches nothing the second time', () => {
    const project = join(folder, 'new');
    const first = mapcheck(folder, ['init', '--dir', 'new', '--json']);
    expect(first.code).toBe(0);
    const { files } = JSON.parse(first.stdout) as { files: { action: string; path: string }[] };
    expect(files.map(({ action }) => action)).toEqual(files.map(() => 'created'));

    const run = mapcheck(project, ['run', '--runs', '2', '--json']);
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toMatchObject({
      verdict: 'holds',
      targets: [{ target: 'first-target', runs: 2 }],
    });

    writeFileSync(join(project, 'mapcheck/first-target.mjs'), '// mine now');
    const before = filesIn(project);
    const again = mapcheck(project, ['init']);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('nothing was written');
    expect(filesIn(project)).toEqual(before);
  });

  test('keeps what is there under another name, and says what is left to do', () => {
    const project = join(folder, 'old');
    mkdirSync(project);
    writeFileSync(join(project, 'mapcheck.config.json'), '{}');
    writeFileSync(join(project, '.gitignore'), 'dist\n');
    const dry = mapcheck(project, ['init', '--dry-run']);
    expect(dry.stdout).toContain('would create  mapcheck/first-target.mjs');
    expect(Object.keys(filesIn(project))).toHaveLength(2);
    const { stdout } = mapcheck(project, ['init']);
    expect(stdout).toContain('kept     mapcheck.config.json  (list firstTarget of');
    expect(stdout).toContain('kept     .gitignore  (have it leave out traces/failures/)');
    expect(readFileSync(join(project, '.gitignore'), 'utf8')).toBe('dist\n');
  });

  test('a folder that cannot be made is an error that says so', () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, stderr } = mapcheck(folder, ['init', '--dir', 'file']);
    expect(code).toBe(2);
    expect(stderr).toContain('[E-INIT-001]');
  });

  test('writes TypeScript where it can be read', () => {
    const paths = initFiles({ isTypeScript: true }).map(({ path }) => path);
    expect(paths.slice(0, 2)).toEqual(['mapcheck.config.ts', 'mapcheck/first-target.ts']);
  });
});

describe('config', () => {
  const project = join(folder, 'settings');
  mkdirSync(project);
  writeFileSync(
    join(project, 'mapcheck.config.json'),
    JSON.stringify({
      targets: ['tree-bucket-map'],
      runs: 11,
      workers: 1,
      reporters: ['json=out/report.json'],
      ci: { runs: 12 },
      explore: { strategy: 'pct', max: 13 },
    }),
  );

  test('shows where each value comes from', () => {
    const environment = { MAPCHECK_RUNS: '21', MAPCHECK_SEED: '007' };
    const shown = mapcheck(project, ['config', '--show', '--seed', '1e3'], environment);
    expect(shown.stderr).toBe('');
    expect(shown.stdout).toMatchInlineSnapshot(`
      "Configuration: mapcheck.config.json

      setting              value                 from
      targets              tree-bucket-map       mapcheck.config.json: targets
      seed                 1e3                   --seed
      runs                 21                    MAPCHECK_RUNS
      time                 no limit              default
      bail                 0 (never)             default
      workers              1                     mapcheck.config.json: workers
      hangTimeout          10s                   default
      workerMemory         1024 (MB)             default
      traces               traces                default
      reporters            json=out/report.json  mapcheck.config.json: reporters
      ci.seed              1e3                   --seed
      ci.runs              21                    MAPCHECK_RUNS
      explore.strategy     pct                   mapcheck.config.json: explore.strategy
      explore.preemptions  no bound              default
      explore.max          13                    mapcheck.config.json: explore.max
      explore.seed         1e3                   --seed
      "
    `);
    const json = mapcheck(project, ['config', '--json'], environment);
    expect(JSON.parse(json.stdout)).toMatchObject({ file: 'mapcheck.config.json' });
    expect(JSON.parse(json.stdout).settings).toContainEqual({
      setting: 'seed',
      value: '007',
      source: 'environment',
      place: 'MAPCHECK_SEED',
    });
  });

  test('commands do as it shows', () => {
    const quick = `defineTarget({ name: 'quick', model: 'map', create: () => new Map() })`;
    const config = readFileSync(join(project, 'mapcheck.config.json'), 'utf8');
    writeFileSync(
      join(project, 'mapcheck.config.mjs'),
      `import { defineTarget } from 'mapcheck';
       export default { ...${config}, targets: [${quick}] };`,
    );
    const runsOf = (args: readonly string[], environment: NodeJS.ProcessEnv = {}): number => {
      const { stdout, stderr, code } = mapcheck(project, [...args, '--json'], environment);
      expect(code, stderr).toBe(0);
      const report = JSON.parse(stdout) as Record<string, unknown>;
      const campaign = (report['campaign'] ?? report) as { targets: { runs: number }[] };
      return campaign.targets[0]!.runs;
    };
    expect(runsOf(['run'])).toBe(11);
    expect(runsOf(['run'], { MAPCHECK_RUNS: '21' })).toBe(21);
    expect(runsOf(['run', '--runs', '31'], { MAPCHECK_RUNS: '21' })).toBe(31);
    expect(runsOf(['ci'])).toBe(12);
    // The reporters of the file wrote theirs as well, into a folder that was not there.
    expect(JSON.parse(readFileSync(join(project, 'out/report.json'), 'utf8'))).toMatchObject({
      verdict: 'holds',
    });
  });

  test('a resumed campaign is the one that was begun, whatever the settings say now', () => {
    const begun = mapcheck(project, ['run', '--runs', '3', '--journal', 'journal', '--json']);
    const { digest } = JSON.parse(begun.stdout) as { digest: string };
    const environment = { MAPCHECK_RUNS: '9', MAPCHECK_SEED: 'another' };
    const resumed = mapcheck(project, ['run', '--resume', 'journal', '--json'], environment);
    expect(resumed.stderr).toBe('');
    expect(JSON.parse(resumed.stdout)).toMatchObject({ seed: '1', digest });
  });

  test('a wrong variable is named', () => {
    const wrong = mapcheck(project, ['run'], { MAPCHECK_RUNS: '1e3' });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('MAPCHECK_RUNS: found "1e3", expected a whole number');
    const reporter = mapcheck(project, ['run'], { MAPCHECK_REPORTER: 'jnuit=a.xml' });
    expect(reporter.stderr).toContain('Did you mean junit?');
    const named = mapcheck(folder, ['config'], { MAPCHECK_CONFIG: 'settings/none.json' });
    expect(named.stderr).toContain('settings/none.json: cannot read the configuration');
  });
});
