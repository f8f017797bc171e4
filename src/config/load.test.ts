import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatError } from '../core/errors.ts';
import { loadConfig } from './load.ts';
import { SETTINGS, configSchema } from './schema.ts';

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
    `"error [E-CONFIG-003] mapcheck.config.json:2: $.runs: Too small: expected number to be >=1"`,
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
  expect(
    configSchema.safeParse(Object.fromEntries(SETTINGS.map((name) => [name, undefined]))),
  ).toMatchObject({
    success: true,
  });
});
