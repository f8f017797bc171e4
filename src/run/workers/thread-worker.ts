/** Workers that are threads of this process. */
import { Worker } from 'node:worker_threads';
import { LOGBOOK_WORDS, readProgress } from './logbook.ts';
import {
  endByError,
  endByExit,
  endByMemory,
  type WorkerEnd,
  type WorkerHandle,
  type WorkerOrder,
} from './worker-handle.ts';

/** What a thread is given. */
export interface ThreadData {
  readonly input: unknown;
  /** `Int32Array` over shared memory. */
  readonly logbook: Int32Array;
}

/** Starts a worker thread. */
export function startThread<Message>(order: WorkerOrder<Message>): WorkerHandle {
  const { module, input, memoryMb, onMessage } = order;
  const logbook = new Int32Array(new SharedArrayBuffer(4 * LOGBOOK_WORDS));
  const workerData: ThreadData = { input, logbook };
  const worker = new Worker(new URL(`../${module}.js`, import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  worker.on('message', onMessage);
  const ended = new Promise<WorkerEnd>((resolve) => {
    let end: WorkerEnd | null = null;
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      end ??= isMemory ? endByMemory(memoryMb) : endByError(error);
    });
    worker.on('exit', (code) => resolve(end ?? endByExit(code, null)));
  });
  return {
    progress: () => readProgress(logbook),
    answer: (value) => worker.postMessage(value),
    kill: () => void worker.terminate(),
    ended,
  };
}
