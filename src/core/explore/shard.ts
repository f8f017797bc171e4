/**
 * One shard of an exhaustive exploration, and the sum of all. Every shard finds the same parts
 * (`frontier.ts`) and explores those that are its own, in their order, up to the first that fails.
 * The sum takes the parts in the same order and ends at the same place, however they were dealt.
 */
import { InternalError } from '../errors.ts';
import type { SteppedProgram } from '../step.ts';
import { frontierOf } from './frontier.ts';
import type { ExplorationReport, ExploreOptions } from './report.ts';
import { WHOLE, type Part, type Subtree } from './subtree.ts';
import { SubtreeExplorer } from './subtree-explorer.ts';
import { Totals } from './totals.ts';

/** So many parts for any number of shards up to a quarter of it; then four for each shard. */
const PARTS_MIN = 64;
/** Runs in one go before there are any parts: a program that needs no more is one part. */
export const PROBE_RUNS = 256;
/** Times that something new may be learned. */
const LESSONS_MAX = 64;

/** Which shard, and how to cut. */
export interface ShardTask {
  /** 1-based. */
  readonly index: number;
  readonly count: number;
  /** Schedules that taught other shards something. Default none. */
  readonly lessons?: readonly (readonly number[])[];
  /** See `PROBE_RUNS`, the default. */
  readonly probeRuns?: number;
  /** The least number of parts; see `PARTS_MIN`, the default. */
  readonly partsMin?: number;
  /** What this shard did before, of parts cut with these lessons. Default nothing. */
  readonly done?: readonly PartResult[];
  /** Told all parts when they are known, and again whenever a lesson made others of them. */
  readonly onParts?: (parts: readonly Subtree[], lessons: readonly (readonly number[])[]) => void;
  /** Told of each own part that was explored now. */
  readonly onPart?: (result: PartResult) => void;
}

/** What exploring one part came to. */
export interface PartResult {
  /** 0-based, in the order of all parts. */
  readonly number: number;
  readonly runs: number;
  readonly report: ExplorationReport;
}

/** What a shard came to. */
export interface ShardResult {
  /** All parts, those of other shards too: the same for each shard, or they are none of one exploration. */
  readonly parts: readonly Subtree[];
  /** Its own parts, up to the first that ended the work. */
  readonly results: readonly PartResult[];
  /** Schedules that taught this shard, or those whose lessons it was given, something about the program. */
  readonly lessons: readonly (readonly number[])[];
}

/** Explores one shard of the classes of a program. `executionsMax` of the options is not looked at. */
export function exploreShard<Shared>(
  program: SteppedProgram<Shared>,
  options: ExploreOptions,
  task: ShardTask,
): ShardResult {
  const explorer = new SubtreeExplorer(program as SteppedProgram, options);
  let lessons = task.lessons ?? [];
  try {
    for (let round = 0; round < LESSONS_MAX; round++) {
      explorer.takeLessons(lessons);
      const found = new Shard(explorer, options, task, lessons).explore();
      if ('parts' in found) return found;
      lessons = [...lessons, found.lesson];
    }
  } finally {
    explorer.close();
  }
  throw new InternalError('what the program uses does not settle', { code: 'E-EXPLORE-006' });
}

interface Taught {
  readonly lesson: readonly number[];
}

class Shard {
  readonly #explorer: SubtreeExplorer;
  readonly #options: ExploreOptions;
  readonly #task: ShardTask;
  readonly #lessons: readonly (readonly number[])[];

  constructor(
    explorer: SubtreeExplorer,
    options: ExploreOptions,
    task: ShardTask,
    lessons: readonly (readonly number[])[],
  ) {
    this.#explorer = explorer;
    this.#options = options;
    this.#task = task;
    this.#lessons = lessons;
  }

  explore(): ShardResult | Taught {
    const { index, onParts, onPart } = this.#task;
    const found = this.#frontier();
    if ('lesson' in found) return found;
    const { parts, owners } = found;
    onParts?.(parts, this.#lessons);
    const done = this.#doneBefore();
    const totals = new Totals(this.#options);
    const results: PartResult[] = [];
    for (const [number, subtree] of parts.entries()) {
      if (owners[number] !== index - 1 || totals.isOver) continue;
      const before = done.get(number);
      if (before !== undefined) {
        totals.add({ ...before, reversals: [], handover: null, lesson: null });
        results.push(before);
        continue;
      }
      const result = this.#explorer.explore(this.#part(number, subtree, Infinity));
      if (result.lesson !== null) return { lesson: result.lesson };
      totals.add(result);
      const own = { number, runs: result.runs, report: result.report };
      results.push(own);
      onPart?.(own);
    }
    return { parts, results, lessons: this.#lessons };
  }

  /** Nothing, once a lesson has voided the parts that it was done of. */
  #doneBefore(): ReadonlyMap<number, PartResult> {
    const { done = [], lessons = [] } = this.#task;
    if (this.#lessons.length > lessons.length) return new Map();
    return new Map(done.map((result) => [result.number, result]));
  }

  /** The parts, and the 0-based shard that each of them is dealt to. */
  #frontier(): { readonly parts: readonly Subtree[]; readonly owners: readonly number[] } | Taught {
    const { count, probeRuns = PROBE_RUNS, partsMin = PARTS_MIN } = this.#task;
    const explorer = this.#explorer;
    const probe = explorer.explore(this.#part(0, WHOLE, probeRuns));
    if (probe.lesson !== null) return { lesson: probe.lesson };
    // All of it was explored, or it failed: as one part, it ends exactly as if it had not been cut.
    if (probe.handover === null) return { parts: [WHOLE], owners: [0] };
    const wanted = Math.max(partsMin, count * 4);
    const frontier = frontierOf(explorer.machine, wanted, explorer.stepsMax);
    explorer.forget();
    const heaviestFirst = frontier
      .map(({ weight }, number) => ({ weight, number }))
      .toSorted((left, right) => right.weight - left.weight || left.number - right.number);
    const owners = new Array<number>(frontier.length).fill(0);
    for (const [rank, { number }] of heaviestFirst.entries()) owners[number] = rank % count;
    return { parts: frontier.map(({ subtree }) => subtree), owners };
  }

  #part(number: number, subtree: Subtree, runsMax: number): Part {
    const lessons = this.#lessons;
    return { number, subtree, runsMax, keepsOpen: false, isAlone: true, lessons };
  }
}

/** The sum of all shards' parts; `missing` is the first that no shard has and that is not behind the end, or -1. */
export function sumOfShards(
  shards: readonly ShardResult[],
  options: ExploreOptions,
): { readonly report: ExplorationReport; readonly missing: number } {
  const totals = new Totals(options);
  const results = new Map(
    shards.flatMap((shard) => shard.results.map((result) => [result.number, result] as const)),
  );
  const count = shards[0]!.parts.length;
  for (let number = 0; number < count && !totals.isOver; number++) {
    const result = results.get(number);
    if (result === undefined) return { report: totals.report(false), missing: number };
    totals.add({ ...result, reversals: [], handover: null, lesson: null });
  }
  return { report: totals.report(true), missing: -1 };
}
