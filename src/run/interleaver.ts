/** The concurrent share of campaigns: some runs of a target are made with several threads too. */
import { ownInterleavedRun } from '../../models/own-map/concurrent/campaign.ts';
import { ownShape } from '../../models/own-map/concurrent/explore.ts';
import {
  interleavedRun,
  RUNS_PER_INTERLEAVED,
  type InterleavedRun,
} from '../../models/sync-map/concurrent/campaign.ts';
import type { ProfileName } from '../../models/sync-map/rules.ts';
import { syncMapProfileOf } from '../../models/sync-map/target.ts';
import type { Program } from '../core/program.ts';
import type { Violation } from '../core/property.ts';
import type { ProgramShape } from '../core/shrink/shrink-threads.ts';
import type { Target } from '../core/target.ts';
import { TRACE_FORMAT, TRACE_VERSION } from '../trace/format.ts';
import type { FailureReport } from './failure.ts';
import { mapEngine, mapShape } from './map-program.ts';
import { describeMapFailure } from './operations-failure.ts';
import { engineOf } from './own-interleavings.ts';
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

/** A map that threads share: how programs on it are drawn, run, judged and made smaller. */
interface SharedMap {
  readonly shape: ProgramShape<Program>;
  readonly interleave: (seed: string, run: number) => InterleavedRun;
}

/** By target; each is loaded once. Cost: 0.2 s. */
const loaded = new Map<Target, Promise<SharedMap>>();

/** `null` for a target that has no programs of several threads. */
function sharedMapOf(target: Target): Promise<SharedMap> | null {
  const known = loaded.get(target);
  if (known !== undefined) return known;
  const profile = syncMapProfileOf(target.name);
  if (profile === null && target.interleavings === undefined) return null;
  const made = profile === null ? ownSharedMap(target) : syncMapShared(target.name, profile);
  loaded.set(target, made);
  return made;
}

async function syncMapShared(target: string, profile: ProfileName): Promise<SharedMap> {
  const engine = await mapEngine(null);
  return {
    shape: mapShape(target, engine),
    interleave: (seed, run) => interleavedRun(engine, profile, seed, run),
  };
}

async function ownSharedMap(target: Target): Promise<SharedMap> {
  const engine = await engineOf(target);
  const { keys } = target.interleavings!;
  return {
    shape: ownShape(target.name, engine),
    interleave: (seed, run) => ownInterleavedRun(target.name, engine, keys, seed, run),
  };
}

/**
 * The interleaver of a target, or `null` for one that has no concurrent programs.
 *
 * @throws UsageError for a user's map whose module cannot be made steppable.
 */
export async function interleaverOf(target: Target, seed: string): Promise<Interleaver | null> {
  const map = await sharedMapOf(target);
  if (map === null) return null;
  return (run) =>
    run % RUNS_PER_INTERLEAVED === 0 ? outcomeOf(run, map.interleave(seed, run)) : null;
}

function outcomeOf(
  run: number,
  { program, steps, interleavings, failure }: InterleavedRun,
): InterleavedOutcome {
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
  const { shape, interleave } = await sharedMapOf(target)!;
  const { failure } = interleave(context.seed, found.run);
  const subject = { target: target.name, operations: found.program, mutant: null };
  const small = describeMapFailure(subject, shape, failure!, context.tracesFolder);
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
