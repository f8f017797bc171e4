/**
 * Reversals against their definition: initials and weak initials, found anew after every event that
 * is taken out.
 */
import type { Random } from 'fast-check';
import { expect, test } from 'vitest';
import { deriveState, expandSeed } from '../../random/seed.ts';
import { createStream } from '../../random/stream.ts';
import { COMPOUND_BASE } from '../footprint.ts';
import { learn } from '../learn.ts';
import { Machine } from '../machine.ts';
import { locations } from '../memory.ts';
import { randomInstructions, randomProgram, type RandomShape } from '../selftest/random-program.ts';
import { Reversal } from './reversal.ts';
import { Trail } from './trail.ts';

const SHAPES: readonly RandomShape[] = [
  { threads: [3, 7], operations: [2, 6], places: 3, ops: ['load', 'store', 'add', 'cas'] },
  {
    threads: [3, 6],
    operations: [2, 6],
    places: 2,
    ops: ['load', 'store', 'lock', 'tryLock', 'unlock', 'half', 'await', 'timedWait', 'notify'],
  },
];
const PROGRAMS = 50;

test.each(SHAPES)('a reversal knows its initials at every length, %#', (shape) => {
  const base = expandSeed('1', 'reversal');
  let compared = 0;
  for (let k = 0; k < PROGRAMS; k++) {
    const random = createStream(deriveState(base, k));
    const machine = new Machine(randomProgram(randomInstructions(random, shape)));
    locations.begin();
    try {
      learn(machine, 1_000);
      const trail = runAnyhow(machine, random);
      const reversal = new Reversal(trail, machine);
      for (let race = 0; race < trail.raceTop; race++) {
        const e = trail.raceFirst[race]!;
        const f = trail.raceSecond[race]!;
        if (!reversal.ofRace(e, f)) continue;
        compared += compareDown(new Definition(trail, machine, e, f), reversal, random);
      }
    } finally {
      machine.end();
    }
  }
  expect(compared).toBeGreaterThan(1_000);
});

/** One execution, the next thread drawn. Again when it showed something new of the program. */
function runAnyhow(machine: Machine, random: Random): Trail {
  const trail = new Trail(machine.threadCount, 500, machine.footprints, false);
  do {
    trail.popTo(0);
    machine.restart();
    while (trail.length < 200) {
      const enabled = membersOf(machine.enabled());
      if (enabled.length === 0) break;
      const t = enabled[random.nextInt(0, enabled.length - 1)]!;
      const i = trail.length;
      trail.push(machine, t, machine.footprint(t));
      if (machine.recordsValues) trail.note(machine, t, i);
      machine.step(t);
      if (machine.recordsValues) trail.noteAfter(machine, i);
    }
  } while (machine.refresh());
  return trail;
}

function membersOf(set: number): number[] {
  return Array.from({ length: 32 }, (_, t) => t).filter((t) => (set & (1 << t)) !== 0);
}

/** The sequence of a reversal, and what its comments say of it, looked up event by event. */
class Definition {
  events: number[];
  readonly #trail: Trail;
  readonly #machine: Machine;
  readonly #f: number;

  constructor(trail: Trail, machine: Machine, e: number, f: number) {
    this.#trail = trail;
    this.#machine = machine;
    this.#f = f;
    const after = Array.from({ length: trail.length - e - 1 }, (_, k) => e + 1 + k);
    const kept = after.filter((g) => !trail.isBefore(e, g));
    const core = kept.filter((g) => g < f);
    this.events = [...core, trail.capacity, ...kept.filter((g) => g > f)];
  }

  get #core(): readonly number[] {
    return this.events.filter((g) => g < this.#f || g === this.#trail.capacity);
  }

  sets(): Record<'present' | 'initial' | 'presentInCore' | 'initialInCore', number> {
    const { thread } = this.#trail;
    const core = this.#core;
    const firsts = this.events.filter(
      (g, k) => this.events.findIndex((other) => thread[other] === thread[g]) === k,
    );
    const initials = firsts.filter((g) => this.#isInitial(g));
    const setOf = (events: readonly number[]): number =>
      events.reduce((set, g) => set | (1 << thread[g]!), 0);
    return {
      present: setOf(firsts),
      initial: setOf(initials),
      presentInCore: setOf(core),
      initialInCore: setOf(initials.filter((g) => core.includes(g))),
    };
  }

  #isInitial(event: number): boolean {
    const { footprint, capacity } = this.#trail;
    const before = this.events.slice(0, this.events.indexOf(event));
    if (event === capacity) return this.#isIndependent(before, footprint[capacity]!);
    return before.every((g) => g === capacity || !this.#trail.isBefore(g, event));
  }

  #isIndependent(events: readonly number[], next: number): boolean {
    const { footprint } = this.#trail;
    return events.every((g) => !this.#machine.footprints.dependent(footprint[g]!, next));
  }

  /** Compares what a reversal says of the threads that are not in it, whatever they touch next. */
  compareAbsent(reversal: Reversal): void {
    const { footprint, capacity, length, threadCount } = this.#trail;
    const touched = [...new Set([...footprint.subarray(0, length), footprint[capacity]!])];
    const flipped = touched.filter((next) => next < COMPOUND_BASE).map((next) => next ^ 1);
    const { present, presentInCore } = this.sets();
    const core = this.#core;
    for (const next of new Set([...touched, ...flipped])) {
      const isWeak = this.#isIndependent(this.events, next);
      const isWeakInCore = this.#isIndependent(core, next);
      for (let t = 0; t < threadCount; t++) {
        const bit = 1 << t;
        const isRight =
          ((present & bit) !== 0 || reversal.isWeakInitial(t, next) === isWeak) &&
          ((presentInCore & bit) !== 0 || reversal.isWeakInitialOfCore(t, next) === isWeakInCore);
        if (!isRight) expect.fail(`thread ${t}, footprint ${next}, of ${this.events.join()}`);
      }
    }
  }

  removeFirst(t: number): void {
    const k = this.events.findIndex((g) => this.#trail.thread[g] === t);
    this.events.splice(k, 1);
  }
}

/** Takes initials out, drawn, until nothing is left. Returns the number of comparisons. */
function compareDown(definition: Definition, reversal: Reversal, random: Random): number {
  for (let compared = 1; ; compared++) {
    const { present, initial, presentInCore, initialInCore } = reversal;
    const events = [...reversal.events.subarray(0, reversal.list())];
    expect({ events, present, initial, presentInCore, initialInCore }).toEqual({
      events: definition.events,
      ...definition.sets(),
    });
    definition.compareAbsent(reversal);
    if (present === 0) return compared;
    const initials = membersOf(initial);
    const t = initials[random.nextInt(0, initials.length - 1)]!;
    reversal.removeFirst(t);
    definition.removeFirst(t);
  }
}
