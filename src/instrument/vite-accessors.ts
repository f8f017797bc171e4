/** Finds getters and setters that take steps before anything is transformed, for Vite asks for importers first. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InstrumentError } from './instrument-error.ts';
import { instrument } from './instrument.ts';
import { isCommonJsFile } from './resolve.ts';

/** Getters may use getters of other modules; names settle long before this. */
const ROUNDS_MAX = 4;

/**
 * The names of getters and setters that take steps in the modules below a folder that `isIncluded` picks; those of
 * packages are not among them.
 *
 * **Cost** a walk over the folder, and 2 to 10 ms for each included module that has a getter or setter.
 */
export function accessorsBelow(
  root: string,
  isIncluded: (path: string) => boolean,
  given: Iterable<string>,
): Set<string> {
  const names = new Set(given);
  const files = existsSync(root) ? modulesBelow(root) : [];
  const modules = files.filter(isIncluded).flatMap(readModule);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = names.size;
    for (const { path, code } of modules) {
      for (const name of accessorsOf(code, path, names)) names.add(name);
    }
    if (names.size === before) break;
  }
  return names;
}

function modulesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return modulesBelow(path);
    return entry.isFile() && /\.[cm]?[jt]sx?$/u.test(entry.name) ? [path] : [];
  });
}

function readModule(path: string): { readonly path: string; readonly code: string }[] {
  const code = readFileSync(path, 'utf8');
  return /\b[gs]et\s+[\w$#[]/u.test(code) && !isCommonJsFile(path, code) ? [{ path, code }] : [];
}

function accessorsOf(code: string, path: string, accessors: Iterable<string>): readonly string[] {
  try {
    return instrument(code, path, { accessors }).accessors;
  } catch (error) {
    // The module's own transformation reports what is wrong with it, if it is ever loaded.
    if (error instanceof InstrumentError) return [];
    throw error;
  }
}
