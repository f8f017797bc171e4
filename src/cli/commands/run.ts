/** `mapcheck run`: the main job. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { campaignJson } from '../../report/campaign-json.ts';
import { formatCampaign } from '../../report/campaign-text.ts';
import { campaignSuites, replaySuite } from '../../report/document.ts';
import { EVENTS_FORMAT, EVENTS_VERSION } from '../../report/events.ts';
import { formatReplays } from '../../report/replay-text.ts';
import { runCampaign, type CampaignReport } from '../../run/campaign.ts';
import type { CampaignPlan } from '../../run/plan.ts';
import { isAsExpected, replayFolder } from '../../run/saved-traces.ts';
import { openProject, planConfig } from '../../run/project.ts';
import { selectTargets } from '../../run/select-targets.ts';
import type { ReplayReport } from '../../run/replay.ts';
import { EXIT_INTERRUPTED, exitCodeOf } from '../exit-code.ts';
import { parseCount, parseDurationMs, parseSeed } from '../options.ts';
import { Interruption } from '../interruption.ts';
import { ProgressCounter } from '../progress-counter.ts';
import { collect, propertiesOf, REPORTERS, Reporters } from '../reporters.ts';
import type { Terminal } from '../terminal.ts';
import { ticketEvents } from '../ticket-events.ts';

const DEFAULT_SEED = '1';
const DEFAULT_RUNS = 1_000;
const DEFAULT_TRACES = 'traces';

interface RunFlags {
  readonly config?: string;
  readonly seed?: string;
  readonly runs?: string;
  readonly time?: string;
  readonly workers?: string;
  readonly bail?: string;
  readonly reporter: string[];
  readonly traces?: string;
  readonly knownFails?: boolean;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addRunCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('run')
    .summary('property campaigns over the built-in targets')
    .description(
      'Runs random programs on each target, checks every property after every operation, shrinks what fails and saves it as a trace.',
    )
    .argument(
      '[targets...]',
      'targets, as `mapcheck list` names them (default: those that must hold)',
    )
    .option('--seed <text>', 'seed of the campaign; any text (default: 1)')
    .option('--runs <count>', `random programs for each target (default: ${DEFAULT_RUNS})`)
    .addOption(
      new Option('--time <duration>', 'go on for so long instead: 30s, 5m, 2h').conflicts('runs'),
    )
    .option('--workers <count>', 'worker threads (default: one for each core)')
    .option('--bail <count>', 'stop after so many different failures (default: 0, never)')
    .option('--reporter <name[=path]>', `one of ${REPORTERS.join(', ')}; repeatable`, collect, [])
    .option(
      '--traces <folder>',
      'where traces are kept; failing ones go into failures/ (default: traces)',
    )
    .option('--config <file>', 'configuration (default: mapcheck.config.ts, .mjs, .js or .json)')
    .option(
      '--known-fails',
      "count Go's known defects as failures, so that they are shrunk and saved",
    )
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(async (names: string[], flags: RunFlags) => {
      exit(await run(names, flags, terminal));
    });
}

async function run(names: string[], flags: RunFlags, terminal: Terminal): Promise<number> {
  const project = await openProject(flags.config, process.cwd());
  const { config } = project;
  const targets = selectTargets(names, project);
  const reporters = new Reporters(flags.reporter, flags.json === true, terminal);
  const count = (
    option: string,
    flag: string | undefined,
    setting: number,
    least: number,
  ): number => (flag === undefined ? setting : parseCount(option, flag, least));
  const plan: CampaignPlan = {
    seed: parseSeed('--seed', flags.seed ?? config.seed ?? DEFAULT_SEED),
    targets: targets.map((target) => target.name),
    runs:
      flags.time === undefined ? count('--runs', flags.runs, config.runs ?? DEFAULT_RUNS, 1) : null,
    knownFails: flags.knownFails ?? false,
    ...planConfig(project, targets),
  };
  const timeMs = flags.time === undefined ? null : parseDurationMs('--time', flags.time);
  const workers = count('--workers', flags.workers, config.workers ?? availableParallelism(), 1);
  const bail = count('--bail', flags.bail, config.bail ?? 0, 0);
  const traces = flags.traces ?? config.traces ?? DEFAULT_TRACES;

  reporters.event({
    event: 'begin',
    format: EVENTS_FORMAT,
    version: EVENTS_VERSION,
    command: 'run',
    seed: plan.seed,
    subjects: plan.targets,
  });
  const regressions = replayFolder(join(traces, 'regressions'), plan.targets, project.targets);
  const interruption = new Interruption();
  const timer = timeMs === null ? null : setTimeout(() => interruption.stop(), timeMs);
  const progress = new ProgressCounter(plan, targets, terminal, timeMs);
  try {
    const report = await runCampaign(plan, targets, {
      workers,
      bail,
      tracesFolder: join(traces, 'failures'),
      signal: interruption.signal,
      onResult: (result) => {
        progress.add(result);
        for (const event of ticketEvents(result, plan)) reporters.event(event);
      },
    });
    progress.clear();
    const whole = withRegressions(report, regressions);
    reporters.finish({
      verdict: whole.verdict,
      suites: [
        ...(regressions.length === 0 ? [] : [replaySuite('saved regressions', regressions)]),
        ...campaignSuites(report, targets),
      ],
      properties: propertiesOf(targets),
      json: campaignJson(whole, regressions),
      lines: (palette) => [
        ...formatReplays('saved regression', regressions, palette),
        ...formatCampaign(whole, palette),
      ],
    });
    return interruption.wasInterrupted ? EXIT_INTERRUPTED : exitCodeOf(whole.verdict);
  } finally {
    progress.clear();
    if (timer !== null) clearTimeout(timer);
    interruption.dispose();
  }
}

/** A regression that fails again is a failure of its target. */
function withRegressions(
  report: CampaignReport,
  regressions: readonly ReplayReport[],
): CampaignReport {
  const broken = regressions.filter((replay) => !isAsExpected(replay));
  if (broken.length === 0) return report;
  return {
    ...report,
    verdict: report.verdict === 'nondeterministic' ? report.verdict : 'fails',
    targets: report.targets.map((target) =>
      broken.some((replay) => replay.target === target.target) && target.verdict === 'holds'
        ? { ...target, verdict: 'fails' }
        : target,
    ),
  };
}
