/** What `mapcheck` alone says: nothing was checked, which is no success, and what can be asked for here. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG_FILES } from '../config/load.ts';

/** Lines for a person in some folder: what fits it first. */
export function nextSteps(folder: string): string[] {
  const hasConfig = CONFIG_FILES.some((name) => existsSync(join(folder, name)));
  const failure = newestFailure(folder);
  const steps: (readonly [string, string])[] = [
    ...(failure === null
      ? []
      : [[`mapcheck replay ${failure}`, 'see the newest failure again'] as const]),
    ['mapcheck run', 'random programs on every target: a first answer in seconds'],
    ['mapcheck explore FILE', 'every interleaving of a program of threads'],
    hasConfig
      ? ['mapcheck ci', 'the gate: saved traces, small programs exhaustively, a campaign']
      : ['mapcheck init', 'a configuration, a first target and a CI file for this project'],
    ['mapcheck list', 'the targets and the properties'],
    ['mapcheck --help', 'all commands and the exit codes'],
  ];
  const width = Math.max(
    ...steps.slice(failure === null ? 0 : 1).map(([command]) => command.length),
  );
  return [
    'mapcheck checks hash maps and concurrent maps against models of what they must do.',
    '',
    'No command was given, so nothing was checked. What next?',
    '',
    ...steps.map(([command, what]) => `  ${command.padEnd(width)}   ${what}`),
  ];
}

/** Path of the failing trace written last, or `null`. */
function newestFailure(folder: string): string | null {
  const failures = join('traces', 'failures');
  if (!existsSync(join(folder, failures))) return null;
  const files = readdirSync(join(folder, failures), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(failures, name))
    .toSorted((left, right) => writtenMs(folder, right) - writtenMs(folder, left));
  return files[0] ?? null;
}

function writtenMs(folder: string, file: string): number {
  return statSync(join(folder, file)).mtimeMs;
}
