/** `mapcheck worker`: does the work of campaigns that others coordinate. */
import { randomUUID } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import type { Command } from 'commander';
import { plural } from '../../report/table.ts';
import { WHOLE } from '../../run/plan.ts';
import { HANG_TIMEOUT_MS, runPool, WORKER_MEMORY_MB } from '../../run/pool.ts';
import { openProject, type Project } from '../../run/project.ts';
import { openWorkerQueue } from '../../run/queue/bull-queue.ts';
import { runFleetWorker, type DoRange } from '../../run/queue/fleet-worker.ts';
import { selectTargets } from '../../run/select-targets.ts';
import { relocated } from '../campaign-request.ts';
import { EXIT_INTERRUPTED } from '../exit-code.ts';
import { fleetCodeHash, LEASE } from '../fleet.ts';
import { Interruption } from '../interruption.ts';
import { recoveryNote } from '../recovery-note.ts';
import { parseCount, parseDurationMs } from '../options.ts';
import type { Terminal } from '../terminal.ts';

interface WorkerFlags {
  readonly queue: string;
  readonly workers?: string;
  readonly lease: string;
  readonly untilIdle?: string;
  readonly hangTimeout?: string;
  readonly workerMemory?: string;
  readonly config?: string;
}

/** Adds the command to the program. */
export function addWorkerCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('worker')
    .summary('do the work of campaigns that `mapcheck run --queue` coordinates')
    .description(
      'Takes ranges of campaigns from a queue, does them, and hands the results in, until it is stopped. Workers may come and go at any time; one that dies loses nothing. It must be the same mapcheck, with the same configuration, as the one that coordinates.',
    )
    .requiredOption('--queue <url>', 'the Redis to meet at: redis://HOST:PORT')
    .option(
      '--workers <count>',
      'workers: threads, or processes where a target is your own (default: one for each core)',
    )
    .option(
      '--lease <duration>',
      'a range goes to another after so long without a sign of life',
      LEASE,
    )
    .option('--until-idle <duration>', 'end after so long without work (default: never)')
    .option(
      '--hang-timeout <duration>',
      'a program without progress for so long hangs, and fails (default: 10s)',
    )
    .option('--worker-memory <MB>', `heap of a worker (default: ${WORKER_MEMORY_MB})`)
    .option('--config <file>', 'configuration (default: mapcheck.config.ts, .mjs, .js or .json)')
    .action(async (flags: WorkerFlags) => {
      exit(await work(flags, terminal));
    });
}

async function work(flags: WorkerFlags, terminal: Terminal): Promise<number> {
  const project = await openProject(flags.config, process.cwd());
  const leaseMs = parseDurationMs('--lease', flags.lease);
  const idle =
    flags.untilIdle === undefined
      ? {}
      : { idleMs: parseDurationMs('--until-idle', flags.untilIdle) };
  const doRange = rangeDoer(flags, project, terminal);
  const codeHash = fleetCodeHash(project);
  const queue = await openWorkerQueue({ url: flags.queue, codeHash, leaseMs });
  const interruption = new Interruption();
  const done = { ranges: 0, runs: 0 };
  terminal.stderr.write(`Waiting for work of code ${codeHash.slice(0, 12)}.\n`);
  try {
    await runFleetWorker(queue, doRange, {
      ...idle,
      name: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
      codeHash,
      beatMs: Math.min(1_000, Math.ceil(leaseMs / 3)),
      signal: interruption.signal,
      onRange: ({ tickets }) => {
        done.ranges++;
        done.runs += tickets.reduce((sum, { runs }) => sum + runs, 0);
      },
    });
  } finally {
    await queue.close();
    interruption.dispose();
  }
  terminal.stderr.write(`Done: ${plural(done.runs, 'run')} in ${plural(done.ranges, 'range')}.\n`);
  return interruption.wasInterrupted ? EXIT_INTERRUPTED : 0;
}

function rangeDoer(flags: WorkerFlags, project: Project, terminal: Terminal): DoRange {
  const options = {
    onRecovery: recoveryNote(terminal),
    workers:
      flags.workers === undefined
        ? (project.config.workers ?? availableParallelism())
        : parseCount('--workers', flags.workers, 1),
    hangTimeoutMs:
      flags.hangTimeout === undefined
        ? HANG_TIMEOUT_MS
        : parseDurationMs('--hang-timeout', flags.hangTimeout),
    workerMemoryMb:
      flags.workerMemory === undefined
        ? WORKER_MEMORY_MB
        : parseCount('--worker-memory', flags.workerMemory, 16),
  };
  return (record, { lo, hi }, signal, onResult) => {
    const targets = selectTargets(record.plan.targets, project);
    const plan = relocated(record.plan, project, targets);
    const range = { plan, shard: WHOLE, from: lo, end: hi, done: new Set<number>() };
    return runPool(range, { ...options, signal }, onResult);
  };
}
