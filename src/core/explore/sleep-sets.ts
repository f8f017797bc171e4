/** Who is asleep in each frame: threads whose next step was explored from there, or is elsewhere. */
import type { Footprints } from '../footprint.ts';
import type { Machine } from '../machine.ts';

export class SleepSets {
  /** Set of threads, by frame. */
  readonly sets: Int32Array;
  /** What the next step of a sleeping thread touches: `footprints[frame * threadCount + thread]`. */
  readonly footprints: Int32Array;
  /** Set of sleeping threads behind a gate, by frame: O6 of `optimal-explorer.ts`. */
  readonly gated: Int32Array;
  readonly #threadCount: number;
  readonly #rules: Footprints;

  constructor(machine: Machine, frames: number) {
    this.#threadCount = machine.threadCount;
    this.#rules = machine.footprints;
    this.sets = new Int32Array(frames);
    this.gated = new Int32Array(frames);
    this.footprints = new Int32Array(frames * machine.threadCount);
  }

  /** Nobody is asleep. */
  clear(): void {
    this.sets.fill(0);
    this.gated.fill(0);
  }

  /** Puts a gate before those asleep in a frame. */
  gate(frame: number): void {
    this.gated[frame] = this.sets[frame]!;
  }

  /** Puts a thread to sleep. */
  add(frame: number, thread: number, footprint: number): void {
    this.sets[frame]! |= 1 << thread;
    this.footprints[frame * this.#threadCount + thread] = footprint;
  }

  /** Puts a set of threads to sleep, in the machine's present state. */
  addAll(frame: number, threads: number, machine: Machine): void {
    this.sets[frame]! |= threads & machine.live;
    for (let rest = this.sets[frame]!; rest !== 0; rest &= rest - 1) {
      const q = 31 - Math.clz32(rest & -rest);
      this.footprints[frame * this.#threadCount + q] = machine.footprint(q);
    }
  }

  /** Those still asleep after a step: all on whose next step it does not depend. */
  pass(frame: number, t: number, footprint: number): void {
    const { footprints } = this;
    const rules = this.#rules;
    const threadCount = this.#threadCount;
    const from = frame * threadCount;
    let kept = 0;
    for (let rest = this.sets[frame]! & ~(1 << t); rest !== 0; rest &= rest - 1) {
      const q = 31 - Math.clz32(rest & -rest);
      const next = footprints[from + q]!;
      if (rules.dependent(next, footprint)) continue;
      kept |= 1 << q;
      footprints[from + threadCount + q] = next;
    }
    this.sets[frame + 1] = kept;
    this.gated[frame + 1] = this.gated[frame]! & kept;
  }
}
