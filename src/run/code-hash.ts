/** Tells whether two processes run the same code: results of different code are never put together. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the compiled package, or of its sources where it runs from those. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Everything that a result may depend on. Reports, journals and the command line are not among it. */
const FOLDERS = [
  'src/atomics',
  'src/core',
  'src/engines',
  'src/instrument',
  'src/random',
  'models',
];
const FILES = ['interleaver', 'map-program', 'own-interleavings', 'plan', 'ticket'].map(
  (name) => `src/run/${name}`,
);

/**
 * SHA-256, hexadecimal, of the code that makes results, and of the configuration that has the user's targets.
 *
 * Depends on the files' contents and their places in the package, not on where the package lies. Of the user's code
 * only the configuration itself is read, not what it imports. Cost: some 200 small files.
 */
export function codeHash(config?: string): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(ownDependencies()));
  for (const file of ownFiles()) {
    hash.update(`${relative(ROOT, file).split(sep).join('/')}\n`);
    hash.update(readFileSync(file));
  }
  if (config !== undefined) hash.update('configuration\n').update(readFileSync(config));
  return hash.digest('hex');
}

function ownFiles(): string[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(isCode)
      .map((name) => join(ROOT, folder, name)),
  );
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return [...inFolders, ...FILES.map((file) => join(ROOT, file + extension))].toSorted(byCodeUnit);
}

/** The versions of the packages used, which are pinned exactly: another fast-check makes other programs. */
function ownDependencies(): unknown {
  const file = [join(ROOT, 'package.json'), join(ROOT, '..', 'package.json')].find((path) =>
    existsSync(path),
  );
  if (file === undefined) return null;
  return (JSON.parse(readFileSync(file, 'utf8')) as { dependencies?: unknown }).dependencies;
}

function isCode(name: string): boolean {
  return /\.[jt]s$/.test(name) && !name.endsWith('.d.ts') && !/\.test\.[jt]s$/.test(name);
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
