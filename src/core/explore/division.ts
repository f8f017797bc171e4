/**
 * Exhaustive exploration in parts that can be explored at the same time.
 *
 * D1. The first part is everything. A part that is not done after its budget of runs hands over
 *     what is left, and each sequence in that becomes a part of its own.
 * D2. What one explorer does one after the other is in order here too: of two steps begun from one
 *     node, the earlier one is asleep for the parts below the later one, though it may still be
 *     being explored; and reversals go from parts below the earlier one along the later one, though
 *     it has been begun.
 * D3. A race is reversed by the part that finds it. A reversal that belongs into a frame of the
 *     part's prefix comes here and goes along what was begun from that frame's node after the
 *     part's own step: where it ends at the beginning of a part, that covers it; otherwise it is
 *     the beginning of a new one.
 * D4. A part takes for granted that such a reversal settles its race (O2 of `optimal-explorer.ts`).
 *     If it turns out that it does not, the part is explored again and comes back to every race;
 *     its first result does not count.
 * D5. Parts are numbered as they are made, and results are taken in by number. So everything here
 *     depends on the program alone, whatever the number of those who explore, and whoever is fast.
 */
import { InternalError } from '../errors.ts';
import type { Machine } from '../machine.ts';
import {
  addNode,
  asleepFor,
  countPart,
  nodesTo,
  pathTo,
  prune,
  type DivisionNode,
} from './division-node.ts';
import type { ExplorationReport, ExploreOptions } from './report.ts';
import { Reversal } from './reversal.ts';
import type { Branch, Handover, Part, Reversals, SubtreeResult } from './subtree.ts';
import type { SubtreeExplorer } from './subtree-explorer.ts';
import { Totals } from './totals.ts';
import { Trail } from './trail.ts';

/** Runs of a part before it hands over what is left: so many that most programs are one part. */
export const PART_RUNS = 2_048;
/** With so many parts open, parts get more runs, so that not more and more of them wait. */
const OPEN_MAX = 256;
/** Times that something new may be learned. */
const LESSONS_MAX = 64;

interface PartInWork extends Part {
  readonly node: DivisionNode;
}

export class Division {
  readonly #explorer: SubtreeExplorer;
  readonly #options: ExploreOptions;
  readonly #runsMax: number;
  #root: DivisionNode = addNode(null, -1, 0, 0);
  #nextNumber = 0;
  /** Parts made and not handed out, in order. */
  #waiting: PartInWork[] = [];
  #waitingFrom = 0;
  /** Parts handed out, and results that came before their turn. */
  readonly #inWork = new Map<number, PartInWork>();
  readonly #results = new Map<number, SubtreeResult>();
  #turn = 0;
  #lessons: (readonly number[])[] = [];
  #totals: Totals;
  #trail: Trail | null = null;
  #reversal: Reversal | null = null;
  /** Parts that were explored again (D4). */
  repeated = 0;

  constructor(explorer: SubtreeExplorer, options: ExploreOptions, runsMax: number = PART_RUNS) {
    this.#explorer = explorer;
    this.#options = options;
    this.#runsMax = runsMax;
    this.#totals = new Totals(options);
    this.#make(this.#root, 0, false);
  }

  /** Runs of all parts that were taken in. */
  get executions(): number {
    return this.#totals.runs;
  }

  /** Parts made so far. */
  get parts(): number {
    return this.#nextNumber;
  }

  /** Whether there is nothing left to explore or to wait for. */
  get isOver(): boolean {
    return this.#totals.isOver || this.#turn === this.#nextNumber;
  }

  /** The next part to explore, or `null` if there is none at the moment. */
  take(): Part | null {
    if (this.isOver || this.#waitingFrom === this.#waiting.length) return null;
    const part = this.#waiting[this.#waitingFrom++]!;
    if (this.#waitingFrom > 1_024) {
      this.#waiting = this.#waiting.slice(this.#waitingFrom);
      this.#waitingFrom = 0;
    }
    this.#inWork.set(part.number, part);
    const { number, subtree, runsMax, keepsOpen, lessons } = part;
    return { number, subtree, runsMax, keepsOpen, lessons };
  }

  /** Takes in the result of a part, as soon as it is its turn (D5). */
  give(number: number, result: SubtreeResult): void {
    // Explored before something was learned.
    if (number < this.#turn) return;
    this.#results.set(number, result);
    for (;;) {
      const next = this.#results.get(this.#turn);
      if (next === undefined || this.#totals.isOver) return;
      const part = this.#inWork.get(this.#turn)!;
      this.#results.delete(this.#turn);
      this.#inWork.delete(this.#turn);
      this.#turn++;
      this.#takeIn(part, next);
    }
  }

  /** What all parts came to; inconclusive if some are missing. */
  report(): ExplorationReport {
    return this.#totals.report(this.isOver);
  }

  #make(node: DivisionNode, known: number, keepsOpen: boolean): void {
    const open = this.#nextNumber - this.#turn;
    let runsMax = this.#runsMax;
    if (open >= OPEN_MAX) runsMax *= open >= 4 * OPEN_MAX ? 1_024 : 16;
    node.isLeaf = true;
    countPart(node, 1);
    this.#waiting.push({
      number: this.#nextNumber++,
      node,
      subtree: { ...pathTo(node), known },
      runsMax,
      keepsOpen,
      lessons: this.#lessons,
    });
  }

  #takeIn(part: PartInWork, result: SubtreeResult): void {
    if (result.lesson !== null) {
      this.#learn(result.lesson);
      return;
    }
    const limit = this.#options.executionsMax ?? Infinity;
    if (this.#totals.runs + result.runs > limit) {
      // More than is allowed: only as many as were left count.
      const runsMax = limit - this.#totals.runs;
      if (runsMax > 0) this.#totals.add(this.#explorer.explore({ ...part, runsMax }));
      this.#totals.reached(limit);
      return;
    }
    const hasFailed = result.report.failure !== null && this.#options.keepsGoing !== true;
    const reversals = hasFailed ? [] : result.reversals;
    // All of them are put in, even if the part is to be explored again.
    const isSettled = reversals.map((each) => this.#reverse(part, each)).every(Boolean);
    if (isSettled || part.keepsOpen) {
      this.#totals.add(result);
      if (result.handover !== null) this.#adopt(part.node, result.handover);
    } else {
      this.repeated++;
      this.#make(part.node, part.subtree.known, true);
    }
    countPart(part.node, -1);
    prune(this.#root);
    if (this.#totals.runs >= limit && !this.isOver) this.#totals.reached(limit);
  }

  /** All that was explored before is void; what voids it is known from now on. */
  #learn(lesson: readonly number[]): void {
    if (this.#lessons.length === LESSONS_MAX) {
      throw new InternalError('what the program uses does not settle', { code: 'E-EXPLORE-006' });
    }
    this.#lessons = [...this.#lessons, lesson];
    this.#explorer.takeLessons(this.#lessons);
    this.#turn = this.#nextNumber;
    this.#inWork.clear();
    this.#results.clear();
    this.#waiting = [];
    this.#waitingFrom = 0;
    this.#totals = new Totals(this.#options);
    this.#root = addNode(null, -1, 0, 0);
    this.#make(this.#root, 0, false);
  }

  /** D1, the deepest frames first, as one explorer alone would go. */
  #adopt(from: DivisionNode, { path, frames }: Handover): void {
    const nodes = [from];
    for (const [depth, { asleep }] of frames.entries()) {
      const node = nodes[depth]!;
      node.before = asleep;
      const thread = path[depth];
      // Nothing is put along this step: what is before it is done.
      if (thread !== undefined) nodes.push(addNode(node, thread, 0, 0));
    }
    for (let depth = nodes.length - 1; depth >= 0; depth--) {
      const node = nodes[depth]!;
      for (const branch of frames[depth]!.pending) this.#start(node, branch, node.depth);
    }
  }

  /** Makes a part of each sequence of a branch. */
  #start(from: DivisionNode, branch: Branch, known: number): void {
    const { machine } = this.#explorer;
    machine.restart();
    for (const t of pathTo(from).prefix) machine.step(t);
    let at = from;
    for (let { thread, next } = branch; ; { thread, next } = next[0]!) {
      const before = this.#asleepAfter(asleepFor(at, null), thread);
      at = addNode(at, thread, machine.footprint(thread), before);
      if (next.length === 0) {
        this.#make(at, known, false);
        return;
      }
      if (next.length > 1) {
        for (const [place, other] of next.entries()) {
          this.#start(at, other, place === 0 ? known : at.depth);
        }
        return;
      }
      machine.step(thread);
    }
  }

  /** Who is still asleep after a thread's next step. */
  #asleepAfter(asleep: number, thread: number): number {
    const { machine } = this.#explorer;
    const footprint = machine.footprint(thread);
    let after = 0;
    for (const q of membersOf(asleep & ~(1 << thread))) {
      if (!machine.footprints.dependent(machine.footprint(q), footprint)) after |= 1 << q;
    }
    return after;
  }

  /** D3, for the reversals of one run. Returns whether that settles all their races (D4). */
  #reverse(part: PartInWork, { schedule, pairs }: Reversals): boolean {
    const { machine } = this.#explorer;
    const { trail, reversal } = this.#room(schedule.length);
    const footprints = this.#runAgain(trail, schedule, part.subtree.prefix.length);
    const last = footprintsOf(machine);
    const nodes = nodesTo(part.node);
    let isSettled = true;
    for (const [first, second, blocked] of pairs) {
      if (second < 0) reversal.ofBlocked(first, blocked, last[blocked]!);
      else if (!reversal.ofRace(first, second)) continue;
      const node = nodes[first]!;
      const own = nodes[first + 1]!;
      const asleep = asleepFor(node, own);
      if ((asleep & reversal.initialInCore) !== 0) continue;
      const sleepers = footprints[first]!;
      const isCovered = membersOf(asleep).some((q) => reversal.isWeakInitial(q, sleepers[q]!));
      if (isCovered || !this.#insert(node, own, trail, reversal)) isSettled = false;
    }
    return isSettled;
  }

  /** D3: goes along what was begun after the part's own step. Returns whether the race is settled. */
  #insert(node: DivisionNode, own: DivisionNode, trail: Trail, reversal: Reversal): boolean {
    let isSettled = true;
    let at = node;
    let children = node.children.slice(node.children.indexOf(own) + 1);
    for (;;) {
      let next: DivisionNode | null = null;
      for (const child of children) {
        if (reversal.isWeakInitial(child.thread, child.footprint)) {
          next = child;
          break;
        }
        if (reversal.isWeakInitialOfCore(child.thread, child.footprint)) isSettled = false;
      }
      if (next === null) {
        const events = reversal.events.subarray(0, reversal.list());
        const threads = Array.from(events, (event) => trail.thread[event]!);
        this.#start(at, branchOf(threads), at.depth);
        return isSettled;
      }
      if ((reversal.initialInCore & (1 << next.thread)) === 0) isSettled = false;
      if (next.isLeaf) return isSettled;
      reversal.removeFirst(next.thread);
      if (reversal.present === 0 || (isSettled && reversal.presentInCore === 0)) return isSettled;
      at = next;
      children = next.children;
    }
  }

  /** An empty trail for so many steps, and reversals on it. */
  #room(steps: number): { readonly trail: Trail; readonly reversal: Reversal } {
    const { machine } = this.#explorer;
    if (this.#trail === null || this.#trail.capacity <= steps) {
      this.#trail = new Trail(machine.threadCount, steps * 2 + 64, machine.footprints, false);
      this.#reversal = new Reversal(this.#trail, machine);
    }
    this.#trail.popTo(0);
    return { trail: this.#trail, reversal: this.#reversal! };
  }

  /** Runs a schedule; returns what every thread was about to touch in each frame of the prefix. */
  #runAgain(trail: Trail, schedule: readonly number[], frames: number): Int32Array[] {
    const { machine } = this.#explorer;
    const footprints: Int32Array[] = [];
    machine.restart();
    for (const [i, t] of schedule.entries()) {
      if (i < frames) footprints.push(footprintsOf(machine));
      trail.push(machine, t, machine.footprint(t));
      if (machine.recordsValues) {
        trail.note(machine, t, i);
        machine.step(t);
        trail.noteAfter(machine, i);
      } else machine.step(t);
    }
    return footprints;
  }
}

function branchOf(threads: readonly number[]): Branch {
  return threads.reduceRight<Branch | null>(
    (rest, thread) => ({ thread, next: rest === null ? [] : [rest] }),
    null,
  )!;
}

function membersOf(set: number): number[] {
  const members: number[] = [];
  for (let rest = set; rest !== 0; rest &= rest - 1) members.push(31 - Math.clz32(rest & -rest));
  return members;
}

/** What each thread that has not ended is about to touch. */
function footprintsOf(machine: Machine): Int32Array {
  const footprints = new Int32Array(machine.threadCount);
  for (const t of membersOf(machine.live)) footprints[t] = machine.footprint(t);
  return footprints;
}
