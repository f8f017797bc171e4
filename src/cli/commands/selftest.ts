/** `mapcheck selftest`: the checker's check of itself. */
import type { Command } from 'commander';
import { formatSelftest } from '../../report/selftest-text.ts';
import { checkItself, type SelftestReport } from '../../run/selftest.ts';
import { exitCodeOf } from '../exit-code.ts';
import { parseCount, parseDurationMs, parseSeed } from '../options.ts';
import { printJson, printLines, statusLine, stdoutPalette, type Terminal } from '../terminal.ts';

interface SelftestFlags {
  readonly budget?: string;
  readonly classes: string;
  readonly visits: string;
  readonly programs: string;
  readonly seed: string;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addSelftestCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('selftest')
    .summary('check the checker: known class counts, two engines, random programs')
    .description(
      'Derives the programs whose numbers of classes are known, by two independent engines, and compares what they find class by class; then compares the engines with brute force on random programs. About half a minute.',
    )
    .option('--budget <duration>', 'stop after so long, as in 30s; what is left out is named')
    .option('--classes <count>', 'leave out rows with more classes', '1000000')
    .option('--visits <count>', 'graphs that the second engine may visit for a row', '60000')
    .option('--programs <count>', 'random programs to compare the engines on', '1000')
    .option('--seed <text>', 'seed of the random programs; any text', '1')
    .option('--json', 'one JSON object on stdout, nothing else')
    .action((flags: SelftestFlags) => {
      const line = statusLine(terminal);
      const report = checkItself({
        classesMax: parseCount('--classes', flags.classes, 1),
        visitsMax: parseCount('--visits', flags.visits, 1),
        programs: parseCount('--programs', flags.programs, 0),
        seed: parseSeed('--seed', flags.seed),
        budgetMs: flags.budget === undefined ? null : parseDurationMs('--budget', flags.budget),
        now: terminal.now,
        onProgress: (done, total) =>
          line.update({ done, total, unit: 'rows and programs', failures: 0 }),
      });
      line.clear();
      if (flags.json === true) printJson(terminal, selftestJson(report));
      else printLines(terminal, formatSelftest(report, stdoutPalette(terminal)));
      exit(exitCodeOf(report.verdict));
    });
}

function selftestJson(report: SelftestReport): unknown {
  const { verdict, rows, programs, elapsedMs } = report;
  return {
    verdict,
    rows,
    skipped: rows.filter((row) => row.verdict === 'inconclusive').map((row) => row.program),
    redundant: rows.reduce((sum, row) => sum + row.redundant, 0),
    programs,
    elapsedMs: Math.round(elapsedMs),
  };
}
