/** `mapcheck replay`: runs saved traces, each exactly once. */
import type { Command } from 'commander';
import { builtInTargets } from '../../../models/targets.ts';
import { UsageError } from '../../core/errors.ts';
import { formatViolation } from '../../report/failure-text.ts';
import { indent } from '../../report/table.ts';
import { worstVerdict } from '../../run/campaign.ts';
import { mutantTarget } from '../../run/mutants.ts';
import { replayTrace, type ReplayReport } from '../../run/replay.ts';
import { readTrace, type LoadedTrace } from '../../trace/read.ts';
import { exitCodeOf } from '../exit-code.ts';
import { printJson, printLines, stdoutPalette, type Terminal } from '../terminal.ts';

interface ReplayFlags {
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addReplayCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('replay')
    .summary('run saved traces once and show their steps')
    .description(
      'Runs each saved trace exactly once and prints its steps. Exit code 0 when the property it names holds now, 1 when it fails.',
    )
    .argument('<traces...>', 'trace files')
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(async (files: string[], flags: ReplayFlags) => {
      const reports: ReplayReport[] = [];
      for (const file of files) reports.push(replayTrace(await load(file)));
      if (flags.json === true) printJson(terminal, replayJson(reports));
      else for (const report of reports) printReplay(report, terminal);
      exit(exitCodeOf(worstVerdict(reports.map((report) => report.verdict))));
    });
}

/** Reads a trace; one of a mutant gets the mutated engine. */
async function load(file: string): Promise<LoadedTrace> {
  const loaded = readTrace(file, builtInTargets);
  const { mutant } = loaded.trace;
  if (mutant === null) return loaded;
  const target = await mutantTarget(mutant, loaded.target.name);
  if (target !== null) return { ...loaded, target };
  throw new UsageError(`unknown mutant ${JSON.stringify(mutant)}`, {
    code: 'E-TRACE-009',
    place: `${file}: $.mutant`,
    todo: '`mapcheck mutants` lists them.',
  });
}

/** One trace gives the fields themselves; several give the same for each, under `traces`. */
function replayJson(reports: readonly ReplayReport[]): unknown {
  const each = reports.map(({ file, verdict, property, message, steps, divergedAt }) => ({
    verdict,
    property,
    message,
    steps: steps.length,
    divergedAt,
    trace: file,
  }));
  if (each.length === 1) return each[0];
  const worst = worstVerdict(reports.map((report) => report.verdict));
  const first = each.find((report) => report.verdict === worst)!;
  return { ...first, verdict: worst, traces: each };
}

function printReplay(report: ReplayReport, terminal: Terminal): void {
  const palette = stdoutPalette(terminal);
  const word = report.verdict === 'holds' ? palette.green('HOLDS') : palette.red('FAILS');
  printLines(terminal, [
    `${word}  ${report.target} / ${palette.bold(report.property)}   ${report.file}`,
    ...(report.verdict === 'holds' ? [`  ${report.message}`] : []),
    ...indent(formatViolation(report.violation, report.steps)),
  ]);
}
