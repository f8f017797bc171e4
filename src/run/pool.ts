/**
 * Hands tickets to worker threads, watches over them, and passes their results on in order of arrival.
 *
 * Workers live as long as the campaign and take the next ticket from a shared counter, which costs nanoseconds; one
 * message comes back per ticket. A worker that hangs or dies is replaced, and costs no more than its ticket.
 */
import { Worker } from 'node:worker_threads';
import { InternalError } from '../core/errors.ts';
import type { NoReturn } from '../core/termination.ts';
import { createControl, endTicket, readSlot, stopAll, type Control } from './control.ts';
import { Mishaps, type Retry } from './mishaps.ts';
import { ticketAt, ticketOfShard, type CampaignPlan, type Shard } from './plan.ts';
import type { TicketResult } from './ticket.ts';
import { describeMs, HangTimer } from './watchdog.ts';

/** Tickets to do: positions in a shard's sequence. */
export interface PoolWork {
  readonly plan: CampaignPlan;
  readonly shard: Shard;
  /** First position. */
  readonly from: number;
  /** One past the last position; may be infinite. */
  readonly end: number;
  /** Positions from `from` up that are done already. */
  readonly done: ReadonlySet<number>;
}

export interface PoolOptions {
  /** Number of worker threads, at least 1. */
  readonly workers: number;
  /** Milliseconds that a run may take before its thread is taken to hang. Default 10,000. */
  readonly hangTimeoutMs?: number;
  /** Megabytes of heap that a worker may use before it counts as dead. Default 1,024. */
  readonly workerMemoryMb?: number;
  /** Once aborted, no further ticket is begun; those begun are finished. */
  readonly signal?: AbortSignal;
}

/** What a worker is given. */
export interface WorkerInput {
  readonly plan: CampaignPlan;
  readonly shard: Shard;
  readonly control: Control;
  readonly slot: number;
  /** One past the last position, or -1 for no end. */
  readonly end: number;
  readonly done: ReadonlySet<number>;
  /** A ticket that another worker did not survive, to be done first. */
  readonly again: Retry | null;
}

/** A run of the checked code takes milliseconds; this is how long none may have been begun. */
export const HANG_TIMEOUT_MS = 10_000;
/** Heap of a worker in megabytes. */
export const WORKER_MEMORY_MB = 1_024;

/**
 * Does the tickets, and calls `onResult` once for each, in order of arrival.
 *
 * @throws InternalError E-RUN-001 when workers die before they begin a ticket.
 */
export async function runPool(
  work: PoolWork,
  options: PoolOptions,
  onResult: (result: TicketResult) => void,
): Promise<void> {
  const workers = Math.min(options.workers, work.end - work.from);
  if (workers < 1) return;
  const control = createControl(workers, work.from);
  const stop = (): void => stopAll(control);
  options.signal?.addEventListener('abort', stop);
  if (options.signal?.aborted === true) stop();
  const slots = Array.from(
    { length: workers },
    (_, slot) => new Slot(work, options, control, slot, onResult),
  );
  try {
    await Promise.all(slots.map((slot) => slot.run()));
  } catch (error) {
    stop();
    await Promise.all(slots.map((slot) => slot.terminate()));
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}

/** One place for a worker: replaced there when it hangs or dies. */
class Slot {
  readonly #work: PoolWork;
  readonly #options: PoolOptions;
  readonly #control: Control;
  readonly #slot: number;
  readonly #onResult: (result: TicketResult) => void;
  readonly #mishaps = new Mishaps();
  readonly #hangTimeoutMs: number;
  #worker: Worker | null = null;
  /** Index of the ticket handed in last: its worker may die before it says so in the control memory. */
  #handedIn = -1;

  constructor(
    work: PoolWork,
    options: PoolOptions,
    control: Control,
    slot: number,
    onResult: (result: TicketResult) => void,
  ) {
    this.#work = work;
    this.#options = options;
    this.#control = control;
    this.#slot = slot;
    this.#onResult = onResult;
    this.#hangTimeoutMs = options.hangTimeoutMs ?? HANG_TIMEOUT_MS;
  }

  async run(): Promise<void> {
    let again: Retry | null = null;
    let idleDeaths = 0;
    for (;;) {
      const how = await this.#live(again);
      const { position, offset } = readSlot(this.#control, this.#slot);
      const isIdle = position < 0 || ticketOfShard(this.#work.shard, position) === this.#handedIn;
      if (how === null) return;
      if (isIdle) {
        again = null;
        if (++idleDeaths > 1) throw deathWithoutTicket(how.seen);
        continue;
      }
      idleDeaths = 0;
      const index = ticketOfShard(this.#work.shard, position);
      const next = this.#mishaps.note(
        position,
        index,
        ticketAt(this.#work.plan, index),
        offset,
        how,
      );
      if ('lost' in next) this.#onResult(next.lost);
      again = 'lost' in next ? null : next.retry;
    }
  }

  async terminate(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Lets one worker live; how it failed to come back, or `null` when it ended as it should. */
  #live(again: Retry | null): Promise<NoReturn | null> {
    // Whatever the worker before left there is settled.
    endTicket(this.#control, this.#slot);
    const worker = this.#start(again);
    this.#worker = worker;
    const timer = new HangTimer(this.#hangTimeoutMs, () => {
      const { position, beat } = readSlot(this.#control, this.#slot);
      return position < 0 ? null : beat;
    });
    let how: NoReturn | null = null;
    timer.start(() => {
      how = { kind: 'hang', seen: `no progress for ${describeMs(this.#hangTimeoutMs)}` };
      void worker.terminate();
    });
    return new Promise((resolve) => {
      worker.on('message', (result: TicketResult) => {
        this.#handedIn = result.index;
        this.#onResult(result);
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        how ??= { kind: 'crash', seen: describeDeath(error, this.#memoryMb()) };
      });
      worker.on('exit', (code) => {
        timer.stop();
        resolve(how ?? this.#howEnded(code));
      });
    });
  }

  /** A worker that ends without an error in the middle of a ticket was ended by the code it ran. */
  #howEnded(code: number): NoReturn | null {
    const { position } = readSlot(this.#control, this.#slot);
    const isDone = position < 0 || ticketOfShard(this.#work.shard, position) === this.#handedIn;
    if (isDone && code === 0) return null;
    return { kind: 'crash', seen: `the thread ended with exit code ${code}` };
  }

  #start(again: Retry | null): Worker {
    const input: WorkerInput = {
      plan: this.#work.plan,
      shard: this.#work.shard,
      control: this.#control,
      slot: this.#slot,
      end: Number.isFinite(this.#work.end) ? this.#work.end : -1,
      done: this.#work.done,
      again,
    };
    return new Worker(new URL('./worker.js', import.meta.url), {
      workerData: input,
      resourceLimits: { maxOldGenerationSizeMb: this.#memoryMb() },
    });
  }

  #memoryMb(): number {
    return this.#options.workerMemoryMb ?? WORKER_MEMORY_MB;
  }
}

/** How a worker died, in words that do not change from one time to the next. */
export function describeDeath(
  error: { readonly name: string; readonly message: string; readonly code?: string | undefined },
  memoryMb: number,
): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? `it used more than ${memoryMb} MB of memory`
    : `${error.name} thrown outside of any operation: ${error.message}`;
}

function deathWithoutTicket(seen: string): InternalError {
  return new InternalError(`a worker thread died before it began its work: ${seen}`, {
    code: 'E-RUN-001',
    todo: 'Run again with --workers 1 to see whether it repeats, and report it with the seed.',
  });
}
