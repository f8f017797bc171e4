/** What a worker process and the one that started it tell each other, and where. */
import type { FatalError, WorkerModule } from './worker-handle.ts';

/** The worker's end of the pipe. */
export const PIPE = 3;
/** The worker's logbook. */
export const LOGBOOK = 4;

/** What a process is told first. */
export interface ProcessData {
  readonly module: WorkerModule;
  readonly input: unknown;
  /** The process that started it, and must not be outlived. */
  readonly parentId: number;
}

/** What a process says: a message, or of what it dies. */
export type ProcessMessage =
  | { readonly kind: 'message'; readonly message: unknown }
  | { readonly kind: 'fatal'; readonly error: FatalError };
