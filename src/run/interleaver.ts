/** The concurrent share of campaigns: some runs of a target are made with several threads too. */
import type { SteppedEngine } from '../../models/sync-map/concurrent/engine.ts';
import { interleavedRun, RUNS_PER_INTERLEAVED } from '../../models/sync-map/concurrent/campaign.ts';
import type { ProfileName } from '../../models/sync-map/rules.ts';
import { syncMapProfileOf } from '../../models/sync-map/target.ts';
import type { Violation } from '../core/property.ts';
import type { Target } from '../core/target.ts';
import { TRACE_FORMAT, TRACE_VERSION } from '../trace/format.ts';
import type { FailureReport } from './failure.ts';
import { mapEngine, mapShape } from './map-program.ts';
import { describeMapFailure } from './operations-failure.ts';
import type { PlacedStep } from './program-failure.ts';
import type { FoundViolation } from './ticket.ts';

/** What the interleavings of a run came to. */
export interface InterleavedOutcome {
  readonly steps: number;
  readonly interleavings: number;
  readonly found: FoundViolation | null;
}

/** Runs interleavings of some runs; `null` for the others. */
export type Interleaver = (run: number) => InterleavedOutcome | null;

/** The steppable engine, loaded once. */
let loaded: Promise<SteppedEngine> | null = null;

/** The interleaver of a target, or `null` for one that has no concurrent programs. Cost: 0.2 s, the first time. */
export async function interleaverOf(target: string, seed: string): Promise<Interleaver | null> {
  const profile = syncMapProfileOf(target);
  if (profile === null) return null;
  loaded ??= mapEngine(null);
  const engine = await loaded;
  return (run) =>
    run % RUNS_PER_INTERLEAVED === 0 ? interleave(engine, profile, seed, run) : null;
}

function interleave(
  engine: SteppedEngine,
  profile: ProfileName,
  seed: string,
  run: number,
): InterleavedOutcome {
  const { program, steps, interleavings, failure } = interleavedRun(engine, profile, seed, run);
  if (failure === null) return { steps, interleavings, found: null };
  const violation: Violation = {
    property: failure.property,
    message: failure.message,
    expected: 'every interleaving is legal',
    actual: 'one is not',
    operationIndex: 0,
    state: failure.details,
    known: null,
  };
  return { steps, interleavings, found: { run, program, violation } };
}

/** Whether a violation was found in interleavings. */
export function isInterleaved(found: FoundViolation): boolean {
  return found.program.threads.length > 1;
}

/** Finds the failing interleaving of a run again, makes it small and saves it as a trace. */
export async function reportInterleaved(
  target: Target,
  found: FoundViolation,
  context: { readonly seed: string; readonly tracesFolder: string },
): Promise<FailureReport> {
  const engine = await (loaded ??= mapEngine(null));
  const profile = syncMapProfileOf(target.name)!;
  const { failure } = interleavedRun(engine, profile, context.seed, found.run);
  const subject = { target: target.name, operations: found.program, mutant: null };
  const small = describeMapFailure(
    subject,
    mapShape(target.name, engine),
    failure!,
    context.tracesFolder,
  );
  const violation = {
    ...found.violation,
    property: small.property,
    message: small.message,
    state: small.details,
  };
  const { property, message, expected, actual } = violation;
  return {
    property,
    message,
    trace: small.trace,
    violation,
    steps: small.steps.map(stepRecord),
    run: found.run,
    operationsFound: countOperations(found.program.threads),
    operationsLeft: countOperations(small.operations.threads),
    isMinimal: small.isFewest,
    savedTrace: {
      format: TRACE_FORMAT,
      version: TRACE_VERSION,
      target: target.name,
      property,
      expect: 'holds',
      known: null,
      mutant: null,
      message,
      expected,
      actual,
      origin: {
        seed: context.seed,
        run: found.run,
        operations: countOperations(found.program.threads),
      },
      program: small.operations,
    },
    writeError: small.writeError,
  };
}

function stepRecord({
  thread,
  kind,
  expression,
  place,
  isPreemption,
}: PlacedStep): FailureReport['steps'][0] {
  return {
    thread,
    operation: expression === '' ? kind : expression,
    result: '',
    notes: [...(place === '' ? [] : [place]), ...(isPreemption ? ['preemption'] : [])],
  };
}

function countOperations(threads: readonly (readonly unknown[])[]): number {
  return threads.reduce((total, operations) => total + operations.length, 0);
}
