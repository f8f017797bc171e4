/** Runs one schedule again and records everything a person wants to see of it. */
import { RaceDetector } from '../check/race.ts';
import { locations } from '../memory.ts';
import { Machine } from '../machine.ts';
import {
  COMPARE_EXCHANGE,
  KIND_BITS,
  KIND_MASK,
  LOAD,
  NOTIFY,
  PLAIN_READ,
  PLAIN_WRITE,
  UPDATE,
  WAIT,
  type SteppedProgram,
} from '../step.ts';
import { FINISHED } from '../threads.ts';
import { Outcome } from './outcome.ts';
import { KIND_NAMES } from './step-names.ts';
import type { ExplorationFailure, ExploreOptions } from './report.ts';
import { Trail } from './trail.ts';

export interface RecordedStep {
  readonly thread: number;
  /** Number of the step in its thread, from 0. */
  readonly index: number;
  /** One of `KIND_NAMES`. */
  readonly kind: string;
  /** Where, as `locations` describes it; an empty string for a step that touches nothing. */
  readonly location: string;
  /** Source place and loop: the instrumenter's numbers, or -1. */
  readonly point: number;
  readonly loop: number;
  /** Value read, for steps that read a value. */
  readonly read: unknown;
  /** Value written, for steps that wrote one; undefined for a conditional write that did not. */
  readonly written: unknown;
  /** Whether the thread before could have gone on. */
  readonly isPreemption: boolean;
  /**
   * Positions of the earlier steps with which this one races in the sense of the reduction:
   * reversing them matters.
   */
  readonly racesWith: readonly number[];
  /**
   * Positions of the steps of other threads that come straight before this one in the class: the
   * order that, with the order within each thread, makes all the rest of it.
   */
  readonly after: readonly number[];
}

/** The step that a thread had announced when the run ended, and could not or did not take. */
export interface PendingStep {
  readonly thread: number;
  readonly kind: string;
  readonly location: string;
  readonly point: number;
  /** Whether the thread waits at the back edge of a loop for a change. */
  readonly isSpinning: boolean;
  readonly loop: number;
}

export interface Recording {
  readonly steps: readonly RecordedStep[];
  readonly failure: ExplorationFailure | null;
  /** 0-based step at which the schedule named a thread that could not move, or null. */
  readonly divergedAt: number | null;
  readonly results: readonly unknown[];
  /** Of each thread that has not ended. */
  readonly pending: readonly PendingStep[];
}

/** How a schedule is run. */
export interface RecordOptions extends ExploreOptions {
  /** Goes on with the lowest thread that can move where the schedule ends. */
  readonly finishes?: boolean;
  /** Decides each step in the schedule's place: the threads that can move as a bit mask, and the one that moved last. */
  readonly choose?: (enabled: number, last: number, position: number) => number;
}

/**
 * Runs a program under a schedule; goes on with the lowest enabled thread if `finishes` is set and
 * the schedule ends.
 */
export function recordSchedule<Shared>(
  program: SteppedProgram<Shared>,
  schedule: readonly number[],
  options: RecordOptions = {},
): Recording {
  const machine = new Machine(program as SteppedProgram);
  machine.recordsValues = true;
  locations.begin();
  try {
    if (program.invariants !== undefined) machine.accesses.watch();
    // What is learned of buffers and loops in one run counts from the next on.
    for (;;) {
      const recording = record(machine, schedule, options);
      if (!machine.refresh()) return recording;
    }
  } finally {
    machine.end();
  }
}

function record(machine: Machine, schedule: readonly number[], options: RecordOptions): Recording {
  const capacity = options.stepsMax ?? Math.max(schedule.length, 2_000);
  const trail = new Trail(machine.threadCount, capacity + 1, machine.footprints, false);
  const outcome = new Outcome(machine, trail, options, capacity);
  const detector = new RaceDetector(trail, options.findsMixedRaces === true);
  const steps: RecordedStep[] = [];
  let divergedAt: number | null = null;
  machine.restart();
  outcome.began();
  const hasInvariants = machine.program.invariants !== undefined;
  if (hasInvariants) outcome.checkInvariants();
  let enabled = machine.enabled();
  while (enabled !== 0 && steps.length < capacity && !outcome.isOver && machine.thrown === null) {
    const position = steps.length;
    const planned =
      options.choose === undefined
        ? schedule[position]
        : options.choose(enabled, steps[position - 1]?.thread ?? -1, position);
    if (planned === undefined && options.finishes !== true) break;
    const t = planned ?? 31 - Math.clz32(enabled & -enabled);
    if ((enabled & (1 << t)) === 0) {
      divergedAt = steps.length;
      break;
    }
    steps.push(takeStep(machine, trail, t, enabled));
    const earlier = options.findsRaces === false ? -1 : detector.push();
    if (earlier >= 0) outcome.race(earlier);
    if (hasInvariants) outcome.checkInvariants();
    enabled = machine.enabled();
  }
  if (!outcome.isOver && divergedAt === null && (enabled === 0 || machine.thrown !== null)) {
    outcome.ended(enabled !== 0 && machine.thrown === null);
  }
  const results = [...machine.results];
  return { steps, failure: outcome.failure, divergedAt, results, pending: pendingOf(machine) };
}

function pendingOf(machine: Machine): PendingStep[] {
  const pending: PendingStep[] = [];
  for (let t = 0; t < machine.threadCount; t++) {
    const code = machine.codes[t]!;
    if (code === FINISHED) continue;
    const kind = code & KIND_MASK;
    pending.push({
      thread: t,
      kind: KIND_NAMES[kind]!,
      location: kind <= NOTIFY ? locations.describe(code >> KIND_BITS) : '',
      point: machine.points[t]!,
      isSpinning: machine.spins.isUsed && machine.spins.isWaiting(t),
      loop: machine.loops[t]!,
    });
  }
  return pending;
}

/** Positions of the events of other threads that an event comes straight after. */
function coverOf(trail: Trail, i: number): number[] {
  const { rows, threadCount, thread, previous } = trail;
  const latest: number[] = [];
  for (let u = 0; u < threadCount; u++) {
    const number = rows[i * threadCount + u]!;
    if (u === thread[i] || number === 0) continue;
    for (let e = i - 1; e >= 0; e--) {
      if (thread[e] !== u || trail.index[e] !== number) continue;
      latest.push(e);
      break;
    }
  }
  const before = previous[i]!;
  return latest.filter(
    (e) =>
      (before < 0 || !trail.isBefore(e, before)) &&
      latest.every((other) => other === e || !trail.isBefore(e, other)),
  );
}

function takeStep(machine: Machine, trail: Trail, t: number, enabled: number): RecordedStep {
  const i = trail.length;
  const code = machine.codes[t]!;
  const kind = code & KIND_MASK;
  const isValue = kind <= PLAIN_WRITE || kind === COMPARE_EXCHANGE || kind === WAIT;
  const before = isValue ? machine.peek(t) : undefined;
  const last = i === 0 ? t : trail.thread[i - 1]!;
  const point = machine.points[t]!;
  const loop = machine.loops[t]!;
  const footprint = machine.footprint(t);
  trail.push(machine, t, footprint);
  trail.note(machine, t, i);
  machine.step(t);
  trail.noteAfter(machine, i);
  const isRead = kind === LOAD || kind === PLAIN_READ || kind === WAIT;
  const isConditional = kind === COMPARE_EXCHANGE;
  const hasWritten = isConditional ? before === trail.expected[i] : isValue && !isRead;
  return {
    thread: t,
    index: trail.index[i]! - 1,
    kind: KIND_NAMES[kind]!,
    location: kind <= NOTIFY ? locations.describe(code >> KIND_BITS) : '',
    point,
    loop,
    read: isRead || isConditional || kind === UPDATE ? before : undefined,
    written: hasWritten ? machine.valueAfter : undefined,
    isPreemption: last !== t && (enabled & (1 << last)) !== 0,
    racesWith: Array.from(trail.raceFirst.subarray(trail.raceStart[i], trail.raceStart[i + 1])),
    after: coverOf(trail, i),
  };
}
