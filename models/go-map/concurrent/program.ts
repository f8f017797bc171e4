/** Programs of several threads on one GoMap as plain JSON: what traces keep, and what is explored and shrunk. */
import { z } from 'zod';
import { readersAreFree } from '../../../properties/go-map/concurrent.ts';
import type { Program } from '../../../src/core/program.ts';
import type { BuiltProgram } from '../../../src/core/shrink/shrink-threads.ts';
import type { SteppedProgram } from '../../../src/core/step.ts';
import type { ProfileName } from '../../../src/engines/go-map/index.ts';
import { FlagRecord } from './flag-record.ts';
import { MisuseJudge } from './misuse-judge.ts';
import { stateOf, threadsProgram, type Call, type SharedEngine } from './threads.ts';

/** What is asked of a program: that its readers race with nobody, or that its writers are noticed. */
type Question = 'readers' | 'misuse';

const READING = ['get', 'has', 'size', 'forEach'] as const;
const MISUSING = ['get', 'has', 'next', 'set', 'delete', 'clear'] as const;

const number = z.int().min(0).max(1_000_000);
const keys = z.array(number).max(1_000).describe('Keys of the map when the threads begin.');
const isHashed = z
  .boolean()
  .describe('Whether a hasher of its own sends the map on its slow paths, which know the flags.');

function threadsOf(names: readonly string[]) {
  const operation = z.strictObject({
    op: z.enum(names as [string, ...string[]]),
    k: number.optional(),
    v: number.optional(),
  });
  return z.array(z.array(operation)).min(1).max(31);
}

const draws = z.array(z.int()).max(0).optional();

/** The shape of such programs in files; those that ask nothing ask about readers, as the first ones did. */
export const goMapThreadsSchema: z.ZodType<Program> = z.union([
  z.strictObject({
    setup: z.strictObject({ keys, isHashed, asks: z.literal('readers').optional() }),
    draws,
    threads: threadsOf(READING),
  }),
  z.strictObject({
    setup: z.strictObject({ keys, isHashed: z.literal(true), asks: z.literal('misuse') }),
    draws,
    threads: threadsOf(MISUSING),
  }),
]) as never;

/** A program of these calls. */
export function goMapThreads(
  asks: Question,
  initialKeys: readonly number[],
  threads: readonly (readonly Call[])[],
  hashed: boolean,
): Program {
  return {
    setup: { keys: initialKeys, isHashed: hashed, asks },
    draws: [],
    threads: threads.map((calls) =>
      calls.map(([op, k, v]) => ({
        op,
        ...(k === undefined ? {} : { k }),
        ...(v === undefined ? {} : { v }),
      })),
    ),
  };
}

/** A program bound to an engine. */
export interface BoundThreads extends BuiltProgram {
  /** The judge of a program that asks about misuse, `null` for one of readers. */
  readonly misuse: MisuseJudge | null;
}

/** Binds a program to an engine. Default profile: `corrected`. */
export function bindThreads(
  program: Program,
  engine: SharedEngine,
  profile: ProfileName = 'corrected',
): BoundThreads {
  const setup = program.setup as {
    readonly keys: readonly number[];
    readonly isHashed: boolean;
    readonly asks?: Question;
  };
  const threads = program.threads.map((operations) =>
    operations.map(({ op, k, v }) => [op, k, v].filter((part) => part !== undefined) as never),
  );
  const common = { keys: setup.keys, isHashed: setup.isHashed, threads, profile };
  if (setup.asks !== 'misuse') {
    const untouched = stateOf(threadsProgram(engine, common).setup());
    const bound = threadsProgram(engine, {
      ...common,
      after: (map) => {
        if (stateOf(map) !== untouched) throw new Error('reading changed the map');
      },
    });
    // Whatever the explorer finds with readers is a breach of what they are promised.
    return {
      program: bound as SteppedProgram,
      propertyOf: () => readersAreFree.name,
      misuse: null,
    };
  }
  const record = new FlagRecord();
  const judge = new MisuseJudge(record);
  const bound = threadsProgram(engine, { ...common, record }) as SteppedProgram;
  // Misuse is a race: it is left aside here, where the question is what the flags say about it.
  return { program: bound, judge, findsRaces: false, misuse: judge };
}

/** How many keys a map may have for single ones to be left out of it. */
const FEW = 8;

/** Programs with less in them: a thread, a call, a key. */
export function* smallerThreads(program: Program): Generator<Program> {
  const { setup, threads } = program;
  const initialKeys = setup['keys'] as readonly number[];
  if (threads.length > 1) {
    for (const t of threads.keys()) yield { ...program, threads: threads.toSpliced(t, 1) };
  }
  for (const [t, calls] of threads.entries()) {
    if (calls.length < 2) continue;
    for (const i of calls.keys()) {
      yield { ...program, threads: threads.with(t, calls.toSpliced(i, 1)) };
    }
  }
  // A map that was never written to has no bucket yet: that makes nothing simpler.
  if (initialKeys.length > FEW || initialKeys.length === 1) return;
  for (const i of initialKeys.keys()) {
    yield { ...program, setup: { ...setup, keys: initialKeys.toSpliced(i, 1) } };
  }
}

/** What the map has when the threads begin: `3 keys`. */
export function showStart({ setup }: Program): string {
  const count = (setup['keys'] as readonly number[]).length;
  return `${count} key${count === 1 ? '' : 's'}`;
}
