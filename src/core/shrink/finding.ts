/**
 * What is found wrong with a run, in the form that shrinking compares: by property and essence,
 * never by message, for a smaller failure says its numbers differently.
 */
import type { Execution, ExplorationFailure } from '../explore/report.ts';
import { locations } from '../memory.ts';
import { KIND_BITS, KIND_MASK, LOCK, WAKE } from '../step.ts';
import { FINISHED } from '../threads.ts';

/** A failure of one run. */
export interface Finding {
  /** The property: a kind of failure of the explorer's, or a judge's own name. */
  readonly kind: string;
  readonly message: string;
  /**
   * Where the failure shows: source places of the racing accesses, of the throw, of the steps that
   * are stuck. A smaller failure is the same one if it shows at some of these places and no other.
   */
  readonly sites: readonly string[];
  /** Positions of the two accesses of a data race, or `null`. */
  readonly race: readonly [number, number] | null;
  /**
   * Positions of the steps that show the failure: what does not happen before one of them is no
   * part of it. `null` for a failure of the whole run, as of a check at the end.
   */
  readonly shownBy: readonly number[] | null;
  /**
   * Pairs of positions, the first to come before the second: orders that the failure needs although
   * nothing in memory makes them, as the real-time order of a history does.
   */
  readonly orders: readonly (readonly [number, number])[];
  /** What was thrown, or undefined. */
  readonly error: unknown;
}

/**
 * Judges a run that has ended, for failures that the explorer does not know of, as linearizability;
 * `null` when it finds nothing. It is not asked about runs that failed before.
 */
export type RunJudge = (execution: Execution) => Finding | null;

/** Whether one failure is a smaller form of another. */
export function isSameFailure(smaller: Finding, original: Finding): boolean {
  return (
    smaller.kind === original.kind &&
    smaller.sites.length > 0 &&
    smaller.sites.every((site) => original.sites.includes(site))
  );
}

/** Turns what the explorer reports of a run into a finding; `points` are the places of its steps. */
export function findingOf(
  failure: ExplorationFailure,
  execution: Execution,
  points: readonly number[],
): Finding {
  const { machine, trail } = execution;
  const { kind, message, race, thread, error } = failure;
  const common = { kind, message, race, orders: [], error };
  const site = (position: number): string =>
    siteOf(points[position]!, trail.code[position]!, trail.thread[position]!);
  switch (kind) {
    case 'race':
      return { ...common, sites: race!.map(site), shownBy: race };
    case 'invariant':
      return { ...common, sites: [message.split(':')[0]!], shownBy: [trail.length - 1] };
    case 'deadlock': {
      const sites: string[] = [];
      for (let t = 0; t < machine.threadCount; t++) {
        if (machine.codes[t] !== FINISHED)
          sites.push(siteOf(machine.points[t]!, machine.codes[t]!, t));
      }
      return { ...common, sites, shownBy: null };
    }
    default: {
      const sites = [`${thread < 0 ? 'check' : 'thread'} ${throwSite(error)}`];
      return { ...common, sites, shownBy: thread < 0 ? null : [trail.last[thread]!] };
    }
  }
}

/** A step's place: where the instrumenter numbered it, otherwise what it does to what. */
function siteOf(point: number, code: number, thread: number): string {
  if (point >= 0) return `point ${point}`;
  const kind = code & KIND_MASK;
  const isPlaced = kind <= LOCK || kind === WAKE;
  return `T${thread + 1} ${kind} ${isPlaced ? locations.describe(code >> KIND_BITS) : ''}`;
}

/** The class of what was thrown, and the top frame of its stack. */
function throwSite(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return `${error.name} ${frame?.trim() ?? ''}`;
}
