/**
 * Makes a mutant: copies a compiled engine into a temporary folder, changes one statement, and imports the copy.
 *
 * The engine itself knows nothing of this, and pays nothing. A change whose text no longer stands in the engine is an
 * error, so that the catalogue cannot rot in silence.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mutant } from '../../models/mutant.ts';
import { InternalError } from '../core/errors.ts';

/** The compiled sources; from the source tree, those of the last build. */
const COMPILED = fileURLToPath(
  import.meta.url.includes('/dist/')
    ? new URL('..', import.meta.url)
    : new URL('../../dist/src/', import.meta.url),
);

/**
 * Imports the engine's module with the mutant's change, and removes the temporary copy again.
 *
 * @throws InternalError E-MUTANT-001 when the text to change does not stand exactly once in the engine.
 */
export async function importMutant(mutant: Mutant): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-mutant-'));
  try {
    // Engines import nothing but themselves and src/atomics, so these two folders are all there is to copy.
    const engine = join(folder, 'engines', mutant.engine);
    cpSync(join(COMPILED, 'engines', mutant.engine), engine, { recursive: true });
    cpSync(join(COMPILED, 'atomics'), join(folder, 'atomics'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const file = join(engine, mutant.file);
    writeFileSync(file, applyMutant(mutant, readFileSync(file, 'utf8'), file));
    dropSourceMaps(engine);
    dropSourceMaps(join(folder, 'atomics'));
    return (await import(pathToFileURL(join(engine, 'index.js')).href)) as Record<string, unknown>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The copies lie elsewhere than their source maps say, which debuggers and test runners would complain about. */
function dropSourceMaps(folder: string): void {
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    writeFileSync(join(folder, name), text.replace(/^\/\/# sourceMappingURL=.*$/m, ''));
  }
}

/** Whether a file, compiled or not, is the one that a mutant changes. */
export function isMutatedFile(mutant: Mutant, path: string): boolean {
  const folder = basename(dirname(path));
  return folder === mutant.engine && basename(path).replace(/\.ts$/, '.js') === mutant.file;
}

/**
 * The engine's source with the mutant's change.
 *
 * White space may differ between `find` and the source, and the source may have TypeScript's marks of values that are
 * not null: then it is the uncompiled one.
 */
export function applyMutant(mutant: Mutant, source: string, path: string): string {
  const pattern = mutant.find
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .map((word) => word.replaceAll(/(?<=[\w)\]])\\\./g, String.raw`!?\.`))
    .join(String.raw`\s+`);
  const places = [...source.matchAll(new RegExp(pattern, 'g'))];
  if (places.length !== 1) {
    throw new InternalError(
      `mutant ${mutant.id} changes a text that stands ${places.length} times in ` +
        `${mutant.engine}/${mutant.file}, expected once: ${mutant.find}`,
      { code: 'E-MUTANT-001', todo: 'Build the engine, and bring the mutant up to date with it.' },
    );
  }
  const { index, 0: found } = places[0]!;
  // Mutants import compiled files; beside uncompiled ones those have another ending.
  const replace = path.endsWith('.ts')
    ? mutant.replace.replaceAll(/(from '\.[^']*)\.js'/g, "$1.ts'")
    : mutant.replace;
  return source.slice(0, index) + replace + source.slice(index + found.length);
}
