/**
 * How few preemptions a class needs: the minimum over all of its interleavings.
 *
 * A preemption is a switch away from a thread that could have gone on. A thread that has ended,
 * waits for a held mutex, sleeps or spins could not. A thread whose next step is merely later in
 * this class could: the scheduler that kept it waiting preempted it.
 *
 * The search goes through the class's cuts (how many events of each thread have happened) together
 * with the thread that moved last, fewest preemptions first. Cost: the number of cuts in the worst
 * case; most classes need few of them.
 */
import type { Machine } from '../machine.ts';
import { JOIN, KIND_BITS, KIND_MASK, LOCK, TRY_LOCK, UNLOCK, WAKE } from '../step.ts';
import { FINISHED } from '../threads.ts';
import type { Trail } from './trail.ts';

interface State {
  /** Events of each thread that have happened. */
  readonly cut: readonly number[];
  /** Thread that moved last, or -1. */
  readonly last: number;
}

/** Cuts after which to give up. */
const STATES_MAX = 200_000;

/**
 * The fewest preemptions with which the class of the run just ended can be shown, or `null` if that
 * takes too long.
 */
export function minPreemptions(machine: Machine, trail: Trail): number | null {
  return new PreemptionSearch(machine, trail).run();
}

class PreemptionSearch {
  readonly #machine: Machine;
  readonly #trail: Trail;
  /** Positions of each thread's events. */
  readonly #events: number[][] = [];
  readonly #seen = new Set<string>();

  constructor(machine: Machine, trail: Trail) {
    this.#machine = machine;
    this.#trail = trail;
    for (let t = 0; t < trail.threadCount; t++) this.#events.push([]);
    for (let i = 0; i < trail.length; i++) this.#events[trail.thread[i]!]!.push(i);
  }

  run(): number | null {
    let level: State[] = [{ cut: this.#events.map(() => 0), last: -1 }];
    for (let preemptions = 0; level.length > 0; preemptions++) {
      const next: State[] = [];
      while (level.length > 0) {
        const state = level.pop()!;
        if (this.#isEnd(state)) return preemptions;
        if (this.#seen.has(keyOf(state))) continue;
        this.#seen.add(keyOf(state));
        if (this.#seen.size > STATES_MAX) return null;
        this.#expand(state, level, next);
      }
      level = next;
    }
    return null;
  }

  #isEnd({ cut }: State): boolean {
    return cut.every((count, t) => count === this.#events[t]!.length);
  }

  #expand(state: State, same: State[], next: State[]): void {
    const canGoOn = state.last >= 0 && this.#isEnabled(state.last, state.cut);
    for (let t = this.#events.length - 1; t >= 0; t--) {
      if (!this.#isPossible(t, state.cut)) continue;
      const cut = state.cut.map((count, u) => (u === t ? count + 1 : count));
      (canGoOn && t !== state.last ? next : same).push({ cut, last: t });
    }
  }

  /** Whether the thread's next event in this class may happen after the cut. */
  #isPossible(t: number, cut: readonly number[]): boolean {
    const event = this.#events[t]![cut[t]!];
    if (event === undefined) return false;
    const { rows, threadCount } = this.#trail;
    return cut.every((count, u) => u === t || rows[event * threadCount + u]! <= count);
  }

  /** Whether the thread could move after the cut, in this class or out of it. */
  #isEnabled(t: number, cut: readonly number[]): boolean {
    const trail = this.#trail;
    const event = this.#events[t]![cut[t]!];
    const code = event === undefined ? this.#machine.codes[t]! : trail.code[event]!;
    if (code === FINISHED) return false;
    const kind = code & KIND_MASK;
    if (kind === LOCK && this.#isHeld(code >> KIND_BITS, cut)) return false;
    if (event === undefined) return kind === LOCK;
    if (kind === WAKE && trail.wokenBy[event]! >= 0) {
      return this.#isIn(trail.wokenBy[event]!, cut) || this.#machine.timeouts[t] !== Infinity;
    }
    if (kind === JOIN) return cut[code >> KIND_BITS] === this.#events[code >> KIND_BITS]!.length;
    const awaited = trail.awaited[event];
    return !awaited || this.#isAwaitOver(event, awaited, cut);
  }

  #isIn(event: number, cut: readonly number[]): boolean {
    return this.#trail.index[event]! <= cut[this.#trail.thread[event]!]!;
  }

  #isHeld(mutex: number, cut: readonly number[]): boolean {
    const trail = this.#trail;
    let balance = 0;
    for (let i = 0; i < trail.length; i++) {
      if (trail.code[i]! >> KIND_BITS !== mutex || !this.#isIn(i, cut)) continue;
      const kind = trail.code[i]! & KIND_MASK;
      if (kind === LOCK || (kind === TRY_LOCK && trail.hasTaken(i))) balance++;
      else if (kind === UNLOCK) balance--;
    }
    return balance > 0;
  }

  #isAwaitOver(event: number, awaited: readonly number[], cut: readonly number[]): boolean {
    const trail = this.#trail;
    const t = trail.thread[event]!;
    const reads = this.#events[t]!.slice(trail.awaitedSince[event]! - 1, trail.index[event]! - 1);
    for (let i = 0; i < trail.length; i++) {
      if (trail.changed[i] !== 1 || !this.#isIn(i, cut)) continue;
      const place = trail.code[i]! >> KIND_BITS;
      if (!awaited.includes(place)) continue;
      const isAfterRead = reads.some(
        (read) => trail.code[read]! >> KIND_BITS === place && trail.isBefore(read, i),
      );
      if (isAfterRead) return true;
    }
    return false;
  }
}

function keyOf({ cut, last }: State): string {
  return `${last}:${cut.join()}`;
}
