/** What the operations of one execution did: where they lie among the steps of their threads, and their results. */
import type { Plan } from './program.ts';

/** What one operation did. Reused from execution to execution. */
export interface OperationRecord {
  readonly thread: number;
  readonly index: number;
  hasReturned: boolean;
  /** Events of its thread before it, and up to its end. */
  before: number;
  upTo: number;
  /** The value it returned, and its boolean. */
  value: unknown;
  flag: boolean;
  /** The pairs a range reported, in order. */
  readonly rangeKeys: unknown[];
  readonly rangeValues: unknown[];
}

/** The records of one execution at a time. */
export class ExecutionRecord {
  /** By thread. */
  readonly threads: readonly (readonly OperationRecord[])[];
  /** The records thread by thread. */
  readonly all: readonly OperationRecord[];

  constructor(plan: Plan) {
    this.threads = plan.threads.map((operations, thread) =>
      operations.map((_, index) => ({
        thread,
        index,
        hasReturned: false,
        before: 0,
        upTo: 0,
        value: undefined,
        flag: false,
        rangeKeys: [],
        rangeValues: [],
      })),
    );
    this.all = this.threads.flat();
  }

  /** Begins an execution. */
  reset(): void {
    for (const record of this.all) {
      record.hasReturned = false;
      if (record.rangeKeys.length > 0) {
        record.rangeKeys.length = 0;
        record.rangeValues.length = 0;
      }
    }
  }
}
