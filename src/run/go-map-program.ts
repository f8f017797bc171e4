/** Programs of several threads on one GoMap, as what can be explored, shrunk, saved and replayed. */
import {
  bindThreads,
  goMapThreadsSchema,
  smallerThreads,
} from '../../models/go-map/concurrent/program.ts';
import { shareFields } from '../../models/go-map/concurrent/shared-fields.ts';
import { sharedEngine, type SharedEngine } from '../../models/go-map/concurrent/threads.ts';
import { goMapProfileOf } from '../../models/go-map/target.ts';
import { exploreExhaustively } from '../core/explore/optimal.ts';
import type { ExplorationReport } from '../core/explore/report.ts';
import type { Program } from '../core/program.ts';
import {
  judgingOf,
  propertyOf,
  type BuiltProgram,
  type ProgramShape,
} from '../core/shrink/shrink-threads.ts';
import { loadEngine } from '../instrument/load-program.ts';
import { parsedOperations, type MapSubject } from './operations-failure.ts';
import { mutantNamed, sharedMutant } from './stepped-mutant.ts';

/** The engine whose memory threads share, or that of one of its mutants. */
export async function goMapEngine(mutantId: string | null): Promise<SharedEngine> {
  return mutantId === null
    ? sharedEngine(await loadEngine('go-map', { patch: shareFields }))
    : sharedMutant(mutantNamed(mutantId, 'go-map'));
}

/**
 * The program of a subject, ready to be run.
 *
 * @throws UsageError E-TRACE-008 for operations of another shape, E-TRACE-009 for an unknown mutant.
 */
export async function buildGoMapSubject(subject: MapSubject): Promise<BuiltProgram> {
  const program = parsedOperations(goMapThreadsSchema, subject.operations);
  return goMapShape(subject.target, await goMapEngine(subject.mutant)).build(program);
}

/** How programs on that target get smaller, and how they are run. */
export function goMapShape(target: string, engine: SharedEngine): ProgramShape<Program> {
  const profile = goMapProfileOf(target) ?? 'go1.23';
  return {
    candidates: smallerThreads,
    build: (program) => bindThreads(program, engine, profile),
  };
}

/** Explores all interleavings of a program, up to the first failure. */
export function exploreGoMapProgram(
  program: Program,
  { build }: ProgramShape<Program>,
): ExplorationReport {
  const built = build(program);
  const report = exploreExhaustively(built.program, judgingOf(built));
  const { failure } = report;
  return failure === null
    ? report
    : { ...report, failure: { ...failure, property: propertyOf(built, failure) } };
}
