/**
 * Sampling: random schedules for programs with too many classes to explore them all.
 *
 * Schedule k of a seed depends on k, the seed and the program only, except that the reads-from
 * guided strategy learns within its epoch; `first` lets a run begin at any k (for that strategy at
 * the start of an epoch).
 */
import { createIntegers } from '../../../random/integers.ts';
import { deriveState, expandSeed, type SeedState } from '../../../random/seed.ts';
import { RaceDetector } from '../../check/race.ts';
import { UsageError } from '../../errors.ts';
import { learn } from '../../learn.ts';
import { Machine } from '../../machine.ts';
import { locations } from '../../memory.ts';
import type { SteppedProgram } from '../../step.ts';
import { Outcome, STEPS_LIMIT, STEPS_MAX } from '../outcome.ts';
import type { ExplorationReport, ExploreOptions } from '../report.ts';
import { Trail } from '../trail.ts';
import { EPOCH, greybox } from './greybox.ts';
import { pct } from './pct.ts';
import { pos } from './pos.ts';
import { profileOf } from './profile.ts';
import { randomWalk, weightedWalk } from './random-walk.ts';
import type { SamplingContext, SamplingStrategy } from './strategy.ts';
import { surw } from './surw.ts';

export type SamplingName =
  | 'random'
  | 'urw'
  | 'pct2'
  | 'pct3'
  | 'pct4'
  | 'pct5'
  | 'pct'
  | 'pos'
  | 'surw'
  | 'greybox'
  | 'portfolio';

/** The members of each strategy that schedules are dealt to in turn. */
const MEMBERS: Readonly<Record<SamplingName, readonly SamplingName[]>> = {
  random: ['random'],
  urw: ['urw'],
  pct2: ['pct2'],
  pct3: ['pct3'],
  pct4: ['pct4'],
  pct5: ['pct5'],
  pct: ['pct2', 'pct3', 'pct4', 'pct5'],
  pos: ['pos'],
  surw: ['surw'],
  greybox: ['greybox'],
  portfolio: ['surw', 'pos', 'greybox', 'pct2', 'surw', 'pos', 'greybox', 'pct3', 'urw', 'pct5'],
};

/** Names of all strategies. */
export const SAMPLING_NAMES: readonly SamplingName[] = Object.keys(MEMBERS) as SamplingName[];

export interface SampleOptions extends ExploreOptions {
  /** Default `portfolio`. */
  readonly strategy?: SamplingName;
  /** Default `1`. */
  readonly seed?: string;
  /** Schedules to try. Default 10,000. */
  readonly schedules?: number;
  /** Number of the first schedule, from 0. Default 0. */
  readonly first?: number;
}

export interface SamplingReport extends ExplorationReport {
  readonly strategy: SamplingName;
  readonly seed: string;
  /** Schedules run. */
  readonly schedules: number;
  /** Distinct classes among them. */
  readonly classes: number;
  /**
   * Good and Turing's estimate of the share of the strategy's schedules whose class was not seen:
   * classes seen exactly once, divided by schedules.
   */
  readonly unseenShare: number;
  /** Number, from 0, of the schedule that failed first, or -1. */
  readonly failedSchedule: number;
}

/** Runs random schedules of a program and judges each. */
export function exploreSampled<Shared>(
  program: SteppedProgram<Shared>,
  options: SampleOptions = {},
): SamplingReport {
  const exploration = new SampledExploration(program as SteppedProgram, options);
  try {
    exploration.advance(Infinity);
    return exploration.report();
  } finally {
    exploration.close();
  }
}

/**
 * The same, a part at a time, for whoever has other things to do meanwhile. Names of memory are
 * global: nothing else may explore before `close`.
 */
export class SampledExploration {
  readonly #machine: Machine;
  readonly #make: () => Sampler;
  #sampler: Sampler;

  /** @throws UsageError E-EXPLORE-004 for a strategy that there is not. */
  constructor(program: SteppedProgram, options: SampleOptions) {
    const name = options.strategy ?? 'portfolio';
    if (!(name in MEMBERS)) {
      throw new UsageError(`there is no strategy called ${name}`, {
        code: 'E-EXPLORE-004',
        place: '--strategy',
        todo: `One of: ${SAMPLING_NAMES.join(', ')}.`,
      });
    }
    const stepsMax = Math.min(options.stepsMax ?? STEPS_MAX, STEPS_LIMIT);
    this.#machine = new Machine(program);
    this.#make = () => new Sampler(this.#machine, options, name, stepsMax);
    locations.begin();
    try {
      if (program.invariants !== undefined) this.#machine.accesses.watch();
      learn(this.#machine, stepsMax);
      this.#sampler = this.#make();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Runs at most so many schedules more. Returns whether those were all. */
  advance(schedules: number): boolean {
    for (;;) {
      const how = this.#sampler.advance(schedules);
      if (how !== 'void') return how === 'done';
      // What a run taught voids what was recorded; rarely more than once.
      this.#sampler = this.#make();
    }
  }

  /** What was found so far. */
  report(): SamplingReport {
    return this.#sampler.report();
  }

  /** Nothing of the exploration is left in the names that all share. */
  close(): void {
    this.#machine.end();
  }
}

class Sampler {
  readonly #machine: Machine;
  readonly #options: SampleOptions;
  readonly #name: SamplingName;
  readonly #seed: string;
  readonly #trail: Trail;
  readonly #outcome: Outcome;
  readonly #detector: RaceDetector | null;
  /** How often each class was seen, by 53 bits of its hash. */
  readonly #seen = new Map<number, number>();
  #once = 0;
  #schedules = 0;
  #failed = -1;
  /** Made at the first schedule: profiling runs the program. */
  #members: SamplingStrategy[] | null = null;
  readonly #state: SeedState;
  /** Number of the next schedule. */
  #next = 0;

  constructor(machine: Machine, options: SampleOptions, name: SamplingName, stepsMax: number) {
    this.#machine = machine;
    this.#options = options;
    this.#name = name;
    this.#seed = options.seed ?? '1';
    this.#state = expandSeed(this.#seed, `explore/${name}`);
    this.#trail = new Trail(machine.threadCount, stepsMax + 1, machine.footprints, true);
    this.#outcome = new Outcome(machine, this.#trail, { ...options, hasHashes: true }, stepsMax);
    const findsRaces = options.findsRaces !== false && machine.usesPlain;
    this.#detector = findsRaces
      ? new RaceDetector(this.#trail, options.findsMixedRaces === true)
      : null;
  }

  /** Runs at most so many schedules more. `void`: what was learned on the way voids them. */
  advance(schedules: number): 'paused' | 'done' | 'void' {
    const machine = this.#machine;
    if (this.#members === null) {
      this.#members = this.#createMembers();
      if (machine.refresh()) return 'void';
      this.#next = this.#firstSchedule(this.#members.length);
    }
    const members = this.#members;
    const end = (this.#options.first ?? 0) + (this.#options.schedules ?? 10_000);
    for (let left = schedules; this.#next < end && !this.#outcome.isOver; left--) {
      if (left <= 0) return 'paused';
      const k = this.#next++;
      this.#sample(k, members[k % members.length]!, this.#state);
      if (machine.refresh()) return 'void';
      this.#outcome.checkBudget();
    }
    return 'done';
  }

  #createMembers(): SamplingStrategy[] {
    const state = expandSeed(this.#seed, 'explore/profile');
    const profile = profileOf(this.#machine, state, this.#outcome.stepsMax);
    const context = { machine: this.#machine, trail: this.#trail, profile };
    return MEMBERS[this.#name].map((name) => createStrategy(name, context));
  }

  /** A strategy that learns begins at the start of its epoch. */
  #firstSchedule(memberCount: number): number {
    const first = this.#options.first ?? 0;
    if (!MEMBERS[this.#name].includes('greybox')) return first;
    const stride = EPOCH * memberCount;
    return Math.floor(first / stride) * stride;
  }

  #sample(k: number, strategy: SamplingStrategy, state: SeedState): void {
    const machine = this.#machine;
    const trail = this.#trail;
    const outcome = this.#outcome;
    trail.popTo(0);
    machine.restart();
    outcome.began();
    strategy.begin(createIntegers(deriveState(state, k)));
    if (machine.program.invariants !== undefined) outcome.checkInvariants();
    let enabled = machine.enabled();
    while (enabled !== 0 && trail.length < outcome.stepsMax && !this.#hasToStop()) {
      this.#step(strategy.choose(enabled), strategy);
      enabled = machine.enabled();
    }
    // Before its first requested schedule a learning strategy only warms up.
    if (k < (this.#options.first ?? 0)) {
      strategy.ended?.(false);
      return;
    }
    this.#schedules++;
    if (!outcome.isOver) outcome.ended(enabled !== 0 && machine.thrown === null);
    const isNewClass = this.#count();
    strategy.ended?.(isNewClass);
    if (outcome.failure !== null && this.#failed < 0) this.#failed = k;
  }

  #hasToStop(): boolean {
    return this.#machine.thrown !== null || this.#outcome.isOver;
  }

  #step(t: number, strategy: SamplingStrategy): void {
    const machine = this.#machine;
    const trail = this.#trail;
    const i = trail.length;
    trail.push(machine, t, machine.footprint(t));
    this.#outcome.steps++;
    strategy.stepped?.(t);
    if (this.#detector !== null) {
      const earlier = this.#detector.push();
      if (earlier >= 0) this.#outcome.race(earlier);
    }
    if (machine.recordsValues) {
      trail.note(machine, t, i);
      machine.step(t);
      trail.noteAfter(machine, i);
    } else machine.step(t);
    if (machine.program.invariants !== undefined) this.#outcome.checkInvariants();
  }

  /** Counts the class of the run; returns whether it is new. */
  #count(): boolean {
    const key = (this.#trail.hashHigh() >>> 0) * 0x20_0000 + (this.#trail.hashLow() >>> 11);
    const times = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, times);
    if (times === 1) this.#once++;
    else if (times === 2) this.#once--;
    return times === 1;
  }

  report(): SamplingReport {
    const report = this.#outcome.report();
    const schedules = this.#schedules;
    // Holds over the schedules tried; a bound that cut runs short leaves the answer open.
    const holds = report.verdict === 'inconclusive' && report.bound === null && schedules > 0;
    return {
      ...report,
      verdict: holds ? 'holds' : report.verdict,
      strategy: this.#name,
      seed: this.#seed,
      schedules,
      classes: this.#seen.size,
      unseenShare: schedules === 0 ? 1 : this.#once / schedules,
      failedSchedule: this.#failed,
    };
  }
}

function createStrategy(name: SamplingName, context: SamplingContext): SamplingStrategy {
  switch (name) {
    case 'urw':
      return weightedWalk(context);
    case 'pos':
      return pos(context);
    case 'surw':
      return surw(context);
    case 'greybox':
      return greybox(context);
    case 'pct2':
    case 'pct3':
    case 'pct4':
    case 'pct5':
      return pct(context, Number(name[3]));
    default:
      return randomWalk();
  }
}
