import type { SamplingName } from '../core/explore/sample/explore-sampled.ts';
import type { ProgramReport } from '../run/explore-program.ts';

/** How a program is explored within a test. */
export interface CheckOptions {
  /** `exhaustive` unless given: every class of interleavings once. Others sample. */
  readonly strategy?: SamplingName | 'exhaustive';
  /** Budget of executions, or of schedules for a sampling strategy; 100,000 unless given. */
  readonly max?: number;
  /** Seed of a sampling strategy; any text, `1` unless given. */
  readonly seed?: string;
  /** Lets a test pass whose budget ended before the answer. Default false: such a test fails. */
  readonly allowInconclusive?: boolean;
  /** Where traces of programs in files of their own are saved; `traces/failures` unless given. */
  readonly traces?: string;
}

/** A program as `defineProgram` takes it; its name may be left to the test. */
export interface Definition<Shared> {
  readonly name?: string;
  readonly setup: () => Shared;
  readonly threads: readonly ((shared: Shared) => unknown)[];
  readonly check?: (shared: Shared, results: readonly unknown[]) => void;
}

/**
 * A program as tests name it: its definition, in a module that `steppedModules` includes, or the path of a program file,
 * which needs no plugin.
 */
export type ProgramSource = Definition<never> | string | URL;

/** What an exploration came to that did not fail. */
export type ProgramResult = Pick<
  ProgramReport,
  'program' | 'strategy' | 'verdict' | 'exploration' | 'sampling'
>;

/** Executions, or schedules, that a test may take unless it says otherwise. */
export const EXECUTIONS_MAX = 100_000;
