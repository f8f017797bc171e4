import { relative, sep } from 'node:path';
import { instrument } from './instrument.ts';
import type { SourceMap } from './output.ts';
import { isCommonJsFile, matchesGlobs, packageOf } from './resolve.ts';

export type { SourceMap } from './output.ts';

/** Which modules the plugin makes steppable. */
export interface SteppedOptions {
  /** Globs of paths from the project's root, or of package names. */
  readonly include: readonly string[];
  /** Globs of modules to leave as they are. */
  readonly exclude?: readonly string[];
  /** Names of getters and setters that take steps and are used in modules other than their own. */
  readonly accessors?: readonly string[];
  /** What stepped modules import their support from; default `mapcheck/stepped`. */
  readonly runtime?: string;
}

/** The part of Vite's plugin interface that is used, so that Vite need not be installed. */
export interface SteppedPlugin {
  readonly name: 'mapcheck:stepped';
  readonly enforce: 'pre';
  configResolved(config: { readonly root: string }): void;
  transform(code: string, id: string): { code: string; map: SourceMap } | null;
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
  return {
    name: 'mapcheck:stepped',
    enforce: 'pre',
    configResolved(config) {
      root = config.root;
    },
    transform(code, id) {
      const path = id.replace(/[?#].*$/u, '');
      if (!/\.[cm]?[jt]sx?$/u.test(path) || path.startsWith('\0')) return null;
      const packageName = packageOf(path);
      const isIn = (globs: readonly string[]): boolean =>
        matchesGlobs(globs, path, packageName, root);
      if (!isIn(options.include) || isIn(options.exclude ?? [])) return null;
      if (isCommonJsFile(path, code)) return null;
      const { code: stepped, map } = instrument(code, path, {
        file: relative(root, path).split(sep).join('/'),
        accessors: options.accessors ?? [],
        ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
      });
      return { code: stepped, map };
    },
  };
}
