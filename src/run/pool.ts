/**
 * Hands tickets to worker threads and returns their results in ticket order.
 *
 * Workers live as long as the campaign and take the next ticket from a shared counter, which costs nanoseconds; one
 * message comes back per ticket. Results are the same for any number of workers.
 */
import { Worker } from 'node:worker_threads';
import { InternalError } from '../core/errors.ts';
import type { CampaignPlan } from './plan.ts';
import type { TicketResult } from './ticket.ts';

/** Shared between the main thread and its workers: an Int32Array of two. */
export const NEXT_TICKET = 0;
export const STOP = 1;

export interface WorkerInput {
  readonly plan: CampaignPlan;
  readonly control: Int32Array;
  /** One past the last ticket, or -1 for no end. */
  readonly ticketEnd: number;
}

export interface PoolOptions {
  /** Number of worker threads, at least 1. */
  readonly workers: number;
  /** Called for each result, in order of arrival. */
  readonly onResult?: (result: TicketResult) => void;
  /** Once aborted, no further ticket is begun; those begun are finished. */
  readonly signal?: AbortSignal;
}

/**
 * Runs all tickets of a plan and returns the results in ticket order.
 *
 * When stopped early, the results are those of the first tickets without a gap.
 *
 * @throws InternalError E-RUN-001 when a worker dies.
 */
export async function runPool(
  plan: CampaignPlan,
  ticketEnd: number,
  options: PoolOptions,
): Promise<TicketResult[]> {
  const control = new Int32Array(new SharedArrayBuffer(8));
  const stop = (): void => void Atomics.store(control, STOP, 1);
  options.signal?.addEventListener('abort', stop);
  if (options.signal?.aborted === true) stop();
  const results: TicketResult[] = [];
  const input: WorkerInput = {
    plan,
    control,
    ticketEnd: Number.isFinite(ticketEnd) ? ticketEnd : -1,
  };
  const count = Math.min(options.workers, ticketEnd);
  try {
    await Promise.all(
      Array.from({ length: count }, () =>
        runWorker(input, (result) => {
          results.push(result);
          options.onResult?.(result);
        }),
      ),
    );
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
  return results.toSorted((left, right) => left.index - right.index);
}

function runWorker(input: WorkerInput, onResult: (result: TicketResult) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: input });
  return new Promise((resolve, reject) => {
    worker.on('message', onResult);
    worker.on('error', (error) => {
      Atomics.store(input.control, STOP, 1);
      reject(
        new InternalError(`a worker thread died: ${error.message}`, {
          code: 'E-RUN-001',
          todo: 'Run again with --workers 1 to see whether it repeats, and report it with the seed.',
          cause: error,
        }),
      );
    });
    worker.on('exit', () => resolve());
  });
}
