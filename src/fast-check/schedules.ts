/** Schedules for property tests. */
import { array, nat, record, type Arbitrary } from 'fast-check';

/** A switch to another thread. */
export interface Switch {
  /** Steps that the thread before takes at most until then, not counting those before the switch before. */
  readonly after: number;
  /** Which of the other threads that can move goes on: their number, from the next one round, modulo how many there are. */
  readonly to: number;
}

/**
 * Which thread moves when, as the switches between them.
 *
 * A thread moves until its switch is due, or until it cannot; then, and after the last switch, the next thread round that
 * can move goes on. So every list is a schedule of every program, and a shorter one has fewer preemptions.
 */
export type Schedule = readonly Switch[];

/** How schedules look. */
export interface ScheduleSize {
  /** Switches at most; 4 unless given. */
  readonly switchesMax?: number;
  /** Steps between switches at most; 20 unless given. */
  readonly stepsMax?: number;
}

/** Schedules for programs of any number of threads. Shrinks to fewer switches, and earlier ones. */
export function schedules({ switchesMax = 4, stepsMax = 20 }: ScheduleSize = {}): Arbitrary<
  Switch[]
> {
  return array(record({ after: nat(stepsMax), to: nat(30) }), { maxLength: switchesMax });
}

/**
 * Decides the steps of a run by a schedule.
 *
 * Shape: takes the threads that can move as a bit mask, not 0, the thread that moved last, or -1, and the number of the
 * step, from 0, with which a run begins anew; gives a thread.
 */
export function chooser(
  schedule: Schedule,
): (enabled: number, last: number, position: number) => number {
  let next = 0;
  let steps = 0;
  return (enabled, last, position) => {
    if (position === 0) {
      next = 0;
      steps = 0;
    }
    const due = schedule[next];
    const isDue = due !== undefined && steps >= due.after;
    const canGoOn = last >= 0 && (enabled & (1 << last)) !== 0;
    if (isDue) {
      next += 1;
      steps = 0;
    }
    steps += 1;
    if (canGoOn && !isDue) return last;
    const others = roundFrom(enabled, last);
    return others.length === 0 ? last : others[(isDue ? due.to : 0) % others.length]!;
  };
}

/** The other threads that can move, from the one after `last` round. */
function roundFrom(enabled: number, last: number): number[] {
  const threads: number[] = [];
  for (let offset = 1; offset <= 31; offset++) {
    const thread = (Math.max(last, -1) + offset) % 31;
    if (thread !== last && (enabled & (1 << thread)) !== 0) threads.push(thread);
  }
  return threads;
}
