/** The maps under test, and how each is spoken to. */
import { pathToFileURL } from 'node:url';
import { suggest } from '../../src/core/did-you-mean.ts';
import { UsageError } from '../../src/core/errors.ts';

/** How one kind of map is used, as pieces of loop source over `map`, `key` and `value`. `null`: it has no such thing. */
export interface Dialect {
  readonly create: string;
  readonly get: string;
  readonly set: string;
  /** True if the key was there. */
  readonly delete: string;
  /** A call whose argument is a function of two parameters. */
  readonly forEach: { readonly call: string; readonly parameters: string };
  readonly entries: string | null;
  readonly keys: string | null;
  /** A statement between building and reading, to bring the map into the state in which it is meant to be read. */
  readonly settle: string;
}

/** A map under test. */
export interface Engine {
  /** As on the command line. */
  readonly name: string;
  readonly dialect: Dialect;
  /** Loads the class. */
  load(): Promise<MapClass>;
}

/** The constructor that loop source calls. */
export type MapClass = new (...options: readonly unknown[]) => object;

const MAP_DIALECT: Dialect = {
  create: 'new MapClass()',
  get: 'map.get(key)',
  set: 'map.set(key, value)',
  delete: 'map.delete(key)',
  forEach: { call: 'map.forEach', parameters: 'value, key' },
  entries: 'map',
  keys: 'map.keys()',
  settle: '',
};

const SYNC_MAP_DIALECT: Dialect = {
  create: 'new MapClass()',
  get: 'map.load(key).value',
  set: 'map.store(key, value)',
  delete: 'map.loadAndDelete(key).loaded',
  forEach: { call: 'map.range', parameters: 'key, value' },
  entries: null,
  keys: null,
  // A range promotes: what is measured then is the map after its keys have settled in read.
  settle: 'map.range(() => false);',
};

interface BuiltIn {
  readonly dialect: Dialect;
  /** Folder below `src/engines`, and the name of the class it exports; `null` for the native map. */
  readonly source: { readonly folder: string; readonly className: string } | null;
}

const BUILT_IN: Readonly<Record<string, BuiltIn>> = {
  native: { dialect: MAP_DIALECT, source: null },
  'go-map': { dialect: MAP_DIALECT, source: { folder: 'go-map', className: 'GoMap' } },
  'go-map@go1.23': {
    dialect: { ...MAP_DIALECT, create: "new MapClass({ profile: 'go1.23' })" },
    source: { folder: 'go-map', className: 'GoMap' },
  },
  'tree-bucket-map': {
    dialect: MAP_DIALECT,
    source: { folder: 'tree-bucket-map', className: 'TreeBucketMap' },
  },
  'sync-map': { dialect: SYNC_MAP_DIALECT, source: { folder: 'sync-map', className: 'SyncMap' } },
};

/** The peer that every run measures: the native `Map`. */
export const PEER = 'native';

/** Names of the built-in engines. */
export const ENGINE_NAMES: readonly string[] = Object.keys(BUILT_IN);

/** This file's own ending: the engines lie beside it in the same form, compiled or not. */
const EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf('.'));

/**
 * The engine of a name: a built-in one, or `NAME=PATH` for another build of it, to compare two.
 *
 * @throws UsageError for a name that is not there.
 */
export function findEngine(name: string): Engine {
  const split = name.indexOf('=');
  const base = split < 0 ? name : name.slice(0, split);
  const builtIn = Object.hasOwn(BUILT_IN, base) ? BUILT_IN[base] : undefined;
  if (builtIn === undefined || (split >= 0 && builtIn.source === null)) {
    throw new UsageError(`unknown engine ${JSON.stringify(name)}`, {
      code: 'E-BENCH-001',
      place: '--engines',
      todo: suggest(base, ENGINE_NAMES),
    });
  }
  const { dialect, source } = builtIn;
  if (source === null) return { name, dialect, load: () => Promise.resolve(Map as MapClass) };
  const module =
    split < 0
      ? new URL(`../../src/engines/${source.folder}/index${EXTENSION}`, import.meta.url)
      : pathToFileURL(name.slice(split + 1));
  return { name, dialect, load: () => loadClass(name, module, source.className) };
}

async function loadClass(engine: string, module: URL, className: string): Promise<MapClass> {
  let exports: Record<string, unknown>;
  try {
    exports = (await import(module.href)) as Record<string, unknown>;
  } catch (cause) {
    throw new UsageError(`cannot load engine ${engine}: ${(cause as Error).message}`, {
      code: 'E-BENCH-002',
      place: module.href,
      todo: 'Build first: npm run build.',
      cause,
    });
  }
  const mapClass = exports[className];
  if (typeof mapClass !== 'function') {
    throw new UsageError(`engine ${engine} exports no class ${className}`, {
      code: 'E-BENCH-002',
      place: module.href,
    });
  }
  return mapClass as MapClass;
}
