/**
 * Runs programs in a thread of their own, so that one that hangs or kills its thread costs nothing but itself.
 *
 * Failures are shrunk here and traces replayed here: both run code of the user's that is known to misbehave.
 */
import { Worker } from 'node:worker_threads';
import type { Program } from '../core/program.ts';
import type { Violation } from '../core/property.ts';
import type { StepRecord } from '../core/target.ts';
import type { NoReturn } from '../core/termination.ts';
import { createControl, readSlot, type Control } from './control.ts';
import { describeDeath, HANG_TIMEOUT_MS, WORKER_MEMORY_MB } from './pool.ts';
import { describeMs, HangTimer } from './watchdog.ts';

/** A program to run, or to make smaller. Plain data. */
export interface GuardedTask {
  readonly target: string;
  /** Identifier of the mutant that the target runs, or `null`. */
  readonly mutant: string | null;
  /** As in the plan. */
  readonly config: string | undefined;
  readonly program: Program;
  readonly knownFails: boolean;
  /** The violation that a smaller program must still have; `null` to run the program once as it is. */
  readonly shrinks: Violation | null;
}

/** What a program may take before it is taken not to come back; defaults as in campaigns. */
export interface GuardLimits {
  /** Milliseconds without progress. */
  readonly hangTimeoutMs?: number;
  /** Megabytes of heap. */
  readonly workerMemoryMb?: number;
}

/** What came of a task. */
export interface GuardedResult {
  /** The program, made smaller if that was the task. */
  readonly program: Program;
  readonly violation: Violation | null;
  /** The steps of the program; those before the end, where it did not come back. */
  readonly steps: readonly StepRecord[];
  readonly isMinimal: boolean;
  /** How the thread failed to come back, or `null`. */
  readonly noReturn: NoReturn | null;
}

export interface GuardedInput {
  readonly tasks: readonly GuardedTask[];
  /** Index of the first task to do. */
  readonly first: number;
  readonly control: Control;
}

export type GuardedMessage =
  | { readonly kind: 'begin'; readonly index: number }
  | { readonly kind: 'step'; readonly index: number; readonly step: StepRecord }
  | {
      readonly kind: 'best';
      readonly index: number;
      readonly program: Program;
      readonly violation: Violation;
    }
  | {
      readonly kind: 'done';
      readonly index: number;
      readonly program: Program;
      readonly violation: Violation | null;
      readonly isMinimal: boolean;
    };

/** What is known of a task that is being done. */
interface Draft {
  program: Program;
  violation: Violation | null;
  steps: StepRecord[];
}

/** Does the tasks in turn and returns what came of each. */
export async function runGuarded(
  tasks: readonly GuardedTask[],
  limits: GuardLimits = {},
): Promise<GuardedResult[]> {
  const results: GuardedResult[] = [];
  while (results.length < tasks.length) {
    const drafts = new Drafts(tasks, results);
    const noReturn = await runThread(tasks, results.length, limits, drafts);
    if (results.length < tasks.length) drafts.giveUp(noReturn);
  }
  return results;
}

/** Collects what the thread tells. */
class Drafts {
  readonly #tasks: readonly GuardedTask[];
  readonly #results: GuardedResult[];
  #draft: Draft | null = null;

  constructor(tasks: readonly GuardedTask[], results: GuardedResult[]) {
    this.#tasks = tasks;
    this.#results = results;
  }

  hear(message: GuardedMessage): void {
    const draft = (this.#draft ??= this.#newDraft());
    switch (message.kind) {
      case 'begin':
        break;
      case 'step':
        draft.steps.push(message.step);
        break;
      case 'best':
        draft.program = message.program;
        draft.violation = message.violation;
        break;
      case 'done': {
        const { program, violation, isMinimal } = message;
        this.#results.push({ program, violation, steps: draft.steps, isMinimal, noReturn: null });
        this.#draft = null;
      }
    }
  }

  /** The thread is gone: what it told of its task is what there is. */
  giveUp(noReturn: NoReturn): void {
    const draft = this.#draft ?? this.#newDraft();
    this.#results.push({ ...draft, isMinimal: false, noReturn });
    this.#draft = null;
  }

  #newDraft(): Draft {
    const task = this.#tasks[this.#results.length]!;
    return { program: task.program, violation: task.shrinks, steps: [] };
  }
}

/** Lets a thread do the tasks from `first` on. Resolves when it has ended, however that came about. */
function runThread(
  tasks: readonly GuardedTask[],
  first: number,
  limits: GuardLimits,
  drafts: Drafts,
): Promise<NoReturn> {
  const { hangTimeoutMs = HANG_TIMEOUT_MS, workerMemoryMb = WORKER_MEMORY_MB } = limits;
  const control = createControl(1, 0);
  const input: GuardedInput = { tasks, first, control };
  const worker = new Worker(new URL('./guarded-worker.js', import.meta.url), {
    workerData: input,
    resourceLimits: { maxOldGenerationSizeMb: workerMemoryMb },
  });
  let how: NoReturn | null = null;
  const timer = new HangTimer(hangTimeoutMs, () => {
    const { beat } = readSlot(control, 0);
    return beat === 0 ? null : beat;
  });
  timer.start(() => {
    how = { kind: 'hang', seen: `no progress for ${describeMs(hangTimeoutMs)}` };
    void worker.terminate();
  });
  return new Promise((resolve) => {
    worker.on('message', (message: GuardedMessage) => drafts.hear(message));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      how ??= { kind: 'crash', seen: describeDeath(error, workerMemoryMb) };
    });
    worker.on('exit', (code) => {
      timer.stop();
      resolve(how ?? { kind: 'crash', seen: `the thread ended with exit code ${code}` });
    });
  });
}
