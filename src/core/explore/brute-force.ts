/**
 * Exploration without reduction, for programs of a dozen events: the oracle that the other engines
 * are tested against.
 *
 * Slow and simple on purpose. Of the engines' parts it shares only the machine and the mixing of
 * one event's hash; dependencies are found by comparing all pairs of events.
 */
import { JOIN, KIND_BITS, KIND_MASK, WAKE, type SteppedProgram } from '../step.ts';
import { locations } from '../memory.ts';
import { learn } from '../learn.ts';
import { Machine } from '../machine.ts';
import { HashSum, HIGH_LANE, LOW_LANE, mixEvent } from './class-hash.ts';

export interface BruteForceOptions {
  /**
   * Prunes a prefix that is equivalent to one explored before. Equivalent prefixes have the same
   * continuations, so the same classes are found, in time that grows with the number of classes of
   * prefixes instead of interleavings.
   */
  readonly prunesPrefixes: boolean;
  /** Prefixes after which to give up. */
  readonly prefixesMax: number;
  /** Called for each class that is found. If the exploration starts over, all count again. */
  readonly onClass?: (low: number, high: number) => void;
}

export interface BruteForceReport {
  readonly complete: number;
  readonly deadlocks: number;
  readonly parked: number;
  /** Prefixes visited. */
  readonly prefixes: number;
  /** Whether all were visited. */
  readonly isExhaustive: boolean;
  readonly hashSum: string;
}

interface NaiveEvent {
  readonly thread: number;
  readonly index: number;
  readonly footprint: number;
  /** Event it follows for another reason than its footprint, or -1. */
  readonly after: number;
  readonly row: readonly number[];
}

/** Explores every interleaving and counts the classes. */
export function bruteForce<Shared>(
  program: SteppedProgram<Shared>,
  options: BruteForceOptions,
): BruteForceReport {
  const machine = new Machine(program as SteppedProgram);
  locations.begin();
  try {
    learn(machine, 1_000);
    for (;;) {
      const report = new BruteForce(machine, options).run();
      if (!machine.refresh()) return report;
    }
  } finally {
    machine.end();
  }
}

class BruteForce {
  readonly #machine: Machine;
  readonly #options: BruteForceOptions;
  readonly #prefixes = new Set<number>();
  readonly #classes = new Set<number>();
  readonly #hashes = new HashSum();
  readonly #counts = { complete: 0, deadlocks: 0, parked: 0 };
  readonly #events: NaiveEvent[] = [];
  #visited = 0;

  constructor(machine: Machine, options: BruteForceOptions) {
    this.#machine = machine;
    this.#options = options;
  }

  run(): BruteForceReport {
    this.#visit(0, 0);
    const isExhaustive = this.#visited <= this.#options.prefixesMax;
    const hashSum = this.#hashes.toString();
    return { ...this.#counts, prefixes: this.#visited, isExhaustive, hashSum };
  }

  /** Explores all continuations of the present events. */
  #visit(low: number, high: number): void {
    if (++this.#visited > this.#options.prefixesMax) return;
    const machine = this.#machine;
    this.#replay();
    const enabled = machine.enabled();
    if (enabled === 0) {
      this.#end(low, high);
      return;
    }
    const next: NaiveEvent[] = [];
    for (let t = 0; t < machine.threadCount; t++) {
      if ((enabled & (1 << t)) !== 0) next.push(this.#nextEvent(t));
    }
    for (const event of next) {
      const { thread, row } = event;
      const nextLow = (low + mixEvent(thread, row, 0, row.length, LOW_LANE)) | 0;
      const nextHigh = (high + mixEvent(thread, row, 0, row.length, HIGH_LANE)) | 0;
      if (this.#options.prunesPrefixes && !addNew(this.#prefixes, nextLow, nextHigh)) continue;
      this.#events.push(event);
      this.#visit(nextLow, nextHigh);
      this.#events.pop();
    }
  }

  #replay(): void {
    this.#machine.restart();
    for (const { thread } of this.#events) this.#machine.step(thread);
  }

  #nextEvent(t: number): NaiveEvent {
    const machine = this.#machine;
    const events = this.#events;
    const footprint = machine.footprint(t);
    const code = machine.codes[t]!;
    let after = -1;
    if ((code & KIND_MASK) === WAKE && machine.queues.isNotified(t))
      after = machine.queues.wokenAt(t);
    if ((code & KIND_MASK) === JOIN) {
      after = events.findLastIndex((event) => event.thread === code >> KIND_BITS);
    }
    const row = new Array<number>(machine.threadCount).fill(0);
    let index = 1;
    for (const [position, event] of events.entries()) {
      if (event.thread === t) index = event.index + 1;
      else if (position !== after && !machine.footprints.dependent(event.footprint, footprint))
        continue;
      for (const [u, count] of event.row.entries()) row[u] = Math.max(row[u]!, count);
    }
    row[t] = index;
    return { thread: t, index, footprint, after, row };
  }

  #end(low: number, high: number): void {
    if (!addNew(this.#classes, low, high)) return;
    this.#hashes.add(low, high);
    this.#options.onClass?.(low, high);
    if (this.#machine.live === 0) this.#counts.complete++;
    else if (this.#machine.parked() !== 0) this.#counts.parked++;
    else this.#counts.deadlocks++;
  }
}

/** Adds 53 bits of a hash to a set; returns whether they were new. */
function addNew(set: Set<number>, low: number, high: number): boolean {
  const key = (high >>> 0) * 0x20_0000 + (low >>> 11);
  const size = set.size;
  return set.add(key).size > size;
}
