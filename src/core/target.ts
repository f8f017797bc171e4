import type { Arbitrary } from 'fast-check';
import type { ZodType } from 'zod';
import type { Json, Operation, Program } from './program.ts';
import type { Property, Violation } from './property.ts';

/** One line of an interleaving table. */
export interface StepRecord {
  /** 0-based index of the thread. */
  readonly thread: number;
  /** The operation as a person writes it: `set(3, 7)`. */
  readonly operation: string;
  /** What it returned, or an empty string. */
  readonly result: string;
  /** What happened inside: `growth: doubling`, `evacuated bucket 2`. */
  readonly notes: readonly string[];
}

/** Receives the steps of a run as they happen; absent in campaigns, where nothing is formatted. */
export type StepListener = (step: StepRecord) => void;

/** What one run of one program came to. */
export interface Outcome {
  /** Operations executed, nested ones included. */
  readonly operations: number;
  /** The first violation, or `null`. The run stops there. */
  readonly violation: Violation | null;
  /** Known defects seen, by identifier, with how often; those do not stop the run unless `knownFails` was asked for. */
  readonly known: Readonly<Record<string, number>>;
  /** How often each rare branch was reached; keys are the target's `coverage`. */
  readonly coverage: Readonly<Record<string, number>>;
  /** 32-bit digest of every result and of the state's scalars after every operation. Equal runs have equal ones. */
  readonly fingerprint: number;
}

export interface ExecuteOptions {
  /** Makes a known defect a violation, so that it can be searched for and shrunk. Default false. */
  readonly knownFails?: boolean;
  readonly onStep?: StepListener;
}

/**
 * All programs of a prelude followed by every sequence of operations from a small alphabet.
 *
 * Shape: `alphabet.length ** length` programs.
 */
export interface ProgramFamily {
  /** Stable: `growth of 2 to 4 buckets`. */
  readonly name: string;
  readonly setup: Program['setup'];
  readonly draws: readonly number[];
  /** Operations that every program begins with. */
  readonly prelude: readonly Operation[];
  readonly alphabet: readonly Operation[];
  /** Operations after the prelude. */
  readonly length: number;
}

/** Where the steppable source of a target's map is, for programs of several threads. */
export interface TargetInterleavings {
  /** Absolute path of the module. */
  readonly module: string;
  /** Packages, as globs, whose code is made steppable too. */
  readonly instrument: readonly string[];
  /** Makes an empty map of the exports of the stepped module. Called for each execution. */
  readonly create: (exports: Readonly<Record<string, unknown>>) => unknown;
  /** Two different keys, as they stand in traces. */
  readonly keys: readonly [Json, Json];
}

/** An engine bound to its models and its properties: what campaigns run and traces name. */
export interface Target {
  /** Stable and unique: `go-map`, `go-map@corrected`. */
  readonly name: string;
  /** One line for `mapcheck list`. */
  readonly title: string;
  readonly properties: readonly Property[];
  /** Names of the rare branches that a default campaign must reach. */
  readonly coverage: readonly string[];
  /** Checks the shape of a program that comes from a file. Errors carry JSON paths. */
  readonly schema: ZodType<Program>;
  /** Random programs. Draws nothing but from fast-check's generator. */
  readonly programs: Arbitrary<Program>;
  /** Families small enough to be run whole by `mapcheck ci`; each takes a second or so. */
  readonly families?: readonly ProgramFamily[];
  /** What programs of several threads run on; absent for maps that are not shared between threads. */
  readonly interleavings?: TargetInterleavings;
  /** Starts what the first run would have to wait for. Worker threads call it before their first run. */
  readonly prepare?: () => void;
  /**
   * Runs a program once against engine and models.
   *
   * Never throws for what a program does: exceptions of the engine become violations of the property `*.no-panic`.
   */
  execute(program: Program, options?: ExecuteOptions): Outcome;
  /**
   * Simpler versions of one operation for the shrinker, simplest first; may be empty. Nested operations are handled by
   * the shrinker itself when they stand in a list called `nested`.
   */
  simplifyOperation(operation: Operation): readonly Operation[];
  /** Simpler versions of the set-up, simplest first; may be empty. */
  simplifySetup(setup: Program['setup']): readonly Program['setup'][];
}
