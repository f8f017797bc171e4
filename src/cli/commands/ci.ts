/** `mapcheck ci`: the gate. */
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { Target } from '../../core/target.ts';
import {
  campaignSuites,
  conformSuite,
  familySuites,
  replaySuite,
  type CheckSuite,
} from '../../report/document.ts';
import { interleavingSuites } from '../../report/program-suites.ts';
import { EVENTS_FORMAT, EVENTS_VERSION } from '../../report/events.ts';
import { gateJson } from '../../report/gate-json.ts';
import { formatGate } from '../../report/gate-text.ts';
import { runGate, type GateReport } from '../../run/gate.ts';
import type { CampaignPlan } from '../../run/plan.ts';
import { openProject, planConfig } from '../../run/project.ts';
import { selectTargets } from '../../run/select-targets.ts';
import { exitCodeOf } from '../exit-code.ts';
import { parseCount, parseSeed } from '../options.ts';
import { ProgressCounter } from '../progress-counter.ts';
import { recoveryNote } from '../recovery-note.ts';
import { propertiesOf, reporterOption, Reporters } from '../reporters.ts';
import type { Terminal } from '../terminal.ts';
import { ticketEvents } from '../ticket-events.ts';

const DEFAULT_RUNS = 200;

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
      'Replays the saved traces (regressions must hold, known defects must fail as recorded), compares the kept recordings of Go, runs small families of programs exhaustively and small concurrent ones under every interleaving, then a campaign with a fixed seed.',
    )
    .argument('[targets...]', 'targets of the exhaustive part and the campaign')
    .option('--seed <text>', 'seed of the campaign; any text', '1')
    .option('--runs <count>', 'random programs for each target', String(DEFAULT_RUNS))
    .option(
      '--workers <count>',
      'workers: threads, or processes where a target is your own (default: one for each core)',
    )
    .addOption(reporterOption())
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
  const reporters = new Reporters(reportersOf(flags, terminal), flags.json === true, terminal);
  const plan: CampaignPlan = {
    seed: parseSeed('--seed', flags.seed),
    targets: targets.map((target) => target.name),
    runs: parseCount('--runs', flags.runs, 1),
    knownFails: false,
    ...planConfig(project, targets),
  };
  reporters.event({
    event: 'begin',
    format: EVENTS_FORMAT,
    version: EVENTS_VERSION,
    command: 'ci',
    seed: plan.seed,
    subjects: plan.targets,
  });
  // Made when the campaign begins, so that its rate does not count the parts before it.
  let progress: ProgressCounter | null = null;
  const report = await runGate(plan, targets, {
    workers:
      flags.workers === undefined
        ? (config.workers ?? availableParallelism())
        : parseCount('--workers', flags.workers, 1),
    project,
    tracesFolder: flags.traces ?? config.traces ?? 'traces',
    onPart: (part) => {
      terminal.stderr.write(`${part}\n`);
      reporters.event({ event: 'part', name: part });
    },
    onRecovery: recoveryNote(terminal),
    onResult: (result) => {
      progress ??= new ProgressCounter(plan, targets, terminal);
      progress.add(result);
      for (const event of ticketEvents(result, plan)) reporters.event(event);
    },
  });
  (progress as ProgressCounter | null)?.clear();
  reporters.finish({
    verdict: report.verdict,
    suites: gateSuites(report, targets),
    properties: propertiesOf(targets),
    json: gateJson(report),
    lines: (palette) => formatGate(report, palette),
  });
  return exitCodeOf(report.verdict);
}

/** In a GitHub workflow its annotations come by themselves, unless a reporter is chosen. */
function reportersOf(flags: CiFlags, terminal: Terminal): readonly string[] {
  const isPlain = flags.reporter.length === 0 && flags.json !== true;
  return isPlain && terminal.environment['GITHUB_ACTIONS'] === 'true' ? ['github'] : flags.reporter;
}

function gateSuites(report: GateReport, targets: readonly Target[]): CheckSuite[] {
  return [
    replaySuite('saved regressions', report.regressions),
    replaySuite('known defects', report.known),
    ...(report.golden === null ? [] : [conformSuite(report.golden)]),
    ...familySuites(report.families),
    ...interleavingSuites(report.suites),
    ...campaignSuites(report.campaign, targets),
  ];
}
