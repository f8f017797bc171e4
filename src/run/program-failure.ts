/** The failure of a program file, made small, put into words, and kept. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { recordSchedule, type PendingStep, type RecordedStep } from '../core/explore/record.ts';
import type { ExplorationFailure, FailureKind, JudgedHistory } from '../core/explore/report.ts';
import { leaveOutThreads, withoutThreads } from '../core/shrink/empty-threads.ts';
import { shrinkInterleaving, type ShrunkInterleaving } from '../core/shrink/shrink-interleaving.ts';
import { judgingOf, propertyOf, type BuiltProgram } from '../core/shrink/shrink-threads.ts';
import type { NecessaryOrderings } from '../core/shrink/necessary-orderings.ts';
import type { SteppedProgram } from '../core/step.ts';
import { pointAt } from '../instrument/runtime/index.ts';
import { objectOf, raceWords } from './step-words.ts';
import {
  formatSchedule,
  SCHEDULE_FORMAT,
  SCHEDULE_VERSION,
  type ScheduledStep,
  type ScheduleTrace,
} from '../trace/schedule.ts';

/** A place of the source, and what stands there. */
interface Placed {
  /** `file:line:column`, or an empty string. */
  readonly place: string;
  readonly expression: string;
}

/** A step with its place in the source. */
export type PlacedStep = RecordedStep & Placed;

/** The step that a thread waits to take, with its place in the source. */
export type PlacedPending = PendingStep & Placed;

/** An operation of a history, among the steps. */
export interface ShownOperation {
  readonly thread: number;
  readonly call: string;
  readonly result: string;
  /** Positions of its first and last step. */
  readonly first: number;
  readonly last: number;
  /** Its place, from 0, in the longest legal order of operations; `null` when it has none, or no order was tried. */
  readonly rank: number | null;
  /** Whether an order was tried, and has no place for it. */
  readonly isLeftOver: boolean;
}

/** What a failing run looks like. */
export interface ShownRun {
  readonly kind: FailureKind;
  /** Name of the property that failed; the kind, where no judge gave it one. */
  readonly property: string;
  readonly message: string;
  readonly steps: readonly PlacedStep[];
  /** What is left of the threads that are stuck; empty but for a deadlock. */
  readonly stuck: readonly PlacedPending[];
  /** What was thrown, and by which thread (-1 for the check at the end), or `null`. */
  readonly thrown: { readonly thread: number; readonly text: string } | null;
  /** The two racing steps, or `null`. */
  readonly race: readonly [number, number] | null;
  readonly orderings: NecessaryOrderings | null;
  /** The operations of a history that was found faulty; empty for other failures. */
  readonly history: readonly ShownOperation[];
  /** More about it, as a judge wrote it. */
  readonly details: readonly string[];
}

/** A failure, with what people need to see it and to see it again. */
export interface ProgramFailure extends ShownRun {
  /** Threads that the failure does not need. */
  readonly leftOut: readonly number[];
  readonly preemptions: number;
  /** Whether no schedule with fewer preemptions fails in this way. */
  readonly isFewest: boolean;
  /** Steps and preemptions of the run that was found first. */
  readonly before: { readonly steps: number; readonly preemptions: number };
  /** What a thread or the check threw. */
  readonly error: unknown;
  /** Path of the saved trace, or `null` where it was not, or could not be, written. */
  readonly trace: string | null;
  readonly writeError: string | null;
}

/** What a failure belongs to. */
export interface FailingProgram {
  readonly file: string;
  readonly name: string;
  readonly program: SteppedProgram;
  /** Where the trace goes; `null` to keep none. */
  readonly tracesFolder: string | null;
}

/** Steps of all runs that shrinking may take together. */
const SHRINK_STEPS = 400_000;

/** Shrinks a failure, runs it once more, slowly, keeps every step, and saves the trace. */
export function describeFailure(
  failing: FailingProgram,
  failure: ExplorationFailure,
): ProgramFailure {
  const length = failure.schedule.length;
  const runsMax = Math.max(20, Math.min(5_000, Math.floor(SHRINK_STEPS / (length + 1))));
  const stepsMax = Math.min(10_000, Math.max(500, 4 * length));
  const smaller = leaveOutThreads(failing.program, failure.schedule, {
    stepsMax,
    runsMax: Math.ceil(runsMax / 10),
  });
  const leftOut = smaller?.leftOut ?? [];
  const program = withoutThreads(failing.program, leftOut);
  const schedule = smaller?.schedule ?? failure.schedule;
  const shrunk = shrinkInterleaving(program, schedule, { stepsMax, runsMax });
  const { shown, threads } = showRun({ program }, shrunk?.schedule ?? schedule, shrunk, failure);
  const trace: ScheduleTrace = {
    format: SCHEDULE_FORMAT,
    version: SCHEDULE_VERSION,
    subject: { file: portable(failing.file), leftOut },
    program: failing.name,
    property: shown.property,
    expect: 'holds',
    message: shown.message,
    threads,
  };
  return {
    ...shown,
    leftOut,
    error: shrunk?.finding.error ?? failure.error,
    preemptions: shrunk?.preemptions ?? shown.steps.filter((step) => step.isPreemption).length,
    isFewest: shrunk?.isFewest ?? false,
    before: smaller?.before ?? { steps: length, preemptions: 0 },
    ...saveSchedule(failing.tracesFolder, trace),
  };
}

/** Runs a failing schedule and records what people see of it. */
export function showRun(
  built: BuiltProgram,
  schedule: readonly number[],
  shrunk: ShrunkInterleaving | null,
  failure: Pick<
    ExplorationFailure,
    'kind' | 'property' | 'message' | 'details' | 'history' | 'race'
  >,
): { readonly shown: ShownRun; readonly threads: ScheduledStep[][] } {
  const { program } = built;
  const recording = recordSchedule(program, schedule, {
    stepsMax: schedule.length + 1,
    ...judgingOf(built),
  });
  const found = recording.failure ?? failure;
  const { kind, race } = found;
  const { thread, error } = recording.failure ?? { thread: -1, error: undefined };
  const steps = recording.steps.map(placed);
  const stuck = kind === 'deadlock' ? recording.pending.map(placed) : [];
  const hasThrown = recording.failure?.kind === 'assertion';
  const thrown = hasThrown ? { thread, text: errorText(error) } : null;
  const message = messageOf(found, steps, stuck);
  const orderings = shrunk?.orderings ?? null;
  return {
    shown: {
      kind,
      property: propertyOf(built, found),
      message,
      steps,
      stuck,
      thrown,
      race,
      orderings,
      history: operationsOf(steps, found.history),
      details: found.details,
    },
    threads: threadsOf(steps, program.threads.length),
  };
}

/** Adds the place of a step in the source. */
export function placed<Step extends { readonly point: number }>(step: Step): Step & Placed {
  const point = pointAt(step.point);
  return {
    ...step,
    place: point === undefined ? '' : `${point.file}:${point.line}:${point.column}`,
    expression: point?.expression ?? '',
  };
}

/** The source text at a place, by its number. */
export function expressionOf(point: number): string {
  return pointAt(point)?.expression ?? '';
}

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** What a stuck thread waits for. */
export function waitText(step: PlacedPending): string {
  if (step.isSpinning) return 'spins: nothing changes what its loop reads';
  if (step.kind === 'lock') return `waits for the mutex ${objectOf(step)}`;
  if (step.kind === 'wake') return `waits to be notified at ${objectOf(step)}`;
  return 'waits';
}

/** What the explorer found, in the words of the source where that makes it clearer. */
function messageOf(
  {
    kind,
    property,
    message,
    race,
  }: Pick<ExplorationFailure, 'kind' | 'property' | 'message' | 'race'>,
  steps: readonly PlacedStep[],
  stuck: readonly PlacedPending[],
): string {
  if (kind === 'deadlock') return deadlockText(stuck);
  const [first, second] = (race ?? []).map((position) => steps[position]);
  const isPlaced = first !== undefined && first.place !== '' && second !== undefined;
  return property === 'race' && isPlaced ? raceWords(first, second) : message;
}

function deadlockText(stuck: readonly PlacedPending[]): string {
  const parts = stuck.map((step) => {
    const place = step.place === '' ? '' : ` (${step.place})`;
    return `T${step.thread + 1} ${waitText(step)}${place}`;
  });
  return `no thread can move: ${parts.join('; ')}`;
}

/** Finds the operations of a history among the steps; those without a step of their own are left out. */
function operationsOf(
  steps: readonly PlacedStep[],
  history: JudgedHistory | undefined,
): ShownOperation[] {
  return (history?.operations ?? []).flatMap((operation) => {
    const { thread, call, result, before, upTo, rank, isLeftOver } = operation;
    const at = (index: number): number =>
      steps.findIndex((step) => step.thread === thread && step.index === index);
    const first = at(before);
    const last = at(upTo - 1);
    return before < upTo && first >= 0 && last >= 0
      ? [{ thread, call, result, first, last, rank, isLeftOver }]
      : [];
  });
}

/** The steps of each thread, with the orders between threads. */
function threadsOf(steps: readonly PlacedStep[], threadCount: number): ScheduledStep[][] {
  const threads: ScheduledStep[][] = Array.from({ length: threadCount }, () => []);
  for (const { thread, kind, location, expression, place, after } of steps) {
    const orders = after.map((e): [number, number] => [steps[e]!.thread, steps[e]!.index]);
    threads[thread]!.push({ kind, location, expression, place, after: orders });
  }
  return threads;
}

function portable(file: string): string {
  const path = relative(process.cwd(), file);
  return (path === '' ? file : path).split(sep).join('/');
}

/** Writes a trace under a name of its content; says why where it cannot. */
export function saveSchedule(
  folder: string | null,
  trace: ScheduleTrace,
): { trace: string | null; writeError: string | null } {
  if (folder === null) return { trace: null, writeError: null };
  const text = formatSchedule(trace);
  const path = join(folder, fileNameOf(trace, text));
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return { trace: path, writeError: null };
  } catch (error) {
    return { trace: null, writeError: (error as Error).message };
  }
}

/** A mutant has one such trace, under the mutant's own name; equal failures of a program have equal names. */
function fileNameOf({ subject, program, property }: ScheduleTrace, text: string): string {
  if ('target' in subject && subject.mutant !== null) return `${subject.mutant}.interleaved.json`;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 10);
  const stem = program.replaceAll(/[^\w.-]+/g, '-');
  return join('programs', `${stem}-${property}-${hash}.json`);
}
