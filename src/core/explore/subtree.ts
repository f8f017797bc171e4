/**
 * Parts of an exploration that can be explored apart, in plain numbers: no footprint or location
 * in them, as those mean something to one machine only.
 */
import type { ExplorationReport } from './report.ts';

/** Everything that begins with a prefix, but for what is left to those asleep on the way. */
export interface Subtree {
  /** The thread of each step. */
  readonly prefix: readonly number[];
  /** Sets of threads asleep before each step and after the last: their next steps are explored elsewhere. */
  readonly asleep: readonly number[];
  /** Steps of the prefix that others have taken before. */
  readonly known: number;
}

/** The subtree that is all. */
export const WHOLE: Subtree = { prefix: [], asleep: [0], known: 0 };

/** A subtree, as whoever explores it needs it. */
export interface Part {
  readonly number: number;
  readonly subtree: Subtree;
  /** Runs after which to hand over what is left. */
  readonly runsMax: number;
  /** Whether to come back to every race whose reversal belongs into a frame of the prefix. */
  readonly keepsOpen: boolean;
  /** Whether nobody takes reversals that belong into a frame of the prefix: they are left out. Default false. */
  readonly isAlone?: boolean;
  /** Schedules that taught a machine something: to be run first, those that were not. */
  readonly lessons: readonly (readonly number[])[];
}

/** A step of a thread, and the sequences that go on from there: none, or several. */
export interface Branch {
  readonly thread: number;
  readonly next: readonly Branch[];
}

/** What is left of a subtree. */
export interface Handover {
  /** Threads of the steps from the end of the prefix to the deepest frame that has anything left. */
  readonly path: readonly number[];
  /** For the frame at the prefix's end and those along the path: who is asleep, and what is left. */
  readonly frames: readonly { readonly asleep: number; readonly pending: readonly Branch[] }[];
}

/** Reversals of one run that belong into frames of the prefix. */
export interface Reversals {
  readonly run: number;
  readonly schedule: readonly number[];
  /** First event, second event, and, where that is -1, the thread that was blocked by the first. */
  readonly pairs: (readonly [number, number, number])[];
}

/** What exploring a subtree came to. */
export interface SubtreeResult {
  readonly report: ExplorationReport;
  readonly runs: number;
  readonly reversals: readonly Reversals[];
  readonly handover: Handover | null;
  /** A schedule that taught the machine something which voids all results, or `null`. */
  readonly lesson: readonly number[] | null;
}

/** What an explorer has room for. */
export interface ExplorerLimits {
  readonly stepsMax: number;
  /** Steps there is room for, up to the bound. */
  readonly capacity: number;
}

/** What it is to explore; all of it by default. */
export type ExplorerTask = Pick<Part, 'subtree' | 'runsMax' | 'keepsOpen' | 'isAlone'>;

/** The task that is all. */
export const EVERYTHING: ExplorerTask = { subtree: WHOLE, runsMax: Infinity, keepsOpen: false };
