/** The modelled threads: what each has announced. */
import { UsageError } from './errors.ts';
import type { AtomicObject, SharedView } from './memory.ts';
import { registers, type SteppedProgram } from './step.ts';

/** Greatest number of threads of a program: sets of threads are bits of one integer. */
export const THREADS_MAX = 31;
/** The code of a thread that has ended. */
export const FINISHED = -1;

/** One entry for each thread, in flat arrays. */
export class Threads {
  readonly program: SteppedProgram;
  readonly threadCount: number;
  /** Announced code, or `FINISHED`. */
  readonly codes: Int32Array;
  /** The view or object that the announced step goes to, and the element's index or -1. */
  readonly targets: (SharedView | AtomicObject | null)[] = [];
  readonly indexes: Int32Array;
  /** Operands of the announced step, for kinds that have them: see `registers`. */
  readonly expected: unknown[] = [];
  readonly timeouts: Float64Array;
  readonly counts: Float64Array;
  /** Source place of the announcement. */
  readonly points: Int32Array;
  /** Loop whose back edge was taken last. */
  readonly loops: Int32Array;
  /** Return values of threads that have ended. */
  readonly results: unknown[] = [];
  /** Number, from 1, of the event the thread performs next. */
  readonly eventCounts: Int32Array;

  constructor(program: SteppedProgram) {
    const threadCount = program.threads.length;
    if (threadCount === 0 || threadCount > THREADS_MAX) {
      throw new UsageError(`a program needs 1 to ${THREADS_MAX} threads, found ${threadCount}`, {
        code: 'E-EXPLORE-001',
        place: program.name ?? 'program',
      });
    }
    this.program = program;
    this.threadCount = threadCount;
    this.codes = new Int32Array(threadCount);
    this.indexes = new Int32Array(threadCount);
    this.timeouts = new Float64Array(threadCount);
    this.counts = new Float64Array(threadCount);
    this.points = new Int32Array(threadCount);
    this.loops = new Int32Array(threadCount);
    this.eventCounts = new Int32Array(threadCount);
    for (let t = 0; t < threadCount; t++) {
      this.targets.push(null);
      this.expected.push(undefined);
      this.results.push(undefined);
    }
  }

  /** Takes over an announcement, all but the operands. */
  protected takeAnnouncement(t: number, code: number): void {
    this.codes[t] = code;
    this.targets[t] = registers.target;
    this.indexes[t] = registers.index;
    this.points[t] = registers.point;
    this.loops[t] = registers.loop;
  }

  /** Takes over the operands. */
  protected takeOperands(t: number): void {
    this.expected[t] = registers.expected;
    this.timeouts[t] = registers.timeout;
    this.counts[t] = registers.count;
  }
}
