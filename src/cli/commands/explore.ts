/** `mapcheck explore`: the interleavings of a program file. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { suggest } from '../../core/did-you-mean.ts';
import { UsageError } from '../../core/errors.ts';
import { SAMPLING_NAMES, type SamplingName } from '../../core/explore/sample/explore-sampled.ts';
import { EVENTS_FORMAT, EVENTS_VERSION } from '../../report/events.ts';
import { formatExploration } from '../../report/explore-text.ts';
import { orderingText } from '../../report/interleaving.ts';
import { PROGRAM_RULES, programSuites } from '../../report/program-suites.ts';
import type { Progress } from '../../report/status-line.ts';
import { worstVerdict } from '../../run/campaign.ts';
import {
  exploreProgram,
  type ExecutionTotal,
  type ExploreProgramOptions,
  type ProgramReport,
} from '../../run/explore-program.ts';
import { exploreProgramShard } from '../../run/explore-shards.ts';
import type { Shard } from '../../run/plan.ts';
import type { ProgramFailure } from '../../run/program-failure.ts';
import { EXIT_INTERRUPTED, exitCodeOf } from '../exit-code.ts';
import { Interruption } from '../interruption.ts';
import { parseCount, parseSeed, parseShard } from '../options.ts';
import { reporterOption, Reporters } from '../reporters.ts';
import { statusLine, type Terminal } from '../terminal.ts';

const STRATEGIES: readonly (SamplingName | 'exhaustive')[] = ['exhaustive', ...SAMPLING_NAMES];

interface ExploreFlags {
  readonly strategy: string;
  readonly preemptions?: string;
  readonly max?: string;
  readonly seed: string;
  readonly schedule?: string;
  readonly workers?: string;
  readonly shard?: string;
  readonly journal?: string;
  readonly resume?: boolean;
  readonly traces: string;
  readonly reporter: string[];
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addExploreCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('explore')
    .summary('the interleavings of a program file')
    .description(
      'Runs a program file under every interleaving of its threads that can matter, each class once, or under a sample of them; finds failed assertions, data races and deadlocks.',
    )
    .argument(
      '<files...>',
      'program files: TypeScript or JavaScript, default export of defineProgram',
    )
    .option('--strategy <name>', `one of ${STRATEGIES.join(', ')}`, 'exhaustive')
    .option('--preemptions <count>', 'answer for the classes with at most so many preemptions')
    .option('--max <count>', 'budget of executions; of schedules for a sampling strategy')
    .option('--seed <text>', 'seed of a sampling strategy; any text', '1')
    .option('--schedule <number>', 'only this schedule of the seed, from 0')
    .option('--workers <count>', 'threads that explore every class; the same answer for any number')
    .option('--shard <i/n>', 'the i-th of n parts of all classes; `mapcheck merge` joins them')
    .option('--journal <folder>', 'where the file of a shard goes', '.mapcheck/explore')
    .option('--resume', 'go on with what this shard left in the folder when it was ended')
    .option('--traces <folder>', 'where traces are kept; failing ones go into failures/', 'traces')
    .option('--config <file>', 'configuration (default: mapcheck.config.ts, .mjs, .js or .json)')
    .addOption(reporterOption())
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(async (files: string[], flags: ExploreFlags) => {
      exit(await explore(files, flags, terminal));
    });
}

async function explore(files: string[], flags: ExploreFlags, terminal: Terminal): Promise<number> {
  const options = optionsOf(flags);
  const shard = shardOf(files, flags);
  const reporters = new Reporters(flags.reporter, flags.json === true, terminal);
  reporters.event({
    event: 'begin',
    format: EVENTS_FORMAT,
    version: EVENTS_VERSION,
    command: 'explore',
    seed: options.strategy === 'exhaustive' ? null : options.seed,
    subjects: files,
  });
  const reports: ProgramReport[] = [];
  // Counting preemptions goes on in one go, and so does a shard, so that a signal has to end the process itself.
  const isInParts = options.preemptions === null && shard === null;
  const interruption = isInParts ? new Interruption() : null;
  for (const file of files) {
    if (interruption?.wasInterrupted === true) break;
    const signal = interruption?.signal;
    const report = await exploreWithProgress(
      file,
      { ...options, ...(signal && { signal }) },
      shard,
      terminal,
    );
    reports.push(report);
    const { complete: executions, steps } = report.exploration;
    const { verdict } = report;
    reporters.event({ event: 'program', subject: file, verdict, executions, steps });
    reporters.print((palette) => formatExploration(report, palette));
  }
  interruption?.dispose();
  const verdict = worstVerdict(reports.map((report) => report.verdict));
  reporters.finish({
    verdict,
    suites: programSuites(reports),
    properties: PROGRAM_RULES,
    json: exploreJson(reports),
    lines: (palette) => reports.flatMap((report) => formatExploration(report, palette)),
  });
  return interruption?.wasInterrupted === true ? EXIT_INTERRUPTED : exitCodeOf(verdict);
}

async function exploreWithProgress(
  file: string,
  options: ExploreProgramOptions,
  shard: ShardRequest | null,
  terminal: Terminal,
): Promise<ProgramReport> {
  const line = statusLine(terminal);
  const unit = options.strategy === 'exhaustive' ? 'classes' : 'schedules';
  const update = (done: number, total: Partial<Progress>): void =>
    line.update({ done, unit, failures: 0, work: { count: done, unit }, ...total });
  try {
    if (shard !== null) {
      const { tracesFolder } = options;
      const onExecution = (done: number): void => update(done, {});
      return await exploreProgramShard(file, { ...shard, tracesFolder, onExecution });
    }
    return await exploreProgram(file, {
      ...options,
      // Only a person who waits wants to know how long.
      estimates: terminal.stderr.isTTY === true,
      onExecution: (executions, total) => update(executions, total === null ? {} : totalOf(total)),
    });
  } finally {
    line.clear();
  }
}

function totalOf({ count, isEstimate, low, high }: ExecutionTotal): Partial<Progress> {
  const interval = low === undefined || high === undefined ? {} : { interval: { low, high } };
  return { total: count, isEstimate, ...interval };
}

interface ShardRequest {
  readonly shard: Shard;
  readonly folder: string;
  readonly resumes: boolean;
}

function shardOf(files: readonly string[], flags: ExploreFlags): ShardRequest | null {
  if (flags.shard === undefined) {
    if (flags.resume !== true) return null;
    throw new UsageError('only a shard leaves something to go on with', {
      code: 'E-EXPLORE-013',
      place: '--resume',
      todo: 'Explore in shards: --shard 1/1 is all of it.',
    });
  }
  const { strategy, preemptions, max, workers } = flags;
  const isAll = strategy === 'exhaustive' && (preemptions ?? max ?? workers) === undefined;
  if (!isAll || files.length > 1) {
    throw new UsageError('a shard is a part of the exhaustive exploration of one file', {
      code: 'E-EXPLORE-012',
      place: '--shard',
      todo: 'Leave --strategy, --preemptions, --max and --workers out, and name one file.',
    });
  }
  return {
    shard: parseShard('--shard', flags.shard),
    folder: flags.journal!,
    resumes: flags.resume === true,
  };
}

function optionsOf(flags: ExploreFlags): ExploreProgramOptions {
  const strategy = STRATEGIES.find((name) => name === flags.strategy);
  if (strategy === undefined) {
    throw new UsageError(`unknown strategy ${JSON.stringify(flags.strategy)}`, {
      code: 'E-EXPLORE-004',
      place: '--strategy',
      todo: suggest(flags.strategy, STRATEGIES),
    });
  }
  if (flags.preemptions !== undefined && strategy !== 'exhaustive') {
    throw new UsageError('preemptions are counted when every class is explored', {
      code: 'E-EXPLORE-005',
      place: '--preemptions',
      todo: 'Leave --strategy out, or give --strategy exhaustive.',
    });
  }
  if (flags.workers !== undefined && (strategy !== 'exhaustive' || flags.preemptions)) {
    throw new UsageError('workers share the exhaustive exploration of all classes only', {
      code: 'E-EXPLORE-007',
      place: '--workers',
      todo: 'Leave --workers out here.',
    });
  }
  if (flags.schedule !== undefined && (strategy === 'exhaustive' || flags.max !== undefined)) {
    throw new UsageError('a schedule is one of a sampling strategy', {
      code: 'E-EXPLORE-008',
      place: '--schedule',
      todo: 'Name the strategy with --strategy, and leave --max out.',
    });
  }
  return {
    strategy,
    ...(flags.schedule && { schedule: parseCount('--schedule', flags.schedule, 0) }),
    ...(flags.workers && { workers: parseCount('--workers', flags.workers, 1) }),
    preemptions:
      flags.preemptions === undefined ? null : parseCount('--preemptions', flags.preemptions, 0),
    executionsMax: flags.max === undefined ? null : parseCount('--max', flags.max, 1),
    seed: parseSeed('--seed', flags.seed),
    hasHashes: flags.json === true,
    tracesFolder: join(flags.traces, 'failures'),
  };
}

/** One file gives the fields themselves; several give the same for each, under `programs`. */
function exploreJson(reports: readonly ProgramReport[]): unknown {
  const each = reports.map(programJson);
  if (each.length === 1) return each[0];
  const worst = worstVerdict(reports.map((report) => report.verdict));
  return { ...each.find((report) => report.verdict === worst), verdict: worst, programs: each };
}

function divergenceJson({ exploration, place }: ProgramReport): unknown {
  if (exploration.divergence === null) return null;
  const { stepIndex, thread, first, second } = exploration.divergence;
  return { stepIndex, thread, first, second, place };
}

/** The pinned fields first, then what shrinking found. */
function failureJson(failure: ProgramFailure): unknown {
  const { kind, message, trace, steps, preemptions, isFewest, leftOut, orderings } = failure;
  return {
    kind,
    message,
    trace,
    steps: steps.length,
    preemptions,
    isFewest,
    leftOut,
    necessary: (orderings?.necessary ?? []).map((ordering) => orderingText(failure, ordering)),
  };
}

/** Of an exploration that stopped early the sum depends on where. */
function hasClassHash({ exploration, sampling }: ProgramReport): boolean {
  return exploration.hashSum !== '' && (exploration.isExhaustive || sampling !== null);
}

/** The fields of one program file. */
export function programJson(report: ProgramReport): { readonly verdict: string } {
  const { exploration, failure, histogram, preemptions, sampling } = report;
  const counted =
    histogram === null || preemptions === null
      ? { executions: exploration.complete, exhaustive: exploration.isExhaustive }
      : {
          executions: histogram
            .slice(0, preemptions + 1)
            .reduce((total, count) => total + count, 0),
          exhaustive: exploration.isExhaustive && histogram.length <= preemptions + 1,
        };
  return {
    verdict: report.verdict,
    program: report.program,
    file: report.file,
    strategy: report.strategy,
    ...counted,
    blocked: exploration.redundant,
    ...(hasClassHash(report) ? { classHash: exploration.hashSum } : {}),
    deadlocks: exploration.deadlocks,
    steps: exploration.steps,
    ...(histogram === null ? {} : { preemptions: histogram }),
    ...(sampling === null
      ? {}
      : {
          schedules: sampling.schedules,
          classes: sampling.classes,
          unseenShare: sampling.unseenShare,
          failedSchedule: sampling.failedSchedule < 0 ? null : sampling.failedSchedule,
        }),
    bound: exploration.bound === null ? null : { ...exploration.bound, place: report.place },
    divergence: divergenceJson(report),
    failure: failure === null ? null : failureJson(failure),
  } as { readonly verdict: string };
}
