/**
 * Cuts an exploration into parts that need nothing of one another: not by what explorers pass on to
 * one another while they work, as `division.ts` does, but beforehand, by what every class decides.
 *
 * F1. A *part* is a prefix p and a set Z of threads asleep after it. It owns the classes that have
 *     an order beginning with p after which no thread of Z comes first: each of them moves after a
 *     step that its next step depends on, or not at all. The whole is the empty prefix with nobody
 *     asleep.
 * F2. A part is cut by a question about a thread t that can move after p and is not asleep: is its
 *     next step first? The classes where it is begin with p·t, where those of Z stay asleep on whose
 *     next step t's does not depend; in the others t sleeps after p. Every class of the part has one
 *     answer. So the leaves of the cuts own every class, and none is owned twice.
 * F3. To explore (p, Z) is to explore, from the state after p, the program in which the next step
 *     of each thread of Z waits for a step that it depends on. Such a gate is opened by a step that
 *     comes before the waiting one in any case, never closes again, and is not touched by
 *     independent steps; so steps of that program commute exactly as those of the program itself,
 *     and the optimal explorer with Z asleep explores each of its maximal executions once. Those
 *     that leave a thread of Z waiting behind its gate belong to another part: they are counted as
 *     redundant, and their races are reversed all the same, as what opens the gate may lie behind
 *     one of them. Nothing else is lost by leaving out reversals into p: what they lead to is not
 *     of this part.
 * F4. Which question is asked is free. It should have both answers, about equally often: random
 *     walks tell. Where they know no such question, the thread with most steps is asked about: all
 *     that it would do is missing from the other part, which may own no class at all and should
 *     then be small. Walks begin from fixed seeds, so the parts depend on the program and on how
 *     many are wanted, and on nothing else.
 * F5. All this takes for granted that it is known what the program uses (K5 of `machine.ts`): a
 *     walk that teaches something voids the parts found so far.
 *
 * Source of sleep sets: Godefroid, "Partial-Order Methods for the Verification of Concurrent
 * Systems", LNCS 1032, 1996.
 */
import { createIntegers, type Integers } from '../../random/integers.ts';
import { deriveState, expandSeed } from '../../random/seed.ts';
import { InternalError } from '../errors.ts';
import type { Machine } from '../machine.ts';
import type { Subtree } from './subtree.ts';
import { WHOLE } from './subtree.ts';

/** Walks that answer for one part. */
const WALKS = 24;
/** Times that walks may teach something. */
const LESSONS_MAX = 64;

/** A part, with the share of random walks that go into it. */
export interface FrontierPart {
  readonly subtree: Subtree;
  readonly weight: number;
}

/** A part that may be cut. */
interface Candidate extends FrontierPart {
  /** The thread that is asked about, or -1 for none. */
  readonly thread: number;
  /** Share of the walks in which its next step is first. */
  readonly share: number;
}

/**
 * The parts, in the order in which they are to be looked at; as many as wanted, or fewer.
 *
 * Cost: some 50 random runs for each part.
 */
export function frontierOf(machine: Machine, count: number, stepsMax: number): FrontierPart[] {
  for (let round = 0; round < LESSONS_MAX; round++) {
    const parts = new Cutter(machine, stepsMax).cut(count);
    if (parts !== null) return parts;
  }
  throw new InternalError('what the program uses does not settle', { code: 'E-EXPLORE-006' });
}

class Cutter {
  readonly #machine: Machine;
  readonly #stepsMax: number;
  readonly #integers: Integers;

  constructor(machine: Machine, stepsMax: number) {
    this.#machine = machine;
    this.#stepsMax = stepsMax;
    this.#integers = createIntegers(deriveState(expandSeed('1', 'frontier'), 0));
  }

  /** Cuts the heaviest part until there are so many, or `null` when something was learned (F5). */
  cut(count: number): FrontierPart[] | null {
    const parts = [this.#ask(WHOLE, 1)];
    for (;;) {
      if (this.#machine.refresh()) return null;
      const at = parts.length < count ? heaviest(parts) : -1;
      if (at < 0) break;
      parts.splice(at, 1, ...this.#cutOne(parts[at]!));
    }
    return parts.map(({ subtree, weight }, number) => {
      const known = Math.max(
        0,
        ...parts.slice(0, number).map((earlier) => commonSteps(earlier.subtree, subtree)),
      );
      return { subtree: { ...subtree, known }, weight };
    });
  }

  /** F2. */
  #cutOne({ subtree, weight, thread, share }: Candidate): Candidate[] {
    const { prefix, asleep } = subtree;
    const sleepers = asleep.at(-1)! | (1 << thread);
    const later = { prefix, asleep: [...asleep.slice(0, -1), sleepers], known: 0 };
    return [
      this.#ask(this.#goOn(this.#after(subtree, thread)), weight * share),
      this.#ask(this.#goOn(later), weight * (1 - share)),
    ];
  }

  /** The part of a part's classes where a thread's step is first. */
  #after({ prefix, asleep }: Subtree, thread: number): Subtree {
    const machine = this.#machine;
    this.#goTo(prefix);
    const footprint = machine.footprint(thread);
    let kept = 0;
    for (let rest = asleep.at(-1)! & machine.live & ~(1 << thread); rest !== 0; rest &= rest - 1) {
      const q = 31 - Math.clz32(rest & -rest);
      if (!machine.footprints.dependent(machine.footprint(q), footprint)) kept |= 1 << q;
    }
    return { prefix: [...prefix, thread], asleep: [...asleep, kept], known: 0 };
  }

  /** Where one thread alone may move, its step is first in every class of the part. */
  #goOn(subtree: Subtree): Subtree {
    for (let at = subtree; ;) {
      this.#goTo(at.prefix);
      const able = this.#machine.enabled() & ~at.asleep.at(-1)!;
      const isOver = this.#machine.thrown !== null || at.prefix.length >= this.#stepsMax / 2;
      if (isOver || able === 0 || (able & (able - 1)) !== 0) return at;
      at = this.#after(at, 31 - Math.clz32(able));
    }
  }

  /** F4: finds the question whose answers are spread most evenly. */
  #ask(subtree: Subtree, weight: number): Candidate {
    const { threadCount } = this.#machine;
    const firsts = new Array<number>(threadCount).fill(0);
    const steps = new Array<number>(threadCount).fill(0);
    let walks = 0;
    let askable = 0;
    for (let walk = 0; walk < WALKS; walk++) {
      const found = this.#walk(subtree, steps);
      askable = found.awake;
      if (found.isBlocked) continue;
      walks++;
      for (let t = 0; t < threadCount; t++) {
        if ((found.firsts & (1 << t)) !== 0) firsts[t]!++;
      }
    }
    let thread = -1;
    let share = 0;
    for (let t = 0; t < threadCount; t++) {
      const own = firsts[t]! / Math.max(1, walks);
      if ((askable & (1 << t)) === 0 || own === 0 || own === 1) continue;
      if (thread >= 0 && Math.abs(own - 0.5) >= Math.abs(share - 0.5)) continue;
      thread = t;
      share = own;
    }
    if (thread >= 0) return { subtree, weight, thread, share };
    return { subtree, weight, thread: longest(askable, steps), share: 1 - 1 / (2 * WALKS) };
  }

  #goTo(prefix: readonly number[]): void {
    this.#machine.restart();
    for (const t of prefix) this.#machine.step(t);
  }

  /** A random run of a part, its steps counted by thread. `firsts`: threads that take a step which depends on no earlier one since the prefix. */
  #walk(
    { prefix, asleep }: Subtree,
    steps: number[],
  ): { awake: number; firsts: number; isBlocked: boolean } {
    const machine = this.#machine;
    this.#goTo(prefix);
    let sleepers = asleep.at(-1)! & machine.live;
    const awake = machine.enabled() & ~sleepers;
    const footprints = Array.from({ length: machine.threadCount }, (_, q) =>
      (machine.live & (1 << q)) === 0 ? 0 : machine.footprint(q),
    );
    // Threads on whose next step, as it was after the prefix, nothing that happened since depends.
    let untouched = machine.live;
    let firsts = 0;
    while (machine.position < this.#stepsMax && machine.thrown === null) {
      const enabled = machine.enabled();
      if (enabled === 0) break;
      const able = enabled & ~sleepers;
      if (able === 0) return { awake, firsts, isBlocked: true };
      const t = this.#oneOf(able);
      const footprint = machine.footprint(t);
      if ((untouched & (1 << t)) !== 0) firsts |= 1 << t;
      untouched &= ~(1 << t);
      for (let rest = untouched; rest !== 0; rest &= rest - 1) {
        const q = 31 - Math.clz32(rest & -rest);
        if (machine.footprints.dependent(footprints[q]!, footprint)) untouched &= ~(1 << q);
      }
      sleepers &= untouched;
      steps[t]!++;
      machine.step(t);
    }
    return { awake, firsts, isBlocked: false };
  }

  #oneOf(threads: number): number {
    let count = 0;
    for (let rest = threads; rest !== 0; rest &= rest - 1) count++;
    let rest = threads;
    for (let skip = this.#integers.below(count); skip > 0; skip--) rest &= rest - 1;
    return 31 - Math.clz32(rest & -rest);
  }
}

/** The thread of a set that takes most steps; -1 for the empty set. */
function longest(threads: number, steps: readonly number[]): number {
  let thread = -1;
  for (let rest = threads; rest !== 0; rest &= rest - 1) {
    const t = 31 - Math.clz32(rest & -rest);
    if (thread < 0 || steps[t]! >= steps[thread]!) thread = t;
  }
  return thread;
}

/** The heaviest part that has a question, the first of several; -1 for none. */
function heaviest(parts: readonly Candidate[]): number {
  let at = -1;
  for (const [i, { thread, weight }] of parts.entries()) {
    if (thread >= 0 && (at < 0 || weight > parts[at]!.weight)) at = i;
  }
  return at;
}

/** Steps that two prefixes begin with alike. */
function commonSteps({ prefix: left }: Subtree, { prefix: right }: Subtree): number {
  let steps = 0;
  while (steps < left.length && steps < right.length && left[steps] === right[steps]) steps++;
  return steps;
}
