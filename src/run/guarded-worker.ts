/** The worker that programs which may hang or kill are run in: one task after another, each told of as it goes on. */
import type { Program } from '../core/program.ts';
import type { Violation } from '../core/property.ts';
import type { Target } from '../core/target.ts';
import { shrinkProgram } from '../core/shrink/shrink.ts';
import type { GuardedInput, GuardedMessage, GuardedTask } from './guarded.ts';
import { targetOfMutant } from './mutant-target.ts';
import { openProjectOf } from './project.ts';
import { selectTargets } from './select-targets.ts';
import { openPort } from './workers/worker-port.ts';

const { input, logbook, tell } = openPort<GuardedInput, GuardedMessage>();
const { tasks, first } = input;

for (let index = first; index < tasks.length; index++) {
  const task = tasks[index]!;
  const target = await targetOf(task);
  target.prepare?.();
  logbook.beginTicket(index);
  tell({ kind: 'begin', index });
  if (task.shrinks === null) execute(index, target, task);
  else shrink(index, target, task, task.shrinks);
  logbook.endTicket();
}
process.exit(0);

function beat(): void {
  logbook.beginRun(0);
}

async function targetOf({ mutant, target, config }: GuardedTask): Promise<Target> {
  if (mutant !== null) return targetOfMutant(mutant, target);
  return selectTargets([target], await openProjectOf(config))[0]!;
}

function execute(index: number, target: Target, task: GuardedTask): void {
  const { violation } = target.execute(task.program, {
    knownFails: task.knownFails,
    onStep: (step) => {
      beat();
      tell({ kind: 'step', index, step });
    },
  });
  tell({ kind: 'done', index, program: task.program, violation, isMinimal: true });
}

function shrink(index: number, target: Target, task: GuardedTask, violation: Violation): void {
  const { knownFails } = task;
  const watched: Target = {
    ...target,
    execute: (program, options) => {
      beat();
      const outcome = target.execute(program, options);
      // Should a later candidate hang, the smallest failing program so far is not lost with this thread.
      if (isSame(outcome.violation, violation)) tellBest(index, program, outcome.violation!);
      return outcome;
    },
  };
  const shrunk = shrinkProgram(watched, task.program, violation, { knownFails });
  target.execute(shrunk.program, {
    knownFails,
    onStep: (step) => tell({ kind: 'step', index, step }),
  });
  const { program, isMinimal } = shrunk;
  tell({ kind: 'done', index, program, violation: shrunk.violation, isMinimal });
}

function isSame(left: Violation | null, right: Violation): boolean {
  return left !== null && left.property === right.property && left.known === right.known;
}

function tellBest(index: number, program: Program, violation: Violation): void {
  tell({ kind: 'best', index, program, violation });
}
