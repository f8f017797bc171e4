/** Turns a found violation into what people get: the smallest program, a saved trace, a message. */
import { shrinkProgram } from '../core/shrink/shrink.ts';
import type { Violation } from '../core/property.ts';
import type { StepRecord, Target } from '../core/target.ts';
import { TRACE_FORMAT, TRACE_VERSION, type Trace } from '../trace/format.ts';
import { writeTrace } from '../trace/write.ts';
import type { FoundViolation } from './ticket.ts';

/** One failure as reports show it. */
export interface FailureReport {
  readonly property: string;
  readonly message: string;
  /** Path of the saved trace, or `null` where it could not be written. */
  readonly trace: string | null;
  readonly violation: Violation;
  readonly steps: readonly StepRecord[];
  readonly run: number;
  /** Operations before and after shrinking. */
  readonly operationsFound: number;
  readonly operationsLeft: number;
  readonly isMinimal: boolean;
  /** The trace itself, so that nothing is lost where it could not be written. */
  readonly savedTrace: Trace;
  /** Why the trace could not be written, or `null`. */
  readonly writeError: string | null;
}

export interface FailureContext {
  readonly seed: string;
  readonly knownFails: boolean;
  readonly tracesFolder: string;
  /** Identifier of the mutant the target runs, if it runs one. */
  readonly mutant?: string;
}

/** Shrinks a violation and saves it as a trace. A trace that cannot be written is reported, never lost. */
export function reportFailure(
  target: Target,
  found: FoundViolation,
  context: FailureContext,
): FailureReport {
  const { knownFails, tracesFolder } = context;
  const shrunk = shrinkProgram(target, found.program, found.violation, { knownFails });
  const steps: StepRecord[] = [];
  target.execute(shrunk.program, { knownFails, onStep: (step) => steps.push(step) });
  const operationsFound = countOperations(found.program.threads);
  const trace: Trace = {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    target: target.name,
    property: shrunk.violation.property,
    // A regression must hold; a known defect, or a mutant's, is there to be seen failing.
    expect: shrunk.violation.known === null && context.mutant === undefined ? 'holds' : 'fails',
    known: shrunk.violation.known,
    mutant: context.mutant ?? null,
    message: shrunk.violation.message,
    expected: shrunk.violation.expected,
    actual: shrunk.violation.actual,
    origin: { seed: context.seed, run: found.run, operations: operationsFound },
    program: shrunk.program,
  };
  const saved = trySave(tracesFolder, trace);
  return {
    property: trace.property,
    message: trace.message,
    trace: saved.file,
    violation: shrunk.violation,
    steps,
    run: found.run,
    operationsFound,
    operationsLeft: countOperations(shrunk.program.threads),
    isMinimal: shrunk.isMinimal,
    savedTrace: trace,
    writeError: saved.error,
  };
}

function trySave(folder: string, trace: Trace): { file: string | null; error: string | null } {
  try {
    return { file: writeTrace(folder, trace), error: null };
  } catch (error) {
    return { file: null, error: error instanceof Error ? error.message : String(error) };
  }
}

function countOperations(threads: readonly (readonly unknown[])[]): number {
  return threads.reduce((total, operations) => total + operations.length, 0);
}
