import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatError } from '../core/errors.ts';
import { loadConfig } from './load.ts';
import { SETTINGS, configSchema } from './schema.ts';
import { ALL_SETTINGS, settle, type SettingSources } from './settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-config-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

async function errorOf(named?: string): Promise<string> {
  try {
    await loadConfig(named, folder);
  } catch (error) {
    return formatError(error);
  }
  return 'no error';
}

const config = { seed: '007', runs: 5, targets: ['sync-map'] };

test('no file is an empty configuration', async () => {
  expect(await loadConfig(undefined, folder)).toEqual({});
});

test.each([
  ['mapcheck.config.json', JSON.stringify(config)],
  ['mapcheck.config.mjs', `export default ${JSON.stringify(config)};`],
  [
    'mapcheck.config.ts',
    `const config: object = ${JSON.stringify(config)};\nexport default config;`,
  ],
])('%s is found and read', async (name, text) => {
  write(name, text);
  expect(await loadConfig(undefined, folder)).toEqual(config);
});

test('what is wrong is said with file, line and path', async () => {
  write('mapcheck.config.json', '{\n  "runs": 5,\n  "workesr": 2\n}');
  expect(await errorOf()).toMatchInlineSnapshot(`
    "error [E-CONFIG-003] mapcheck.config.json:3: $.workesr: unknown setting "workesr"
      Did you mean workers?"
  `);
  write('mapcheck.config.json', '{\n  "seed": 7\n}');
  expect(await errorOf()).toMatchInlineSnapshot(
    `"error [E-CONFIG-003] mapcheck.config.json:2: $.seed: expected a seed as text, found the number 7: put quotes around it, or it loses its form"`,
  );
  write('mapcheck.config.json', '{\n  "runs": 0\n}');
  expect(await errorOf()).toMatchInlineSnapshot(
    `"error [E-CONFIG-003] mapcheck.config.json:2: $.runs: expected a whole number from 1 up"`,
  );
  write('mapcheck.config.json', '{\n  "ci": {\n    "run": 5\n  }\n}');
  expect(await errorOf()).toMatchInlineSnapshot(`
    "error [E-CONFIG-003] mapcheck.config.json:3: $.ci.run: unknown setting "run"
      Did you mean runs?"
  `);
  write('mapcheck.config.json', '{ "explore": { "max": 1.5 } }');
  expect(await errorOf()).toMatchInlineSnapshot(
    `"error [E-CONFIG-003] mapcheck.config.json:1: $.explore.max: expected a whole number from 1 up, found 1.5"`,
  );
  write('mapcheck.config.json', '{ "time": "5 minutes" }');
  expect(await errorOf()).toMatchInlineSnapshot(
    `"error [E-CONFIG-003] mapcheck.config.json:1: $.time: expected a duration such as 30s, 5m or 2h"`,
  );
  write('mapcheck.config.json', '{ "runs": ');
  expect(await errorOf()).toMatchInlineSnapshot(
    `"error [E-CONFIG-002] mapcheck.config.json:1:11: the JSON text ends too early"`,
  );
  write('a.mjs', 'throw new Error("no such luck");');
  expect(await errorOf('a.mjs')).toMatchInlineSnapshot(`
    "error [E-CONFIG-001] a.mjs: cannot read the configuration: no such luck
      Check the path, and that the file runs by itself."
  `);
  write('b.mjs', 'export const config = {};');
  expect(await errorOf('b.mjs')).toMatchInlineSnapshot(
    `"error [E-CONFIG-003] b.mjs: $: Invalid input: expected object, received undefined"`,
  );
});

test('a file that is named and not there is an error', async () => {
  expect(await errorOf('none.json')).toContain('cannot read the configuration: ENOENT');
});

test('the names that are suggested are those of the schema', () => {
  const all = (names: readonly string[]): object =>
    Object.fromEntries(names.map((name) => [name, undefined]));
  expect(configSchema.safeParse(all(SETTINGS['']!)).success).toBe(true);
  for (const name of ['ci', 'explore']) {
    expect(configSchema.safeParse({ [name]: all(SETTINGS[name]!) }).success).toBe(true);
  }
  // Each setting with a flag stands in the file under the path that messages name it by.
  for (const { path } of ALL_SETTINGS) {
    const [group, name] = path.includes('.') ? path.split('.') : ['', path];
    expect(SETTINGS[group!]).toContain(name);
  }
});

describe('a flag wins over the environment, that over the file, that over the default', () => {
  const sources = (parts: Partial<SettingSources>): SettingSources => ({
    flag: () => undefined,
    environment: {},
    config: {},
    file: 'f.json',
    ...parts,
  });
  const flags =
    (given: Record<string, readonly string[]>): SettingSources['flag'] =>
    (flag) =>
      given[flag];
  const shown = (command: string, path: string, parts: Partial<SettingSources>): unknown => {
    const value = settle(command, sources(parts)).find(({ setting }) => setting.path === path)!;
    return [value.source, value.place, value.texts];
  };
  const config = { runs: 5, reporters: ['json=a', 'junit=b'], ci: { runs: 7 } };
  const environment = { MAPCHECK_RUNS: '6', MAPCHECK_REPORTER: 'json=c,sarif', MAPCHECK_SEED: '' };

  test('one by one', () => {
    const flag = flags({ '--runs': ['8'] });
    expect(shown('run', 'runs', { config, environment, flag })).toEqual(['flag', '--runs', ['8']]);
    expect(shown('run', 'runs', { config, environment })).toEqual([
      'environment',
      'MAPCHECK_RUNS',
      ['6'],
    ]);
    expect(shown('run', 'runs', { config })).toEqual(['file', 'f.json: runs', ['5']]);
    expect(shown('run', 'runs', {})).toEqual(['default', 'default', []]);
    expect(shown('ci', 'ci.runs', { config })).toEqual(['file', 'f.json: ci.runs', ['7']]);
    expect(shown('ci', 'ci.runs', { config, environment })).toEqual([
      'environment',
      'MAPCHECK_RUNS',
      ['6'],
    ]);
    expect(shown('run', 'seed', { environment })).toEqual(['default', 'default', []]);
  });

  test('a list is replaced as a whole', () => {
    expect(shown('ci', 'reporters', { config, environment })).toEqual([
      'environment',
      'MAPCHECK_REPORTER',
      ['json=c', 'sarif'],
    ]);
    expect(shown('ci', 'reporters', { config })).toEqual([
      'file',
      'f.json: reporters',
      ['json=a', 'junit=b'],
    ]);
  });

  test('of two that exclude each other the one from the better source counts', () => {
    const flag = flags({ '--time': ['1s'] });
    expect(shown('run', 'runs', { config, environment, flag })).toEqual(['default', 'default', []]);
    expect(shown('run', 'time', { config, environment, flag })).toEqual(['flag', '--time', ['1s']]);
    const both = { MAPCHECK_RUNS: '1', MAPCHECK_TIME: '1s' };
    expect(() => settle('run', sources({ environment: both }))).toThrow('exclude each other');
  });
});
