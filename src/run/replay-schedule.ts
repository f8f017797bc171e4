/** Runs the saved order of a program's steps as the program is now. */
import { CHECK_THREW } from '../core/explore/report.ts';
import type { Verdict } from '../core/property.ts';
import type { EventPlace } from '../core/replay/planned-order.ts';
import { replayOrder, type OrderReplay } from '../core/replay/replay-order.ts';
import type { Target } from '../core/target.ts';
import { withoutThreads } from '../core/shrink/empty-threads.ts';
import { judgingOf, type BuiltProgram } from '../core/shrink/shrink-threads.ts';
import { shrinkInterleaving } from '../core/shrink/shrink-interleaving.ts';
import { loadProgram } from '../instrument/load-program.ts';
import type { ScheduledStep, ScheduleTrace } from '../trace/schedule.ts';
import { buildOwnSubject } from './own-interleavings.ts';
import { goMapProfileOf } from '../../models/go-map/target.ts';
import { buildGoMapSubject } from './go-map-program.ts';
import { checkedOperations, mapEngine, mapShape } from './map-program.ts';
import { expressionOf, showRun, type ShownRun } from './program-failure.ts';

/** A kept step that the program does not take any more. */
export interface UnmatchedStep {
  /** 0-based thread, and number of the step in it. */
  readonly thread: number;
  readonly step: number;
  readonly kind: string;
  readonly expression: string;
  /** Where it stood when it was kept; may be empty. */
  readonly place: string;
}

export interface ScheduleReplay {
  readonly verdict: Verdict;
  readonly property: string;
  readonly message: string;
  /** What the run looks like now. */
  readonly shown: ShownRun;
  /** 0-based step at which the run is no longer the one that was kept, or `null`. */
  readonly divergedAt: number | null;
  /** The first kept step that no longer happens, where that leaves the question open, or `null`. */
  readonly unmatched: UnmatchedStep | null;
  /** Steps that the program did not take when the trace was kept, and steps it takes no more. */
  readonly added: number;
  readonly missing: number;
}

/**
 * Replays a saved order. `targets` are those a trace may name besides the built-in ones.
 *
 * @throws UsageError for a program that cannot be loaded.
 */
export async function replaySchedule(
  trace: ScheduleTrace,
  targets: readonly Target[] = [],
): Promise<ScheduleReplay> {
  const built = await buildSubject(trace, targets);
  const { program } = built;
  const judged = judgingOf(built);
  const replay = replayOrder(program, trace.threads, { ...judged, expressionOf });
  const { run, added, missing } = replay;
  const counts = { added: added.length, missing: missing.length };
  if (run.finding !== null && !(run.ending === 'deadlock' && needsAll(trace, 'deadlock'))) {
    const shrunk = shrinkInterleaving(program, run.schedule, { ...judged, runsMax: 0 });
    const { shown } = showRun(built, shrunk?.schedule ?? run.schedule, shrunk, run.finding);
    const { message, property } = shown;
    const done = { divergedAt: null, unmatched: null };
    return { verdict: 'fails', property, message, shown, ...done, ...counts };
  }
  const { shown } = showRun(built, run.schedule, null, NO_FAILURE);
  const { divergedAt } = replay;
  const common = { property: trace.property, shown, divergedAt, ...counts };
  const first = missing[0];
  // A run that is not the one that was kept shows nothing about the failure it was kept for.
  if (first !== undefined) {
    const unmatched = unmatchedStep(trace, first);
    const message = `${capital(stepText(trace, first))} no longer happens, so the trace shows nothing; explore the program again.`;
    return { verdict: 'inconclusive', message, unmatched, ...common };
  }
  return { verdict: 'holds', message: heldText(trace, replay), unmatched: null, ...common };
}

/** What a run that holds has to show: its steps. */
const NO_FAILURE = {
  kind: 'assertion',
  property: '',
  message: '',
  details: [],
  race: null,
} as const;

/** The program of a trace, ready to be run. */
async function buildSubject(
  trace: ScheduleTrace,
  targets: readonly Target[],
): Promise<BuiltProgram> {
  const { subject } = trace;
  if ('target' in subject) {
    const own = targets.find(({ name, interleavings }) => name === subject.target && interleavings);
    if (own !== undefined) return buildOwnSubject(own, subject);
    if (goMapProfileOf(subject.target) !== null) return buildGoMapSubject(subject);
    const engine = await mapEngine(subject.mutant);
    return mapShape(subject.target, engine).build(checkedOperations(subject));
  }
  const { program } = await loadProgram(subject.file);
  const { check, ...unchecked } = withoutThreads(program, subject.leftOut);
  const isChecked = check !== undefined && !needsAll(trace, 'assertion');
  return { program: isChecked ? { ...unchecked, check } : unchecked };
}

/**
 * Whether an end of this kind, a failed check or a deadlock, means something only if all threads are there: some were left
 * out because the failure that was kept does not need them, but what comes after it may miss what they do.
 */
function needsAll(trace: ScheduleTrace, kind: 'assertion' | 'deadlock'): boolean {
  const { subject, property, message } = trace;
  if ('target' in subject || subject.leftOut.length === 0) return false;
  return property !== kind || (kind === 'assertion' && !message.startsWith(CHECK_THREW));
}

function unmatchedStep(trace: ScheduleTrace, { thread, index }: EventPlace): UnmatchedStep {
  const { kind, expression, place } = trace.threads[thread]![index]!;
  return { thread, step: index, kind, expression, place };
}

/** A kept step in words: `step 1 of T2, Atomics.store(flag, 0, 1) (kept at program.ts:7:3)`. */
function stepText(trace: ScheduleTrace, { thread, index }: EventPlace): string {
  const { kind, expression, location, place }: ScheduledStep = trace.threads[thread]![index]!;
  const what = expression === '' ? `${kind} ${location}`.trim() : expression;
  return `step ${index} of T${thread + 1}, ${what}${place === '' ? '' : ` (kept at ${place})`},`;
}

function heldText(trace: ScheduleTrace, { prevented }: OrderReplay): string {
  if (prevented === null) return 'The property holds now.';
  const { earlier, later } = prevented;
  return (
    'The order that failed cannot happen any more: ' +
    `${stepText(trace, earlier)} cannot come before ${stepText(trace, later).slice(0, -1)}.`
  );
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
