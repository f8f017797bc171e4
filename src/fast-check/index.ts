/**
 * Arbitraries for property tests of one's own with fast-check: operations, programs of several threads, and schedules to
 * run them under.
 */
import type { Schedule } from './schedules.ts';

export {
  applyCall,
  mapOperations,
  operations,
  programs,
  type Call,
  type MapMethod,
  type Methods,
  type ProgramSize,
} from './operations.ts';
export { schedules, type Schedule, type ScheduleSize, type Switch } from './schedules.ts';

/** A program as `defineProgram` takes it; its name may be left out. */
export interface Definition<Shared> {
  readonly name?: string;
  readonly setup: () => Shared;
  readonly threads: readonly ((shared: Shared) => unknown)[];
  readonly check?: (shared: Shared, results: readonly unknown[]) => void;
}

/** What a run came to. */
export interface Run {
  /** The first failure: what a thread or the check threw, a data race, a deadlock; or `null`. */
  readonly failure: { readonly kind: string; readonly message: string } | null;
  /** What the threads returned. */
  readonly results: readonly unknown[];
  /** The steps in their order. */
  readonly steps: readonly RunStep[];
}

/** One step of a run. */
export interface RunStep {
  /** 0-based thread. */
  readonly thread: number;
  readonly kind: string;
  /** Source text of the access, and its `file:line:column`. */
  readonly expression: string;
  readonly place: string;
}

/**
 * Runs a program once, under a schedule.
 *
 * Its modules must have been loaded as stepped code, by `mapcheck/vite` or `mapcheck/loader`.
 *
 * @throws UsageError E-VITEST-001 for threads that are not stepped, E-INSTRUMENT-010 for a step where none can be.
 */
export async function runUnder<Shared>(
  program: Definition<Shared>,
  schedule: Schedule,
): Promise<Run> {
  const { run } = await import('./run.ts');
  return run(program, schedule);
}
