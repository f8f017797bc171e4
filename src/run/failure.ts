/** Turns a found violation into what people get: the smallest program, a saved trace, a message. */
import type { Mutant } from '../../models/mutant.ts';
import { shrinkProgram } from '../core/shrink/shrink.ts';
import type { Program } from '../core/program.ts';
import type { Violation } from '../core/property.ts';
import type { StepRecord, Target } from '../core/target.ts';
import { isTermination } from '../core/termination.ts';
import { TRACE_FORMAT, TRACE_VERSION, type Trace } from '../trace/format.ts';
import { writeTrace } from '../trace/write.ts';
import { runGuarded, type GuardedTask, type GuardLimits } from './guarded.ts';
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
  /** The mutant that the target runs, if it runs one. */
  readonly mutant?: Mutant;
}

/** What a thread of its own needs besides. */
export interface GuardContext extends GuardLimits {
  /** Absolute path of the configuration that has the target, where it is not built in. */
  readonly config: string | undefined;
}

/** Shrinks a violation and saves it as a trace. A trace that cannot be written is reported, never lost. */
export function reportFailure(
  target: Target,
  found: FoundViolation,
  context: FailureContext,
): FailureReport {
  const { knownFails } = context;
  const shrunk = shrinkProgram(target, found.program, found.violation, { knownFails });
  const steps: StepRecord[] = [];
  target.execute(shrunk.program, { knownFails, onStep: (step) => steps.push(step) });
  return saveFailure(target, found, { ...shrunk, steps }, context);
}

/** As `reportFailure`, in a thread of its own: a smaller program may hang though the one that was found did not. */
export async function reportFailureGuarded(
  target: Target,
  found: FoundViolation,
  context: FailureContext & GuardContext,
): Promise<FailureReport> {
  const task: GuardedTask = {
    target: target.name,
    mutant: context.mutant ?? null,
    config: context.config,
    program: found.program,
    knownFails: context.knownFails,
    shrinks: found.violation,
  };
  if (isTermination(found.violation.property)) {
    return saveFailure(target, found, await cutShort(task, found, context), context);
  }
  const [result] = await runGuarded([task], context);
  const violation = result!.violation ?? found.violation;
  return saveFailure(target, found, { ...result!, violation }, context);
}

/**
 * A program that does not come back, without the operations after the one that it stays in.
 *
 * Each candidate that hangs costs the whole timeout, so no more than that is tried.
 */
async function cutShort(
  task: GuardedTask,
  found: FoundViolation,
  limits: GuardLimits,
): Promise<ReducedFailure> {
  const whole = { ...task, shrinks: null };
  const [seen] = await runGuarded([whole], limits);
  const { steps, noReturn } = seen!;
  const { threads } = task.program;
  const operationIndex = Math.min(steps.length, found.violation.operationIndex);
  const stuck = threads.length === 1 ? threads[0]![operationIndex] : undefined;
  const violation = {
    ...found.violation,
    operationIndex,
    // The steps end before it, so it is named here.
    state:
      noReturn === null
        ? ['run by itself, the program comes to its end']
        : stuck === undefined
          ? []
          : [`operation ${operationIndex} does not return: ${JSON.stringify(stuck)}`],
  };
  const asFound = { program: task.program, violation, steps, isMinimal: false };
  if (noReturn === null || threads.length !== 1) return asFound;
  const program = { ...task.program, threads: [threads[0]!.slice(0, steps.length + 1)] };
  const [again] = await runGuarded([{ ...whole, program }], limits);
  return again!.noReturn?.kind === noReturn.kind ? { ...asFound, program } : asFound;
}

/** A failure that was made smaller. */
interface ReducedFailure {
  readonly program: Program;
  readonly violation: Violation;
  readonly steps: readonly StepRecord[];
  readonly isMinimal: boolean;
}

function saveFailure(
  target: Target,
  found: FoundViolation,
  { program, violation, steps, isMinimal }: ReducedFailure,
  context: FailureContext,
): FailureReport {
  const operationsFound = countOperations(found.program.threads);
  const trace: Trace = {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    target: target.name,
    property: violation.property,
    // A regression must hold; a known defect, or a mutant's, is there to be seen failing.
    expect: violation.known === null && context.mutant === undefined ? 'holds' : 'fails',
    known: violation.known,
    mutant: context.mutant?.id ?? null,
    message: violation.message,
    expected: violation.expected,
    actual: violation.actual,
    origin: { seed: context.seed, run: found.run, operations: operationsFound },
    program,
  };
  const saved = trySave(context.tracesFolder, trace);
  return {
    property: trace.property,
    message: trace.message,
    trace: saved.file,
    violation,
    steps,
    run: found.run,
    operationsFound,
    operationsLeft: countOperations(program.threads),
    isMinimal,
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
