import { afterEach, expect, test, vi } from 'vitest';
import { toyTarget } from '../../core/testing/toy-target.ts';
import { runCampaign, type CampaignReport, type Executor } from '../campaign.ts';
import { ticketAt, type CampaignPlan } from '../plan.ts';
import { runTicket } from '../ticket.ts';
import { fleetExecutor, missingRanges } from './coordinator.ts';
import { runFleetWorker, type DoRange } from './fleet-worker.ts';
import { MemoryQueue } from './memory-queue.ts';
import { QueueAway, type Lease } from './work-queue.ts';

const target = {
  ...toyTarget,
  execute: (program: Parameters<typeof toyTarget.execute>[0]) => ({
    ...toyTarget.execute(program),
    violation: null,
  }),
};
const plan: CampaignPlan = { seed: '1', targets: ['toy'], runs: 3_000, knownFails: false };
const record = { id: 'c', plan, codeHash: 'abc' };

/** A clock that only moves when someone waits. */
let clock = 0;
const pause = (milliseconds: number): Promise<void> => {
  clock += milliseconds;
  return new Promise((resolve) => setImmediate(resolve));
};
afterEach(() => vi.restoreAllMocks());

const doTicket = (index: number): ReturnType<typeof runTicket> =>
  runTicket(target, plan.seed, index, ticketAt(plan, index), false);

const doRange: DoRange = async (_, { lo, hi }, signal, onResult) => {
  for (let index = lo; index < hi && !signal.aborted; index++) {
    await pause(10);
    onResult(doTicket(index));
  }
};

interface Crew {
  readonly queue: MemoryQueue;
  readonly signal: AbortSignal;
}

/** A worker that does its work, until the campaign is over. */
function startWorker(
  { queue, signal }: Crew,
  name: string,
  does: DoRange = doRange,
): Promise<void> {
  const waiting = {
    lease: async () => {
      await pause(5);
      return queue.lease();
    },
  };
  const patient = new Proxy(queue, {
    get: (own, key) => {
      const value: unknown = Reflect.get(key === 'lease' ? waiting : own, key);
      return typeof value === 'function' ? (value as () => unknown).bind(own) : value;
    },
  });
  return runFleetWorker(patient, does, { name, codeHash: 'abc', beatMs: 5, signal });
}

async function campaign(
  crew: (queue: MemoryQueue, signal: AbortSignal) => readonly Promise<unknown>[],
  options: { readonly queue?: MemoryQueue } = {},
): Promise<{ readonly report: CampaignReport; readonly queue: MemoryQueue }> {
  const queue = options.queue ?? new MemoryQueue(500, () => clock);
  const over = new AbortController();
  const workers = crew(queue, over.signal);
  const executor: Executor = fleetExecutor(queue, record, { rangeMs: 50, pollMs: 20, pause });
  const report = await runCampaign(plan, [target], {
    workers: 1,
    bail: 0,
    tracesFolder: '',
    executor,
  });
  over.abort();
  await Promise.all(workers);
  return { report, queue };
}

const local = (): Promise<CampaignReport> =>
  runCampaign(plan, [target], {
    workers: 1,
    bail: 0,
    tracesFolder: '',
    executor: async (work, _, onResult) => {
      for (let index = work.from; index < work.end; index++) onResult(doTicket(index));
    },
  });

test('a fleet reports what one process does, and leaves nothing in the queue', async () => {
  const { report, queue } = await campaign((own, signal) => [
    startWorker({ queue: own, signal }, 'a'),
    startWorker({ queue: own, signal }, 'b'),
  ]);
  expect(report).toEqual(await local());
  expect(queue.size).toBe(0);
  expect(await queue.results('c')).toEqual([]);
  expect(await queue.campaign('c')).toBeNull();
});

test('the ranges of workers that die are done by others, whether or not the dead come back', async () => {
  const taken: Lease[] = [];
  const { report } = await campaign((queue, signal) => {
    /** Takes ranges and never hands one in; the last one comes in late, when another has done it. */
    const thief = async (): Promise<void> => {
      while (taken.length < 3) {
        await pause(1);
        const lease = await queue.lease();
        if (lease !== null) taken.push(lease);
      }
      await pause(1_000);
      const { job } = taken[2]!;
      const tickets = [doTicket(job.lo)];
      await queue.complete(taken[2]!, { job, tickets, elapsedMs: 1 });
    };
    return [thief(), startWorker({ queue, signal }, 'honest')];
  });
  expect(taken).toHaveLength(3);
  expect(report).toEqual(await local());
});

test('a range that several workers died of is given up, and reported as lost', async () => {
  const { report } = await campaign((queue, signal) => {
    const killer: Promise<void> = (async () => {
      while (!signal.aborted) {
        await pause(1);
        // Whoever takes the first range dies of it.
        const lease = await queue.lease();
        if (lease !== null && lease.job.lo > 0) {
          const { lo, hi } = lease.job;
          const tickets = Array.from({ length: hi - lo }, (_, offset) => doTicket(lo + offset));
          await queue.complete(lease, { job: lease.job, tickets, elapsedMs: 1 });
        }
      }
    })();
    return [killer];
  });
  expect(report.verdict).toBe('inconclusive');
  expect(report.targets[0]!.lost[0]).toMatchObject({
    firstRun: 0,
    reason: 'several workers died of it',
  });
  expect(report.targets[0]!.runs + report.targets[0]!.lostRuns).toBe(3_000);
});

test('a worker that comes in mid-campaign gets work at once, one that leaves hands its range on', async () => {
  const counts = { early: 0, late: 0 };
  const counting =
    (name: keyof typeof counts): DoRange =>
    (own, range, signal, onResult) =>
      doRange(own, range, signal, (ticket) => {
        counts[name]++;
        onResult(ticket);
      });
  const { report } = await campaign((queue, signal) => {
    const leaves = new AbortController();
    const late = (async () => {
      while (counts.early < 10) await pause(1);
      leaves.abort();
      await startWorker({ queue, signal }, 'late', counting('late'));
    })();
    return [startWorker({ queue, signal: leaves.signal }, 'early', counting('early')), late];
  });
  expect(report).toEqual(await local());
  expect(counts.early).toBeLessThan(20);
  expect(counts.early + counts.late).toBe(60);
});

test('a queue that forgets everything, or is away for a while, costs time only', async () => {
  const queue = new MemoryQueue(500, () => clock);
  let looks = 0;
  const announce = queue.announce.bind(queue);
  vi.spyOn(queue, 'announce').mockImplementation(async (own) => {
    looks++;
    if (looks === 5) queue.loseAll();
    if (looks > 8 && looks < 12) throw new QueueAway('ECONNREFUSED');
    await announce(own);
  });
  const { report } = await campaign((own, signal) => [startWorker({ queue: own, signal }, 'a')], {
    queue,
  });
  expect(looks).toBeGreaterThan(12);
  expect(report).toEqual(await local());
});

test('a worker of other code does nothing', async () => {
  const queue = new MemoryQueue(500, () => clock);
  await queue.announce({ ...record, codeHash: 'other' });
  await queue.offer({ campaign: 'c', lo: 0, hi: 1 });
  const over = new AbortController();
  const done = vi.fn<DoRange>(doRange);
  const worker = startWorker({ queue, signal: over.signal }, 'a', done);
  while (queue.size > 0) await pause(1);
  over.abort();
  await worker;
  expect(done).not.toHaveBeenCalled();
});

test('what a result does not have is found', () => {
  const job = { campaign: 'c', lo: 10, hi: 20 };
  const ranges = missingRanges(job, [10, 11, 14, 18].map(doTicket));
  expect(ranges.map(({ lo, hi }) => [lo, hi])).toEqual([
    [12, 14],
    [15, 18],
    [19, 20],
  ]);
  expect(missingRanges(job, [])).toEqual([job]);
});
