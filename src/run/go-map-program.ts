/** Programs of several threads on one GoMap, as what can be explored, shrunk, saved and replayed. */
import {
  bindThreads,
  goMapThreadsSchema,
  smallerThreads,
} from '../../models/go-map/concurrent/program.ts';
import { shareFields } from '../../models/go-map/concurrent/shared-fields.ts';
import { sharedEngine, type SharedEngine } from '../../models/go-map/concurrent/threads.ts';
import type { Program } from '../core/program.ts';
import type { BuiltProgram, ProgramShape } from '../core/shrink/shrink-threads.ts';
import { loadEngine } from '../instrument/load-program.ts';
import { parsedOperations, type MapSubject } from './operations-failure.ts';
import { mutantNamed, sharedMutant } from './stepped-mutant.ts';

/** The target whose programs these are. */
export const GO_MAP_TARGET = 'go-map';

/**
 * The program of a subject, ready to be run.
 *
 * @throws UsageError E-TRACE-008 for operations of another shape, E-TRACE-009 for an unknown mutant.
 */
export async function buildGoMapSubject({ operations, mutant }: MapSubject): Promise<BuiltProgram> {
  const program = parsedOperations(goMapThreadsSchema, operations);
  const engine =
    mutant === null
      ? sharedEngine(await loadEngine('go-map', { patch: shareFields }))
      : await sharedMutant(mutantNamed(mutant, 'go-map'));
  return bindThreads(program, engine);
}

/** How such programs get smaller, and how they are run. */
export function goMapShape(engine: SharedEngine): ProgramShape<Program> {
  return { candidates: smallerThreads, build: (program) => bindThreads(program, engine) };
}
