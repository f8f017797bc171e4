/**
 * The normal form of a failing run: what does not happen before the failure is left out, and
 * independent steps are commuted until the run reads thread by thread.
 *
 * N1. The run's *cone* is every step that happens before one that shows the failure. It is a prefix
 *     of the class, so running it alone leads to the same failure.
 * N2. Of the cone's interleavings the one with the fewest preemptions is taken, of those the one
 *     with the fewest switches, of those the one that takes the first threads first. The same class
 *     gives the same normal form, whichever of its interleavings was found.
 */
import { ClassCuts } from '../explore/class-cuts.ts';
import type { Trail } from '../explore/trail.ts';
import type { Finding } from './finding.ts';
import type { ScheduleRunner } from './runner.ts';

/** Cuts after which the search is given up and threads are simply kept running. */
const STATES_MAX = 100_000;
/** Weight of a preemption against a switch. */
const PREEMPTION = 1 << 16;

/** A cut, the thread that moved last (or -1), and the least cost of coming there. */
interface Node {
  readonly cut: readonly number[];
  readonly last: number;
  readonly cost: number;
  /** The nodes from which it is reached at that cost. */
  readonly before: Node[];
  isDone: boolean;
  /** Whether a cheapest path to the end leads through it. */
  isOnPath: boolean;
}

/** The schedule of the normal form of the run that the runner has just made. */
export function normalForm(runner: ScheduleRunner, finding: Finding): number[] {
  return new NormalForm(runner, finding).run();
}

class NormalForm {
  readonly #cuts: ClassCuts;
  readonly #trail: Trail;
  /** By position: those that have to come before it for another reason than memory. */
  readonly #earlier = new Map<number, number[]>();
  /** Events of each thread that belong to the cone. */
  readonly #end: readonly number[];

  constructor({ machine, trail }: ScheduleRunner, finding: Finding) {
    this.#cuts = new ClassCuts(machine, trail);
    this.#trail = trail;
    for (const [earlier, later] of finding.orders) {
      this.#earlier.set(later, [...(this.#earlier.get(later) ?? []), earlier]);
    }
    this.#end = finding.shownBy === null ? this.#cuts.whole : this.#coneOf(finding);
  }

  /** N1. */
  #coneOf({ shownBy }: Finding): number[] {
    const { rows, threadCount } = this.#trail;
    const end = new Array<number>(threadCount).fill(0);
    for (const event of shownBy!) {
      if (event < 0) continue;
      for (let u = 0; u < threadCount; u++) {
        end[u] = Math.max(end[u]!, rows[event * threadCount + u]!);
      }
    }
    return end;
  }

  /** N2. */
  run(): number[] {
    const root = nodeOf(
      this.#end.map(() => 0),
      -1,
      0,
    );
    const nodes = new Map([[keyOf(root.cut, -1), root]]);
    const queue = new CostQueue();
    queue.push(root);
    let leastCost = Infinity;
    const ends: Node[] = [];
    for (let node = queue.pop(); node !== null && node.cost <= leastCost; node = queue.pop()) {
      if (node.isDone) continue;
      node.isDone = true;
      if (node.cut.every((count, t) => count === this.#end[t])) {
        leastCost = node.cost;
        ends.push(node);
      } else if (nodes.size > STATES_MAX) return this.#greedy();
      else this.#expand(node, nodes, queue);
    }
    for (const node of ends) markBack(node);
    return ends.length === 0 ? this.#greedy() : this.#firstPath(root, nodes);
  }

  #expand(node: Node, nodes: Map<string, Node>, queue: CostQueue): void {
    for (const t of this.#successors(node)) {
      const cut = node.cut.map((count, u) => (u === t ? count + 1 : count));
      const cost = node.cost + this.#costOf(node, t);
      const key = keyOf(cut, t);
      const known = nodes.get(key);
      if (known !== undefined && known.cost < cost) continue;
      if (known !== undefined && known.cost === cost) {
        known.before.push(node);
        continue;
      }
      const next = nodeOf(cut, t, cost);
      next.before.push(node);
      if (known !== undefined) known.isDone = true;
      nodes.set(key, next);
      queue.push(next);
    }
  }

  /** Of the cheapest paths the one that takes the first threads first. */
  #firstPath(root: Node, nodes: ReadonlyMap<string, Node>): number[] {
    const schedule: number[] = [];
    for (let node = root; ;) {
      const next = this.#successors(node)
        .map((t) =>
          nodes.get(
            keyOf(
              node.cut.map((count, u) => count + Number(u === t)),
              t,
            ),
          ),
        )
        .find((after) => after?.isOnPath === true && after.before.includes(node));
      if (next === undefined) return schedule;
      schedule.push(next.last);
      node = next;
    }
  }

  #costOf({ cut, last }: Node, t: number): number {
    if (t === last || last < 0) return 0;
    return this.#cuts.isEnabled(last, cut) ? PREEMPTION + 1 : 1;
  }

  /** Threads that may move next, the first first. */
  #successors({ cut }: Node): number[] {
    const possible: number[] = [];
    for (let t = 0; t < cut.length; t++) {
      if (cut[t]! < this.#end[t]! && this.#isPossible(t, cut)) possible.push(t);
    }
    return possible;
  }

  #isPossible(t: number, cut: readonly number[]): boolean {
    if (!this.#cuts.isPossible(t, cut)) return false;
    const { index, thread } = this.#trail;
    const earlier = this.#earlier.get(this.#cuts.positionOf(t, cut[t]!)!) ?? [];
    return earlier.every((event) => index[event]! <= cut[thread[event]!]!);
  }

  #greedy(): number[] {
    const schedule: number[] = [];
    for (
      let node = nodeOf(
        this.#end.map(() => 0),
        -1,
        0,
      );
      ;
    ) {
      const possible = this.#successors(node);
      const t = possible.includes(node.last) ? node.last : possible[0];
      if (t === undefined) return schedule;
      schedule.push(t);
      node = nodeOf(
        node.cut.map((count, u) => count + Number(u === t)),
        t,
        0,
      );
    }
  }
}

function nodeOf(cut: readonly number[], last: number, cost: number): Node {
  return { cut, last, cost, before: [], isDone: false, isOnPath: false };
}

function keyOf(cut: readonly number[], last: number): string {
  return `${last}:${cut.join()}`;
}

function markBack(end: Node): void {
  const open = [end];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.isOnPath) continue;
    node.isOnPath = true;
    open.push(...node.before);
  }
}

/** Nodes by cost, the cheapest first. */
class CostQueue {
  readonly #buckets = new Map<number, Node[]>();
  readonly #costs: number[] = [];

  push(node: Node): void {
    const bucket = this.#buckets.get(node.cost);
    if (bucket !== undefined) {
      bucket.push(node);
      return;
    }
    this.#buckets.set(node.cost, [node]);
    this.#costs.push(node.cost);
    this.#costs.sort((a, b) => b - a);
  }

  pop(): Node | null {
    const cost = this.#costs.at(-1);
    if (cost === undefined) return null;
    const bucket = this.#buckets.get(cost)!;
    const node = bucket.pop()!;
    if (bucket.length === 0) {
      this.#buckets.delete(cost);
      this.#costs.pop();
    }
    return node;
  }
}
