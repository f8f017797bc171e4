/** `mapcheck run`: the main job. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import type { MapcheckConfig } from '../../config/schema.ts';
import { EVENTS_FORMAT, EVENTS_VERSION } from '../../report/events.ts';
import { runCampaign, type CampaignReport, type Executor } from '../../run/campaign.ts';
import { HANG_TIMEOUT_MS, WORKER_MEMORY_MB, type PoolOptions } from '../../run/pool.ts';
import { isAsExpected, replayFolder } from '../../run/saved-traces.ts';
import type { CampaignPlan } from '../../run/plan.ts';
import { openProject, type Project } from '../../run/project.ts';
import { openCoordinatorQueue, type BullOptions } from '../../run/queue/bull-queue.ts';
import { fleetExecutor } from '../../run/queue/coordinator.ts';
import type { CoordinatorQueue } from '../../run/queue/work-queue.ts';
import type { ReplayReport } from '../../run/replay.ts';
import { campaignDocument } from '../campaign-document.ts';
import {
  DEFAULT_JOURNALS,
  DEFAULT_RUNS,
  requestCampaign,
  type CampaignFlags,
} from '../campaign-request.ts';
import { EXIT_INTERRUPTED, exitCodeOf } from '../exit-code.ts';
import { parseCount, parseDurationMs } from '../options.ts';
import { campaignRecord, fleetCodeHash, LEASE, sayIdle } from '../fleet.ts';
import { Interruption } from '../interruption.ts';
import { ProgressCounter } from '../progress-counter.ts';
import { recoveryNote } from '../recovery-note.ts';
import { reporterOption, Reporters } from '../reporters.ts';
import type { Terminal } from '../terminal.ts';
import { ticketEvents } from '../ticket-events.ts';

const DEFAULT_TRACES = 'traces';

interface RunFlags extends CampaignFlags {
  readonly config?: string;
  readonly workers?: string;
  readonly hangTimeout?: string;
  readonly queue?: string;
  readonly workerMemory?: string;
  readonly bail?: string;
  readonly reporter: string[];
  readonly traces?: string;
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
    .option('--shard <i/n>', 'do the i-th of n even parts; `mapcheck merge` joins their journals')
    .option(
      '--journal <folder>',
      `where the journal is kept (default: a new one in ${DEFAULT_JOURNALS})`,
    )
    .option('--resume <folder>', 'go on with the campaign whose journal is there')
    .addOption(
      new Option(
        '--queue <url>',
        'let `mapcheck worker`s do the work: the Redis to meet at, redis://HOST:PORT',
      ).conflicts('shard'),
    )
    .option(
      '--workers <count>',
      'workers: threads, or processes where a target is your own (default: one for each core)',
    )
    .option('--bail <count>', 'stop after so many different failures (default: 0, never)')
    .addOption(reporterOption())
    .option(
      '--hang-timeout <duration>',
      'a program without progress for so long hangs, and fails (default: 10s)',
    )
    .option('--worker-memory <MB>', `heap of a worker (default: ${WORKER_MEMORY_MB})`)
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
  const options = runOptions(flags, config);
  const reporters = new Reporters(flags.reporter, flags.json === true, terminal);
  const request = await requestCampaign(names, flags, project);
  const { plan, targets, timeMs, shard, journal, journalFolder } = request;
  const traces = flags.traces ?? config.traces ?? DEFAULT_TRACES;
  if (request.journalProblem !== null) {
    terminal.stderr.write(`No journal is kept: ${request.journalProblem}\n`);
  }

  reporters.event({
    event: 'begin',
    format: EVENTS_FORMAT,
    version: EVENTS_VERSION,
    command: 'run',
    seed: plan.seed,
    subjects: plan.targets,
  });
  const regressions = await replayFolder(
    join(traces, 'regressions'),
    plan.targets,
    project,
    options,
  );
  const resume = journalFolder === null ? '' : `Go on with: ${resumeCommand(journalFolder)}\n`;
  const interruption = new Interruption(resume);
  const queue = flags.queue === undefined ? null : await openQueue(flags.queue, project);
  const fleet = queue === null ? {} : { executor: executorOf(queue, plan, terminal) };
  const progress = new ProgressCounter(plan, targets, terminal, timeMs);
  try {
    const report = await runCampaign(plan, targets, {
      ...options,
      ...fleet,
      tracesFolder: join(traces, 'failures'),
      timeMs,
      shard,
      journal,
      signal: interruption.signal,
      onRecovery: recoveryNote(terminal),
      onResult: (result) => {
        progress.add(result);
        for (const event of ticketEvents(result, plan)) reporters.event(event);
      },
    });
    progress.clear();
    const whole = withRegressions(report, regressions);
    reporters.finish(campaignDocument(whole, regressions, targets));
    if (journal !== null && journal.failure !== null) throw journal.failure;
    if (!interruption.wasInterrupted) return exitCodeOf(whole.verdict);
    terminal.stderr.write(`Interrupted. ${resume}`);
    return EXIT_INTERRUPTED;
  } finally {
    progress.clear();
    interruption.dispose();
    await queue?.close();
  }
}

/** A queue and what it was opened with. */
interface OpenQueue extends BullOptions {
  readonly queue: CoordinatorQueue;
  close(): Promise<void>;
}

async function openQueue(url: string, project: Project): Promise<OpenQueue> {
  const options = {
    url,
    codeHash: fleetCodeHash(project),
    leaseMs: parseDurationMs('--lease', LEASE),
  };
  const queue = await openCoordinatorQueue(options);
  return { ...options, queue, close: () => queue.close() };
}

function executorOf(
  { queue, url, codeHash }: OpenQueue,
  plan: CampaignPlan,
  terminal: Terminal,
): Executor {
  const onIdle = sayIdle(terminal, url, codeHash);
  return fleetExecutor(queue, campaignRecord(plan, codeHash), { onIdle });
}

/** Options that change how the work is done, and nothing of its results. */
function runOptions(
  flags: RunFlags,
  config: MapcheckConfig,
): PoolOptions & { readonly bail: number; readonly hangTimeoutMs: number } {
  const count = (
    option: string,
    flag: string | undefined,
    setting: number,
    least: number,
  ): number => (flag === undefined ? setting : parseCount(option, flag, least));
  return {
    workers: count('--workers', flags.workers, config.workers ?? availableParallelism(), 1),
    bail: count('--bail', flags.bail, config.bail ?? 0, 0),
    hangTimeoutMs:
      flags.hangTimeout === undefined
        ? HANG_TIMEOUT_MS
        : parseDurationMs('--hang-timeout', flags.hangTimeout),
    workerMemoryMb: count('--worker-memory', flags.workerMemory, WORKER_MEMORY_MB, 16),
  };
}

function resumeCommand(folder: string): string {
  return `mapcheck run --resume ${folder}`;
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
