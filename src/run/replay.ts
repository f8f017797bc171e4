/** Runs saved traces, each exactly once. */
import type { Verdict, Violation } from '../core/property.ts';
import type { StepRecord } from '../core/target.ts';
import type { LoadedTrace } from '../trace/read.ts';
import { traceEssence } from '../trace/write.ts';

export interface ReplayReport {
  readonly file: string;
  readonly target: string;
  /** Whether the property that the trace names holds now. */
  readonly verdict: Verdict;
  /** The verdict the trace expects. */
  readonly expect: 'holds' | 'fails';
  readonly property: string;
  readonly message: string;
  readonly steps: readonly StepRecord[];
  /** The violation seen, of whichever property, or `null`. */
  readonly violation: Violation | null;
  /** 0-based index of the operation that no longer matches the recording; always `null` for a sequential program. */
  readonly divergedAt: number | null;
  /** What makes the trace this one and no other, as text. */
  readonly essence: string;
}

/**
 * Replays one trace.
 *
 * The verdict is about the property that the trace names: a violation of another property ends the run, and makes the
 * verdict `fails` too, since the one named could not be shown to hold.
 */
export function replayTrace(loaded: LoadedTrace): ReplayReport {
  const { trace, target } = loaded;
  const steps: StepRecord[] = [];
  const { violation } = target.execute(trace.program, {
    knownFails: trace.known !== null,
    onStep: (step) => steps.push(step),
  });
  return replayReport(loaded, violation, steps);
}

/** The report on a replay that was done, wherever it was. */
export function replayReport(
  { file, trace, target }: LoadedTrace,
  violation: Violation | null,
  steps: readonly StepRecord[],
): ReplayReport {
  return {
    file,
    target: target.name,
    verdict: violation === null ? 'holds' : 'fails',
    expect: trace.expect,
    property: trace.property,
    message: violation === null ? 'The property holds now.' : messageFor(trace.property, violation),
    steps,
    violation,
    divergedAt: null,
    essence: traceEssence(trace),
  };
}

function messageFor(property: string, violation: Violation): string {
  if (violation.property === property) return violation.message;
  return `Another property failed first: ${violation.property}. ${violation.message}`;
}
