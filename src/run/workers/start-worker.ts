/** Starts workers and watches over them. */
import { builtInTargets } from '../../../models/targets.ts';
import { describeMs, HangTimer } from '../watchdog.ts';
import { startProcess } from './process-worker.ts';
import { startThread } from './thread-worker.ts';
import type { WorkerEnd, WorkerHandle, WorkerOrder } from './worker-handle.ts';

/** A worker to start, and for how long to trust it. */
export interface WatchedOrder<Message> extends WorkerOrder<Message> {
  /** Whether it gets a process of its own. */
  readonly isProcess: boolean;
  /** Milliseconds without progress after which it is taken to hang. */
  readonly hangTimeoutMs: number;
}

/**
 * Starts a worker and ends it when it hangs.
 *
 * @throws UsageError as `startProcess`.
 */
export function startWorker<Message>(order: WatchedOrder<Message>): WorkerHandle {
  const { isProcess, hangTimeoutMs } = order;
  const worker = isProcess ? startProcess(order) : startThread(order);
  let hang: WorkerEnd | null = null;
  const timer = new HangTimer(hangTimeoutMs, () => {
    const { position, beat } = worker.progress();
    return position < 0 ? null : beat;
  });
  timer.start(() => {
    const seen = `no progress for ${describeMs(hangTimeoutMs)}`;
    hang = { isClean: false, how: { kind: 'hang', seen } };
    worker.kill();
  });
  const ended = worker.ended.then((end) => {
    timer.stop();
    return hang ?? end;
  });
  return { ...worker, ended };
}

/**
 * Whether a target's code can take a whole process down.
 *
 * The built-in engines are plain code over plain memory. What a configuration brings may be anything, native code too.
 */
export function needsProcess(target: string): boolean {
  return !builtInTargets.some(({ name }) => name === target);
}
