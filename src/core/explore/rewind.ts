/**
 * Rewinding: a confined program goes back to an earlier state of the same execution without being
 * run again from the start.
 *
 * Generators cannot be copied, so a thread can be brought back only by running it again. But few
 * threads have to be: two executions that share a prefix of d events differ, at its end, from the
 * state the machine is left in by
 *
 * W1. the elements written at or after d, which get back what they held before;
 * W2. the threads that took a step at or after d. Each is begun again and takes its own steps of
 *     the prefix once more, alone: before each the element it looks at is given the value it held
 *     when the step was taken first, and after it the value it has at d.
 *
 * W3. That is right only if nothing else can carry anything from one thread to another: for programs
 *     that say so (P6 of `step.ts`), while all their steps are accesses to elements of an
 *     `Int32Array`, or touch nothing. A mutex, an atomic object, a wait or a spin loop ends it for
 *     good: their state is not taken down here.
 * W4. As W3 is taken on trust, every `WHOLE_EVERY`th execution is run from the start all the same,
 *     and compared with the trail as all executions of other programs are.
 */
import type { Machine } from '../machine.ts';
import { locations } from '../memory.ts';
import { COMPARE_EXCHANGE, JOIN, KIND_MASK, LOCAL, PLAIN_WRITE } from '../step.ts';
import type { Trail } from './trail.ts';

/** W4. */
const WHOLE_EVERY = 1_024;
const NO_VIEW = new Int32Array(0);

/** The rewinder of a program that may be confined, `null` for any other. */
export function rewinderOf(machine: Machine, trail: Trail): Rewinder | null {
  const { isConfined = false, invariants } = machine.program;
  return isConfined === false || invariants !== undefined ? null : new Rewinder(machine, trail);
}

/** Takes down what steps do, and undoes it. To be dropped as soon as it says that it cannot (W3). */
export class Rewinder {
  readonly #machine: Machine;
  readonly #trail: Trail;
  #countdown = WHOLE_EVERY;
  /** By position: the element that the event touches, -1 for none, and what it held before. */
  readonly #views: Int32Array[] = [];
  readonly #places: Int32Array;
  readonly #before: Int32Array;

  constructor(machine: Machine, trail: Trail) {
    this.#machine = machine;
    this.#trail = trail;
    this.#places = new Int32Array(trail.capacity + 1);
    this.#before = new Int32Array(trail.capacity + 1);
  }

  /**
   * The machine has been restarted. Its steps are noted from here on: views are made anew by setup.
   * Returns whether the program is confined with what setup made.
   */
  restarted(): boolean {
    this.#countdown = WHOLE_EVERY;
    const { program, shared } = this.#machine;
    return typeof program.isConfined !== 'function' || program.isConfined(shared);
  }

  /** Notes the step at position i, before thread `t` takes it. Returns false if it could not be undone. */
  note(t: number, i: number): boolean {
    const machine = this.#machine;
    const kind = machine.codes[t]! & KIND_MASK;
    const view = machine.targets[t];
    if (kind === LOCAL || kind === JOIN) {
      // Without gaps: steps are noted in order.
      this.#views[i] = NO_VIEW;
      this.#places[i] = -1;
      return true;
    }
    const isAccess = kind <= PLAIN_WRITE || kind === COMPARE_EXCHANGE;
    if (!isAccess || !(view instanceof Int32Array)) return false;
    const place = machine.indexes[t]!;
    this.#views[i] = view;
    this.#places[i] = place;
    this.#before[i] = view[place]!;
    return true;
  }

  /** Whether the machine can be rewound from where it is; if not, it has to be restarted. */
  isReady(): boolean {
    const { thrown, spins } = this.#machine;
    return --this.#countdown > 0 && thrown === null && !spins.isUsed && !locations.hasOtherState;
  }

  /**
   * Rewinds the machine to the end of the trail, which has been cut. Returns the position of the
   * first step that did not repeat itself, or -1.
   */
  rewind(): number {
    const machine = this.#machine;
    const { length } = this.#trail;
    const threads = this.#undo(length);
    for (let rest = threads; rest !== 0; rest &= rest - 1) {
      machine.restartThread(31 - Math.clz32(rest & -rest));
    }
    const differing = this.#repeat(threads, length);
    machine.position = length;
    return differing;
  }

  /** W1. Returns the set of threads that took a step at or after a position. */
  #undo(length: number): number {
    const { thread } = this.#trail;
    const [views, places, before] = [this.#views, this.#places, this.#before];
    let threads = 0;
    for (let i = this.#machine.position - 1; i >= length; i--) {
      threads |= 1 << thread[i]!;
      if (places[i]! >= 0) views[i]![places[i]!] = before[i]!;
    }
    return threads;
  }

  /** W2. */
  #repeat(threads: number, length: number): number {
    const machine = this.#machine;
    const { thread, code } = this.#trail;
    const [views, places, before] = [this.#views, this.#places, this.#before];
    const { codes } = machine;
    for (let i = 0; i < length; i++) {
      const t = thread[i]!;
      if ((threads & (1 << t)) === 0) continue;
      if (codes[t] !== code[i]) return i;
      const place = places[i]!;
      if (place < 0) {
        machine.step(t, true);
        continue;
      }
      const view = views[i]!;
      const present = view[place]!;
      view[place] = before[i]!;
      machine.step(t, true);
      view[place] = present;
    }
    return -1;
  }
}
