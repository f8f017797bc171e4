/** A worker thread that explores parts of a program file's interleavings. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ExploreOptions } from '../core/explore/report.ts';
import { SubtreeExplorer } from '../core/explore/subtree-explorer.ts';
import type { Part, SubtreeResult } from '../core/explore/subtree.ts';
import { loadProgram } from '../instrument/load-program.ts';
import { takeRefusal } from '../instrument/runtime/index.ts';

/** What the worker is born with. */
export interface ExploreWorkerInput {
  readonly file: string;
  readonly options: Pick<ExploreOptions, 'executionsMax' | 'repetitions'>;
}

/** What it answers to each part. */
export interface ExploreWorkerAnswer {
  readonly number: number;
  readonly result: SubtreeResult;
  /** Code that turned out not to be steppable. */
  readonly refusal: ExploreRefusal | null;
}

/** A refusal of the instrumenter's, as it can be sent. */
export interface ExploreRefusal {
  readonly message: string;
  readonly code: string;
  readonly place: string;
  readonly todo: string;
}

const { file, options } = workerData as ExploreWorkerInput;
const { program } = await loadProgram(file);
const explorer = new SubtreeExplorer(program, options);

parentPort!.on('message', (part: Part) => {
  const result = explorer.explore(part);
  const refusal = takeRefusal();
  const { failure } = result.report;
  const answer: ExploreWorkerAnswer = {
    number: part.number,
    // What was thrown may be anything, also what cannot be sent; the message says it.
    result:
      failure === null
        ? result
        : { ...result, report: { ...result.report, failure: { ...failure, error: undefined } } },
    refusal:
      refusal === null
        ? null
        : {
            message: refusal.message,
            code: refusal.code,
            place: refusal.place,
            todo: refusal.todo ?? '',
          },
  };
  parentPort!.postMessage(answer);
});
