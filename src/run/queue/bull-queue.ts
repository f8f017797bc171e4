/**
 * The queue on BullMQ: ranges are its jobs, everything else stands in a few keys beside them.
 *
 * The queue's name has the code hash in it, so that workers never get ranges of other code. Results are in a hash by
 * campaign, a field for each range, set once. BullMQ and ioredis are loaded only here, when they are wanted.
 */
import type * as Bull from 'bullmq';
import type { Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { UsageError } from '../../core/errors.ts';
import {
  QueueAway,
  rangeName,
  type CampaignRecord,
  type CoordinatorQueue,
  type JobState,
  type Lease,
  type RangeJob,
  type RangeResult,
  type WorkerQueue,
} from './work-queue.ts';

export interface BullOptions {
  /** `redis://…` or `rediss://…`. */
  readonly url: string;
  readonly codeHash: string;
  /** Milliseconds that a range belongs to a worker that gives no sign of life. */
  readonly leaseMs: number;
}

/** Seconds after which a campaign is forgotten whose coordinator gives no sign of life, and its results. */
const CAMPAIGN_SECONDS = 600;
/** Seconds without a sign of life after which a worker does not count any more. */
const WORKER_SECONDS = 10;
/** Leases of one range that may run out before it counts as failed. */
const STALLS_MAX = 5;
/** Seconds to wait for a range. */
const LEASE_WAIT_SECONDS = 1;
/** Milliseconds to wait for the first connection. */
const CONNECT_MS = 5_000;

interface Modules {
  readonly bullmq: typeof Bull;
  readonly Redis: typeof Redis;
}

/**
 * Opens the coordinator's side.
 *
 * @throws UsageError E-QUEUE-001 packages missing, 002 not a Redis URL, 003 nothing there.
 */
export async function openCoordinatorQueue(options: BullOptions): Promise<CoordinatorQueue> {
  const modules = await loadModules();
  await probe(modules, options.url);
  return new BullCoordinator(modules, options);
}

/**
 * Opens a worker's side.
 *
 * @throws UsageError as `openCoordinatorQueue`.
 */
export async function openWorkerQueue(options: BullOptions): Promise<WorkerQueue> {
  const modules = await loadModules();
  await probe(modules, options.url);
  return new BullWorker(modules, options);
}

async function loadModules(): Promise<Modules> {
  try {
    const [bullmq, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, Redis };
  } catch (error) {
    throw new UsageError('a queue needs the packages bullmq and ioredis, which are not installed', {
      code: 'E-QUEUE-001',
      place: '--queue',
      todo: 'npm install bullmq ioredis',
      cause: error,
    });
  }
}

/** Finds out at once whether there is a Redis, rather than waiting for one for ever. */
async function probe({ Redis }: Modules, url: string): Promise<void> {
  if (!/^rediss?:\/\/\S+$/.test(url)) {
    throw new UsageError(`found ${JSON.stringify(url)}, expected redis://HOST:PORT`, {
      code: 'E-QUEUE-002',
      place: '--queue',
    });
  }
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: CONNECT_MS,
  });
  let reason: unknown = null;
  redis.on('error', (error) => (reason = error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const { message } = (reason ?? error) as Error;
    throw new UsageError(`cannot reach Redis: ${message}`, {
      code: 'E-QUEUE-003',
      place: `--queue ${url.replace(/\/\/[^@/]*@/, '//')}`,
      todo: 'Check the address, and that the server is running.',
      cause: error,
    });
  } finally {
    redis.disconnect();
  }
}

/** What both sides have: a connection of their own, and the names of keys. */
class BullSide {
  protected readonly redis: Redis;
  protected readonly name: string;
  protected readonly connection: Redis;
  readonly #owned: Redis[] = [];

  constructor({ Redis }: Modules, { url, codeHash }: BullOptions) {
    this.name = `mapcheck-${codeHash.slice(0, 16)}`;
    const connect = (): Redis => {
      // Commands wait for a server that is away, as BullMQ demands of its workers.
      const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => RETRY_MS });
      redis.on('error', ignore);
      this.#owned.push(redis);
      return redis;
    };
    this.redis = connect();
    this.connection = connect();
  }

  protected key(...parts: readonly string[]): string {
    return [this.name, ...parts].join(':');
  }

  /** Turns whatever goes wrong with the server into the one error that callers wait out. */
  protected async ask<Value>(question: () => Promise<Value>): Promise<Value> {
    try {
      return await question();
    } catch (error) {
      throw new QueueAway((error as Error).message, { cause: error });
    }
  }

  /** Seconds of the server's clock: workers' own may differ. */
  protected async serverSeconds(): Promise<number> {
    const [seconds] = await this.redis.time();
    return Number(seconds);
  }

  protected disconnect(): void {
    for (const redis of this.#owned) redis.disconnect();
  }
}

/** Between two attempts to reach a server that is away, in milliseconds. */
const RETRY_MS = 250;

function ignore(): void {
  // The connection comes back by itself; until then commands wait.
}

class BullCoordinator extends BullSide implements CoordinatorQueue {
  readonly #queue: Queue<RangeJob>;

  constructor(modules: Modules, options: BullOptions) {
    super(modules, options);
    this.#queue = new modules.bullmq.Queue(this.name, { connection: this.connection });
    this.#queue.on('error', ignore);
  }

  announce(record: CampaignRecord): Promise<void> {
    return this.ask(async () => {
      const key = this.key('campaign', record.id);
      await this.redis.set(key, JSON.stringify(record), 'EX', CAMPAIGN_SECONDS);
      await this.redis.expire(this.key('results', record.id), CAMPAIGN_SECONDS);
    });
  }

  offer(job: RangeJob): Promise<void> {
    return this.ask(async () => {
      await this.#queue.add('range', job, {
        jobId: jobId(job),
        removeOnComplete: true,
        // A failed one stays until the coordinator has seen it.
        removeOnFail: false,
      });
    });
  }

  stateOf(job: RangeJob): Promise<JobState> {
    return this.ask(async () => {
      const found = await this.#queue.getJob(jobId(job));
      const state = (await found?.getState()) ?? 'unknown';
      if (state === 'unknown' || state === 'completed') return 'absent';
      return state === 'active' || state === 'failed' ? state : 'waiting';
    });
  }

  withdraw(job: RangeJob): Promise<void> {
    return this.ask(async () => {
      try {
        await (await this.#queue.getJob(jobId(job)))?.remove();
      } catch {
        // A worker has it by now.
      }
    });
  }

  results(campaign: string): Promise<readonly RangeResult[]> {
    return this.ask(async () =>
      (await this.redis.hvals(this.key('results', campaign))).map(
        (text) => JSON.parse(text) as RangeResult,
      ),
    );
  }

  dropResults(jobs: readonly RangeJob[]): Promise<void> {
    return this.ask(async () => {
      const [first] = jobs;
      if (first === undefined) return;
      await this.redis.hdel(this.key('results', first.campaign), ...jobs.map(rangeName));
    });
  }

  stop(campaign: string): Promise<void> {
    return this.ask(async () => {
      await this.redis.set(this.key('stop', campaign), '1', 'EX', CAMPAIGN_SECONDS);
    });
  }

  retire(campaign: string): Promise<void> {
    return this.ask(async () => {
      const kinds = ['campaign', 'results', 'stop'];
      await this.redis.del(...kinds.map((kind) => this.key(kind, campaign)));
      const left = await this.#queue.getJobs(['waiting', 'failed', 'delayed']);
      for (const job of left) if (job.data.campaign === campaign) await this.withdraw(job.data);
    });
  }

  workerCount(): Promise<number> {
    return this.ask(async () => {
      const since = (await this.serverSeconds()) - WORKER_SECONDS;
      await this.redis.zremrangebyscore(this.key('workers'), 0, since);
      return this.redis.zcard(this.key('workers'));
    });
  }

  async close(): Promise<void> {
    await this.#queue.close().catch(ignore);
    this.disconnect();
  }
}

class BullWorker extends BullSide implements WorkerQueue {
  readonly #worker: Worker<RangeJob>;
  readonly #leaseMs: number;
  /** Jobs in hand by token. */
  readonly #jobs = new Map<string, Job<RangeJob>>();
  #isChecking = false;
  #tokens = 0;
  #greeting = '';

  constructor(modules: Modules, options: BullOptions) {
    super(modules, options);
    this.#leaseMs = options.leaseMs;
    this.#worker = new modules.bullmq.Worker(this.name, null, {
      connection: this.connection,
      lockDuration: options.leaseMs,
      stalledInterval: Math.ceil(options.leaseMs / 2),
      maxStalledCount: STALLS_MAX,
      drainDelay: LEASE_WAIT_SECONDS,
    });
    this.#worker.on('error', ignore);
  }

  lease(): Promise<Lease | null> {
    return this.ask(async () => {
      if (!this.#isChecking) {
        this.#isChecking = true;
        // Gives the ranges of dead workers to those that are alive; any worker of the queue does it for all.
        void this.#worker.startStalledCheckTimer().catch(ignore);
      }
      const token = `${this.#greeting} ${++this.#tokens}`;
      const job = (await this.#worker.getNextJob(token)) as Job<RangeJob> | undefined;
      if (job === undefined) return null;
      this.#jobs.set(token, job);
      return { job: job.data, token };
    });
  }

  async extend({ token }: Lease): Promise<boolean> {
    const job = this.#jobs.get(token);
    if (job === undefined) return false;
    try {
      return (await job.extendLock(token, this.#leaseMs)) === 1;
    } catch {
      // Another worker has it, or the server is away: no difference to the work.
      return false;
    }
  }

  complete({ job, token }: Lease, result: RangeResult | null): Promise<void> {
    return this.ask(async () => {
      if (result !== null) {
        const key = this.key('results', job.campaign);
        await this.redis.hsetnx(key, rangeName(job), JSON.stringify(result));
        await this.redis.expire(key, CAMPAIGN_SECONDS);
      }
      try {
        await this.#jobs.get(token)?.moveToCompleted(0, token, false);
      } catch {
        // The lease was lost; the result is there all the same, and whoever has the range brings it again.
      }
      this.#jobs.delete(token);
    });
  }

  campaign(id: string): Promise<CampaignRecord | null> {
    return this.ask(async () => {
      const text = await this.redis.get(this.key('campaign', id));
      return text === null ? null : (JSON.parse(text) as CampaignRecord);
    });
  }

  isStopped(campaign: string): Promise<boolean> {
    return this.ask(async () => (await this.redis.exists(this.key('stop', campaign))) === 1);
  }

  greet(worker: string): Promise<void> {
    this.#greeting = worker;
    return this.ask(async () => {
      await this.redis.zadd(this.key('workers'), await this.serverSeconds(), worker);
    });
  }

  async close(): Promise<void> {
    await this.redis.zrem(this.key('workers'), this.#greeting).catch(ignore);
    await this.#worker.close(true).catch(ignore);
    this.disconnect();
  }
}

/** BullMQ takes a second job of the same name for the first. */
function jobId(job: RangeJob): string {
  return `${job.campaign}-${rangeName(job)}`;
}
