/** What whoever starts a worker sees of it, whether it is a thread or a process. */
import type { NoReturn } from '../../core/termination.ts';
import type { Progress } from './logbook.ts';

/** The modules that workers run. */
export type WorkerModule = 'worker' | 'guarded-worker' | 'mutant-worker';

/** A worker to start. */
export interface WorkerOrder<Message> {
  readonly module: WorkerModule;
  /** What the worker is born with: anything that can be cloned. */
  readonly input: unknown;
  /** Megabytes of heap that it may use before it counts as dead. */
  readonly memoryMb: number;
  /** Called for each message, in the order in which they were sent, and never after the end. */
  readonly onMessage: (message: Message) => void;
}

/** How a worker ended. */
export interface WorkerEnd {
  /** Whether it ended by itself, with exit code 0: of its own accord, or because the code that it ran said so. */
  readonly isClean: boolean;
  /** The end as a mishap, in words that do not change from one time to the next. */
  readonly how: NoReturn;
}

/** A worker that was started. */
export interface WorkerHandle {
  /** What it is doing, or was doing when it died. */
  progress(): Progress;
  /** Answers a message that waits for an answer. Threads do not ask. */
  answer(value: unknown): void;
  /** Ends it at once. */
  kill(): void;
  /** Resolves when it has ended and all its messages have been heard. */
  readonly ended: Promise<WorkerEnd>;
}

/** An error that ended a worker, as far as it can be told. */
export interface FatalError {
  readonly name: string;
  readonly message: string;
}

/** The end of a worker by an error that nothing caught. */
export function endByError({ name, message }: FatalError): WorkerEnd {
  return crash(`${name} thrown outside of any operation: ${message}`);
}

/** The end of a worker by using more memory than it may. */
export function endByMemory(memoryMb: number): WorkerEnd {
  return crash(`it used more than ${memoryMb} MB of memory`);
}

/** The end of a worker by an exit code, or by a signal. */
export function endByExit(code: number | null, signal: string | null): WorkerEnd {
  if (signal !== null) return crash(`the worker was ended by ${signal}`);
  return { ...crash(`the worker ended with exit code ${code}`), isClean: code === 0 };
}

function crash(seen: string): WorkerEnd {
  return { isClean: false, how: { kind: 'crash', seen } };
}
