/**
 * Hands tickets to workers, watches over them, and passes their results on in order of arrival.
 *
 * Workers live as long as the campaign. Threads take the next ticket from a shared counter, which costs nanoseconds;
 * processes ask for it. One message comes back per ticket. A worker that hangs or dies is replaced, and costs no more
 * than its ticket.
 */
import { InternalError } from '../core/errors.ts';
import { createControl, stopAll, takePosition, type Control, type Positions } from './control.ts';
import { Mishaps, type Retry } from './mishaps.ts';
import { ticketAt, ticketOfShard, type CampaignPlan, type Shard } from './plan.ts';
import type { TicketResult } from './ticket.ts';
import type { Progress } from './workers/logbook.ts';
import { needsProcess, startWorker } from './workers/start-worker.ts';
import type { WorkerEnd, WorkerHandle } from './workers/worker-handle.ts';

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
  /** Number of workers, at least 1. */
  readonly workers: number;
  /** Milliseconds that a run may take before its worker is taken to hang. Default 10,000. */
  readonly hangTimeoutMs?: number;
  /** Megabytes of heap that a worker may use before it counts as dead. Default 1,024. */
  readonly workerMemoryMb?: number;
  /** Once aborted, no further ticket is begun; those begun are finished. */
  readonly signal?: AbortSignal;
  /** Told of a worker's death that led to nothing: the same runs, made again, came through. */
  readonly onRecovery?: (recovery: Recovery) => void;
}

/** A death that did not come again. */
export interface Recovery {
  readonly target: string;
  /** The run that was in work. */
  readonly run: number;
  /** How the worker died. */
  readonly seen: string;
}

/** What a worker is given. */
export interface WorkerInput {
  readonly plan: CampaignPlan;
  readonly shard: Shard;
  readonly positions: Positions;
  /** Where a thread takes tickets; a process has `null`, and asks. */
  readonly control: Control | null;
  /** A ticket that another worker did not survive, to be done first. */
  readonly again: Retry | null;
}

/** What a worker says: a ticket is done, or which one is next? The answer is a position, or -1 for none. */
export type WorkerMessage =
  | { readonly kind: 'result'; readonly result: TicketResult }
  | { readonly kind: 'next' };

/** A run of the checked code takes milliseconds; this is how long none may have been begun. */
export const HANG_TIMEOUT_MS = 10_000;
/** Heap of a worker in megabytes. */
export const WORKER_MEMORY_MB = 1_024;

/** Deaths without a ticket in a row that are no accident any more. */
const IDLE_DEATHS_MAX = 3;

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
  const control = createControl(work.from);
  const stop = (): void => stopAll(control);
  options.signal?.addEventListener('abort', stop);
  if (options.signal?.aborted === true) stop();
  const slots = Array.from({ length: workers }, () => new Slot(work, options, control, onResult));
  try {
    await Promise.all(slots.map((slot) => slot.run()));
  } catch (error) {
    stop();
    await Promise.all(slots.map((slot) => slot.kill()));
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
  readonly #positions: Positions;
  readonly #onResult: (result: TicketResult) => void;
  readonly #mishaps = new Mishaps();
  #worker: WorkerHandle | null = null;
  /** Position of the ticket that the worker was handed, as far as this thread knows, or -1. */
  #handed = -1;
  /** Index of the ticket handed in last: its worker may die before it says so in its logbook. */
  #handedIn = -1;
  /** Deaths without a ticket since one was handed in. */
  #idleDeaths = 0;

  constructor(
    work: PoolWork,
    options: PoolOptions,
    control: Control,
    onResult: (result: TicketResult) => void,
  ) {
    this.#work = work;
    this.#options = options;
    this.#control = control;
    this.#positions = { end: Number.isFinite(work.end) ? work.end : -1, done: work.done };
    this.#onResult = onResult;
  }

  async run(): Promise<void> {
    let again: Retry | null = null;
    for (;;) {
      const worker = this.#start(again);
      this.#worker = worker;
      const end = await worker.ended;
      const progress = worker.progress();
      if (!this.#isDone(progress.position)) {
        again = this.#noteMishap(progress, end);
        continue;
      }
      const isOwed = !this.#isDone(this.#handed);
      if (!isOwed && (end.isClean || this.#options.signal?.aborted === true)) return;
      if (++this.#idleDeaths >= IDLE_DEATHS_MAX) throw deathWithoutTicket(end.how.seen);
      // A ticket that was handed out and not begun, or not begun again.
      if (!isOwed) again = null;
      else if (again === null) again = { position: this.#handed, noReturn: new Map() };
    }
  }

  async kill(): Promise<void> {
    this.#worker?.kill();
    await this.#worker?.ended;
  }

  #isDone(position: number): boolean {
    return position < 0 || ticketOfShard(this.#work.shard, position) === this.#handedIn;
  }

  /** What is to be done first by the next worker. */
  #noteMishap({ position, offset, interleaves }: Progress, end: WorkerEnd): Retry | null {
    const { kind, seen } = end.how;
    const how = { kind, seen: interleaves ? `${seen}, in an interleaving of the run` : seen };
    const index = ticketOfShard(this.#work.shard, position);
    const ticket = ticketAt(this.#work.plan, index);
    const next = this.#mishaps.note(position, index, ticket, offset, how);
    if ('retry' in next) return next.retry;
    this.#handIn(next.lost);
    return null;
  }

  #start(again: Retry | null): WorkerHandle {
    const work = this.#work;
    const { hangTimeoutMs = HANG_TIMEOUT_MS, workerMemoryMb = WORKER_MEMORY_MB } = this.#options;
    const isProcess = work.plan.targets.some(needsProcess);
    this.#handed = again?.position ?? -1;
    const input: WorkerInput = {
      plan: work.plan,
      shard: work.shard,
      positions: this.#positions,
      control: isProcess ? null : this.#control,
      again,
    };
    const worker = startWorker<WorkerMessage>({
      module: 'worker',
      input,
      isProcess,
      hangTimeoutMs,
      memoryMb: workerMemoryMb,
      onMessage: (message) => {
        if (message.kind === 'result') this.#take(message.result);
        else worker.answer(this.#next());
      },
    });
    return worker;
  }

  #next(): number {
    this.#handed = takePosition(this.#control, this.#positions);
    return this.#handed;
  }

  #take(result: TicketResult): void {
    const died = this.#mishaps.recovered(result.index);
    this.#idleDeaths = 0;
    this.#handIn(result);
    if (died === null) return;
    const target = this.#work.plan.targets[result.targetIndex]!;
    this.#options.onRecovery?.({ target, run: died.run, seen: died.how.seen });
  }

  #handIn(result: TicketResult): void {
    this.#handedIn = result.index;
    this.#onResult(result);
  }
}

function deathWithoutTicket(seen: string): InternalError {
  return new InternalError(`a worker died before it began its work: ${seen}`, {
    code: 'E-RUN-001',
    todo: seen.endsWith('of memory')
      ? 'Give workers more with --worker-memory.'
      : 'Run again with --workers 1 to see whether it repeats, and report it with the seed.',
  });
}
