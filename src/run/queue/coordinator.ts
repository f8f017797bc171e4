/** Gives a campaign's tickets to a fleet: ranges into the queue, a bounded number at a time, and results out of it. */
import type { Executor } from '../campaign.ts';
import { ticketAt } from '../plan.ts';
import type { PoolWork } from '../pool.ts';
import { lostTicket, type TicketResult } from '../ticket.ts';
import {
  persist,
  rangeName,
  sleep,
  type CampaignRecord,
  type CoordinatorQueue,
  type RangeJob,
  type RangeResult,
} from './work-queue.ts';

/** What may be set, in milliseconds but for the counts. */
export interface FleetOptions {
  /** How long a worker is to be busy with a range. Default 5,000. */
  readonly rangeMs?: number;
  /** How often the queue is looked at. Default 200. */
  readonly pollMs?: number;
  /** Looks between two checks that ranges in flight are still known to the queue. Default 10. */
  readonly checkEvery?: number;
  /** Waits; tests hand in their own. */
  readonly pause?: (milliseconds: number) => Promise<void>;
  /** Told when nobody has done anything for a while. */
  readonly onIdle?: (workers: number) => void;
}

/** Tickets of a range as long as nothing is known of their cost. */
const FIRST_SIZE = 4;
const SIZE_MAX = 4_096;
/** Ranges in flight for each worker: one in work, the others so that it never waits. */
const RANGES_PER_WORKER = 3;
/** Tickets that may be done ahead of one that is not: their results are held in memory until it is. */
const AHEAD_MAX = 50_000;
/** Looks that workers who were told to stop are waited for: they may be dead. */
const STOP_LOOKS = 150;
/** Looks without a result after which nobody seems to be there. */
const IDLE_LOOKS = 50;

/** An executor that lets the workers of a queue do the tickets of a campaign that is not divided into shards. */
export function fleetExecutor(
  queue: CoordinatorQueue,
  record: CampaignRecord,
  options: FleetOptions = {},
): Executor {
  return (work, signal, onResult) =>
    new Coordinator(queue, record, options, work, onResult).run(signal);
}

class Coordinator {
  readonly #queue: CoordinatorQueue;
  readonly #record: CampaignRecord;
  readonly #options: FleetOptions;
  readonly #work: PoolWork;
  readonly #onResult: (result: TicketResult) => void;
  /** Ranges in flight by name. */
  readonly #flying = new Map<string, RangeJob>();
  /** Ranges to offer before anything new: what a worker that stopped left undone. */
  readonly #left: RangeJob[] = [];
  #next: number;
  #millisecondsPerTicket: number | null = null;
  #idleLooks = 0;
  /** The look at which workers were told to stop. */
  #stoppedAt: number | null = null;

  constructor(
    queue: CoordinatorQueue,
    record: CampaignRecord,
    options: FleetOptions,
    work: PoolWork,
    onResult: (result: TicketResult) => void,
  ) {
    this.#queue = queue;
    this.#record = record;
    this.#options = options;
    this.#work = work;
    this.#onResult = onResult;
    this.#next = work.from;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { pollMs = 200, pause = sleep } = this.#options;
    for (let look = 0; ; look++) {
      const isDone = await persist(
        () => this.#look(look, signal),
        () => !signal.aborted,
        pause,
      );
      if (isDone !== false) break;
      await pause(pollMs);
    }
    await persist(
      () => this.#queue.retire(this.#record.id),
      () => !signal.aborted,
      pause,
    );
  }

  /** One look at the queue; whether there is nothing left to do or to wait for. May be done again when it fails. */
  async #look(look: number, signal: AbortSignal): Promise<boolean> {
    const { checkEvery = 10 } = this.#options;
    await this.#queue.announce(this.#record);
    await this.#collect(this.#stoppedAt !== null);
    if (signal.aborted && this.#stoppedAt === null) {
      await this.#queue.stop(this.#record.id);
      this.#stoppedAt = look;
    }
    const isStopping = this.#stoppedAt !== null;
    if (isStopping || look % checkEvery === checkEvery - 1) await this.#check(isStopping);
    if (!isStopping) await this.#offer();
    if (this.#flying.size === 0) return isStopping || this.#isAllOffered();
    return isStopping && look - this.#stoppedAt! > STOP_LOOKS;
  }

  #isAllOffered(): boolean {
    return this.#next >= this.#work.end && this.#left.length === 0;
  }

  /** Takes the results that are there. */
  async #collect(isStopping: boolean): Promise<void> {
    const results = await this.#queue.results(this.#record.id);
    for (const result of results) this.#take(result, isStopping);
    await this.#queue.dropResults(results.map(({ job }) => job));
    this.#idleLooks = results.length > 0 ? 0 : this.#idleLooks + 1;
    if (this.#idleLooks > 0 && this.#idleLooks % IDLE_LOOKS === 0) {
      this.#options.onIdle?.(await this.#queue.workerCount());
    }
  }

  #take(result: RangeResult, isStopping: boolean): void {
    const { job, tickets, elapsedMs } = result;
    // A range that is not in flight any more was done twice; its tickets are known, and dropped further on.
    const wasFlying = this.#flying.delete(rangeName(job));
    for (const ticket of tickets) this.#onResult(ticket);
    if (tickets.length > 0) this.#learn(elapsedMs / tickets.length);
    if (wasFlying && !isStopping) this.#left.push(...missingRanges(job, tickets));
  }

  #learn(milliseconds: number): void {
    const old = this.#millisecondsPerTicket ?? milliseconds;
    this.#millisecondsPerTicket = Math.max(0.01, (old + milliseconds) / 2);
  }

  /** Looks after ranges that the queue has lost, or given up. */
  async #check(isStopping: boolean): Promise<void> {
    for (const [name, job] of this.#flying) {
      const state = await this.#queue.stateOf(job);
      if (state === 'active' || (state === 'waiting' && !isStopping)) continue;
      if (state === 'waiting') await this.#queue.withdraw(job);
      // It may have been handed in since: results are written before jobs are closed.
      await this.#collect(isStopping);
      if (!this.#flying.has(name)) continue;
      if (state === 'failed') this.#giveUp(job);
      if (state === 'failed' || isStopping) this.#flying.delete(name);
      else await this.#queue.offer(job);
    }
  }

  #giveUp(job: RangeJob): void {
    for (let index = job.lo; index < job.hi; index++) {
      const ticket = ticketAt(this.#work.plan, index);
      this.#onResult(lostTicket(index, ticket, 'several workers died of it'));
    }
  }

  /** Fills the window. */
  async #offer(): Promise<void> {
    const workers = Math.max(1, await this.#queue.workerCount());
    while (this.#flying.size < workers * RANGES_PER_WORKER) {
      const job = this.#left.shift() ?? this.#nextRange(workers);
      if (job === null) return;
      this.#flying.set(rangeName(job), job);
      await this.#queue.offer(job);
    }
  }

  #nextRange(workers: number): RangeJob | null {
    const { end } = this.#work;
    const lowest = Math.min(this.#next, ...[...this.#flying.values()].map(({ lo }) => lo));
    if (this.#next >= end || this.#next - lowest > AHEAD_MAX) return null;
    const lo = this.#next;
    this.#next = Math.min(end, lo + this.#size(workers));
    return { campaign: this.#record.id, lo, hi: this.#next };
  }

  /** Tickets of the next range: some seconds of work, and less towards the end, so that workers end together. */
  #size(workers: number): number {
    const { rangeMs = 5_000 } = this.#options;
    const cost = this.#millisecondsPerTicket;
    const wanted = cost === null ? FIRST_SIZE : Math.round(rangeMs / cost);
    const left = this.#work.end - this.#next;
    const share = Number.isFinite(left) ? Math.ceil(left / (2 * workers)) : SIZE_MAX;
    return Math.max(1, Math.min(wanted, share, SIZE_MAX));
  }
}

/** The parts of a range that a result does not have. */
export function missingRanges(job: RangeJob, tickets: readonly TicketResult[]): RangeJob[] {
  const done = new Set(tickets.map(({ index }) => index));
  const missing: RangeJob[] = [];
  for (let lo = job.lo; lo < job.hi; lo++) {
    if (done.has(lo)) continue;
    let hi = lo + 1;
    while (hi < job.hi && !done.has(hi)) hi++;
    missing.push({ ...job, lo, hi });
    lo = hi;
  }
  return missing;
}
