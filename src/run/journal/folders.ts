/** The place of journals that nobody named a folder for. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SHARD_FILE } from './format.ts';
import { cannotWrite } from './write.ts';

/** Complete journals that are kept in the default place. */
const KEPT = 10;
const NUMBERED = /^\d{4,}$/;

/**
 * A new folder in the default place, numbered on from those that are there; old complete journals are removed.
 *
 * @throws UsageError E-JOURNAL-001 when it cannot be made.
 */
export function newJournalFolder(parent: string): string {
  try {
    mkdirSync(parent, { recursive: true });
    const names = readdirSync(parent).filter((name) => NUMBERED.test(name));
    prune(parent, names);
    for (let next = Math.max(0, ...names.map(Number)) + 1; ; next++) {
      const folder = join(parent, String(next).padStart(4, '0'));
      if (isMade(folder)) return folder;
    }
  } catch (error) {
    throw cannotWrite(parent, error);
  }
}

/** Makes a folder; `false` when another process was faster. */
function isMade(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function prune(parent: string, names: readonly string[]): void {
  const newestFirst = names.toSorted((left, right) => Number(right) - Number(left));
  for (const name of newestFirst.slice(KEPT - 1)) {
    const folder = join(parent, name);
    if (isComplete(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether every journal in a folder ends with its last line; one that does not may still be wanted. */
function isComplete(folder: string): boolean {
  const files = readdirSync(folder);
  if (files.length === 0) return false;
  return files.every(
    (name) =>
      SHARD_FILE.test(name) &&
      /\n\{"end":"[^\n]*\}\n$/.test(readFileSync(join(folder, name), 'utf8').slice(-200)),
  );
}
