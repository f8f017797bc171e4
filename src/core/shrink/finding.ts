/**
 * What is found wrong with a run, in the form that shrinking compares: by property and essence,
 * never by message, for a smaller failure says its numbers differently.
 */
import type { Execution, ExplorationFailure, FailureKind } from '../explore/report.ts';
import { locations } from '../memory.ts';
import { KIND_BITS, KIND_MASK, LOCK, WAKE } from '../step.ts';
import { FINISHED } from '../threads.ts';

/** A failure of one run. */
export interface Finding {
  readonly kind: FailureKind;
  /** Name of the property, as a judge gave it; otherwise the kind. */
  readonly property: string;
  readonly message: string;
  /** More about it, in lines; empty unless a judge wrote some. */
  readonly details: readonly string[];
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
   * Pairs of positions, the first to come before the second: orders that the failure rests on although nothing in
   * memory makes them, as the real-time order of a history does.
   */
  readonly orders: readonly (readonly [number, number])[];
  /** What was thrown, or undefined. */
  readonly error: unknown;
}

/** Whether one failure is a smaller form of another. */
export function isSameFailure(smaller: Finding, original: Finding): boolean {
  return (
    smaller.property === original.property &&
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
  const { kind, property, message, details, race, thread, error } = failure;
  const orders = failure.history?.orders ?? [];
  const common = { kind, property, message, details, race, orders, error };
  const site = (position: number): string =>
    siteOf(points[position]!, trail.code[position]!, trail.thread[position]!);
  // What a judge found is about the whole run.
  if (property !== kind) return { ...common, sites: [property], shownBy: null };
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
    case 'assertion': {
      const sites = [`${thread < 0 ? 'check' : 'thread'} ${throwSite(error)}`];
      return { ...common, sites, shownBy: thread < 0 ? null : [trail.last[thread]!] };
    }
    default:
      return { ...common, sites: [property], shownBy: null };
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
