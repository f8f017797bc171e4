/** Programs of several threads on one GoMap, as what can be saved and replayed. */
import { z } from 'zod';
import { shareFields } from '../../models/go-map/concurrent/shared-fields.ts';
import {
  readersProgram,
  sharedEngine,
  type Call,
  type SharedEngine,
} from '../../models/go-map/concurrent/threads.ts';
import { allMutants } from '../../models/mutants.ts';
import { UsageError } from '../core/errors.ts';
import { exploreExhaustively } from '../core/explore/optimal.ts';
import type { Program } from '../core/program.ts';
import { shrinkInterleaving } from '../core/shrink/shrink-interleaving.ts';
import type { BuiltProgram } from '../core/shrink/shrink-threads.ts';
import type { SteppedProgram } from '../core/step.ts';
import { loadEngine } from '../instrument/load-program.ts';
import { SCHEDULE_FORMAT, SCHEDULE_VERSION } from '../trace/schedule.ts';
import type { MapSubject } from './map-program.ts';
import { saveSchedule, showRun } from './program-failure.ts';
import { sharedMutant } from './stepped-mutant.ts';

/** The target whose programs these are. */
export const GO_MAP_TARGET = 'go-map';

const NAMES = ['get', 'has', 'size', 'forEach'] as const;

const schema = z.object({
  setup: z.object({
    keys: z.array(z.int().min(0).max(1_000)).describe('Keys of the map when the threads begin.'),
    isHashed: z.boolean().describe('Whether a hasher of its own sends the map on its slow paths.'),
  }),
  threads: z
    .array(z.array(z.object({ op: z.enum(NAMES), k: z.int().optional() })))
    .min(1)
    .max(31),
});

/** Calls of readers as operations of a trace. */
export function readersOperations(
  keys: readonly number[],
  threads: readonly (readonly Call[])[],
  isHashed: boolean,
): Program {
  return {
    setup: { keys, isHashed },
    draws: [],
    threads: threads.map((calls) =>
      calls.map(([name, key]) => (key === undefined ? { op: name } : { op: name, k: key })),
    ),
  };
}

/**
 * The program of a subject, ready to be run.
 *
 * @throws UsageError E-TRACE-008 for operations of another shape, E-TRACE-009 for an unknown mutant.
 */
export async function buildGoMapSubject(subject: MapSubject): Promise<BuiltProgram> {
  const readers = parse(subject.operations);
  return build(readers, await engineOf(subject.mutant));
}

type Readers = z.infer<typeof schema>;

function parse(operations: Program): Readers {
  const parsed = schema.safeParse(operations);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UsageError(issue!.message, {
      code: 'E-TRACE-008',
      place: `$.subject.operations.${issue!.path.join('.')}`,
    });
  }
  return parsed.data;
}

function build({ setup, threads }: Readers, engine: SharedEngine): BuiltProgram {
  const calls = threads.map((thread) =>
    thread.map(({ op, k }): Call => (k === undefined ? [op] : [op, k])),
  );
  const program = readersProgram(engine, setup.keys, calls, setup.isHashed);
  return { program: program as SteppedProgram };
}

async function engineOf(mutantId: string | null): Promise<SharedEngine> {
  if (mutantId === null) return sharedEngine(await loadEngine('go-map', { patch: shareFields }));
  const mutant = allMutants.find(({ id, engine }) => id === mutantId && engine === 'go-map');
  if (mutant !== undefined) return sharedMutant(mutant);
  throw new UsageError(`unknown mutant of go-map ${JSON.stringify(mutantId)}`, {
    code: 'E-TRACE-009',
    place: '$.subject.mutant',
    todo: '`mapcheck mutants` lists them.',
  });
}

/** A failure of readers, made small and saved. */
export interface ReadersFailure {
  readonly message: string;
  readonly steps: number;
  readonly trace: string | null;
}

/**
 * Explores readers up to their first failure and saves it; `null` if they do not fail.
 *
 * The program is small already, so only its interleaving is made smaller.
 */
export function describeReadersFailure(
  subject: MapSubject,
  property: string,
  engine: SharedEngine,
  tracesFolder: string | null,
): ReadersFailure | null {
  const built = build(parse(subject.operations), engine);
  const { failure } = exploreExhaustively(built.program);
  if (failure === null) return null;
  const shrunk = shrinkInterleaving(built.program, failure.schedule);
  const { shown, threads } = showRun(built, shrunk?.schedule ?? failure.schedule, shrunk, failure);
  const { trace } = saveSchedule(tracesFolder, {
    format: SCHEDULE_FORMAT,
    version: SCHEDULE_VERSION,
    subject,
    program: subject.target,
    property,
    expect: subject.mutant === null ? 'holds' : 'fails',
    message: shown.message,
    threads,
  });
  return { message: shown.message, steps: shown.steps.length, trace };
}
