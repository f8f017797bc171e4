/**
 * Runs programs in a worker of their own, so that one that hangs or kills its worker costs nothing but itself.
 *
 * Failures are shrunk here and traces replayed here: both run code of the user's that is known to misbehave.
 */
import type { Mutant } from '../../models/mutant.ts';
import type { Program } from '../core/program.ts';
import type { Violation } from '../core/property.ts';
import type { StepRecord } from '../core/target.ts';
import type { NoReturn } from '../core/termination.ts';
import { HANG_TIMEOUT_MS, WORKER_MEMORY_MB } from './pool.ts';
import { needsProcess, startWorker } from './workers/start-worker.ts';

/** A program to run, or to make smaller. Plain data. */
export interface GuardedTask {
  readonly target: string;
  /** The mutant that the target runs, or `null`. */
  readonly mutant: Mutant | null;
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
  /** How the worker failed to come back, or `null`. */
  readonly noReturn: NoReturn | null;
}

export interface GuardedInput {
  readonly tasks: readonly GuardedTask[];
  /** Index of the first task to do. */
  readonly first: number;
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
    const noReturn = await runWorker(tasks, results.length, limits, drafts);
    if (results.length < tasks.length) drafts.giveUp(noReturn);
  }
  return results;
}

/** Collects what the worker tells. */
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

  /** The worker is gone: what it told of its task is what there is. */
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

/** Lets a worker do the tasks from `first` on. Resolves when it has ended, however that came about. */
async function runWorker(
  tasks: readonly GuardedTask[],
  first: number,
  limits: GuardLimits,
  drafts: Drafts,
): Promise<NoReturn> {
  const { hangTimeoutMs = HANG_TIMEOUT_MS, workerMemoryMb = WORKER_MEMORY_MB } = limits;
  const input: GuardedInput = { tasks, first };
  const { ended } = startWorker<GuardedMessage>({
    module: 'guarded-worker',
    input,
    isProcess: tasks.slice(first).some(({ target }) => needsProcess(target)),
    hangTimeoutMs,
    memoryMb: workerMemoryMb,
    onMessage: (message) => drafts.hear(message),
  });
  return (await ended).how;
}
