/**
 * Looks for a failure with few preemptions: first all schedules without any, then those with one,
 * and so on.
 *
 * Most defects of concurrent programs show with one or two preemptions (Musuvathi and Qadeer, 2007),
 * and there are few such schedules: of n steps and k preemptions about n^k. So the search is short
 * where the answer is small, and when it comes to the end of a level without a failure, that proves
 * that more preemptions are needed. No schedule is left out for being equivalent to another: a
 * class that needs k preemptions may have been passed by in a form that needs more.
 */
import type { Chooser, JudgedRun, ScheduleRunner } from './runner.ts';

/** What the search came to. */
export interface FewestPreemptions {
  /** The run that was wanted, or `null`. */
  readonly run: JudgedRun | null;
  /** Levels that were explored to their end: the failure needs at least so many preemptions. */
  readonly levelsDone: number;
}

/** A schedule that leaves an earlier one at a position. */
interface Branch {
  readonly parent: readonly number[];
  readonly position: number;
  readonly thread: number;
}

const ROOT: Branch = { parent: [], position: 0, thread: -1 };
/** Runs that a level goes on for after its first failure, to find a shorter one. */
const RUNS_AFTER_HIT = 200;

/**
 * Searches the schedules with fewer than `levels` preemptions, within a budget of runs. Of the
 * wanted runs of the lowest level that has one, the shortest is returned.
 */
export function fewestPreemptions(
  runner: ScheduleRunner,
  isWanted: (run: JudgedRun) => boolean,
  levels: number,
  runsMax: number,
): FewestPreemptions {
  return new Search(runner, isWanted, runsMax).run(levels);
}

class Search {
  readonly #runner: ScheduleRunner;
  readonly #isWanted: (run: JudgedRun) => boolean;
  readonly #runsMax: number;
  #level: Branch[] = [ROOT];
  #next: Branch[] = [];
  /** Whether branches of the next level were left out. */
  #isCapped = false;
  #runsLeft: number;

  constructor(runner: ScheduleRunner, isWanted: (run: JudgedRun) => boolean, runsMax: number) {
    this.#runner = runner;
    this.#isWanted = isWanted;
    this.#runsMax = runsMax;
    this.#runsLeft = runsMax;
  }

  run(levels: number): FewestPreemptions {
    for (let level = 0; level < levels; level++) {
      const hit = this.#explore();
      if (hit !== null) return { run: hit, levelsDone: level };
      if (this.#level.length > 0 || this.#isCapped) return { run: null, levelsDone: level };
      this.#level = this.#next.toReversed();
      this.#next = [];
    }
    return { run: null, levelsDone: levels };
  }

  #explore(): JudgedRun | null {
    let best: JudgedRun | null = null;
    while (this.#level.length > 0 && this.#runsLeft > 0) {
      this.#runsLeft--;
      const run = this.#take(this.#level.pop()!);
      if (!this.#isWanted(run)) continue;
      if (best === null) this.#runsLeft = Math.min(this.#runsLeft, RUNS_AFTER_HIT);
      if (best === null || run.schedule.length < best.schedule.length) best = run;
    }
    return best;
  }

  #take(branch: Branch): JudgedRun {
    const enabledSets: number[] = [];
    const from = branch === ROOT ? 0 : branch.position + 1;
    const run = this.#runner.run(chooserOf(branch, enabledSets));
    const { schedule } = run;
    // The branches of a run are pushed from its start on, so its last steps are varied first.
    for (let position = from; position < enabledSets.length; position++) {
      this.#branchAt(schedule, position, enabledSets[position]!);
    }
    return run;
  }

  #branchAt(schedule: readonly number[], position: number, enabled: number): void {
    const last = position === 0 ? -1 : schedule[position - 1]!;
    const isPreemption = last >= 0 && (enabled & (1 << last)) !== 0;
    const list = isPreemption ? this.#next : this.#level;
    for (let rest = enabled & ~(1 << schedule[position]!); rest !== 0; rest &= rest - 1) {
      const thread = 31 - Math.clz32(rest & -rest);
      if (list.length >= this.#runsMax) this.#isCapped = true;
      else list.push({ parent: schedule, position, thread });
    }
  }
}

/** Follows a branch, then lets each thread run for as long as it can. */
function chooserOf({ parent, position, thread }: Branch, enabledSets: number[]): Chooser {
  return {
    begin: () => {
      enabledSets.length = 0;
    },
    choose: (at, enabled, last) => {
      enabledSets.push(enabled);
      if (at < position) return parent[at]!;
      if (at === position && thread >= 0) return thread;
      const stays = last >= 0 && (enabled & (1 << last)) !== 0;
      return stays ? last : 31 - Math.clz32(enabled & -enabled);
    },
  };
}
