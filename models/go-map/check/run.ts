/**
 * One run of one program: engine and specification side by side, every property asked after every
 * operation.
 */
import type { Operation, Program } from '../../../src/core/program.ts';
import type { ExecuteOptions, Outcome, StepListener } from '../../../src/core/target.ts';
import type { ProfileName } from '../profile-rules.ts';
import { countsOf } from './coverage.ts';
import type { CheckedMapClass } from './engine-port.ts';
import { LoopRunner } from './loop-runner.ts';
import { MapRunner } from './map-runner.ts';
import { Referee } from './referee.ts';
import { operationText, resultText } from './step-text.ts';

/** What a run runs on. */
export interface Subject {
  readonly engine: CheckedMapClass;
  readonly profile: ProfileName;
}

/**
 * Runs a program. The first violation ends the run. Throws nothing that the program or the engine
 * did.
 */
export function runProgram(subject: Subject, program: Program, options: ExecuteOptions): Outcome {
  const run = new Run(subject.profile, program, options);
  return run.execute(subject.engine, program.threads[0] ?? []);
}

class Run {
  readonly #referee: Referee;
  readonly #maps: MapRunner;
  readonly #loops: LoopRunner;
  readonly #onStep: StepListener | undefined;

  constructor(profile: ProfileName, program: Program, options: ExecuteOptions) {
    this.#referee = new Referee(profile, program, options);
    this.#maps = new MapRunner(this.#referee);
    this.#loops = new LoopRunner(this.#referee);
    this.#referee.findLoop = (number) => this.#loops.find(number);
    this.#onStep = options.onStep;
  }

  execute(engine: CheckedMapClass, operations: readonly Operation[]): Outcome {
    const referee = this.#referee;
    this.#maps.make(engine);
    for (let index = 0; index < operations.length && !referee.isBroken; index++) {
      this.#perform(operations[index]!, index);
    }
    if (!referee.isBroken) this.#guard({ op: 'end' }, () => this.#maps.finish());
    return {
      operations: referee.operations,
      violation: referee.violation,
      known: referee.known,
      coverage: countsOf(referee.coverage),
      fingerprint: referee.fingerprint.value,
    };
  }

  #perform(operation: Operation, index: number): void {
    const referee = this.#referee;
    referee.beginOperation(index);
    this.#guard(operation, () => {
      if (!this.#maps.perform(operation)) this.#loops.perform(operation);
    });
    this.#onStep?.({
      thread: 0,
      operation: operationText(operation, referee.decoder),
      result: this.#loops.takeText() ?? resultText(operation, referee.result),
      notes: referee.takeNotes(),
    });
  }

  /** Nothing but the engine throws in here, and at no place where that was expected. */
  #guard(operation: Operation, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#referee.result.thrown = error;
      this.#referee.result.expectedError = null;
      this.#referee.judgeResult(operation, undefined, undefined);
    }
  }
}
