/** A property campaign from plan to report: tickets done, journalled and added up; failures shrunk and saved. */
import type { Verdict } from '../core/property.ts';
import type { Target } from '../core/target.ts';
import { afterMs } from './deadline.ts';
import { reportFailureGuarded, type FailureReport } from './failure.ts';
import { isInterleaved, reportInterleaved } from './interleaver.ts';
import { assertShared } from './own-interleavings.ts';
import type { JournalEnd } from './journal/format.ts';
import type { CampaignJournal } from './journal/session.ts';
import { shardTicketCount, WHOLE, type CampaignPlan, type Shard } from './plan.ts';
import {
  HANG_TIMEOUT_MS,
  WORKER_MEMORY_MB,
  runPool,
  type PoolOptions,
  type PoolWork,
} from './pool.ts';
import type { LostRuns, TicketResult } from './ticket.ts';
import { InOrder } from './ticket-order.ts';
import { Totals, type TargetTotals } from './totals.ts';

/** What a campaign came to for one target. */
export interface TargetReport {
  readonly target: string;
  readonly verdict: Verdict;
  readonly runs: number;
  readonly operations: number;
  /** Steps of modelled threads; 0 for a target that has no concurrent programs. */
  readonly steps: number;
  /** Interleavings run. */
  readonly interleavings: number;
  readonly coverage: Readonly<Record<string, number>>;
  /** Rare branches of the coverage that no run reached. */
  readonly notReached: readonly string[];
  /** Known defects of Go that were seen, with how often. */
  readonly known: Readonly<Record<string, number>>;
  readonly failures: readonly FailureReport[];
  /** Runs that violated something. */
  readonly failedRuns: number;
  /** Runs given up because the worker died of them; the first hundred ranges. */
  readonly lost: readonly LostRuns[];
  /** Runs given up in all. */
  readonly lostRuns: number;
}

export interface CampaignReport {
  readonly verdict: Verdict;
  readonly seed: string;
  /** SHA-256, hexadecimal, over every run's fingerprint; depends on seed, targets and runs only. */
  readonly digest: string;
  readonly targets: readonly TargetReport[];
  /** Whether all that was asked for was done: false after an interruption, or `--bail`. */
  readonly isComplete: boolean;
}

/** Does tickets, here or elsewhere, and hands their results over in any order. */
export type Executor = (
  work: PoolWork,
  signal: AbortSignal,
  onResult: (result: TicketResult) => void,
) => Promise<void>;

export interface CampaignOptions extends PoolOptions {
  /** Folder that failing traces are written into. */
  readonly tracesFolder: string;
  /** Stop after this many different failures; 0 for never. */
  readonly bail: number;
  /** Milliseconds after which to stop, of a plan without an end. Default none. */
  readonly timeMs?: number | null;
  /** The part to do. Default the whole. */
  readonly shard?: Shard;
  /** Where finished tickets are kept, and come from. Default nowhere. @internal */
  readonly journal?: CampaignJournal | null;
  /** Called for each ticket that was done now, in order of arrival. */
  readonly onResult?: (result: TicketResult) => void;
  /** Who does the tickets. Default workers of this process. @internal */
  readonly executor?: Executor;
}

/**
 * Runs a campaign, or the rest of one whose journal has a beginning.
 *
 * Cost: the runs asked for, and the shrinking of each different failure. Memory does not grow with the runs.
 *
 * @throws UsageError for a target whose map threads cannot share in steps, although it says that they do.
 */
export async function runCampaign(
  plan: CampaignPlan,
  targets: readonly Target[],
  options: CampaignOptions,
): Promise<CampaignReport> {
  for (const target of targets) if (target.interleavings !== undefined) await assertShared(target);
  const totals = new Totals(plan, targets, options.bail);
  const end = await doTickets(plan, totals, options);
  options.journal?.close(end);
  return reportTotals(plan, targets, totals, end === 'finished' || end === 'time', options);
}

/** Does what is left to do; says why it ended, `null` for an interruption. */
async function doTickets(
  plan: CampaignPlan,
  totals: Totals,
  options: CampaignOptions,
): Promise<JournalEnd | null> {
  const shard = options.shard ?? WHOLE;
  const stop = new AbortController();
  const order = new InOrder<TicketResult>(0, (result) => {
    totals.add(result);
    if (totals.isFull) stop.abort('bail');
  });
  const positionOf = ({ index }: TicketResult): number => Math.floor(index / shard.count);
  const journal = options.journal ?? null;
  await journal?.replay((result) => order.add(positionOf(result), result));
  const signals = [stop.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const timeMs = options.timeMs ?? null;
  const callOff =
    timeMs === null ? null : afterMs(timeMs - (journal?.elapsedMs ?? 0), () => stop.abort('time'));
  const work = {
    plan,
    shard,
    from: order.next,
    end: shardTicketCount(plan, shard),
    done: order.early(),
  };
  const executor = options.executor ?? localExecutor(options);
  const hasTime = timeMs === null || timeMs > (journal?.elapsedMs ?? 0);
  if (!hasTime) stop.abort('time');
  try {
    if (hasTime && !totals.isFull)
      await executor(work, AbortSignal.any(signals), (result) => {
        if (order.has(positionOf(result))) return;
        journal?.write(result);
        if ((journal?.failure ?? null) !== null) stop.abort('journal');
        options.onResult?.(result);
        order.add(positionOf(result), result);
      });
  } finally {
    callOff?.();
  }
  const isFinished = order.next >= work.end;
  order.flush();
  if (totals.isFull) return 'bail';
  if (isFinished) return 'finished';
  return stop.signal.reason === 'time' ? 'time' : null;
}

function localExecutor(options: CampaignOptions): Executor {
  return (work, signal, onResult) => runPool(work, { ...options, signal }, onResult);
}

/** What reporting needs of a campaign's options. */
export type ReportOptions = Pick<
  CampaignOptions,
  'tracesFolder' | 'hangTimeoutMs' | 'workerMemoryMb'
>;

/** Makes the report of totals: shrinks and saves each different failure. */
export async function reportTotals(
  plan: CampaignPlan,
  targets: readonly Target[],
  totals: Totals,
  isComplete: boolean,
  options: ReportOptions,
): Promise<CampaignReport> {
  const reports: TargetReport[] = [];
  for (const [index, target] of targets.entries()) {
    reports.push(await reportTarget(plan, target, totals.targets[index]!, isComplete, options));
  }
  return {
    verdict: worstVerdict(reports.map((report) => report.verdict)),
    seed: plan.seed,
    digest: totals.digest(),
    targets: reports,
    isComplete,
  };
}

async function reportTarget(
  plan: CampaignPlan,
  target: Target,
  totals: TargetTotals,
  isComplete: boolean,
  options: ReportOptions,
): Promise<TargetReport> {
  const { hangTimeoutMs = HANG_TIMEOUT_MS, workerMemoryMb = WORKER_MEMORY_MB } = options;
  const limits = { hangTimeoutMs, workerMemoryMb };
  const failures: FailureReport[] = [];
  for (const found of totals.failures) {
    if (isInterleaved(found)) {
      const { tracesFolder } = options;
      failures.push(await reportInterleaved(target, found, { seed: plan.seed, tracesFolder }));
      continue;
    }
    failures.push(
      await reportFailureGuarded(target, found, {
        seed: plan.seed,
        knownFails: plan.knownFails,
        tracesFolder: options.tracesFolder,
        ...limits,
        config: plan.config,
      }),
    );
  }
  const { runs, operations, steps, interleavings, coverage, known, failedRuns, lost, lostRuns } =
    totals;
  return {
    target: target.name,
    verdict: verdictOf(totals, isComplete),
    runs,
    operations,
    steps,
    interleavings,
    coverage,
    notReached: target.coverage.filter((key) => coverage[key] === 0),
    known,
    failures,
    failedRuns,
    lost,
    lostRuns,
  };
}

function verdictOf(totals: TargetTotals, isComplete: boolean): Verdict {
  if (totals.divergence !== null) return 'nondeterministic';
  if (totals.failures.length > 0) return 'fails';
  return isComplete && totals.lostRuns === 0 ? 'holds' : 'inconclusive';
}

/** The worst of several verdicts: nondeterminism, then failure, then no answer. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  const order: readonly Verdict[] = ['nondeterministic', 'fails', 'inconclusive'];
  return order.find((verdict) => verdicts.includes(verdict)) ?? 'holds';
}
