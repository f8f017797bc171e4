/** Explores subtrees of one program, one after the other, with one machine. */
import { locations } from '../memory.ts';
import { learn } from '../learn.ts';
import { Machine } from '../machine.ts';
import type { SteppedProgram } from '../step.ts';
import { OptimalExplorer } from './optimal-explorer.ts';
import { STEPS_LIMIT, STEPS_MAX } from './outcome.ts';
import type { ExploreOptions } from './report.ts';
import type { Part, SubtreeResult } from './subtree.ts';

/** Names of memory are global: at most one of these may be open at a time, and nothing else explores meanwhile. */
export class SubtreeExplorer {
  readonly machine: Machine;
  readonly stepsMax: number;
  /** Steps a run has been known to need, and some more. */
  #capacity: number;
  #worker: OptimalExplorer | null = null;
  readonly #options: ExploreOptions;
  /** Lessons that were run, or were learned here. */
  readonly #taken = new Set<string>();

  constructor(program: SteppedProgram, options: ExploreOptions) {
    const { executionsMax: _, ...rest } = options;
    this.#options = rest;
    this.stepsMax = Math.min(options.stepsMax ?? STEPS_MAX, STEPS_LIMIT);
    this.machine = new Machine(program);
    locations.begin();
    if (program.invariants !== undefined) this.machine.accesses.watch();
    learn(this.machine, this.stepsMax);
    this.#capacity = Math.min(this.stepsMax, this.machine.position * 2 + 64);
  }

  /** To be called at the end: nothing is left in the names that all share. */
  close(): void {
    this.machine.end();
  }

  /** Runs schedules that taught other machines something, those not run yet. */
  takeLessons(lessons: readonly (readonly number[])[]): void {
    const { machine } = this;
    for (const lesson of lessons) {
      if (this.#taken.has(lesson.join())) continue;
      this.#taken.add(lesson.join());
      machine.restart();
      for (const t of lesson) {
        if ((machine.enabled() & (1 << t)) === 0) break;
        machine.step(t);
      }
      if (machine.refresh()) this.#worker = null;
    }
  }

  /** To be called when somebody else has run the machine, and may have taught it something. */
  forget(): void {
    this.#worker = null;
  }

  /** Explores a part. `executionsMax` of the options is not looked at. */
  explore({ subtree, runsMax, keepsOpen, isAlone = false, lessons }: Part): SubtreeResult {
    this.takeLessons(lessons);
    const { machine, stepsMax } = this;
    for (;;) {
      this.#worker ??= new OptimalExplorer(machine, this.#options, {
        stepsMax,
        capacity: this.#capacity,
      });
      const explorer = this.#worker;
      explorer.begin({ subtree, runsMax, keepsOpen, isAlone });
      const hasLearned = explorer.advance(Infinity) === 'void';
      const { outcome, reversals, handover } = explorer;
      if (hasLearned) this.#worker = null;
      if (hasLearned && explorer.isTooShort) {
        // Nothing to tell others: what a longer run teaches will show again.
        this.#capacity = Math.min(stepsMax, this.#capacity * 4);
        continue;
      }
      const lesson = hasLearned ? outcome.schedule() : null;
      if (lesson !== null) this.#taken.add(lesson.join());
      return { report: outcome.report(), runs: outcome.executions, reversals, handover, lesson };
    }
  }
}
