/** Exhaustive exploration by optimal dynamic partial-order reduction: one run for each class. */
import { locations } from '../memory.ts';
import { learn } from '../learn.ts';
import { Machine } from '../machine.ts';
import type { SteppedProgram } from '../step.ts';
import { OptimalExplorer } from './optimal-explorer.ts';
import { STEPS_LIMIT, STEPS_MAX } from './outcome.ts';
import type { ExplorationReport, ExploreOptions } from './report.ts';
import { EVERYTHING } from './subtree.ts';

/** Explores all interleavings of a program, one of each class. */
export function exploreExhaustively<Shared>(
  program: SteppedProgram<Shared>,
  options: ExploreOptions = {},
): ExplorationReport {
  const exploration = new ExhaustiveExploration(program as SteppedProgram, options);
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
export class ExhaustiveExploration {
  readonly #machine: Machine;
  readonly #options: ExploreOptions;
  readonly #stepsMax: number;
  #capacity: number;
  #explorer: OptimalExplorer;

  constructor(program: SteppedProgram, options: ExploreOptions) {
    this.#options = options;
    this.#stepsMax = Math.min(options.stepsMax ?? STEPS_MAX, STEPS_LIMIT);
    this.#machine = new Machine(program);
    locations.begin();
    try {
      if (program.invariants !== undefined) this.#machine.accesses.watch();
      learn(this.#machine, this.#stepsMax);
      this.#capacity = Math.min(this.#stepsMax, this.#machine.position * 2 + 64);
      this.#explorer = this.#begin();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Explores in at most so many runs more. Returns whether that was all. */
  advance(runs: number): boolean {
    for (;;) {
      const how = this.#explorer.advance(runs);
      if (how !== 'void') return how === 'done';
      // A run that shows a new feature, or is longer than expected, voids what was recorded; rarely
      // more than once.
      if (this.#explorer.isTooShort) {
        this.#capacity = Math.min(this.#stepsMax, this.#capacity * 4);
      }
      this.#explorer = this.#begin();
    }
  }

  /** What was found so far. */
  report(): ExplorationReport {
    return this.#explorer.outcome.report();
  }

  /** Nothing of the exploration is left in the names that all share. */
  close(): void {
    this.#machine.end();
  }

  #begin(): OptimalExplorer {
    const limits = { stepsMax: this.#stepsMax, capacity: this.#capacity };
    const explorer = new OptimalExplorer(this.#machine, this.#options, limits);
    explorer.begin(EVERYTHING);
    return explorer;
  }
}
