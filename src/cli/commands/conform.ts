/** `mapcheck conform`: the engines against recordings of the real Go runtime. */
import type { Command } from 'commander';
import { conform } from '../../conform/conform.ts';
import { recordedFiles } from '../../conform/files.ts';
import { formatConform } from '../../report/conform-text.ts';
import { exitCodeOf } from '../exit-code.ts';
import { printJson, printLines, stdoutPalette, type Terminal } from '../terminal.ts';

/** Adds the command to the program. */
export function addConformCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('conform')
    .summary('compare the engines with recordings of the real Go runtime')
    .description(
      'Replays recordings of the real Go runtime and compares result and internal state after every operation.',
    )
    .argument('[paths...]', 'recordings (.ndjson, .ndjson.gz), or folders of them')
    .option('--json', 'one JSON object on stdout, nothing else')
    .action((paths: string[], flags: { readonly json?: boolean }) => {
      const report = conform(recordedFiles(paths));
      if (flags.json === true) printJson(terminal, report);
      else printLines(terminal, formatConform(report, stdoutPalette(terminal)));
      exit(exitCodeOf(report.verdict));
    });
}
