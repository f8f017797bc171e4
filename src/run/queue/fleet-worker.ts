/** A worker of a fleet: takes ranges from a queue, does their tickets, hands the results in. */
import type { TicketResult } from '../ticket.ts';
import {
  persist,
  QueueAway,
  sleep,
  type CampaignRecord,
  type Lease,
  type RangeResult,
  type WorkerQueue,
} from './work-queue.ts';

/** Does some tickets of a campaign; stops at the next one when the signal says so. */
export type DoRange = (
  record: CampaignRecord,
  range: { readonly lo: number; readonly hi: number },
  signal: AbortSignal,
  onResult: (result: TicketResult) => void,
) => Promise<void>;

export interface FleetWorkerOptions {
  /** Different for every worker of a queue. */
  readonly name: string;
  /** Campaigns of other code are left alone. */
  readonly codeHash: string;
  /** Milliseconds between signs of life while a range is in work; a third of the lease at most. */
  readonly beatMs: number;
  /** Ends the worker after the tickets begun. */
  readonly signal: AbortSignal;
  /** Ends the worker after so many milliseconds without work. Default never. */
  readonly idleMs?: number;
  /** Told of each range that was done. */
  readonly onRange?: (result: RangeResult) => void;
}

/** Works until told to stop, or until there has been no work for long enough. */
export async function runFleetWorker(
  queue: WorkerQueue,
  doRange: DoRange,
  options: FleetWorkerOptions,
): Promise<void> {
  let idleSince = performance.now();
  while (!options.signal.aborted) {
    const lease = await nextLease(queue, options);
    if (lease === null) {
      if (performance.now() - idleSince > (options.idleMs ?? Number.POSITIVE_INFINITY)) return;
      continue;
    }
    await work(queue, lease, doRange, options);
    idleSince = performance.now();
  }
}

/** A range, or `null` when there is none now, or the queue is away. */
async function nextLease(queue: WorkerQueue, options: FleetWorkerOptions): Promise<Lease | null> {
  try {
    await queue.greet(options.name);
    return await queue.lease();
  } catch (error) {
    if (!(error instanceof QueueAway)) throw error;
    await sleep(AWAY_MS);
    return null;
  }
}

/** Between two tries to reach a queue that is away, in milliseconds. */
const AWAY_MS = 500;

async function work(
  queue: WorkerQueue,
  lease: Lease,
  doRange: DoRange,
  options: FleetWorkerOptions,
): Promise<void> {
  const { job } = lease;
  const isWanted = (): boolean => !options.signal.aborted;
  const record = await persist(() => queue.campaign(job.campaign), isWanted);
  if (record === null || record.codeHash !== options.codeHash) {
    await persist(() => queue.complete(lease, null), isWanted);
    return;
  }
  const stop = new AbortController();
  const beat = setInterval(() => {
    void stillWanted(queue, lease, options).then((isWanted) => isWanted || stop.abort());
  }, options.beatMs);
  const start = performance.now();
  const tickets: TicketResult[] = [];
  try {
    const signal = AbortSignal.any([stop.signal, options.signal]);
    await doRange(record, job, signal, (ticket) => tickets.push(ticket));
  } finally {
    clearInterval(beat);
  }
  const result = { job, tickets, elapsedMs: performance.now() - start };
  // A result that is at hand is worth waiting for the queue; a second Ctrl-C ends that too.
  await persist(
    () => queue.complete(lease, result),
    () => true,
  );
  options.onRange?.(result);
}

/** Keeps the lease; `false` once the campaign is stopped. A lease that is lost is no reason to stop: results have names. */
async function stillWanted(
  queue: WorkerQueue,
  lease: Lease,
  options: FleetWorkerOptions,
): Promise<boolean> {
  try {
    await queue.greet(options.name);
    await queue.extend(lease);
    return !(await queue.isStopped(lease.job.campaign));
  } catch (error) {
    if (!(error instanceof QueueAway)) throw error;
    // The work is worth finishing.
    return true;
  }
}
