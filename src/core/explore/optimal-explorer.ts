/**
 * The optimal explorer: one run for each class, none redundant.
 *
 * Source: Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic Partial
 * Order Reduction", JACM 64(4), 2017, with wakeup trees, extended by predicted outcomes of
 * conditional steps and by locks.
 *
 * O1. `frames` are the states along the present run: frame d is the state before the event at
 *     position d. It has a *sleep set*, the threads whose next step was explored from there and on
 *     which nothing since depends, and a list of wakeup trees, the sequences still to be explored
 *     from there.
 * O2. At the end of a run each race (e, f) is reversed: unless a sleeping thread of frame e is a weak
 *     initial of the reversal, the reversal goes into frame e's wakeup trees. A race of the replayed
 *     prefix is *settled*, and not looked at again, once its core (R1 of `reversal.ts`) went into
 *     the trees, or is covered by a branch or a sleeping thread, whatever the rest of the execution
 *     may be: every branch that was taken, or passed by, was so because of the core. Others stay
 *     open: the next execution may have another rest.
 * O3. The branch being explored is taken out of its frame's trees when it is begun: its first event
 *     is in conflict with the last event of any reversal that could be put into that frame
 *     meanwhile, so nothing would ever match it.
 * O4. A thread that is blocked on a mutex when nobody can move takes part: its acquisition is
 *     reversed with the last one of that mutex. Deadlocks are found so.
 * O5. An explorer may be given a *subtree*: a prefix, and for each of its frames who is asleep there.
 *     It explores what begins with the prefix. Reversals that belong into a frame of the prefix go
 *     into that frame's trees too, so that they are found only once, but those trees are not
 *     explored: they are handed to whoever owns the frame, or left out where nobody needs them. When
 *     its budget is used up, the trees that are left are handed over too.
 * O6. In a subtree that is explored *alone* a thread asleep at the end of the prefix stands behind a
 *     gate (F3 of `frontier.ts`), and covers no reversal that it takes no part in. Runs may end there.
 */
import type { Machine } from '../machine.ts';
import { KIND_BITS } from '../step.ts';
import { RaceDetector } from '../check/race.ts';
import { FirstRun, type ValueDifference } from './first-run.ts';
import { handOver } from './hand-over.ts';
import { Outcome } from './outcome.ts';
import type { ExploreOptions } from './report.ts';
import { Reversal } from './reversal.ts';
import { describeCode } from './step-names.ts';
import { rewinderOf, type Rewinder } from './rewind.ts';
import { SleepSets } from './sleep-sets.ts';
import {
  EVERYTHING,
  type ExplorerLimits,
  type ExplorerTask,
  type Handover,
  type Reversals,
} from './subtree.ts';
import { Trail } from './trail.ts';
import { WakeupTrees } from './wakeup-trees.ts';

/** Explores one subtree after the other. */
export class OptimalExplorer {
  outcome: Outcome;
  readonly #machine: Machine;
  readonly #options: ExploreOptions;
  readonly #limits: ExplorerLimits;
  readonly #trail: Trail;
  readonly #reversal: Reversal;
  readonly #detector: RaceDetector | null;
  #rewinder: Rewinder | null;
  readonly #hasInvariants: boolean;
  readonly #keepsGoing: boolean;
  /** O1. */
  readonly #sleep: SleepSets;
  readonly #trees: WakeupTrees;
  /** Races that are not settled (O2), by number, which is the order of their second events. */
  readonly #openRaces: number[] = [];
  /** Position from which the events of the present run are new. */
  #fresh = 0;
  #task: ExplorerTask = EVERYTHING;
  /** While the first run is under way or repeated. */
  #first: FirstRun | null = null;
  /** O5. Frames before this one belong to others; races that begin before `#least` are left out. */
  #base = 0;
  #least = 0;
  /** Whether a run needed more room. */
  isTooShort = false;
  /** Reversals for frames of the prefix, by run. */
  reversals: Reversals[] = [];
  /** What is left, when the budget of runs is used up. */
  handover: Handover | null = null;

  constructor(machine: Machine, options: ExploreOptions, limits: ExplorerLimits) {
    const { threadCount, footprints } = machine;
    const { stepsMax, capacity } = limits;
    this.#machine = machine;
    this.#options = options;
    this.#limits = limits;
    this.#trail = new Trail(threadCount, capacity + 1, footprints, options.hasHashes === true);
    this.#reversal = new Reversal(this.#trail, machine);
    this.#rewinder = rewinderOf(machine, this.#trail);
    const findsRaces = options.findsRaces !== false && machine.usesPlain;
    this.#detector = findsRaces
      ? new RaceDetector(this.#trail, options.findsMixedRaces === true)
      : null;
    this.outcome = new Outcome(machine, this.#trail, options, stepsMax);
    this.#keepsGoing = options.keepsGoing === true;
    this.#hasInvariants = machine.program.invariants !== undefined;
    this.#sleep = new SleepSets(machine, capacity + 3);
    this.#trees = new WakeupTrees(this.#trail, this.#sleep, capacity + 3);
  }

  /** Begins a subtree, to be explored by `advance`. */
  begin(task: ExplorerTask): void {
    this.#task = task;
    this.#base = task.subtree.prefix.length;
    this.#least = task.isAlone === true ? this.#base : 0;
    this.#trail.popTo(0);
    this.outcome = new Outcome(this.#machine, this.#trail, this.#options, this.#limits.stepsMax);
    this.#sleep.clear();
    this.#trees.clear();
    this.#openRaces.length = 0;
    this.#fresh = 0;
    this.reversals = [];
    this.handover = null;
  }

  /** Explores for at most so many runs more. `void`: what was learned on the way voids it. */
  advance(runs: number): 'paused' | 'done' | 'void' {
    const { outcome } = this;
    const end = outcome.executions + runs;
    for (; !outcome.isOver;) {
      if (outcome.executions >= end) return 'paused';
      outcome.began();
      if (outcome.executions === 1) {
        this.#first = this.#base === 0 ? new FirstRun() : null;
        this.#descend();
      } else this.#replay();
      if (outcome.isOver) break;
      const isRedundant = this.#extend();
      if (this.#machine.refresh() || this.isTooShort) return 'void';
      // The first run is repeated: code that does not repeat itself is found even if nothing is
      // ever reversed.
      this.#first?.end(this.#machine);
      const { repetitions = 1 } = this.#options;
      for (let n = 0; n < repetitions && this.#first !== null && !outcome.isOver; n++) {
        this.#replay();
      }
      this.#first = null;
      if (outcome.isOver) break;
      this.#endRun(isRedundant);
      if (!this.#backtrack()) {
        outcome.isExhaustive = !outcome.isOver;
        break;
      }
      outcome.checkBudget();
      if (!outcome.isOver && outcome.executions >= this.#task.runsMax) {
        this.handover = handOver(this.#trail, this.#base, this.#sleep, (d) =>
          this.#trees.branches(d),
        );
        break;
      }
    }
    return 'done';
  }

  /** The first run begins: it goes along the prefix (O5). */
  #descend(): void {
    const machine = this.#machine;
    const { prefix, asleep, known } = this.#task.subtree;
    this.#restart();
    if (this.#hasInvariants) this.outcome.checkInvariants();
    for (let d = 0; d <= prefix.length; d++) {
      this.#sleep.addAll(d, asleep[d]!, machine);
      if (this.#task.isAlone === true) this.#sleep.gate(d);
      if (d === prefix.length || this.outcome.isOver) break;
      this.#take(d, prefix[d]!, machine.footprint(prefix[d]!));
    }
    this.outcome.stepsReplayed += Math.min(known, this.outcome.steps);
    this.outcome.steps -= Math.min(known, this.outcome.steps);
  }

  /** Runs on until nobody can move. Returns whether all who could are asleep. */
  #extend(): boolean {
    const machine = this.#machine;
    const trail = this.#trail;
    const { forest, first } = this.#trees;
    const { outcome } = this;
    for (;;) {
      const enabled = machine.enabled();
      if (enabled === 0 || (machine.thrown !== null && !this.#keepsGoing)) return false;
      const d = trail.length;
      if (d >= this.#limits.capacity) {
        this.isTooShort = d < this.#limits.stepsMax;
        return false;
      }
      const branch = first[d]!;
      let t: number;
      if (branch >= 0) {
        t = forest.thread[branch]!;
        if ((enabled & (1 << t)) === 0) {
          outcome.mispredictions++;
          return true;
        }
        first[d] = forest.sibling[branch]!;
        first[d + 1] = forest.child[branch]!;
      } else {
        const awake = enabled & ~this.#sleep.sets[d]!;
        if (awake === 0) return true;
        t = 31 - Math.clz32(awake & -awake);
        first[d + 1] = -1;
      }
      const footprint = machine.footprint(t);
      if (branch >= 0) {
        if (forest.footprint[branch] !== footprint) outcome.mispredictions++;
        forest.release(branch);
      }
      this.#take(d, t, footprint);
      if (outcome.isOver) return false;
    }
  }

  #take(d: number, t: number, footprint: number): void {
    const machine = this.#machine;
    const trail = this.#trail;
    this.#sleep.pass(d, t, footprint);
    trail.push(machine, t, footprint);
    this.outcome.steps++;
    if (this.#detector !== null) {
      const earlier = this.#detector.push();
      if (earlier >= 0) this.outcome.race(earlier);
    }
    const first = this.#first;
    if (first !== null) first.before(machine, t);
    const rewinder = this.#rewinder;
    if (rewinder !== null && !rewinder.note(t, d)) this.#rewinder = null;
    if (machine.recordsValues) {
      trail.note(machine, t, d);
      machine.step(t);
      trail.noteAfter(machine, d);
    } else machine.step(t);
    if (first !== null) first.after();
    if (this.#hasInvariants) this.outcome.checkInvariants();
  }

  #endRun(isRedundant: boolean): void {
    const machine = this.#machine;
    const { outcome } = this;
    if (isRedundant) outcome.redundant++;
    else {
      outcome.ended(machine.enabled() !== 0);
      if (outcome.isOver) return;
    }
    this.#reverseRaces();
    if (machine.live !== 0) this.#reverseBlocked();
  }

  /** O2. */
  #reverseRaces(): void {
    const trail = this.#trail;
    const open = this.#openRaces;
    let kept = 0;
    for (let k = 0; k < open.length; k++) {
      const race = open[k]!;
      if (!this.#settles(race)) open[kept++] = race;
    }
    // Setting the length takes time even where it stays.
    if (open.length !== kept) open.length = kept;
    for (let race = trail.raceStart[this.#fresh]!; race < trail.raceTop; race++) {
      if (!this.#settles(race)) open.push(race);
    }
  }

  #settles(race: number): boolean {
    const e = this.#trail.raceFirst[race]!;
    const f = this.#trail.raceSecond[race]!;
    if (e < this.#least || !this.#reversal.ofRace(e, f)) return true;
    return this.#insert(e, f, -1) && (e >= this.#base || !this.#task.keepsOpen);
  }

  /** O4. */
  #reverseBlocked(): void {
    const machine = this.#machine;
    const trail = this.#trail;
    for (let rest = machine.live; rest !== 0; rest &= rest - 1) {
      const t = 31 - Math.clz32(rest & -rest);
      if (!machine.isBlockedOnLock(t)) continue;
      const location = machine.codes[t]! >> KIND_BITS;
      if (location >= trail.head.length) continue;
      const e = trail.acquisitionFrom(trail.head[location]!);
      const last = trail.last[t]!;
      if (e < this.#least || trail.thread[e] === t) continue;
      if (last >= 0 && trail.isBefore(e, last)) continue;
      this.#reversal.ofBlocked(e, t, machine.footprint(t));
      this.#insert(e, -1, t);
    }
  }

  /** Inserts a reversal into frame d. Returns whether that settles its race (O2). */
  #insert(d: number, second: number, blocked: number): boolean {
    const settles = this.#trees.insert(d, this.#reversal);
    if (d < this.#base && this.#trees.hasGrown) this.#note(d, second, blocked);
    return settles;
  }

  /** O5. Keeps a reversal for the owner of its frame. */
  #note(first: number, second: number, blocked: number): void {
    const run = this.outcome.executions;
    let reversals = this.reversals.at(-1);
    if (reversals?.run !== run) {
      reversals = { run, schedule: this.outcome.schedule(), pairs: [] };
      this.reversals.push(reversals);
    }
    reversals.pairs.push([first, second, blocked]);
  }

  /** Goes back to the deepest frame that has a wakeup tree left. Returns false if none has. */
  #backtrack(): boolean {
    const trail = this.#trail;
    const { first } = this.#trees;
    for (let d = trail.length - 1; d >= this.#base; d--) {
      if (first[d]! < 0) continue;
      const t = trail.thread[d]!;
      this.#sleep.add(d, t, trail.footprint[d]!);
      trail.popTo(d);
      const open = this.#openRaces;
      while (open.length > 0 && open[open.length - 1]! >= trail.raceTop) open.pop();
      this.#fresh = d;
      return true;
    }
    return false;
  }

  #restart(): void {
    this.#machine.restart();
    if (this.#rewinder?.restarted() === false) this.#rewinder = null;
  }

  /** Brings the program to the end of the trail again. */
  #replay(): void {
    const trail = this.#trail;
    this.outcome.stepsReplayed += trail.length;
    const rewinder = this.#rewinder;
    if (rewinder === null || this.#first !== null || !rewinder.isReady()) {
      this.#repeat();
      return;
    }
    const i = rewinder.rewind();
    if (i >= 0) this.#diverged(i);
  }

  /** Runs the program again up to the end of the trail. */
  #repeat(): void {
    const machine = this.#machine;
    const trail = this.#trail;
    const { thread, code, length } = trail;
    this.#restart();
    const rewinder = this.#rewinder;
    const { codes } = machine;
    // Plain values are what they were; a loop that awaits a change has to be followed again.
    const notes = trail.hasIdentities || machine.spins.isUsed || this.#first !== null;
    for (let i = 0; i < length; i++) {
      const t = thread[i]!;
      if (codes[t] !== code[i]) {
        this.#diverged(i);
        return;
      }
      const first = this.#first;
      if (first !== null) first.before(machine, t);
      if (rewinder !== null) rewinder.note(t, i);
      if (!notes) machine.step(t, true);
      else if (machine.recordsValues) {
        trail.note(machine, t, i);
        machine.step(t);
        trail.noteAfter(machine, i);
      } else machine.step(t);
      if (first !== null) this.#differs(first.compare(i, t));
    }
    if (this.#first !== null) this.#differs(this.#first.compareResults(machine, length));
  }

  #diverged(i: number): void {
    const { thread, code } = this.#trail;
    const t = thread[i]!;
    const found = this.#machine.codes[t]!;
    this.outcome.diverged(i, t, describeCode(code[i]!), describeCode(found));
  }

  #differs(difference: ValueDifference | null): void {
    if (difference === null) return;
    const { stepIndex, thread, first, second } = difference;
    this.outcome.diverged(stepIndex, thread, first, second);
  }
}
