/** The wakeup trees of every frame, and how a reversal comes into them. */
import type { Reversal } from './reversal.ts';
import type { SleepSets } from './sleep-sets.ts';
import type { Branch } from './subtree.ts';
import type { Trail } from './trail.ts';
import { WakeupForest } from './wakeup-forest.ts';

export class WakeupTrees {
  forest: WakeupForest = new WakeupForest();
  /** By frame: its first tree, or -1. */
  readonly first: Int32Array;
  /** Whether the last insertion made a branch. */
  hasGrown = false;
  readonly #trail: Trail;
  readonly #sleep: SleepSets;

  constructor(trail: Trail, sleep: SleepSets, frames: number) {
    this.#trail = trail;
    this.#sleep = sleep;
    this.first = new Int32Array(frames).fill(-1);
  }

  /** Nothing is left to be explored. */
  clear(): void {
    this.forest = new WakeupForest();
    this.first.fill(-1);
  }

  /** The trees of a frame by their threads. */
  branches(frame: number): Branch[] {
    return this.forest.branches(this.first[frame]!);
  }

  /**
   * Puts a reversal into the trees of frame d, that before its first event, unless it is covered.
   * Returns whether that settles its race: O2 of `optimal-explorer.ts`.
   */
  insert(d: number, reversal: Reversal): boolean {
    this.hasGrown = false;
    const { footprints, sets, gated } = this.#sleep;
    const sleeping = sets[d]!;
    if ((sleeping & reversal.initialInCore) !== 0) return true;
    const offset = d * this.#trail.threadCount;
    for (let rest = sleeping & ~gated[d]!; rest !== 0; rest &= rest - 1) {
      const q = 31 - Math.clz32(rest & -rest);
      if (reversal.isWeakInitial(q, footprints[offset + q]!)) return false;
    }
    return this.#descend(d, reversal);
  }

  #descend(d: number, reversal: Reversal): boolean {
    const { forest } = this;
    let parent = -1;
    let settles = true;
    for (;;) {
      let last = -1;
      let node = parent < 0 ? this.first[d]! : forest.child[parent]!;
      for (; node >= 0; node = forest.sibling[node]!) {
        const t = forest.thread[node]!;
        const next = forest.footprint[node]!;
        if (reversal.isWeakInitial(t, next)) break;
        // This branch is passed by because of the rest only; with another rest it would be taken,
        // and once it is explored, what it covers is not looked for in the branches after it.
        if (settles && reversal.isWeakInitialOfCore(t, next)) settles = false;
        last = node;
      }
      if (node < 0) {
        this.#append(d, parent, last, reversal);
        return settles;
      }
      const t = forest.thread[node]!;
      if ((reversal.initialInCore & (1 << t)) === 0) settles = false;
      if (forest.child[node]! < 0) return settles;
      reversal.removeFirst(t);
      if (reversal.present === 0 || (settles && reversal.presentInCore === 0)) return settles;
      parent = node;
    }
  }

  /** A new branch: after sibling `last`, else first child of `parent`, else the first tree. */
  #append(d: number, parent: number, last: number, reversal: Reversal): void {
    const { forest } = this;
    const node = forest.addSequence(this.#trail, reversal.events, reversal.list());
    if (last >= 0) forest.sibling[last] = node;
    else if (parent >= 0) forest.child[parent] = node;
    else this.first[d] = node;
    this.hasGrown = true;
  }
}
