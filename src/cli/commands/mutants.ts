/** `mapcheck mutants`: hunts the seeded bugs, to show that the properties can fail. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { allMutants } from '../../../models/mutants.ts';
import type { Mutant } from '../../../models/mutant.ts';
import { suggest } from '../../core/did-you-mean.ts';
import { UsageError } from '../../core/errors.ts';
import { formatTable, plural } from '../../report/table.ts';
import { COUNTED_STRATEGIES } from '../../run/interleaving-hunt.ts';
import { huntMutants, type MutantReport } from '../../run/mutants.ts';
import { parseSeed } from '../options.ts';
import { printJson, printLines, stdoutPalette, type Terminal } from '../terminal.ts';

interface MutantFlags {
  readonly seed: string;
  readonly traces: string;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addMutantsCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('mutants')
    .summary('hunt the seeded bugs of the catalogue')
    .description(
      'Plants each bug of the catalogue in the engine, runs the campaign until a property kills it, and saves the shortest trace found.',
    )
    .argument('[ids...]', 'hunt these only')
    .option('--seed <text>', 'seed of the campaign; any text', '1')
    .option(
      '--traces <folder>',
      'where traces are kept; those of mutants go into mutants/',
      'traces',
    )
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(async (ids: string[], flags: MutantFlags) => {
      const mutants = selectMutants(ids);
      const reports = await huntMutants(mutants, {
        seed: parseSeed('--seed', flags.seed),
        tracesFolder: join(flags.traces, 'mutants'),
        onMutant: ({ id }, index) => {
          terminal.stderr.write(`hunting ${id} (${index + 1} of ${mutants.length})\n`);
        },
      });
      if (flags.json === true) printJson(terminal, mutantsJson(reports));
      else printLines(terminal, mutantLines(reports, terminal));
      exit(reports.every(isAsStated) ? 0 : 1);
    });
}

function selectMutants(ids: readonly string[]): readonly Mutant[] {
  if (ids.length === 0) return allMutants;
  return ids.map((id) => {
    const mutant = allMutants.find((candidate) => candidate.id === id);
    if (mutant !== undefined) return mutant;
    const known = allMutants.map((candidate) => candidate.id);
    throw new UsageError(`unknown mutant ${JSON.stringify(id)}`, {
      code: 'E-USAGE-008',
      place: 'ID',
      todo: suggest(id, known),
    });
  });
}

/** Killed in each way that the catalogue states, unless no property can tell it from the engine; then alive. */
function isAsStated({ mutant, isKilled, interleaved }: MutantReport): boolean {
  if (mutant.equivalent !== undefined) return !isKilled;
  return isKilled && (mutant.interleaved === undefined || interleaved !== null);
}

function mutantsJson(reports: readonly MutantReport[]): unknown {
  const hunted = reports.filter((report) => report.mutant.equivalent === undefined);
  return {
    verdict: reports.every(isAsStated) ? 'holds' : 'fails',
    mutants: hunted.map(mutantJson),
    killed: hunted.filter((report) => report.isKilled).length,
    total: hunted.length,
    equivalent: reports
      .filter((report) => report.mutant.equivalent !== undefined && !report.isKilled)
      .map((report) => report.mutant.id),
  };
}

function mutantJson(report: MutantReport): unknown {
  const { mutant, isKilled, by, isByNamedProperty, runsToKill, failure, interleaved } = report;
  const isKilledAlone = isKilled && mutant.targets.length > 0;
  return {
    id: mutant.id,
    title: mutant.title,
    killed: isKilled,
    by,
    byNamedProperty: isByNamedProperty,
    // A sequential program has one interleaving, so there runs and interleavings are the same number.
    interleavingsToKill: interleaved?.executions ?? (isKilled ? runsToKill : null),
    runsToKill: isKilledAlone ? runsToKill : null,
    withinRuns: mutant.withinRuns,
    operations: failure?.operationsLeft ?? interleaved?.operations ?? null,
    interleaved:
      interleaved === null
        ? null
        : {
            by: interleaved.by,
            programs: interleaved.programs,
            executions: interleaved.executions,
            withinExecutions: mutant.interleaved!.withinExecutions,
            program: interleaved.program,
            message: interleaved.message,
            schedulesToKill: interleaved.schedules,
            steps: interleaved.steps,
            trace: interleaved.trace,
          },
    trace: failure?.trace ?? interleaved?.trace ?? null,
  };
}

/** How many schedules of the killing program each strategy needed. */
function interleavingLines(reports: readonly MutantReport[]): string[] {
  const killed = reports.filter(({ interleaved }) => interleaved !== null);
  if (killed.length === 0) return [];
  const rows = killed.map(({ mutant, interleaved }) => {
    const { program, programs, executions, schedules, by } = interleaved!;
    return [
      mutant.id,
      program,
      String(programs),
      String(executions),
      ...COUNTED_STRATEGIES.map((name) => schedulesText(schedules[name]!)),
      by,
    ];
  });
  const table = formatTable(
    [
      { title: 'mutant' },
      { title: 'killed by start: threads' },
      { title: 'programs', align: 'right' },
      { title: 'exhaustive', align: 'right' },
      ...COUNTED_STRATEGIES.map((title) => ({ title, align: 'right' as const })),
      { title: 'property' },
    ],
    rows,
  );
  return [
    '',
    'Under interleavings: programs and executions until one failed when every class of each program is explored, and',
    'schedules of the killing program until one failed when it is sampled (median of five seeds).',
    '',
    ...table,
  ];
}

function schedulesText(count: number | null): string {
  return count === null ? '> 10000' : String(count);
}

function mutantLines(reports: readonly MutantReport[], terminal: Terminal): string[] {
  const palette = stdoutPalette(terminal);
  const rows = reports.map((report) => [
    report.mutant.id,
    statusOf(report),
    report.mutant.targets.length === 0
      ? ''
      : report.isKilled
        ? String(report.runsToKill)
        : `> ${report.runsToKill}`,
    String(report.failure?.operationsLeft ?? report.interleaved?.operations ?? ''),
    report.by ?? '',
    report.mutant.title,
  ]);
  const table = formatTable(
    [
      { title: 'mutant' },
      { title: '' },
      { title: 'runs', align: 'right' },
      { title: 'operations', align: 'right' },
      { title: 'killed by' },
      { title: 'what is wrong' },
    ],
    rows,
  );
  const wrong = reports.filter((report) => !isAsStated(report));
  const killed = reports.filter((report) => report.isKilled).length;
  const verdict =
    wrong.length === 0
      ? palette.green('As the catalogue states: ') +
        `${plural(killed, 'mutant')} killed, ${reports.length - killed} equivalent and alive.`
      : palette.red(
          `Not as the catalogue states: ${wrong.map(({ mutant }) => mutant.id).join(', ')}.`,
        );
  const first = reports.find((report) => typeof report.failure?.trace === 'string');
  const traces =
    first === undefined
      ? []
      : [`To see one fail against its mutant: npx mapcheck replay ${first.failure!.trace}`];
  return [...table, ...interleavingLines(reports), '', verdict, ...traces];
}

function statusOf(report: MutantReport): string {
  if (report.mutant.equivalent !== undefined) {
    return report.isKilled ? 'KILLED, but stated equivalent' : 'equivalent';
  }
  return report.isKilled ? 'killed' : 'ALIVE';
}
