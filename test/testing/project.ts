/** A project of a user's, in a folder of its own, and the command line run in it. Runs the build in `dist`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** Where the package lies that the project has installed. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** What a command came to. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with `mapcheck` among its modules; gone when the tests of the file are done. */
export function makeProject(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `mapcheck-${purpose}-`));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/mapcheck'), 'dir');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** `undefined` takes a variable away: an empty `FORCE_COLOR` beside `NO_COLOR` is a warning on stderr. */
const PLAIN = { CI: '', NO_COLOR: '1', FORCE_COLOR: undefined, LC_ALL: 'C.UTF-8' };

/** Runs `mapcheck` in a folder, without colours and outside of CI. */
export function runMapcheck(folder: string, args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin/mapcheck.js'), ...args],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ...PLAIN },
    },
  );
  return { code: status, stdout, stderr };
}
