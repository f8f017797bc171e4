import { UsageError } from '../core/errors.ts';

/**
 * A concurrent program in plain code: shared state, threads, and what must hold afterwards.
 *
 * The file that defines it is made steppable when it is explored, so threads are ordinary functions: no generators, no
 * promises, no calls of mapcheck.
 */
export interface ProgramDefinition<Shared> {
  /** Shown in reports. */
  readonly name: string;
  /** Makes fresh shared state for each execution. Its accesses are not steps. */
  readonly setup: () => Shared;
  /** What each thread does; its return value goes to `check`. 1 to 31 threads. */
  readonly threads: readonly ((shared: Shared) => unknown)[];
  /** Runs after all threads ended; throws to fail. `results` are the threads' return values. */
  readonly check?: (shared: Shared, results: readonly unknown[]) => void;
  /**
   * Rules about the shared state that hold at every moment, by name: each runs after set-up and after every step that
   * changes shared memory, in every state that any interleaving passes through, and throws to fail. Its accesses are
   * not steps. With invariants, all changes of shared memory count as dependent, so there are more classes.
   */
  readonly invariants?: Readonly<Record<string, (shared: Shared) => void>>;
  /** Modules beside this file whose code is made steppable: globs of package names or of paths from this file. */
  readonly instrument?: readonly string[];
}

const THREADS_MAX = 31;

/**
 * Returns the definition of a program: the default export of a program file.
 *
 * @throws UsageError `E-PROGRAM-001` if a field is missing or of another shape.
 *
 * @example
 * export default defineProgram({
 *   name: 'two increments',
 *   setup: () => new Int32Array(new SharedArrayBuffer(4)),
 *   threads: [(memory) => Atomics.add(memory, 0, 1), (memory) => Atomics.add(memory, 0, 1)],
 *   check: (memory) => { if (memory[0] !== 2) throw new Error('an increment was lost'); },
 * });
 */
export function defineProgram<Shared>(
  definition: ProgramDefinition<Shared>,
): ProgramDefinition<Shared> {
  const problem = problemOf(definition);
  if (problem === null) return definition;
  throw new UsageError(problem, {
    code: 'E-PROGRAM-001',
    todo: 'A program has a name, a setup function and 1 to 31 thread functions; check, invariants and instrument may be left out.',
  });
}

/** What is wrong with a value that should be a program, or `null`. */
export function problemOf(definition: unknown): string | null {
  if (typeof definition !== 'object' || definition === null) {
    return 'the program is no object: export default defineProgram({ … })';
  }
  const fields = definition as Readonly<Record<string, unknown>>;
  const { name, setup, threads, check, invariants, instrument } = fields as {
    name: unknown;
    setup: unknown;
    threads: unknown;
    check: unknown;
    invariants: unknown;
    instrument: unknown;
  };
  if (typeof name !== 'string') return 'the program has no name';
  if (typeof setup !== 'function') return `program '${name}': setup is no function`;
  if (!Array.isArray(threads) || threads.length === 0 || threads.length > THREADS_MAX) {
    return `program '${name}': threads is no list of 1 to ${THREADS_MAX} functions`;
  }
  const wrong = threads.findIndex((thread) => typeof thread !== 'function');
  if (wrong >= 0) return `program '${name}': threads[${wrong}] is no function`;
  if (check !== undefined && typeof check !== 'function') {
    return `program '${name}': check is no function`;
  }
  if (invariants !== undefined && !isFunctions(invariants)) {
    return `program '${name}': invariants is no object of functions`;
  }
  const isList = Array.isArray(instrument) && instrument.every((glob) => typeof glob === 'string');
  if (instrument !== undefined && !isList)
    return `program '${name}': instrument is no list of strings`;
  for (const [i, thread] of [...threads.entries(), ['setup', setup] as const]) {
    const kind = (thread as object).constructor.name;
    if (kind === 'Function') continue;
    const where = i === 'setup' ? 'setup' : `threads[${i}]`;
    return `program '${name}': ${where} is ${kind === 'AsyncFunction' ? 'async' : `a ${kind}`}; only plain functions can be explored`;
  }
  return null;
}

function isFunctions(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'function')
  );
}
