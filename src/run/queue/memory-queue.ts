/** A queue in memory: for tests, where its clock, its deaths and its losses are made to order. */
import {
  rangeName,
  type CampaignRecord,
  type CoordinatorQueue,
  type JobState,
  type Lease,
  type RangeJob,
  type RangeResult,
  type WorkerQueue,
} from './work-queue.ts';

interface Entry {
  readonly job: RangeJob;
  /** Token of the worker that has it, or `null`. */
  token: string | null;
  /** When the lease ends. */
  until: number;
  /** Leases that ran out. */
  stalls: number;
}

/** Leases of one range that may run out before it counts as failed. */
const STALLS_MAX = 5;

/** Both sides of a queue. Nothing of it outlives the process. */
export class MemoryQueue implements CoordinatorQueue, WorkerQueue {
  readonly #now: () => number;
  readonly #leaseMs: number;
  readonly #jobs = new Map<string, Entry>();
  readonly #results = new Map<string, RangeResult>();
  readonly #records = new Map<string, CampaignRecord>();
  readonly #stopped = new Set<string>();
  readonly #workers = new Set<string>();
  #tokens = 0;

  /** `now` gives milliseconds. */
  constructor(leaseMs: number, now: () => number) {
    this.#leaseMs = leaseMs;
    this.#now = now;
  }

  /** Jobs that are waiting or in work. */
  get size(): number {
    return this.#jobs.size;
  }

  /** Forgets everything, as a server without a disk does when it is restarted. */
  loseAll(): void {
    for (const part of [this.#jobs, this.#results, this.#records, this.#stopped]) part.clear();
  }

  announce(record: CampaignRecord): Promise<void> {
    this.#records.set(record.id, record);
    return Promise.resolve();
  }

  offer(job: RangeJob): Promise<void> {
    const name = nameOf(job);
    if (!this.#jobs.has(name)) this.#jobs.set(name, { job, token: null, until: 0, stalls: 0 });
    return Promise.resolve();
  }

  stateOf(job: RangeJob): Promise<JobState> {
    const entry = this.#jobs.get(nameOf(job));
    if (entry === undefined) return Promise.resolve('absent');
    if (entry.stalls > STALLS_MAX) return Promise.resolve('failed');
    return Promise.resolve(entry.token === null ? 'waiting' : 'active');
  }

  withdraw(job: RangeJob): Promise<void> {
    if (this.#jobs.get(nameOf(job))?.token === null) this.#jobs.delete(nameOf(job));
    return Promise.resolve();
  }

  results(campaign: string): Promise<readonly RangeResult[]> {
    return Promise.resolve(
      [...this.#results.values()].filter(({ job }) => job.campaign === campaign),
    );
  }

  dropResults(jobs: readonly RangeJob[]): Promise<void> {
    for (const job of jobs) this.#results.delete(nameOf(job));
    return Promise.resolve();
  }

  stop(campaign: string): Promise<void> {
    this.#stopped.add(campaign);
    return Promise.resolve();
  }

  retire(campaign: string): Promise<void> {
    this.#records.delete(campaign);
    this.#stopped.delete(campaign);
    for (const part of [this.#jobs, this.#results]) {
      for (const [name, { job }] of part) if (job.campaign === campaign) part.delete(name);
    }
    return Promise.resolve();
  }

  workerCount(): Promise<number> {
    return Promise.resolve(this.#workers.size);
  }

  lease(): Promise<Lease | null> {
    for (const entry of this.#jobs.values()) {
      if (entry.token !== null && entry.until <= this.#now()) {
        entry.token = null;
        entry.stalls++;
      }
      if (entry.token !== null || entry.stalls > STALLS_MAX) continue;
      entry.token = `lease ${++this.#tokens}`;
      entry.until = this.#now() + this.#leaseMs;
      return Promise.resolve({ job: entry.job, token: entry.token });
    }
    return Promise.resolve(null);
  }

  extend({ job, token }: Lease): Promise<boolean> {
    const entry = this.#jobs.get(nameOf(job));
    if (entry?.token !== token) return Promise.resolve(false);
    entry.until = this.#now() + this.#leaseMs;
    return Promise.resolve(true);
  }

  complete({ job, token }: Lease, result: RangeResult | null): Promise<void> {
    if (result !== null && !this.#results.has(nameOf(job))) this.#results.set(nameOf(job), result);
    if (this.#jobs.get(nameOf(job))?.token === token) this.#jobs.delete(nameOf(job));
    return Promise.resolve();
  }

  campaign(id: string): Promise<CampaignRecord | null> {
    return Promise.resolve(this.#records.get(id) ?? null);
  }

  isStopped(campaign: string): Promise<boolean> {
    return Promise.resolve(this.#stopped.has(campaign));
  }

  greet(worker: string): Promise<void> {
    this.#workers.add(worker);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function nameOf(job: RangeJob): string {
  return `${job.campaign} ${rangeName(job)}`;
}
