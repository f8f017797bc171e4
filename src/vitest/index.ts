/**
 * Concurrent programs among the unit tests of a project, for vitest: `test.program`, and matchers.
 *
 * Programs stand in the test files, or beside them, as plain code; `mapcheck/vite` makes them steppable. Importing this
 * module costs next to nothing: the explorer is loaded with the first program.
 */
import { expect, test as vitestTest, type TestAPI } from 'vitest';
import { matchers, type ProgramMatchers } from './matchers.ts';
import { ProgramFailure } from './program-failure.ts';
import type { CheckOptions, Definition, ProgramResult, ProgramSource } from './options.ts';

export type { CheckOptions, Definition, ProgramResult, ProgramSource } from './options.ts';
export { ProgramFailure, type FailureDetails, type FailureReason } from './program-failure.ts';
export type { SamplingName } from '../core/explore/sample/explore-sampled.ts';
export type { HistoryOptions, RecordedHistory } from './check-history.ts';
export type { ProgramMatchers, Strategy } from './matchers.ts';

declare module 'vitest' {
  // eslint-disable-next-line typescript/no-empty-object-type
  interface Matchers<T> extends ProgramMatchers<T> {}
}

expect.extend(matchers);

/** Declares a test that holds if the program does, under every interleaving of its threads. */
export interface ProgramTest {
  <Shared>(name: string, program: Definition<Shared>, options?: CheckOptions): void;
  (name: string, file: string | URL, options?: CheckOptions): void;
}

/** `test.program`, and its variants. */
export interface ProgramTests extends ProgramTest {
  /** Runs alone in its file. */
  readonly only: ProgramTest;
  /** Is not run. */
  readonly skip: ProgramTest;
  /** Must fail: for a defect that is known. */
  readonly fails: ProgramTest;
}

/** Vitest's `test`, with programs. */
export type TestWithPrograms = TestAPI & { readonly program: ProgramTests };

/**
 * Explores a program and gives what came of it.
 *
 * @throws ProgramFailure if it fails, if the budget ends first and the options do not allow that, or if it cannot be
 *   explored; its `kind` says which.
 */
export async function checkProgram<Shared>(
  program: Definition<Shared> | string | URL,
  options: CheckOptions = {},
): Promise<ProgramResult> {
  return checkFrom(program as ProgramSource, options, new Error('asked here'));
}

async function checkFrom(
  program: ProgramSource,
  options: CheckOptions,
  callSite: Error,
): Promise<ProgramResult> {
  const { checkSource } = await import('./check-program.ts');
  const { currentTestName, testPath } = expect.getState();
  const asked = { name: currentTestName ?? 'program', file: testPath ?? '' };
  const { report, failure } = await checkSource(program, options, asked, callSite);
  if (failure !== null) throw failure;
  return report!;
}

type Declare = (name: string, body: () => Promise<void>) => void;

function programTest(declare: Declare, isExpectedToFail = false): ProgramTest {
  return (name: string, program: unknown, options: CheckOptions = {}) => {
    const callSite = new Error('declared here');
    const isDefinition = typeof program === 'object' && !(program instanceof URL);
    const source = (isDefinition ? { name, ...program } : program) as ProgramSource;
    declare(name, async () => {
      if (isExpectedToFail) await assertFails(name, source, options, callSite);
      else await checkFrom(source, options, callSite);
    });
  };
}

/** A program that cannot be explored, or whose budget ends first, has not failed. */
async function assertFails(
  name: string,
  program: ProgramSource,
  options: CheckOptions,
  callSite: Error,
): Promise<void> {
  try {
    await checkFrom(program, options, callSite);
  } catch (error) {
    if (error instanceof ProgramFailure && error.isFound) return;
    throw error;
  }
  const line = `${name}: the program was expected to fail, and holds; make it a test.program.`;
  throw new ProgramFailure('holds', [line], { callSite });
}

/**
 * Vitest's `test` with `test.program(name, program, options?)`, which explores a program exhaustively within a budget.
 *
 * @example
 * test.program('two increments', {
 *   setup: () => new Int32Array(new SharedArrayBuffer(4)),
 *   threads: [(memory) => Atomics.add(memory, 0, 1), (memory) => Atomics.add(memory, 0, 1)],
 *   check: (memory) => expect(memory[0]).toBe(2),
 * });
 */
export const test: TestWithPrograms = Object.assign(vitestTest.extend({}), {
  program: Object.assign(
    programTest((name, body) => vitestTest(name, body)),
    {
      only: programTest((name, body) => vitestTest.only(name, body)),
      skip: programTest((name, body) => vitestTest.skip(name, body)),
      fails: programTest((name, body) => vitestTest(name, body), true),
    },
  ),
});
