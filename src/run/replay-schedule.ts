/** Runs the saved schedule of a program file, exactly once. */
import { recordSchedule } from '../core/explore/record.ts';
import type { Verdict } from '../core/property.ts';
import { loadProgram } from '../instrument/load-program.ts';
import type { ScheduleTrace } from '../trace/schedule.ts';
import { placed, type PlacedStep } from './explore-program.ts';

export interface ScheduleReplay {
  readonly verdict: Verdict;
  readonly property: string;
  readonly message: string;
  readonly steps: readonly PlacedStep[];
  readonly race: readonly [number, number] | null;
  /** 0-based step that is no longer the one recorded, or `null`. */
  readonly divergedAt: number | null;
}

/**
 * Replays a schedule on the program as it is now; past its end, or past a step that no longer matches, the lowest thread
 * that can move goes on.
 *
 * @throws UsageError for a program file that cannot be loaded.
 */
export async function replaySchedule(trace: ScheduleTrace): Promise<ScheduleReplay> {
  const { program } = await loadProgram(trace.file);
  const schedule = trace.steps.map((step) => step.thread);
  const recording = recordSchedule(program, schedule, { finishes: true });
  const steps = recording.steps.map(placed);
  const changed = trace.steps.findIndex((step, index) => {
    const now = steps[index];
    return now === undefined || now.kind !== step.kind || now.expression !== step.expression;
  });
  const divergedAt = changed < 0 ? recording.divergedAt : changed;
  const { failure } = recording;
  // A schedule that no longer fits shows nothing about the failure it was kept for.
  const verdict = failure !== null ? 'fails' : divergedAt === null ? 'holds' : 'inconclusive';
  return {
    verdict,
    property: failure?.kind ?? trace.property,
    message: failure?.message ?? held(divergedAt),
    steps,
    race: failure?.race ?? null,
    divergedAt,
  };
}

function held(divergedAt: number | null): string {
  return divergedAt === null
    ? 'The property holds now.'
    : `Step ${divergedAt} of the program is no longer the one recorded, so the schedule shows nothing; explore the program again.`;
}
