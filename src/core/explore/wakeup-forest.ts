/**
 * Wakeup trees: for each frame, the sequences that still have to be explored from there, as ordered
 * trees of steps.
 *
 * Nodes live in one pool and are given back when their branch is taken, so memory is what is
 * pending, no more.
 */
import type { Branch } from './subtree.ts';
import type { Trail } from './trail.ts';

export class WakeupForest {
  readonly thread: number[] = [];
  readonly footprint: number[] = [];
  /** First child, or -1. */
  readonly child: number[] = [];
  /** Next sibling, or -1. */
  readonly sibling: number[] = [];
  #free = -1;
  /** Nodes in use. */
  size = 0;

  /** A new node without children or siblings. */
  add(thread: number, footprint: number): number {
    this.size++;
    const node = this.#free;
    if (node < 0) {
      this.thread.push(thread);
      this.footprint.push(footprint);
      this.child.push(-1);
      this.sibling.push(-1);
      return this.thread.length - 1;
    }
    this.#free = this.sibling[node]!;
    this.thread[node] = thread;
    this.footprint[node] = footprint;
    this.child[node] = -1;
    this.sibling[node] = -1;
    return node;
  }

  /** A new branch of these events of a trail, one below the other; returns the first. */
  addSequence(trail: Trail, events: Int32Array, length: number): number {
    const { thread, footprint } = trail;
    let first = -1;
    let above = -1;
    for (let k = 0; k < length; k++) {
      const node = this.add(thread[events[k]!]!, footprint[events[k]!]!);
      if (above < 0) first = node;
      else this.child[above] = node;
      above = node;
    }
    return first;
  }

  /** Gives a node back, not its children. */
  release(node: number): void {
    this.size--;
    this.sibling[node] = this.#free;
    this.#free = node;
  }

  /** A list of trees by their threads, which says it all to another explorer. */
  branches(first: number): Branch[] {
    const branches: Branch[] = [];
    for (let node = first; node >= 0; node = this.sibling[node]!) {
      branches.push({ thread: this.thread[node]!, next: this.branches(this.child[node]!) });
    }
    return branches;
  }
}
