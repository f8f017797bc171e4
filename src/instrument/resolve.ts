/** Finds the file behind an import, by the rules of Node, and decides whether it is to be stepped. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where an import leads. */
export type Resolution =
  | { readonly kind: 'builtin'; readonly specifier: string }
  | { readonly kind: 'file'; readonly path: string; readonly packageName: string | null }
  | { readonly kind: 'missing' };

const HERE = fileURLToPath(import.meta.url);
const OWN_ENDING = extname(HERE);
/** The folder that holds `index` and the engines: `src` in a checkout, `dist/src` in the package. */
const OWN_ROOT = dirname(dirname(HERE));

/** The source that a checkout holds beside the built files: engines are read from there, so that places are the source's. */
const CHECKOUT = join(dirname(dirname(OWN_ROOT)), 'src');
const ENGINES_ROOT =
  OWN_ENDING === '.js' && existsSync(join(CHECKOUT, 'engines', 'sync-map', 'index.ts'))
    ? CHECKOUT
    : OWN_ROOT;

const OWN_MODULES: Readonly<Record<string, string>> = {
  mapcheck: 'index',
  'mapcheck/atomics': 'atomics/index',
  'mapcheck/go-map': 'engines/go-map/index',
  'mapcheck/shared-mutex': 'engines/shared-mutex/index',
  'mapcheck/sync-map': 'engines/sync-map/index',
  'mapcheck/tree-bucket-map': 'engines/tree-bucket-map/index',
  'mapcheck/stepped': 'instrument/runtime/index',
  'mapcheck/program': 'program/define-program',
};

/** Path of a module of mapcheck's own. */
export function ownModule(name: string): string {
  return join(OWN_ROOT, `${name}${OWN_ENDING}`);
}

/** Whether a file is one of mapcheck's engines: they are always stepped. */
export function isOwnEngine(path: string): boolean {
  return path.startsWith(join(ENGINES_ROOT, 'engines') + sep);
}

/** The main file of one of mapcheck's engines, as it must be loaded. */
export function engineFile(engine: string): string {
  return ownFile(ownModule(`engines/${engine}/index`));
}

/** A file of mapcheck's own as it must be loaded: engines from their source, everything else from where this file is. */
function ownFile(path: string): string {
  const engines = join(OWN_ROOT, 'engines') + sep;
  if (ENGINES_ROOT === OWN_ROOT) return path;
  if (path.startsWith(engines)) {
    return join(ENGINES_ROOT, 'engines', path.slice(engines.length).replace(/\.js$/u, '.ts'));
  }
  const atomics = join(ENGINES_ROOT, 'atomics') + sep;
  return path.startsWith(atomics) ? ownModule('atomics/index') : path;
}

/** Resolves an import of a file. */
export function resolveImport(specifier: string, importer: string): Resolution {
  if (isBuiltin(specifier)) return { kind: 'builtin', specifier };
  const own = OWN_MODULES[specifier];
  if (own !== undefined)
    return { kind: 'file', path: ownFile(ownModule(own)), packageName: 'mapcheck' };
  const isPath = /^(?:\.{0,2}\/|file:)/u.test(specifier);
  if (isPath) {
    const target = specifier.startsWith('file:')
      ? fileURLToPath(specifier)
      : resolve(dirname(importer), specifier);
    const found = fileAt(target);
    if (found === null) return { kind: 'missing' };
    const path = ownFile(found);
    return { kind: 'file', path, packageName: packageOf(path) };
  }
  return resolvePackage(specifier, importer);
}

const SOURCE_ENDINGS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};

/** The file a path means; TypeScript's source stands in for the file it would be compiled to. */
function fileAt(path: string): string | null {
  if (isFile(path)) return path;
  const ending = extname(path);
  for (const other of SOURCE_ENDINGS[ending] ?? []) {
    const source = path.slice(0, -ending.length) + other;
    if (isFile(source)) return source;
  }
  for (const other of ['.ts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js']) {
    if (isFile(path + other)) return path + other;
  }
  return null;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** Name of the package a file belongs to, by the `node_modules` in its path; `null` for the project's own files. */
export function packageOf(path: string): string | null {
  const parts = path.split(/[\\/]/u);
  const at = parts.lastIndexOf('node_modules');
  if (at < 0 || parts[at + 1] === undefined) return null;
  return parts[at + 1]!.startsWith('@') ? `${parts[at + 1]}/${parts[at + 2]}` : parts[at + 1]!;
}

interface PackageFile {
  readonly name?: string;
  readonly type?: string;
  readonly main?: string;
  readonly exports?: unknown;
}

function readPackage(folder: string): PackageFile | null {
  const path = join(folder, 'package.json');
  if (!isFile(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PackageFile;
  } catch {
    return null;
  }
}

function resolvePackage(specifier: string, importer: string): Resolution {
  const parts = specifier.split('/');
  const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
  const subpath = `.${specifier.slice(name.length)}`;
  for (let folder = dirname(importer); ; folder = dirname(folder)) {
    const own = readPackage(folder);
    if (own?.name === name && own.exports !== undefined) {
      const path = exportedFile(folder, own, subpath);
      if (path !== null) return { kind: 'file', path, packageName: name };
    }
    const home = join(folder, 'node_modules', name);
    const found = readPackage(home);
    if (found !== null) {
      const path = exportedFile(realpathSync(home), found, subpath);
      return path === null ? { kind: 'missing' } : { kind: 'file', path, packageName: name };
    }
    if (dirname(folder) === folder) return { kind: 'missing' };
  }
}

function exportedFile(home: string, description: PackageFile, subpath: string): string | null {
  const { exports } = description;
  if (exports === undefined || exports === null) {
    return fileAt(
      subpath === '.' ? join(home, description.main ?? 'index.js') : join(home, subpath),
    );
  }
  const isMap =
    typeof exports === 'object' &&
    !Array.isArray(exports) &&
    Object.keys(exports).some((key) => key.startsWith('.'));
  const map = (isMap ? exports : { '.': exports }) as Readonly<Record<string, unknown>>;
  const direct = map[subpath];
  if (direct !== undefined) return chosen(home, direct, '');
  for (const [pattern, target] of Object.entries(map)) {
    const star = pattern.indexOf('*');
    if (star < 0) continue;
    const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
    if (!subpath.startsWith(before) || !subpath.endsWith(after)) continue;
    return chosen(home, target, subpath.slice(before.length, subpath.length - after.length));
  }
  return null;
}

const CONDITIONS = new Set(['node', 'import', 'module-sync', 'default']);

function chosen(home: string, target: unknown, star: string): string | null {
  if (typeof target === 'string') return fileAt(join(home, target.replaceAll('*', star)));
  if (Array.isArray(target)) {
    for (const choice of target) {
      const path = chosen(home, choice, star);
      if (path !== null) return path;
    }
    return null;
  }
  if (typeof target !== 'object' || target === null) return null;
  for (const [condition, choice] of Object.entries(target)) {
    if (!CONDITIONS.has(condition)) continue;
    const path = chosen(home, choice, star);
    if (path !== null) return path;
  }
  return null;
}

/** Whether a file is CommonJS: by its ending, its package, and where those leave it open, its text. */
export function isCommonJsFile(path: string, code: string): boolean {
  const ending = extname(path);
  if (ending === '.cjs' || ending === '.cts') return true;
  if (ending !== '.js' && ending !== '.jsx') return false;
  for (let folder = dirname(path); dirname(folder) !== folder; folder = dirname(folder)) {
    const description = readPackage(folder);
    if (description === null) continue;
    if (description.type === 'module') return false;
    break;
  }
  const isModule =
    /^\s*(?:import\s*[\w*{'"]|export\s+(?:default|const|let|var|function|class|async)|export\s*[{*])/mu;
  return !isModule.test(code);
}

/** Whether a file is to be stepped under the globs of a program: by its package's name, or by its path. */
export function matchesGlobs(
  globs: readonly string[],
  path: string,
  packageName: string | null,
  base: string,
): boolean {
  for (const glob of globs) {
    if (glob.startsWith('.') || glob.startsWith('/')) {
      if (globPattern(resolve(base, glob)).test(path)) return true;
    } else {
      if (packageName === null) {
        if (globPattern(glob).test(relative(base, path).split(sep).join('/'))) return true;
        continue;
      }
      const inside = path.slice(path.lastIndexOf(packageName));
      if (globPattern(glob).test(packageName) || globPattern(glob).test(inside)) return true;
    }
  }
  return false;
}

function globPattern(glob: string): RegExp {
  return new RegExp(`^${globText(glob)}$`, 'u');
}

/** A glob as the text of a regular expression. */
export function globText(glob: string): string {
  return glob
    .replace(/[.+^${}()|[\]\\]/gu, '\\$&')
    .replace(/\*\*\/?|\*|\?/gu, (star) =>
      star.startsWith('**') ? '.*' : star === '*' ? '[^/]*' : '[^/]',
    );
}

/** A path as a module's name. */
export function moduleUrl(path: string): string {
  return pathToFileURL(path).href;
}

/** A path as messages show it: from the working directory, unless that leads upwards. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return (short.startsWith('..') ? path : short).split(sep).join('/');
}
