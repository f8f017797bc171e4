/** `mapcheck replay`: runs saved traces, each exactly once. */
import type { Command } from 'commander';
import { allMutants } from '../../../models/mutants.ts';
import { UsageError } from '../../core/errors.ts';
import type { Verdict } from '../../core/property.ts';
import { formatShownRun } from '../../report/interleaving.ts';
import { printable } from '../../report/characters.ts';
import { formatViolation } from '../../report/failure-text.ts';
import type { Palette } from '../../report/palette.ts';
import { indent, plural } from '../../report/table.ts';
import { worstVerdict } from '../../run/campaign.ts';
import { HANG_TIMEOUT_MS } from '../../run/pool.ts';
import { openProject, type Project } from '../../run/project.ts';
import type { ReplayReport } from '../../run/replay.ts';
import { replayGuarded } from '../../run/replay-guarded.ts';
import { replaySchedule, type ScheduleReplay } from '../../run/replay-schedule.ts';
import { readAnyTrace, type LoadedTrace } from '../../trace/read.ts';
import type { ScheduleTrace } from '../../trace/schedule.ts';
import { exitCodeOf } from '../exit-code.ts';
import { parseDurationMs } from '../options.ts';
import { printJson, printLines, stdoutPalette, type Terminal } from '../terminal.ts';

interface ReplayFlags {
  readonly hangTimeout?: string;
  readonly config?: string;
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
    .option(
      '--hang-timeout <duration>',
      'a program without a step for so long hangs, and fails (default: 10s)',
    )
    .option('--config <file>', 'configuration (default: mapcheck.config.ts, .mjs, .js or .json)')
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(async (files: string[], flags: ReplayFlags) => {
      const project = await openProject(flags.config, process.cwd());
      const reports = await replayAll(files, project, hangTimeoutOf(flags));
      if (flags.json === true) printJson(terminal, replayJson(reports));
      else for (const report of reports) printReplay(report, terminal);
      exit(exitCodeOf(worstVerdict(reports.map((report) => report.verdict))));
    });
}

/** A replay of either kind of trace, with the lines that show it. */
interface Replayed {
  readonly file: string;
  /** What was run: a target or a program file. */
  readonly subject: string;
  readonly verdict: Verdict;
  readonly property: string;
  readonly message: string;
  readonly stepCount: number;
  readonly divergedAt: number | null;
  /** What a replay of an interleaving says beyond that; goes into the JSON object as it is. */
  readonly more: Readonly<Record<string, unknown>>;
  readonly lines: (palette: Palette) => readonly string[];
}

function hangTimeoutOf({ hangTimeout }: ReplayFlags): number {
  return hangTimeout === undefined
    ? HANG_TIMEOUT_MS
    : parseDurationMs('--hang-timeout', hangTimeout);
}

/** Replays files of either kind, in the order given. Programs run in a thread of their own, since they may hang. */
async function replayAll(
  files: readonly string[],
  project: Project,
  hangTimeoutMs: number,
): Promise<Replayed[]> {
  const loaded = files.map((file) => readAnyTrace(file, project.targets));
  const programs = loaded.filter((trace): trace is LoadedTrace => !('schedule' in trace));
  for (const trace of programs) checkMutant(trace);
  const reports = await replayGuarded(programs, {
    hangTimeoutMs,
    config: project.configFile ?? undefined,
  });
  const replayed: Replayed[] = [];
  for (const trace of loaded) {
    replayed.push(
      'schedule' in trace
        ? await replayOfSchedule(trace.file, trace.schedule, project)
        : replayOfProgram(reports[programs.indexOf(trace)]!),
    );
  }
  return replayed;
}

async function replayOfSchedule(
  file: string,
  schedule: ScheduleTrace,
  project: Project,
): Promise<Replayed> {
  const report = await replaySchedule(schedule, project.targets);
  return {
    ...report,
    file,
    subject: schedule.program,
    stepCount: report.shown.steps.length,
    more: { unmatched: report.unmatched, added: report.added, missing: report.missing },
    lines: (palette) => [
      ...formatSubject(schedule),
      ...formatChanges(report),
      '',
      ...formatShownRun(report.shown, palette),
    ],
  };
}

function replayOfProgram(report: ReplayReport): Replayed {
  return {
    ...report,
    subject: report.target,
    stepCount: report.steps.length,
    more: {},
    lines: () => formatViolation(report.violation, report.steps),
  };
}

/** On what it is run, where that is not simply the program that it names. */
function formatSubject({ subject }: ScheduleTrace): string[] {
  if ('target' in subject) {
    const mutant = allMutants.find(({ id }) => id === subject.mutant);
    return mutant === undefined ? [] : [`Run on mutant ${mutant.id}: ${mutant.title}.`];
  }
  const names = subject.leftOut.map((thread) => `T${thread + 1}`);
  if (names.length === 0) return [];
  return [
    `${names.join(', ')} left out: the failure that was kept does not need ${names.length === 1 ? 'it' : 'them'}.`,
  ];
}

/** How the program differs from the one that the trace was kept of. */
function formatChanges({ added, missing }: ScheduleReplay): string[] {
  const changes = [
    ...(added === 0 ? [] : [`${plural(added, 'step')} new`]),
    ...(missing === 0 ? [] : [`${plural(missing, 'step')} gone`]),
  ];
  return changes.length === 0 ? [] : [`Since the trace was kept: ${changes.join(', ')}.`];
}

/** The trace of a mutant is run on the mutated engine, so there must be that mutant. */
function checkMutant({ file, trace }: LoadedTrace): void {
  const { mutant } = trace;
  if (mutant === null || allMutants.some(({ id }) => id === mutant)) return;
  throw new UsageError(`unknown mutant ${JSON.stringify(mutant)}`, {
    code: 'E-TRACE-009',
    place: `${file}: $.mutant`,
    todo: '`mapcheck mutants` lists them.',
  });
}

/** One trace gives the fields themselves; several give the same for each, under `traces`. */
function replayJson(reports: readonly Replayed[]): unknown {
  const each = reports.map(({ file, verdict, property, message, stepCount, divergedAt, more }) => ({
    verdict,
    property,
    message,
    steps: stepCount,
    divergedAt,
    ...more,
    trace: file,
  }));
  if (each.length === 1) return each[0];
  const worst = worstVerdict(reports.map((report) => report.verdict));
  const first = each.find((report) => report.verdict === worst)!;
  return { ...first, verdict: worst, traces: each };
}

function printReplay(report: Replayed, terminal: Terminal): void {
  const palette = stdoutPalette(terminal);
  const { verdict } = report;
  const paint = verdict === 'holds' ? palette.green : palette.red;
  printLines(terminal, [
    `${paint(verdict.toUpperCase())}  ${printable(report.subject)} / ${palette.bold(report.property)}   ${report.file}`,
    ...report.message.split('\n').map((line) => `  ${printable(line)}`),
    ...(verdict === 'holds' ? [''] : []),
    ...indent(report.lines(palette)),
  ]);
}
