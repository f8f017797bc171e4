/**
 * The cuts of a class: how many events of each thread have happened, at any moment of any of its
 * interleavings.
 *
 * Made from one run and its happens-before order; says of a cut who may move next within the class,
 * and who could move at all. What the threads would do after the run counts too: a run that was cut
 * short by a failure leaves threads that could have gone on.
 */
import type { Machine } from '../machine.ts';
import { JOIN, KIND_BITS, KIND_MASK, LOCK, PARK, TRY_LOCK, UNLOCK, WAKE } from '../step.ts';
import { FINISHED } from '../threads.ts';
import type { Trail } from './trail.ts';

/** The cuts of the class of the run that a machine and its trail have just made. */
export class ClassCuts {
  /** Events of each thread: the last cut. */
  readonly whole: readonly number[];
  readonly #machine: Machine;
  readonly #trail: Trail;
  /** Positions of each thread's events. */
  readonly #events: number[][] = [];

  constructor(machine: Machine, trail: Trail) {
    this.#machine = machine;
    this.#trail = trail;
    for (let t = 0; t < trail.threadCount; t++) this.#events.push([]);
    for (let i = 0; i < trail.length; i++) this.#events[trail.thread[i]!]!.push(i);
    this.whole = this.#events.map((events) => events.length);
  }

  /** Position, in the run, of an event of a thread, counted from 0; undefined past its last. */
  positionOf(t: number, number: number): number | undefined {
    return this.#events[t]![number];
  }

  /** Whether the thread's next event in this class may happen after the cut. */
  isPossible(t: number, cut: readonly number[]): boolean {
    const event = this.#events[t]![cut[t]!];
    if (event === undefined) return false;
    const { rows, threadCount } = this.#trail;
    return cut.every((count, u) => u === t || rows[event * threadCount + u]! <= count);
  }

  /** Whether the thread could move after the cut, in this class or out of it. */
  isEnabled(t: number, cut: readonly number[]): boolean {
    const trail = this.#trail;
    const event = this.#events[t]![cut[t]!];
    if (event === undefined) return this.#isPendingEnabled(t, cut);
    const code = trail.code[event]!;
    const kind = code & KIND_MASK;
    if (kind === LOCK && this.#isHeld(code >> KIND_BITS, cut)) return false;
    if (kind === WAKE && trail.wokenBy[event]! >= 0) {
      return this.#isIn(trail.wokenBy[event]!, cut) || this.#machine.timeouts[t] !== Infinity;
    }
    if (kind === JOIN) return this.#hasEnded(code >> KIND_BITS, cut);
    const awaited = trail.awaited[event];
    return !awaited || this.#isAwaitOver(event, awaited, cut);
  }

  /** The same of a thread all of whose events have happened. */
  #isPendingEnabled(t: number, cut: readonly number[]): boolean {
    const { codes, queues, spins, timeouts } = this.#machine;
    const code = codes[t]!;
    if (code === FINISHED) return false;
    const kind = code & KIND_MASK;
    if (kind === LOCK) return !this.#isHeld(code >> KIND_BITS, cut);
    if (kind === JOIN) return this.#hasEnded(code >> KIND_BITS, cut);
    if (kind === WAKE && queues.isNotified(t)) {
      return this.#isIn(queues.wokenAt(t), cut) || timeouts[t] !== Infinity;
    }
    if (kind === WAKE) return timeouts[t] !== Infinity;
    return kind !== PARK && !(spins.isUsed && spins.isWaiting(t));
  }

  #hasEnded(thread: number, cut: readonly number[]): boolean {
    return cut[thread] === this.whole[thread] && this.#machine.codes[thread] === FINISHED;
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
