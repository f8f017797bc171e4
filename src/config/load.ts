/** Finds, reads and checks the configuration file of a project. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Vite from 'vite';
import { suggest } from '../core/did-you-mean.ts';
import { UsageError } from '../core/errors.ts';
import {
  describeSyntaxError,
  formatPath,
  offsetOfPath,
  positionOf,
} from '../trace/json-position.ts';
import { findsOwnPackage, ownMainFile, provideOwnPackage } from './own-package.ts';
import { configSchema, SETTINGS, type MapcheckConfig } from './schema.ts';

/** File names that are looked for in the working folder, in this order. */
export const CONFIG_FILES: readonly string[] = [
  'mapcheck.config.ts',
  'mapcheck.config.mjs',
  'mapcheck.config.js',
  'mapcheck.config.json',
];

/**
 * The configuration in a file, or in the folder's own file when none is named, or an empty one.
 *
 * @throws UsageError E-CONFIG-001 unreadable or throwing, 002 not JSON, 003 a setting that is wrong or unknown.
 */
export async function loadConfig(
  named: string | undefined,
  folder: string,
): Promise<MapcheckConfig> {
  const file = findConfig(named, folder);
  if (file === null) return {};
  const path = resolve(folder, file);
  if (file.endsWith('.json')) {
    const text = readText(path, file);
    return check(parse(text, file), file, text);
  }
  // A module runs once however often it is asked for, as every module does.
  let loaded = modules.get(path);
  if (loaded === undefined) {
    loaded = importDefault(path, file);
    modules.set(path, loaded);
  }
  return check(await loaded, file, null);
}

/** What the modules that were read export, by path. */
const modules = new Map<string, Promise<unknown>>();

/** The configuration that counts: the named one, else the folder's own, else none. */
export function findConfig(named: string | undefined, folder: string): string | null {
  return named ?? CONFIG_FILES.find((name) => existsSync(join(folder, name))) ?? null;
}

function readText(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { at, reason } = describeSyntaxError(text);
    throw new UsageError(reason, { code: 'E-CONFIG-002', place: `${file}:${at}`, cause: error });
  }
}

async function importDefault(path: string, file: string): Promise<unknown> {
  try {
    const module = file.endsWith('.ts') ? await importTypeScript(path) : await importPlain(path);
    return module.default;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw unreadable(file, error);
  }
}

async function importPlain(path: string): Promise<{ default?: unknown }> {
  if (!findsOwnPackage(path)) provideOwnPackage();
  return (await import(pathToFileURL(path).href)) as { default?: unknown };
}

/** Node 20 reads no TypeScript; Vite does, and whoever tests with vitest has it. */
async function importTypeScript(path: string): Promise<{ default?: unknown }> {
  let vite: typeof Vite;
  try {
    vite = await import('vite');
  } catch (error) {
    throw new UsageError('a configuration in TypeScript needs Vite, which is not installed', {
      code: 'E-CONFIG-001',
      place: path,
      todo: 'Install vite, or rename the file to mapcheck.config.js.',
      cause: error,
    });
  }
  const alias = findsOwnPackage(path)
    ? {}
    : { resolve: { alias: [{ find: /^mapcheck$/, replacement: ownMainFile() }] } };
  const { module } = await vite.runnerImport<{ default?: unknown }>(path, alias);
  return module;
}

function unreadable(file: string, error: unknown): UsageError {
  return new UsageError(`cannot read the configuration: ${(error as Error).message}`, {
    code: 'E-CONFIG-001',
    place: file,
    todo: 'Check the path, and that the file runs by itself.',
    cause: error,
  });
}

function check(value: unknown, file: string, text: string | null): MapcheckConfig {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0]! : null;
  const path = unknown === null ? issue.path : [...issue.path, unknown];
  const line = text === null ? '' : `:${positionOf(text, offsetOfPath(text, path)).line}`;
  throw new UsageError(
    unknown === null ? issue.message : `unknown setting ${JSON.stringify(unknown)}`,
    {
      code: 'E-CONFIG-003',
      place: `${file}${line}: ${formatPath(path)}`,
      ...(unknown === null ? {} : { todo: suggest(unknown, SETTINGS[issue.path.join('.')] ?? []) }),
    },
  );
}
