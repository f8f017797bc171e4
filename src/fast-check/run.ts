/** Runs programs under schedules. Loaded with the first run, for it brings the explorer. */
import { UsageError } from '../core/errors.ts';
import { recordSchedule } from '../core/explore/record.ts';
import { steppedProgram } from '../instrument/stepped-program.ts';
import { STEP, takeRefusal } from '../instrument/runtime/index.ts';
import { problemOf, type ProgramDefinition } from '../program/define-program.ts';
import { placed } from '../run/program-failure.ts';
import { chooser, type Schedule } from './schedules.ts';
import type { Definition, Run } from './index.ts';

/** As `runUnder`. */
export async function run<Shared>(
  definition: Definition<Shared>,
  schedule: Schedule,
): Promise<Run> {
  const named = { name: 'program', ...definition } as unknown as ProgramDefinition<unknown>;
  const problem = problemOf(named);
  if (problem !== null) throw new UsageError(problem, { code: 'E-PROGRAM-001' });
  if (!named.threads.some((thread) => STEP in thread)) {
    throw new UsageError('no thread can be stepped', {
      code: 'E-VITEST-001',
      todo: 'Name the modules of the program in `include` of steppedModules, from mapcheck/vite.',
    });
  }
  const program = await steppedProgram(named);
  const recording = recordSchedule(program, [], { choose: chooser(schedule) });
  const refusal = takeRefusal();
  if (refusal !== null) {
    const { code, place, todo, message } = refusal;
    throw new UsageError(message, { code, place, todo, cause: refusal });
  }
  const { failure, results, steps } = recording;
  return {
    failure: failure === null ? null : { kind: failure.kind, message: failure.message },
    results,
    steps: steps.map(placed),
  };
}
