/**
 * Which orders of a failing run the failure needs: each pair of dependent steps of two threads is
 * turned round, with everything else left as it was, and the pairs are kept whose reversal makes
 * the failure go away.
 *
 * Y1. A pair can be turned round if the thread of the later step had not waited for the earlier one
 *     before: no step of it before the later one happens after the earlier one.
 * Y2. Of two pairs of the same threads the tighter one says it all: that a thread's second step came
 *     before something implies that its first one did.
 * Y3. A thread that is stuck on a mutex at the end counts with the step it could not take. Of the
 *     steps on a mutex the acquisitions are turned round, not what gives it back.
 */
import { KIND_BITS, KIND_MASK, LOCK, UNLOCK } from '../step.ts';
import { isSameFailure, type Finding } from './finding.ts';
import type { Chooser, JudgedRun, ScheduleRunner } from './runner.ts';

/** The first step came before the second, and had to. */
export interface Ordering {
  /** Position in the schedule. */
  readonly earlier: number;
  /** Position in the schedule, or -1 for the step that `thread` could not take. */
  readonly later: number;
  /** Thread of the later step. */
  readonly thread: number;
}

export interface NecessaryOrderings {
  readonly necessary: readonly Ordering[];
  /** Pairs of dependent steps that were turned round. */
  readonly tried: number;
  /** Pairs that could not be turned round, or whose reversal came to no end within the bounds. */
  readonly undecided: number;
}

/** Pairs to turn round at most. */
const PAIRS_MAX = 300;

interface Reversed extends Ordering {
  /** The run up to and with the later step, without what has to come after the earlier one. */
  readonly forced: readonly number[];
  /** What is left of the run, to be followed where it can be. */
  readonly rest: readonly number[];
}

/** Turns round the pairs of the run that the runner has just made. Cost: a run for each. */
export function necessaryOrderings(
  runner: ScheduleRunner,
  run: JudgedRun,
  original: Finding,
): NecessaryOrderings {
  const pairs = pairsOf(runner, run);
  const necessary: Ordering[] = [];
  let undecided = Math.max(0, pairs.length - PAIRS_MAX);
  const tried = pairs.slice(0, PAIRS_MAX);
  for (const { earlier, later, thread, forced, rest } of tried) {
    const chooser = new ReversalChooser(forced, rest);
    const { finding, ending } = runner.run(chooser);
    if (chooser.isImpossible || ending === 'truncated') undecided++;
    else if (finding === null || !isSameFailure(finding, original)) {
      necessary.push({ earlier, later, thread });
    }
  }
  const tightest = necessary.filter((loose) =>
    necessary.every((tight) => tight === loose || !implies(tight, loose, run.schedule)),
  );
  return { necessary: tightest, tried: tried.length, undecided };
}

/** Y2. */
function implies(tight: Ordering, loose: Ordering, schedule: readonly number[]): boolean {
  const at = (later: number): number => (later < 0 ? schedule.length : later);
  return (
    schedule[tight.earlier] === schedule[loose.earlier] &&
    tight.thread === loose.thread &&
    tight.earlier >= loose.earlier &&
    at(tight.later) <= at(loose.later)
  );
}

function pairsOf({ machine, trail }: ScheduleRunner, { schedule }: JudgedRun): Reversed[] {
  const pairs: Reversed[] = [];
  for (let f = 0; f < schedule.length; f++) {
    for (let e = 0; e < f; e++) if (isPair(e, f)) pairs.push(reverse(e, f));
  }
  for (let t = 0; t < machine.threadCount; t++) {
    if (!machine.isBlockedOnLock(t)) continue;
    const location = machine.codes[t]! >> KIND_BITS;
    if (location >= trail.head.length) continue;
    const earlier = trail.acquisitionFrom(trail.head[location]!);
    if (earlier < 0 || trail.thread[earlier] === t) continue;
    if (!isKnown(earlier, trail.last[t]!)) pairs.push(reverse(earlier, -1, t));
  }
  return pairs;

  function isKnown(e: number, previous: number): boolean {
    return previous >= 0 && trail.isBefore(e, previous);
  }

  function isPair(e: number, f: number): boolean {
    const { thread, footprint, code, previous } = trail;
    if (thread[e] === thread[f] || isKnown(e, previous[f]!)) return false;
    if (!machine.footprints.dependent(footprint[e]!, footprint[f]!)) return false;
    const kind = code[f]! & KIND_MASK;
    return kind !== UNLOCK && !(kind === LOCK && (code[e]! & KIND_MASK) === UNLOCK);
  }

  function reverse(earlier: number, later: number, blocked = -1): Reversed {
    const thread = later < 0 ? blocked : trail.thread[later]!;
    const end = later < 0 ? schedule.length : later;
    const forced = schedule.slice(0, earlier);
    const rest: number[] = [schedule[earlier]!];
    for (let i = earlier + 1; i < end; i++) {
      (trail.isBefore(earlier, i) ? rest : forced).push(schedule[i]!);
    }
    return {
      earlier,
      later,
      thread,
      forced: [...forced, thread],
      rest: [...rest, ...schedule.slice(end + 1)],
    };
  }
}

class ReversalChooser implements Chooser {
  /** Whether the later step could not come first. */
  isImpossible = false;
  readonly #forced: readonly number[];
  readonly #rest: readonly number[];
  #left: number[] = [];

  constructor(forced: readonly number[], rest: readonly number[]) {
    this.#forced = forced;
    this.#rest = rest;
  }

  begin(): void {
    this.#left = [...this.#rest];
    this.isImpossible = false;
  }

  choose(position: number, enabled: number): number {
    if (position < this.#forced.length) {
      const t = this.#forced[position]!;
      if ((enabled & (1 << t)) !== 0) return t;
      this.isImpossible = true;
      return -1;
    }
    const next = this.#left.findIndex((t) => (enabled & (1 << t)) !== 0);
    if (next >= 0) return this.#left.splice(next, 1)[0]!;
    return 31 - Math.clz32(enabled & -enabled);
  }
}
