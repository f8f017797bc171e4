/** Explores a program file part by part: in this thread, or on worker threads, with the same answer. */
import { Worker } from 'node:worker_threads';
import { InternalError, UsageError } from '../core/errors.ts';
import { Division } from '../core/explore/division.ts';
import type { ExplorationReport, ExploreOptions } from '../core/explore/report.ts';
import type { Part } from '../core/explore/subtree.ts';
import { SubtreeExplorer } from '../core/explore/subtree-explorer.ts';
import type { SteppedProgram } from '../core/step.ts';
import type { ExploreWorkerAnswer, ExploreWorkerInput } from './explore-worker.ts';
import { breathe } from './slices.ts';

export interface DivisionOptions {
  readonly options: Pick<ExploreOptions, 'executionsMax' | 'repetitions'>;
  /** Threads that explore; 1 is this one. */
  readonly workers: number;
  readonly signal?: AbortSignal;
  /** Told how many executions there were, now and then. */
  readonly onProgress?: (executions: number) => void;
}

/** Parts that a worker is given ahead, so that it never waits for the next one. */
const AHEAD = 2;

/**
 * Explores a program file; `program` is what it exports, loaded in this thread.
 *
 * The first part is explored here: most programs are no larger, and are done before a worker is born.
 *
 * @throws InternalError E-RUN-001 when workers die of the same part twice; UsageError for code that turns out not to be steppable.
 */
export async function exploreDivision(
  file: string,
  program: SteppedProgram,
  how: DivisionOptions,
): Promise<ExplorationReport> {
  const explorer = new SubtreeExplorer(program, how.options);
  const division = new Division(explorer, how.options);
  try {
    for (let isFirst = true; !division.isOver; isFirst = false) {
      if (how.signal?.aborted === true) break;
      if (!isFirst && how.workers > 1) {
        await new WorkerCrew(file, division, how).run();
        break;
      }
      const part = division.take()!;
      division.give(part.number, explorer.explore(part));
      how.onProgress?.(division.executions);
      await breathe();
    }
    return division.report();
  } finally {
    explorer.close();
  }
}

/** The workers of one exploration. */
class WorkerCrew {
  readonly #file: string;
  readonly #division: Division;
  readonly #how: DivisionOptions;
  readonly #workers: Worker[] = [];
  /** Parts that each worker has been given and not answered, in that order. */
  readonly #given: Part[][] = [];
  /** Parts that a worker has died of. */
  readonly #suspects = new Set<number>();
  #finish: (error: Error | null) => void = () => {};
  #isFinished = false;

  constructor(file: string, division: Division, how: DivisionOptions) {
    this.#file = file;
    this.#division = division;
    this.#how = how;
  }

  async run(): Promise<void> {
    const { signal, workers, options } = this.#how;
    const stop = (): void => this.#finish(null);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#finish = (error) => {
          this.#isFinished = true;
          if (error === null) resolve();
          else reject(error);
        };
        signal?.addEventListener('abort', stop);
        const workerData: ExploreWorkerInput = { file: this.#file, options };
        for (let slot = 0; slot < workers; slot++) this.#hire(slot, workerData);
      });
    } finally {
      signal?.removeEventListener('abort', stop);
      await Promise.all(this.#workers.map((worker) => worker.terminate()));
    }
  }

  #hire(slot: number, workerData: ExploreWorkerInput): void {
    const worker = new Worker(new URL('./explore-worker.js', import.meta.url), { workerData });
    let death = '';
    worker.on('message', (answer: ExploreWorkerAnswer) => this.#take(slot, answer));
    worker.on('error', (error) => (death = error.message));
    worker.on('exit', (code) => {
      this.#bury(slot, workerData, death === '' ? `it ended with exit code ${code}` : death);
    });
    this.#workers[slot] = worker;
    const given = (this.#given[slot] ??= []);
    for (const part of given) worker.postMessage(part);
    this.#feed();
  }

  /** What a worker was at is explored once more; the second death of it is told. */
  #bury(slot: number, workerData: ExploreWorkerInput, reason: string): void {
    if (this.#isFinished) return;
    const part = this.#given[slot]![0]?.number ?? -1;
    if (this.#suspects.has(part)) {
      this.#finish(deathOf(reason));
      return;
    }
    this.#suspects.add(part);
    this.#hire(slot, workerData);
  }

  #take(slot: number, { number, result, refusal }: ExploreWorkerAnswer): void {
    this.#given[slot] = this.#given[slot]!.filter((part) => part.number !== number);
    if (refusal !== null) {
      const { message, code, place, todo } = refusal;
      this.#finish(new UsageError(message.slice(`${place}: `.length), { code, place, todo }));
      return;
    }
    this.#division.give(number, result);
    this.#how.onProgress?.(this.#division.executions);
    if (this.#division.isOver) this.#finish(null);
    else this.#feed();
  }

  /** Deals parts, to whoever has fewest first. */
  #feed(): void {
    for (let load = 0; load < AHEAD; load++) {
      for (const [slot, worker] of this.#workers.entries()) {
        if (this.#given[slot]!.length > load) continue;
        const part = this.#division.take();
        if (part === null) return;
        this.#given[slot]!.push(part);
        worker.postMessage(part);
      }
    }
  }
}

function deathOf(reason: string): InternalError {
  return new InternalError(`two workers died of the same interleavings: ${reason}`, {
    code: 'E-RUN-001',
    todo: 'Look for what ends a thread in the program, as process.exit does, or takes all its memory.',
  });
}
