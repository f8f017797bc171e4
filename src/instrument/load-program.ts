/**
 * Loads a program file and what it imports as stepped modules, fresh for each call.
 *
 * The modules are written to a folder of their own under the system's folder for temporary files, imported from there
 * and deleted. The program file, the files it imports by path, mapcheck's engines and the packages its `instrument` list
 * names are stepped; everything else is imported as it is.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { InternalError, UsageError } from '../core/errors.ts';
import type { SteppedProgram } from '../core/step.ts';
import { problemOf } from '../program/define-program.ts';
import type { ProgramDefinition } from '../program/define-program.ts';
import { weaker } from './confined-state.ts';
import { InstrumentError } from './instrument-error.ts';
import { instrument } from './instrument.ts';
import type { Instrumented } from './instrument.ts';
import { lineOf, lineStartsOf } from './output.ts';
import { nextPointNumber } from './runtime/points.ts';
import { steppedProgram } from './stepped-program.ts';
import {
  engineFile,
  isCommonJsFile,
  isOwnEngine,
  matchesGlobs,
  moduleUrl,
  ownModule,
  resolveImport,
  shownPath,
} from './resolve.ts';

/** A program ready to be explored. */
export interface LoadedProgram {
  readonly definition: ProgramDefinition<unknown>;
  /** The threads as generators; set-up and check as they are. */
  readonly program: SteppedProgram;
  /** The files that were stepped, from the working directory, the program file first. */
  readonly files: readonly string[];
}

interface ModuleFile {
  readonly path: string;
  readonly code: string;
  readonly isCommonJs: boolean;
  /** Name in the temporary folder. */
  readonly target: string;
  result: Instrumented | null;
  /** Number of the first point in `result`. */
  firstPoint: number;
  /** Whether names of accessors were found since that `result` does not know. */
  isStale: boolean;
}

/**
 * Loads a program file.
 *
 * **Cost** 2 to 10 ms for each module that is stepped.
 *
 * @throws UsageError if a file cannot be read (`E-PROGRAM-002`), does not parse or cannot be stepped (the
 *   instrumenter's code), an import leads nowhere (`E-PROGRAM-003`), the module throws while it is loaded
 *   (`E-PROGRAM-004`) or exports no program (`E-PROGRAM-001`). Each names file, line and column where there are any.
 *   A set-up that throws does so when the program is run (`E-PROGRAM-005`).
 */
export async function loadProgram(
  file: string,
  options: LoadModuleOptions = {},
): Promise<LoadedProgram> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mapcheck-'));
  try {
    const graph = new Graph(resolve(file), folder, options.patch);
    const modules = graph.build();
    const loaded = await importModule(modules[0]!);
    const definition = loaded['default'];
    const problem = problemOf(definition);
    if (problem !== null) {
      throw new UsageError(problem, {
        code: 'E-PROGRAM-001',
        place: shownPath(modules[0]!.path),
        todo: 'Export one program: export default defineProgram({ name, setup, threads, check }).',
      });
    }
    return {
      definition: definition as ProgramDefinition<unknown>,
      program: await steppedProgram(
        definition as ProgramDefinition<unknown>,
        modules.map(({ result }) => result!.confinement).reduce(weaker),
      ),
      files: modules.map(({ path }) => shownPath(path)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How modules of mapcheck's own are loaded in steps. */
export interface LoadModuleOptions {
  /** Changes the source of a file before it is made steppable: for mutants. */
  readonly patch?: (path: string, code: string) => string;
}

/**
 * Loads one of mapcheck's engines as stepped modules, fresh for each call, and returns what its `index` exports.
 *
 * Functions of the result can be called plainly, or run in steps by their stepped forms.
 *
 * @throws UsageError as `loadProgram`, where a patch leaves code that does not load.
 */
export async function loadEngine(
  engine: string,
  options: LoadModuleOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mapcheck-'));
  try {
    const [index] = new Graph(engineFile(engine), folder, options.patch).build();
    return await importModule(index!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Loads a module of a user's, and what it imports by path or by one of the globs, as stepped modules, fresh for each call.
 *
 * @throws UsageError as `loadProgram`.
 */
export async function loadSteppedModule(
  file: string,
  globs: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mapcheck-'));
  try {
    const [entry] = new Graph(resolve(file), folder, undefined, globs).build();
    return await importModule(entry!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function importModule(module: ModuleFile): Promise<Readonly<Record<string, unknown>>> {
  // Positions in stacks are those of the source from here on.
  process.setSourceMapsEnabled?.(true);
  try {
    return (await import(/* @vite-ignore */ moduleUrl(module.target))) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new UsageError(`threw while it was loaded: ${message}`, {
      code: 'E-PROGRAM-004',
      place: shownPath(module.path),
      cause: error,
    });
  }
}

const ACCESSOR_ROUNDS_MAX = 4;

class Graph {
  readonly #modules = new Map<string, ModuleFile>();
  readonly #entry: string;
  readonly #folder: string;
  readonly #patch: LoadModuleOptions['patch'];
  #globs: readonly string[];
  readonly #hasGlobs: boolean;
  #accessors = new Set<string>();

  /** `globs` are what is stepped beside files imported by path; by default those that the entry itself lists. */
  constructor(
    entry: string,
    folder: string,
    patch?: LoadModuleOptions['patch'],
    globs?: readonly string[],
  ) {
    this.#entry = entry;
    this.#folder = folder;
    this.#patch = patch;
    this.#hasGlobs = globs !== undefined;
    this.#globs = globs ?? [];
  }

  /** Reads, instruments and writes all modules; the program file comes first. */
  build(): readonly ModuleFile[] {
    const entry = this.#add(this.#entry, null);
    if (!this.#hasGlobs) this.#globs = globsOf(entry.code);
    for (let round = 0; ; round++) {
      if (round === ACCESSOR_ROUNDS_MAX) {
        throw new InternalError('names of accessors do not settle', { code: 'E-INSTRUMENT-900' });
      }
      const known = new Set(this.#accessors);
      let firstPoint = nextPointNumber();
      // The map grows while it is walked: imports are added behind.
      for (const module of this.#modules.values()) {
        if (module.result === null || module.firstPoint !== firstPoint || module.isStale) {
          module.result = this.#instrument(module, firstPoint);
          module.firstPoint = firstPoint;
          module.isStale = false;
        }
        firstPoint += module.result.points.length;
        for (const name of module.result.accessors) this.#accessors.add(name);
      }
      const fresh = [...this.#accessors].filter((name) => !known.has(name));
      if (fresh.length === 0) break;
      for (const module of this.#modules.values()) {
        const own = new Set(module.result!.accessors);
        module.isStale = fresh.some((name) => !own.has(name) && module.code.includes(name));
      }
    }
    for (const module of this.#modules.values()) writeModule(module);
    return [...this.#modules.values()];
  }

  #add(path: string, importer: { file: ModuleFile; specifier: string } | null): ModuleFile {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const source = readSource(path, importer);
    const code = this.#patch === undefined ? source : this.#patch(path, source);
    const isCommonJs = isCommonJsFile(path, code);
    const name = basename(path, extname(path)).replace(/[^\w.-]/gu, '_');
    const target = join(
      this.#folder,
      `${this.#modules.size}-${name}.${isCommonJs ? 'cjs' : 'mjs'}`,
    );
    const module: ModuleFile = {
      path,
      code,
      isCommonJs,
      target,
      result: null,
      firstPoint: 0,
      isStale: false,
    };
    this.#modules.set(path, module);
    return module;
  }

  #instrument(module: ModuleFile, firstPoint: number): Instrumented {
    try {
      return instrument(module.code, module.path, {
        file: shownPath(module.path),
        runtime: moduleUrl(ownModule('instrument/runtime/index')),
        accessors: this.#accessors,
        isCommonJs: module.isCommonJs,
        firstPoint,
        metaUrl: moduleUrl(module.path),
        ...(module.isCommonJs ? { preamble: requirePreamble(module.path) } : {}),
        resolveImport: (specifier) => this.#target(specifier, module),
      });
    } catch (error) {
      if (!(error instanceof InstrumentError)) throw error;
      // A file that does not parse is named by its path.
      const file = shownPath(error.place.file);
      const { line, column } = error.place;
      throw new UsageError(error.message, {
        code: error.code,
        place: `${file}:${line}:${column}`,
        cause: error,
        ...(error.todo === undefined ? {} : { todo: error.todo }),
      });
    }
  }

  /** What an import is replaced by. */
  #target(specifier: string, importer: ModuleFile): string {
    const found = resolveImport(specifier, importer.path);
    if (found.kind === 'builtin') return specifier;
    if (found.kind === 'missing') {
      throw new UsageError(`cannot find '${specifier}'`, {
        code: 'E-PROGRAM-003',
        place: placeOf(importer, specifier),
        todo: 'Install the package where this file can see it, or mend the path.',
      });
    }
    if (specifier === 'mapcheck' && importsDefinitionOnly(importer.code)) {
      return moduleUrl(ownModule('program/define-program'));
    }
    if (!this.#isStepped(found.path, found.packageName, importer)) return moduleUrl(found.path);
    return moduleUrl(this.#add(found.path, { file: importer, specifier }).target);
  }

  #isStepped(path: string, packageName: string | null, importer: ModuleFile): boolean {
    if (!/\.[cm]?[jt]sx?$/u.test(path)) return false;
    if (isOwnEngine(path) || (packageName === 'mapcheck' && isOwnEngine(importer.path))) {
      return isOwnEngine(path);
    }
    if (path.startsWith(dirname(ownModule('atomics/index')) + sep)) return false;
    if (packageName === 'mapcheck' && path.startsWith(dirname(ownModule('index')))) return false;
    return (
      packageName === null || matchesGlobs(this.#globs, path, packageName, dirname(this.#entry))
    );
  }
}

/** Whether the only thing a file wants of mapcheck is `defineProgram`: then the rest need not be loaded. */
function importsDefinitionOnly(code: string): boolean {
  const imports = [...code.matchAll(/import\s*([^'"]*?)\s*from\s*['"]mapcheck['"]/gu)];
  return (
    imports.length > 0 &&
    imports.every(([, names]) => /^\{\s*defineProgram\s*,?\s*\}$/u.test(names!))
  );
}

function readSource(
  path: string,
  importer: { file: ModuleFile; specifier: string } | null,
): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    const place = importer === null ? shownPath(path) : placeOf(importer.file, importer.specifier);
    throw new UsageError(`cannot be read: ${reason}`, {
      code: 'E-PROGRAM-002',
      place,
      cause: error,
    });
  }
}

function placeOf(module: ModuleFile, specifier: string): string {
  const match = new RegExp(
    `['"]${specifier.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}['"]`,
    'u',
  ).exec(module.code);
  const starts = lineStartsOf(module.code);
  const offset = match?.index ?? 0;
  const line = lineOf(starts, offset);
  return `${shownPath(module.path)}:${line + 1}:${offset - starts[line]! + 1}`;
}

/** The `instrument` list of a program file: it must be known before anything is loaded, so it is read off the text. */
function globsOf(code: string): readonly string[] {
  const list = /\binstrument\s*:\s*\[([^\]]*)\]/u.exec(code)?.[1];
  if (list === undefined) return [];
  return [...list.matchAll(/'([^']*)'|"([^"]*)"|`([^`]*)`/gu)].map(
    ([, a, b, c]) => a ?? b ?? c ?? '',
  );
}

function writeModule(module: ModuleFile): void {
  const { code, map } = module.result!;
  const absolute = { ...map, sources: [moduleUrl(module.path)] };
  const encoded = Buffer.from(JSON.stringify(absolute)).toString('base64');
  const comment = `\n//# sourceMappingURL=data:application/json;base64,${encoded}\n`;
  writeFileSync(module.target, code + comment);
}

/** CommonJS finds its own imports from where it stood. */
function requirePreamble(path: string): string {
  const place = JSON.stringify(path);
  return `require=process.getBuiltinModule("module").createRequire(${place});__filename=${place};`;
}
