/**
 * The queue that a coordinator and its workers meet at, whatever it is made of.
 *
 * Work may be done more than once: a worker that was thought dead may come back. So results have names, the same name
 * means the same result, and taking one twice changes nothing.
 */
import type { CampaignPlan } from '../plan.ts';
import type { TicketResult } from '../ticket.ts';

/** A range of tickets of one campaign. */
export interface RangeJob {
  /** Identifier of the campaign. */
  readonly campaign: string;
  /** First ticket. */
  readonly lo: number;
  /** One past the last ticket. */
  readonly hi: number;
}

/** What workers need to know of a campaign. */
export interface CampaignRecord {
  readonly id: string;
  readonly plan: CampaignPlan;
  readonly codeHash: string;
}

/** What a worker did of a range: all of it, or the tickets begun before it was told to stop. */
export interface RangeResult {
  readonly job: RangeJob;
  readonly tickets: readonly TicketResult[];
  /** Milliseconds that it took there. */
  readonly elapsedMs: number;
}

/** A range in a worker's hands. */
export interface Lease {
  readonly job: RangeJob;
  /** Tells this lease from any other of the same range. */
  readonly token: string;
}

/** Where a range is. `failed` is one whose workers died too often. */
export type JobState = 'waiting' | 'active' | 'failed' | 'absent';

/** The side of the queue that hands work out. */
export interface CoordinatorQueue {
  /** Makes a campaign known to workers, and keeps it known: it is forgotten when this is not called for a while. */
  announce(record: CampaignRecord): Promise<void>;
  /** Puts a range up for work; one that is up already stays as it is. */
  offer(job: RangeJob): Promise<void>;
  stateOf(job: RangeJob): Promise<JobState>;
  /** Takes a range down that nobody works on. */
  withdraw(job: RangeJob): Promise<void>;
  /** The results that are there and were not dropped. */
  results(campaign: string): Promise<readonly RangeResult[]>;
  /** Forgets results that were taken. */
  dropResults(jobs: readonly RangeJob[]): Promise<void>;
  /** Tells workers to begin no further ticket of a campaign. */
  stop(campaign: string): Promise<void>;
  /** Forgets a campaign and everything of it. */
  retire(campaign: string): Promise<void>;
  /** Workers that gave a sign of life lately. */
  workerCount(): Promise<number>;
  close(): Promise<void>;
}

/** The side of the queue that takes work. */
export interface WorkerQueue {
  /** Takes a range, or waits for one for a moment and returns `null`. */
  lease(): Promise<Lease | null>;
  /** Makes a lease last longer; `false` when it is lost, and another worker may have the range. */
  extend(lease: Lease): Promise<boolean>;
  /** Hands a result in, whether or not the lease still holds. `null` drops a range that is of no campaign any more. */
  complete(lease: Lease, result: RangeResult | null): Promise<void>;
  campaign(id: string): Promise<CampaignRecord | null>;
  isStopped(campaign: string): Promise<boolean>;
  /** Gives a sign of life. */
  greet(worker: string): Promise<void>;
  close(): Promise<void>;
}

/** The queue cannot be reached now; it may be back soon, and what was to be done can be done again. */
export class QueueAway extends Error {
  override readonly name = 'QueueAway';
}

/** Does something with a queue, as often as it takes while the queue is away; `null` when told to give up. */
export async function persist<Value>(
  attempt: () => Promise<Value>,
  isWanted: () => boolean,
  pause: (milliseconds: number) => Promise<void> = sleep,
): Promise<Value | null> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof QueueAway)) throw error;
      if (!isWanted()) return null;
      await pause(RETRY_MS);
    }
  }
}

const RETRY_MS = 500;

/** Waits. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The name of a range. */
export function rangeName({ lo, hi }: RangeJob): string {
  return `${lo}-${hi}`;
}
