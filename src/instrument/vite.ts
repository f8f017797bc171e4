import { dirname, relative, sep } from 'node:path';
import { instrument, type Instrumented, type InstrumentOptions } from './instrument.ts';
import { InstrumentError } from './instrument-error.ts';
import type { SourceMap } from './output.ts';
import { accessorsBelow } from './vite-accessors.ts';
import { globText, isCommonJsFile, matchesGlobs, ownModule, packageOf } from './resolve.ts';

export type { SourceMap } from './output.ts';

/** Which modules the plugin makes steppable. */
export interface SteppedOptions {
  /** Globs of paths from the project's root, or of package names. */
  readonly include: readonly string[];
  /** Globs of modules to leave as they are. */
  readonly exclude?: readonly string[];
  /** Names of getters and setters of packages that take steps; those of the project are found. */
  readonly accessors?: readonly string[];
  /** What stepped modules import their support from; default `mapcheck/stepped`. */
  readonly runtime?: string;
}

/** The part of Vite's plugin interface that is used, so that Vite need not be installed. */
export interface SteppedPlugin {
  readonly name: 'mapcheck:stepped';
  readonly enforce: 'pre';
  config(): { readonly test: { readonly server: { readonly deps: ServerDependencies } } };
  configResolved(config: { readonly root: string }): void;
  transform(code: string, id: string): { code: string; map: SourceMap } | null;
}

/** Which packages vitest transforms, and which it leaves to Node. */
export interface ServerDependencies {
  readonly inline: RegExp[];
  readonly external: RegExp[];
}

/**
 * Returns a plugin for Vite and vitest that makes modules steppable.
 *
 * The modules can be used as before; `mapcheck/vitest` and the explorer run their functions in steps. It runs before
 * other plugins, on the source as it was written, so that places are those of the file.
 *
 * @example
 * // vitest.config.ts
 * export default defineConfig({ plugins: [steppedModules({ include: ['src/shared/**', 'some-package'] })] });
 */
export function steppedModules(options: SteppedOptions): SteppedPlugin {
  let root = process.cwd();
  let accessors: Set<string> | null = null;
  const isStepped = (path: string): boolean => {
    const packageName = packageOf(path);
    const isIn = (globs: readonly string[]): boolean =>
      matchesGlobs(globs, path, packageName, root);
    return isIn(options.include) && !isIn(options.exclude ?? []);
  };
  return {
    name: 'mapcheck:stepped',
    enforce: 'pre',
    config: () => ({ test: { server: { deps: serverDependencies(options.include) } } }),
    configResolved(config) {
      root = config.root;
    },
    transform(code, id) {
      const path = id.replace(/[?#].*$/u, '');
      if (!/\.[cm]?[jt]sx?$/u.test(path) || path.startsWith('\0')) return null;
      if (!isStepped(path)) return null;
      accessors ??= accessorsBelow(root, isStepped, options.accessors ?? []);
      const file = relative(root, path).split(sep).join('/');
      const settings = {
        file,
        accessors,
        ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
      };
      const { code: stepped, map, accessors: own } = instrumented(code, path, settings);
      for (const name of own) accessors.add(name);
      // Vite takes sources for names beside the module, so that they must be whole paths.
      return { code: stepped, map: { ...map, sources: [path] } };
    },
  };
}

function instrumented(
  code: string,
  path: string,
  options: InstrumentOptions & { readonly file: string },
): Instrumented {
  const { file } = options;
  try {
    if (isCommonJsFile(path, code)) {
      throw new InstrumentError(
        'E-INSTRUMENT-006',
        'a CommonJS module cannot be made steppable by the plugin',
        { file, line: 1, column: 1 },
        'Explore it from a program file of its own, or write it as an ECMAScript module.',
      );
    }
    return instrument(code, path, options);
  } catch (error) {
    if (!(error instanceof InstrumentError)) throw error;
    // What Vite and vitest show the place by.
    const { line, column } = error.place;
    const id = path;
    if (error.todo !== undefined) error.message += `. ${error.todo}`;
    throw Object.assign(error, { id, loc: { file: path, line, column: column - 1 } });
  }
}

/**
 * Packages to step must be transformed, which vitest does not do by itself; mapcheck must not be, or its run-time support
 * would be there twice when a project links to it.
 */
function serverDependencies(include: readonly string[]): ServerDependencies {
  const names = include.filter((glob) => !/^[./]/u.test(glob));
  const own = dirname(ownModule('index')).split(sep).join('/');
  return {
    inline: names.map((glob) => new RegExp(`/node_modules/${globText(glob)}(?:/|$)`, 'u')),
    external: [new RegExp(`^(?:file://)?${globText(own)}/`, 'u')],
  };
}
