/** A program whose code is stepped, as the explorer runs it. */
import { UsageError } from '../core/errors.ts';
import { registers, type SteppedProgram } from '../core/step.ts';
import type { ProgramDefinition } from '../program/define-program.ts';
import { isFlat, type Confinement } from './confined-state.ts';
import { shownPath } from './resolve.ts';

/**
 * The threads of a program as generators; set-up and check as they are. Threads must have been loaded as stepped code.
 * `confinement` is what is proved of that code.
 */
export async function steppedProgram(
  definition: ProgramDefinition<unknown>,
  confinement: Confinement = 'none',
): Promise<SteppedProgram> {
  const { stepped } = await import('./runtime/index.ts');
  const { name, setup, threads, check, invariants } = definition;
  return {
    name,
    setup: () => {
      try {
        return setup();
      } catch (error) {
        throw setupError(name, error);
      }
    },
    threads: threads.map((thread) => stepped(thread)),
    isConfined: (shared) => isFlat(shared, confinement),
    ...(check === undefined ? {} : { check: outsideOfThreads(check) }),
    ...(invariants === undefined
      ? {}
      : {
          invariants: Object.entries(invariants).map(([invariant, test]) => ({
            name: invariant,
            test: outsideOfThreads(test),
          })),
        }),
  };
}

/** Without its shared state a program cannot begin: that is no verdict on its threads. */
function setupError(name: string, error: unknown): unknown {
  if (error instanceof UsageError || !(error instanceof Error)) return error;
  const frame = /\(?([^\s()]+):(\d+:\d+)\)?$/u.exec(error.stack?.split('\n    at ')[1] ?? '');
  return new UsageError(`setup threw ${error.name}: ${error.message}`, {
    code: 'E-PROGRAM-005',
    place: frame === null ? name : `${shownPath(frame[1]!)}:${frame[2]}`,
    todo: 'A program fails in its threads, its check and its invariants; setup makes the state they begin with.',
    cause: error,
  });
}

/** Runs a check or an invariant as what it is: no thread's code, so that nothing in it is a step or refused. */
function outsideOfThreads<A extends readonly unknown[]>(
  check: (...given: A) => void,
): (...given: A) => void {
  return (...given) => {
    const { thread } = registers;
    registers.thread = -1;
    try {
      check(...given);
    } finally {
      registers.thread = thread;
    }
  };
}
