/** Programs of operations on sync.Map, as what can be explored, shrunk, saved and replayed. */
import { steppedEngine, type SteppedEngine } from '../../models/sync-map/concurrent/engine.ts';
import { bindMapProgram, syncMapPropertyOf } from '../../models/sync-map/concurrent/explore.ts';
import { smallerPrograms } from '../../models/sync-map/concurrent/smaller.ts';
import { SYNC_MAP_RULES } from '../../models/sync-map/rules.ts';
import { concurrentSchema } from '../../models/sync-map/schema.ts';
import { syncMapProfileOf } from '../../models/sync-map/target.ts';
import { UsageError } from '../core/errors.ts';
import type { Program } from '../core/program.ts';
import type { ProgramShape } from '../core/shrink/shrink-threads.ts';
import type { SteppedProgram } from '../core/step.ts';
import { loadEngine } from '../instrument/load-program.ts';
import { parsedOperations, type MapSubject } from './operations-failure.ts';
import { mutantNamed, steppedMutant } from './stepped-mutant.ts';

/** The steppable engine of sync.Map, or that of one of its mutants. */
export async function mapEngine(mutantId: string | null): Promise<SteppedEngine> {
  return mutantId === null
    ? steppedEngine(await loadEngine('sync-map'))
    : steppedMutant(mutantNamed(mutantId, 'sync-map'));
}

/**
 * The operations of a subject, once they are known to be a program that its target can run.
 *
 * @throws UsageError E-TRACE-006 if the target runs no programs of several threads, E-TRACE-008 if it cannot run this one.
 */
export function checkedOperations({ target, operations }: MapSubject): Program {
  const profile = syncMapProfileOf(target);
  if (profile === null) {
    throw new UsageError(`target ${JSON.stringify(target)} runs no programs of several threads`, {
      code: 'E-TRACE-006',
      place: '$.subject.target',
      todo: 'Such programs run on sync-map, and on its profiles as sync-map@corrected.',
    });
  }
  return parsedOperations(concurrentSchema(SYNC_MAP_RULES[profile]), operations);
}

/** How programs on that target get smaller, and how they are run. */
export function mapShape(target: string, engine: SteppedEngine): ProgramShape<Program> {
  const profile = syncMapProfileOf(target) ?? 'go1.23';
  return {
    candidates: smallerPrograms,
    build: (program) => {
      const bound = bindMapProgram(program, engine, { profile });
      return {
        program: bound.program as SteppedProgram,
        judge: bound.judge,
        propertyOf: syncMapPropertyOf,
      };
    },
  };
}
