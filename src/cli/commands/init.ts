/** `mapcheck init`: what a project needs to begin, written where it is missing. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../core/errors.ts';
import { initFiles, type InitFile } from '../init-files.ts';
import { printJson, printLines, type Terminal } from '../terminal.ts';

interface InitFlags {
  readonly dir: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface InitStep {
  readonly action: 'created' | 'kept';
  readonly path: string;
  /** The file that is there instead, where it has another name; what is left to do. */
  readonly note: string;
}

/** Adds the command to the program. */
export function addInitCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('init')
    .summary('a configuration, a first target and a CI file')
    .description(
      'Writes a configuration, a first target and a workflow for GitHub where they are missing. A file that is there is never touched.',
    )
    .option('--dir <folder>', 'the project; made where it is missing', '.')
    .option('--dry-run', 'say what would be written')
    .option('--json', 'one JSON object on stdout, nothing else')
    .action((flags: InitFlags) => {
      const folder = resolve(flags.dir);
      const isDry = flags.dryRun === true;
      const steps = initFiles({ isTypeScript: canReadTypeScript(folder) }).map((file) =>
        place(file, folder, isDry),
      );
      if (flags.json === true) printJson(terminal, { folder, dryRun: isDry, files: steps });
      else printLines(terminal, linesOf(steps, flags, isDry));
      exit(0);
    });
}

/** Whether the project is in TypeScript, and Vite is there to read a configuration written in it. */
function canReadTypeScript(folder: string): boolean {
  if (!existsSync(join(folder, 'tsconfig.json'))) return false;
  try {
    createRequire(join(folder, 'package.json')).resolve('vite/package.json');
    return true;
  } catch {
    return false;
  }
}

function place(file: InitFile, folder: string, isDry: boolean): InitStep {
  const present = [file.path, ...(file.instead ?? [])].find((path) =>
    existsSync(join(folder, path)),
  );
  if (present !== undefined) {
    const isDone =
      file.mark !== undefined && readFileSync(join(folder, present), 'utf8').includes(file.mark);
    return { action: 'kept', path: present, note: isDone ? '' : (file.byHand ?? '') };
  }
  if (!isDry) write(join(folder, file.path), file.text);
  return { action: 'created', path: file.path, note: '' };
}

/** Never writes over a file, not even one that appears at this moment. */
function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(`cannot write the file: ${(error as Error).message}`, {
      code: 'E-INIT-001',
      place: path,
      todo: 'Check the folder; what was written before stays, and init can be run again.',
      cause: error,
    });
  }
}

function linesOf(steps: readonly InitStep[], { dir }: InitFlags, isDry: boolean): string[] {
  const created = isDry ? 'would create' : 'created';
  const hasCreated = steps.some(({ action }) => action === 'created');
  const lines = steps.map(({ action, path, note }) => {
    const hint = note === '' ? '' : `  (${note})`;
    return `  ${(action === 'created' ? created : 'kept').padEnd(created.length)}  ${path}${hint}`;
  });
  if (!hasCreated) return [...lines, '', 'Everything is there: nothing was written.'];
  const where = dir === '.' ? '' : `cd ${dir} && `;
  return [
    ...lines,
    '',
    'Next:',
    '  npm install --save-dev mapcheck      where it is not installed yet',
    `  ${where}npx mapcheck run     the first campaign, on the target in mapcheck/`,
  ];
}
