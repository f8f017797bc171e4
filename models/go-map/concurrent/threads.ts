/** Programs of several threads on one GoMap without a lock, over the variant whose memory can be shared. */
import { registers, type SteppedProgram, type ThreadRun } from '../../../src/core/step.ts';
import type { GoMap, ProfileName } from '../../../src/engines/go-map/index.ts';
import { callSteps, formOf, type Form } from '../../../src/instrument/runtime/native-calls.ts';
import type { FlagRecord, Witness } from './flag-record.ts';

/** A call as a thread makes it; `next` asks the thread's own iterator, which its first `next` makes. */
export type Call = readonly [
  name: 'get' | 'has' | 'set' | 'delete' | 'clear' | 'size' | 'forEach' | 'next',
  ...given: number[],
];

/** A map whose memory threads share. */
type SharedMap = GoMap<number, number> & { witness: Witness | null };

/** What the engine's modules keep for the length of one call (F6 of `shared-fields.ts`). */
interface Scratch {
  take(): unknown;
  give(own: unknown): void;
}

/** The shared variant of an engine: the one that ships, or one with a seeded bug. */
export interface SharedEngine {
  readonly GoMap: typeof GoMap;
  readonly scratch: Scratch;
  readonly forms: Readonly<Record<string, Form>>;
}

/** What threads do to a map. */
export interface ThreadsProgram {
  /** Keys of the map when the threads begin; each has ten times itself as its value. */
  readonly keys: readonly number[];
  readonly threads: readonly (readonly Call[])[];
  /** Takes the slow paths, which know the flags of misuse. */
  readonly isHashed: boolean;
  /** The version of the algorithm. Default `corrected`. */
  readonly profile?: ProfileName;
  /**
   * Given where the map is misused: records every call, with a look at the flags before and after it. An error ends its
   * thread, with its text in the place of a result, instead of failing the run.
   */
  readonly record?: FlagRecord;
  /** Looks at the map and the threads' results after all of them ended. */
  readonly after?: (map: GoMap<number, number>, results: readonly unknown[]) => void;
}

/** Takes the engine out of its stepped modules, loaded with `shareFields` as their patch. */
export function sharedEngine(module: Readonly<Record<string, unknown>>): SharedEngine {
  const engine = module['GoMap'] as typeof GoMap;
  const methods = Object.getOwnPropertyDescriptors(engine.prototype);
  const fields = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(engine.prototype));
  const names = ['get', 'has', 'set', 'delete', 'clear', 'forEach'] as const;
  const forms = Object.fromEntries([
    ...names.map((name) => [name, formOf(methods[name].value)!] as const),
    ['size', formOf(methods.size.get)!] as const,
    ['flags', formOf(fields['flags']!.get)!] as const,
  ]);
  return { GoMap: engine, scratch: module['scratch'] as Scratch, forms };
}

/** What is drawn at random is the same for every thread, in whichever order they draw: in Go each draws for itself. */
const DRAWN = 0x9e3779b1;

/** The program as the explorer runs it. */
export function threadsProgram(
  engine: SharedEngine,
  program: ThreadsProgram,
): SteppedProgram<GoMap<number, number>> {
  const { keys, threads, isHashed, profile = 'corrected', record, after } = program;
  return {
    setup: () => {
      const map = new engine.GoMap<number, number>({
        profile,
        random: () => DRAWN,
        ...(isHashed ? { hash: (key: number) => Math.imul(key, 0x9e3779b1) } : {}),
      });
      for (const key of keys) map.set(key, key * 10);
      record?.reset();
      if (record !== undefined) (map as SharedMap).witness = record.witness;
      return map;
    },
    threads: threads.map((calls, thread) => (map) => {
      const run =
        record === undefined
          ? runThread(engine, map, calls)
          : runWitnessed(engine, map, calls, { record, thread });
      return withOwnScratch(engine.scratch, run);
    }),
    ...(after === undefined ? {} : { check: outsideOfThreads(after) }),
  };
}

/** Gives a thread its own scratch back whenever it moves. Between two steps it is nobody's. */
function* withOwnScratch(scratch: Scratch, run: ThreadRun): ThreadRun {
  let step = run.next();
  while (step.done !== true) {
    const own = scratch.take();
    const result = yield step.value;
    scratch.give(own);
    step = run.next(result);
  }
  return step.value;
}

function* runThread(
  engine: SharedEngine,
  map: GoMap<number, number>,
  calls: readonly Call[],
): ThreadRun {
  const results: unknown[] = [];
  const own: OwnIterator = { iterator: null, isDone: false };
  for (const call of calls) results.push(yield* perform(engine, map, call, own));
  return results;
}

/** With a look at the flags before and after each call. */
function* runWitnessed(
  engine: SharedEngine,
  map: GoMap<number, number>,
  calls: readonly Call[],
  { record, thread }: { readonly record: FlagRecord; readonly thread: number },
): ThreadRun {
  const results: unknown[] = [];
  const own: OwnIterator = { iterator: null, isDone: false };
  const look = engine.forms['flags']!;
  for (const call of calls) {
    const [name, ...given] = call;
    // A loop in Go makes no step beyond the last.
    if (name === 'next' && own.isDone) continue;
    const seen = record.begin(thread, name, given, (yield* look.apply(map, [])) as number);
    try {
      results.push(yield* perform(engine, map, call, own));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error.name === 'FatalError') record.threw(seen, error.message);
      return error.message;
    }
    record.returned(seen, (yield* look.apply(map, [])) as number);
  }
  return results;
}

/** A thread's iterator, `null` before its first `next`, and whether that has come to its end. */
interface OwnIterator {
  iterator: { readonly next: () => IteratorResult<number> } | null;
  isDone: boolean;
}

function* perform(
  { forms }: SharedEngine,
  map: GoMap<number, number>,
  [name, ...given]: Call,
  own: OwnIterator,
): ThreadRun {
  switch (name) {
    case 'next': {
      own.iterator ??= map.keys();
      const next = (yield* callSteps(
        own.iterator.next,
        own.iterator,
        [],
      )) as IteratorResult<number>;
      own.isDone = next.done === true;
      return next.value;
    }
    case 'forEach': {
      const visited: number[] = [];
      yield* forms['forEach']!.apply(map, [(value: number) => void visited.push(value)]);
      return visited;
    }
    default:
      return yield* forms[name]!.apply(map, given);
  }
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

/** What the map consists of, but for the marks of iterators and what is drawn for them. */
export function stateOf(map: GoMap<number, number>): string {
  const { B, count, flags, noverflow, nevacuate } = map.inspect();
  const entries = [...map].toSorted(([left], [right]) => left - right);
  return JSON.stringify([B, count, flags & ~3, noverflow, nevacuate, entries]);
}
