/** `mapcheck ci`: the gate. */
import { appendFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { UsageError } from '../../core/errors.ts';
import type { Property } from '../../core/property.ts';
import type { Target } from '../../core/target.ts';
import {
  campaignSuites,
  conformSuite,
  familySuites,
  replaySuite,
  type CheckSuite,
} from '../../report/document.ts';
import { gateJson } from '../../report/gate-json.ts';
import { formatGate } from '../../report/gate-text.ts';
import { formatAnnotations, formatSummary } from '../../report/github.ts';
import { formatJunit } from '../../report/junit.ts';
import { PLAIN } from '../../report/palette.ts';
import { sarifLog } from '../../report/sarif.ts';
import { runGate, type GateReport } from '../../run/gate.ts';
import type { CampaignPlan } from '../../run/plan.ts';
import { openProject, planConfig } from '../../run/project.ts';
import { selectTargets } from '../../run/select-targets.ts';
import { exitCodeOf } from '../exit-code.ts';
import { parseCount, parseReporters, parseSeed, type ReporterRequest } from '../options.ts';
import { ProgressCounter } from '../progress-counter.ts';
import { printLines, stdoutPalette, type Terminal } from '../terminal.ts';
import { inPrintingOrder, writeReport } from '../write-report.ts';
import { VERSION } from '../version.ts';

const DEFAULT_RUNS = 200;
const REPORTERS = ['default', 'json', 'junit', 'sarif', 'github'] as const;
type ReporterName = (typeof REPORTERS)[number];

interface CiFlags {
  readonly seed: string;
  readonly runs: string;
  readonly workers?: string;
  readonly reporter: string[];
  readonly traces?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addCiCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('ci')
    .summary('the gate: saved traces, exhaustive small programs, a fixed campaign')
    .description(
      'Replays the saved traces (regressions must hold, known defects must fail as recorded), compares the kept recordings of Go, runs small families of programs exhaustively, then a campaign with a fixed seed.',
    )
    .argument('[targets...]', 'targets of the exhaustive part and the campaign')
    .option('--seed <text>', 'seed of the campaign; any text', '1')
    .option('--runs <count>', 'random programs for each target', String(DEFAULT_RUNS))
    .option('--workers <count>', 'worker threads (default: one for each core)')
    .option(
      '--reporter <name[=path]>',
      `one of ${REPORTERS.join(', ')}; repeatable`,
      (value: string, previous: string[]) => [...previous, value],
      [],
    )
    .option('--traces <folder>', 'where traces are kept (default: traces)')
    .option('--config <file>', 'configuration (default: mapcheck.config.ts, .mjs, .js or .json)')
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(async (names: string[], flags: CiFlags) => {
      exit(await runCi(names, flags, terminal));
    });
}

async function runCi(names: string[], flags: CiFlags, terminal: Terminal): Promise<number> {
  const project = await openProject(flags.config, process.cwd());
  const { config } = project;
  const targets = selectTargets(names, project);
  const reporters = requestedReporters(flags);
  const plan: CampaignPlan = {
    seed: parseSeed('--seed', flags.seed),
    targets: targets.map((target) => target.name),
    runs: parseCount('--runs', flags.runs, 1),
    knownFails: false,
    ...planConfig(project, targets),
  };
  // Made when the campaign begins, so that its rate does not count the parts before it.
  let progress: ProgressCounter | null = null;
  const report = await runGate(plan, targets, {
    workers:
      flags.workers === undefined
        ? (config.workers ?? availableParallelism())
        : parseCount('--workers', flags.workers, 1),
    knownTargets: project.targets,
    tracesFolder: flags.traces ?? config.traces ?? 'traces',
    onPart: (part) => void terminal.stderr.write(`${part}\n`),
    onResult: (result) => {
      progress ??= new ProgressCounter(plan, targets, terminal);
      progress.add(result);
    },
  });
  (progress as ProgressCounter | null)?.clear();
  for (const reporter of inPrintingOrder(reporters)) emit(reporter, report, targets, terminal);
  return exitCodeOf(report.verdict);
}

/** The default report is always there, unless something else wants stdout: a run must say on screen why it failed. */
function requestedReporters(flags: CiFlags): ReporterRequest<ReporterName>[] {
  const requests = parseReporters(flags.reporter, REPORTERS);
  if (flags.json === true) requests.push({ name: 'json', path: null });
  const onStdout = requests.filter((request) => request.path === null && request.name !== 'github');
  if (onStdout.length === 0) requests.unshift({ name: 'default', path: null });
  if (onStdout.length > 1) {
    const [first, second] = onStdout.map((request) => request.name);
    throw new UsageError(`reporters ${first} and ${second} both want stdout`, {
      code: 'E-USAGE-007',
      place: '--reporter',
      todo: `Give one of them a file, as in --reporter ${second}=FILE.`,
    });
  }
  return requests;
}

function emit(
  reporter: ReporterRequest<ReporterName>,
  report: GateReport,
  targets: readonly Target[],
  terminal: Terminal,
): void {
  const suites = gateSuites(report, targets);
  switch (reporter.name) {
    case 'default': {
      const palette = reporter.path === null ? stdoutPalette(terminal) : PLAIN;
      return writeReport(reporter, `${formatGate(report, palette).join('\n')}\n`, terminal);
    }
    case 'json':
      return writeReport(reporter, `${JSON.stringify(gateJson(report))}\n`, terminal);
    case 'junit':
      return writeReport(reporter, formatJunit(suites), terminal);
    case 'sarif': {
      const log = sarifLog(suites, allProperties(targets), VERSION);
      return writeReport(reporter, `${JSON.stringify(log, null, 2)}\n`, terminal);
    }
    case 'github': {
      printLines(terminal, formatAnnotations(suites));
      const summary = terminal.environment['GITHUB_STEP_SUMMARY'];
      if (summary !== undefined && summary !== '') appendFileSync(summary, formatSummary(suites));
    }
  }
}

function gateSuites(report: GateReport, targets: readonly Target[]): CheckSuite[] {
  return [
    replaySuite('saved regressions', report.regressions),
    replaySuite('known defects', report.known),
    ...(report.golden === null ? [] : [conformSuite(report.golden)]),
    ...familySuites(report.families),
    ...campaignSuites(report.campaign, targets),
  ];
}

function allProperties(targets: readonly Target[]): Property[] {
  const byName = new Map(
    targets.flatMap((target) => target.properties.map((property) => [property.name, property])),
  );
  return [...byName.values()];
}
