/** Programs of several threads on one GoMap without a lock, over the variant whose memory can be shared. */
import { registers, type SteppedProgram, type ThreadRun } from '../../../src/core/step.ts';
import type { GoMap } from '../../../src/engines/go-map/index.ts';
import { formOf, type Form } from '../../../src/instrument/runtime/native-calls.ts';

/** A call as a thread makes it. */
export type Call = readonly [
  name: 'get' | 'has' | 'set' | 'delete' | 'clear' | 'size' | 'forEach',
  ...given: number[],
];

/** The shared variant of an engine: the one that ships, or one with a seeded bug. */
export interface SharedEngine {
  readonly GoMap: typeof GoMap;
  readonly forms: Readonly<Record<string, Form>>;
}

/** What threads do to a map. */
export interface ThreadsProgram {
  /** Keys of the map when the threads begin; each has ten times itself as its value. */
  readonly keys: readonly number[];
  readonly threads: readonly (readonly Call[])[];
  /** Takes the slow paths, which know the flags of misuse. */
  readonly isHashed: boolean;
  /** Lets a thread end with the text of its fatal error in the place of a result, instead of failing. */
  readonly catchesFatal?: boolean;
  /** Looks at the map and the threads' results after all of them ended. */
  readonly after?: (map: GoMap<number, number>, results: readonly unknown[]) => void;
}

/** Takes the engine out of its stepped modules, loaded with `shareFields` as their patch. */
export function sharedEngine(module: Readonly<Record<string, unknown>>): SharedEngine {
  const engine = module['GoMap'] as typeof GoMap;
  const methods = Object.getOwnPropertyDescriptors(engine.prototype);
  const names = ['get', 'has', 'set', 'delete', 'clear', 'forEach'] as const;
  const forms = Object.fromEntries([
    ...names.map((name) => [name, formOf(methods[name].value)!] as const),
    ['size', formOf(methods.size.get)!] as const,
  ]);
  return { GoMap: engine, forms };
}

/** The program as the explorer runs it. */
export function threadsProgram(
  engine: SharedEngine,
  program: ThreadsProgram,
): SteppedProgram<GoMap<number, number>> {
  const { keys, threads, isHashed, after } = program;
  return {
    setup: () => {
      const map = new engine.GoMap<number, number>(
        isHashed ? { hash: (key) => Math.imul(key, 0x9e3779b1) } : {},
      );
      for (const key of keys) map.set(key, key * 10);
      return map;
    },
    threads: threads.map((calls) => (map) => runThread(engine, map, calls, program)),
    ...(after === undefined ? {} : { check: outsideOfThreads(after) }),
  };
}

function* runThread(
  { forms }: SharedEngine,
  map: GoMap<number, number>,
  calls: readonly Call[],
  { catchesFatal }: ThreadsProgram,
): ThreadRun {
  const results: unknown[] = [];
  for (const [name, ...given] of calls) {
    const visited: number[] = [];
    const visit = (value: number): void => void visited.push(value);
    try {
      const result = yield* forms[name]!.apply(map, name === 'forEach' ? [visit] : given);
      results.push(name === 'forEach' ? visited : result);
    } catch (error) {
      if (catchesFatal !== true || !(error instanceof Error) || error.name !== 'FatalError') {
        throw error;
      }
      return error.message;
    }
  }
  return results;
}

function outsideOfThreads(
  after: NonNullable<ThreadsProgram['after']>,
): (map: GoMap<number, number>, results: readonly unknown[]) => void {
  return (map, results) => {
    const { thread } = registers;
    registers.thread = -1;
    try {
      after(map, results);
    } finally {
      registers.thread = thread;
    }
  };
}

/** Callers that only read: afterwards the map must be what it was, or the run fails. */
export function readersProgram(
  engine: SharedEngine,
  keys: readonly number[],
  threads: readonly (readonly Call[])[],
  isHashed: boolean,
): SteppedProgram<GoMap<number, number>> {
  const untouched = stateOf(threadsProgram(engine, { keys, threads, isHashed }).setup());
  const after = (map: GoMap<number, number>): void => {
    if (stateOf(map) !== untouched) throw new Error('reading changed the map');
  };
  return threadsProgram(engine, { keys, threads, isHashed, after });
}

/** What the map consists of, but for the marks of iterators and what is drawn for them. */
export function stateOf(map: GoMap<number, number>): string {
  const { B, count, flags, noverflow, nevacuate } = map.inspect();
  const entries = [...map].toSorted(([left], [right]) => left - right);
  return JSON.stringify([B, count, flags & ~3, noverflow, nevacuate, entries]);
}
