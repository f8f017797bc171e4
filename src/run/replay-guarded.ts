/** Replays saved traces in a thread of their own: a trace may be there because its program hangs or kills. */
import { noReturnViolation } from '../core/termination.ts';
import type { LoadedTrace } from '../trace/read.ts';
import { runGuarded, type GuardedResult, type GuardLimits } from './guarded.ts';
import { findMutant } from './mutant-target.ts';
import { replayReport, type ReplayReport } from './replay.ts';

export interface ReplayGuard extends GuardLimits {
  /** Absolute path of the configuration that has the targets that are not built in. */
  readonly config?: string | undefined;
}

/** As `replayTrace`, for several traces, none of which can take this process along or keep it. */
export async function replayGuarded(
  traces: readonly LoadedTrace[],
  guard: ReplayGuard = {},
): Promise<ReplayReport[]> {
  if (traces.length === 0) return [];
  const results = await runGuarded(
    traces.map(({ trace, target }) => ({
      target: target.name,
      mutant: trace.mutant === null ? null : findMutant(trace.mutant),
      config: guard.config,
      program: trace.program,
      knownFails: trace.known !== null,
      shrinks: null,
    })),
    guard,
  );
  return traces.map((loaded, index) => reportOf(loaded, results[index]!));
}

function reportOf(
  loaded: LoadedTrace,
  { violation, steps, noReturn }: GuardedResult,
): ReplayReport {
  const { trace, target } = loaded;
  const seen =
    noReturn === null
      ? violation
      : {
          ...noReturnViolation(target.name, trace.program, noReturn),
          operationIndex: steps.length,
        };
  return replayReport(loaded, seen, steps);
}
