/**
 * Runs a program so that its steps come in a kept partial order, although the program may have
 * changed since.
 *
 * The steps of each thread are matched with the kept ones by alignment. What a thread does is known
 * only once it has run, so the program is run with a guess, aligned, and run again with what was
 * learned, until nothing changes. A step that is new is taken just before the step that follows it;
 * if the failure does not show so, as soon as its thread comes to it.
 */
import { KIND_NAMES } from '../explore/step-names.ts';
import { locations } from '../memory.ts';
import {
  ScheduleRunner,
  type Chooser,
  type JudgedRun,
  type RunnerOptions,
} from '../shrink/runner.ts';
import { KIND_BITS, KIND_MASK, NOTIFY, type SteppedProgram } from '../step.ts';
import { align, likeness, type StepLook } from './align.ts';
import { linearize, type EventPlace, type PlannedOrder } from './planned-order.ts';

export interface ReplayOrderOptions extends RunnerOptions {
  /** Source text of a step, by its place's number. */
  readonly expressionOf: (point: number) => string;
}

/** A kept order that the program does not allow any more. */
export interface PreventedOrder {
  /** The step that should have come first, and could not. */
  readonly earlier: EventPlace;
  readonly later: EventPlace;
}

export interface OrderReplay {
  readonly run: JudgedRun;
  /** Kept steps that did not happen, in the kept order. */
  readonly missing: readonly EventPlace[];
  /** Steps of the run that are new: positions in it. */
  readonly added: readonly number[];
  /** The first order that could not be kept, or `null`. */
  readonly prevented: PreventedOrder | null;
  /** Position in the run at which it first was not the kept one, or `null`. */
  readonly divergedAt: number | null;
}

/** Rounds of running and aligning. */
const ROUNDS_MAX = 4;
/** Kept steps that a first guess looks ahead. */
const LOOK_AHEAD = 8;

/** Replays a kept order. The failure found, if there is one, is the run's `finding`. */
export function replayOrder<Shared>(
  program: SteppedProgram<Shared>,
  plan: PlannedOrder,
  options: ReplayOrderOptions,
): OrderReplay {
  const runner = new ScheduleRunner(program as SteppedProgram, options);
  try {
    let replay: OrderReplay | null = null;
    for (const isEager of [false, true]) {
      const next = new Replayer(runner, plan, options, isEager).run();
      replay ??= next;
      if (next.run.finding !== null) return next;
      if (replay.prevented !== null && next.prevented === null) replay = next;
    }
    return replay!;
  } finally {
    runner.end();
  }
}

class Replayer implements Chooser {
  readonly #runner: ScheduleRunner;
  readonly #plan: PlannedOrder;
  readonly #options: ReplayOrderOptions;
  readonly #isEager: boolean;
  /** Place of each kept step in one order that fits. */
  readonly #ranks: readonly (readonly number[])[];
  /** What each step of each thread is, from the round before: see `align`. */
  #known: readonly (readonly number[])[] = [];
  /** Kept steps of each thread that did happen, in the round before. */
  #happened: readonly ReadonlySet<number>[] | null = null;
  /** The present run: what each thread did, and the kept steps that it has come past. */
  #looks: StepLook[][] = [];
  #used: number[][] = [];
  #passed: number[] = [];
  #isRelaxed = false;

  constructor(
    runner: ScheduleRunner,
    plan: PlannedOrder,
    options: ReplayOrderOptions,
    isEager: boolean,
  ) {
    this.#runner = runner;
    this.#plan = plan;
    this.#options = options;
    this.#isEager = isEager;
    const ranks = plan.map((events) => events.map(() => 0));
    for (const [rank, { thread, index }] of linearize(plan).entries()) ranks[thread]![index] = rank;
    this.#ranks = ranks;
  }

  run(): OrderReplay {
    for (let round = 1; ; round++) {
      const run = this.#runner.run(this);
      const matches = this.#looks.map((looks, t) => align(looks, this.#plan[t] ?? []));
      const isSettled = String(matches) === String(this.#used);
      if (isSettled || run.finding !== null || round === ROUNDS_MAX) {
        return this.#result(run, matches);
      }
      this.#known = matches;
      this.#happened = matches.map((list) => new Set(list));
    }
  }

  begin(): void {
    const threads = Array.from({ length: this.#runner.machine.threadCount });
    this.#looks = threads.map(() => []);
    this.#used = threads.map(() => []);
    this.#passed = threads.map(() => 0);
    this.#isRelaxed = false;
  }

  choose(_position: number, enabled: number): number {
    let best = -1;
    let bestRank = Infinity;
    for (let rest = enabled; rest !== 0; rest &= rest - 1) {
      const t = 31 - Math.clz32(rest & -rest);
      const rank = this.#rankOf(t);
      if (rank === null || (best >= 0 && rank >= bestRank)) continue;
      best = t;
      bestRank = rank;
    }
    if (best < 0) {
      // The kept order cannot be kept: what can move moves.
      this.#isRelaxed = true;
      best = 31 - Math.clz32(enabled & -enabled);
    }
    this.#note(best);
    return best;
  }

  /** How soon a thread's next step is due; `null` while it has to wait. */
  #rankOf(t: number): number | null {
    const match = this.#matchOf(t);
    if (match < 0 && this.#isEager) return -1;
    const due = match < 0 ? this.#passed[t]! : match;
    const event = this.#plan[t]?.[due];
    if (event === undefined) return this.#ranks.length * 1e6 + t;
    return event.after.every(([u, k]) => this.#isPast(u, k)) ? this.#ranks[t]![due]! : null;
  }

  /** Whether a kept step has happened, or, if it does not happen any more, what came before it. */
  #isPast(u: number, k: number): boolean {
    const happened = this.#happened?.[u];
    let last = k;
    if (happened !== undefined) while (last >= 0 && !happened.has(last)) last--;
    return this.#passed[u]! > last;
  }

  /** The kept step that a thread's next step is, or -1. */
  #matchOf(t: number): number {
    const number = this.#looks[t]!.length;
    const known = this.#known[t]?.[number];
    if (known !== undefined) return known;
    const kept = this.#plan[t] ?? [];
    const look = this.#look(t);
    const from = this.#passed[t]!;
    for (let k = from; k < Math.min(kept.length, from + LOOK_AHEAD); k++) {
      if (likeness(look, kept[k]!) >= (k === from ? 1 : 3)) return k;
    }
    return -1;
  }

  #look(t: number): StepLook {
    const { machine } = this.#runner;
    const code = machine.codes[t]!;
    const kind = code & KIND_MASK;
    return {
      kind: KIND_NAMES[kind]!,
      location: kind <= NOTIFY ? locations.describe(code >> KIND_BITS) : '',
      expression: this.#options.expressionOf(machine.points[t]!),
    };
  }

  #note(t: number): void {
    const match = this.#matchOf(t);
    this.#looks[t]!.push(this.#look(t));
    this.#used[t]!.push(match);
    if (match >= this.#passed[t]!) this.#passed[t] = match + 1;
  }

  #result(run: JudgedRun, matches: readonly (readonly number[])[]): OrderReplay {
    const positions = this.#plan.map(() => new Map<number, number>());
    const added: number[] = [];
    const counts = matches.map(() => 0);
    for (const [position, t] of run.schedule.entries()) {
      const match = matches[t]![counts[t]!++]!;
      if (match < 0) added.push(position);
      else positions[t]?.set(match, position);
    }
    const order = linearize(this.#plan);
    const missing = order.filter(({ thread, index }) => !positions[thread]!.has(index));
    const prevented = this.#prevented(order, positions);
    const broken = [missing[0], prevented?.later].filter((event) => event !== undefined);
    return { run, missing, added, prevented, divergedAt: divergence(order, broken, positions) };
  }

  #prevented(
    order: readonly EventPlace[],
    positions: readonly ReadonlyMap<number, number>[],
  ): PreventedOrder | null {
    if (!this.#isRelaxed) return null;
    for (const later of order) {
      const at = positions[later.thread]!.get(later.index);
      for (const [thread, index] of this.#plan[later.thread]![later.index]!.after) {
        const earlier = positions[thread]!.get(index);
        if (at !== undefined && earlier !== undefined && earlier > at) {
          return { earlier: { thread, index }, later };
        }
      }
    }
    return null;
  }
}

/** The position just after the last kept step that came as it was kept. */
function divergence(
  order: readonly EventPlace[],
  broken: readonly EventPlace[],
  positions: readonly ReadonlyMap<number, number>[],
): number | null {
  if (broken.length === 0) return null;
  const first = order.findIndex((event) =>
    broken.some(({ thread, index }) => event.thread === thread && event.index === index),
  );
  const before = order
    .slice(0, first)
    .map(({ thread, index }) => positions[thread]!.get(index) ?? -1);
  return Math.max(-1, ...before) + 1;
}
