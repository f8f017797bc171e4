/** What every run of a user's map has in common: the map, the digest, the marks, and how it ends. */
import type { Operation, Program } from '../../../src/core/program.ts';
import { drawSource } from '../../../src/core/program.ts';
import type { Property, Violation } from '../../../src/core/property.ts';
import type { ExecuteOptions, Outcome } from '../../../src/core/target.ts';
import { Fingerprint } from '../../tree-bucket-map/fingerprint.ts';
import type { OperationName } from '../vocabulary.ts';
import { keyRunOf, setupOf, type OwnMap } from '../own-map.ts';
import { showOperation } from '../show.ts';
import { RunValues } from '../values.ts';
import { showState } from './state.ts';
import { faultOf, Stop } from './fault.ts';

/** One run of one program: the map beside its model. */
export abstract class OwnRun {
  protected readonly own: OwnMap;
  protected readonly values: RunValues;
  protected readonly fingerprint: Fingerprint = new Fingerprint();
  /** The map that is being checked. */
  protected map: unknown;
  protected readonly isListening: boolean;
  readonly #program: Program;
  readonly #options: ExecuteOptions;
  readonly #coverage: Record<string, number> = {};
  #notes: string[] = [];
  #operations = 0;

  constructor(own: OwnMap, program: Program, options: ExecuteOptions) {
    this.own = own;
    this.#program = program;
    this.#options = options;
    this.isListening = options.onStep !== undefined;
    this.values = new RunValues(own.objectAt);
  }

  /** Runs the program, up to the first violation. Never throws for what the map does. */
  execute(): Outcome {
    const operations = this.#program.threads[0] ?? [];
    const { map: setup, checks } = setupOf(this.#program);
    let violation = this.#guarded(0, 'create()', () => {
      const draw = drawSource(this.#program.draws);
      this.map = this.own.create({ setup, draw, mark: (branch) => this.mark(branch) });
    });
    for (let index = 0; index < operations.length && violation === null; index++) {
      violation = this.#step(operations[index]!, index, checks === 'each');
    }
    if (violation === null && checks === 'end') {
      const last = Math.max(0, operations.length - 1);
      violation = this.#guarded(last, 'A lookup at the end', () => this.check(null));
    }
    return {
      operations: this.#operations,
      violation,
      known: {},
      coverage: this.#coverage,
      fingerprint: this.fingerprint.value,
    };
  }

  /** Does one operation on map and model, compares, and returns the result as text if somebody listens. */
  protected abstract apply(operation: Operation): string;

  /** Compares everything that can be seen. `operation` is the one just done, or `null` at the end. */
  protected abstract check(operation: Operation | null): void;

  /** Lines of the model's state. */
  protected abstract modelState(): readonly string[];

  /** Calls an operation of the map; every one of them counts. */
  protected call(name: OperationName, ...args: readonly unknown[]): unknown {
    this.#operations++;
    return this.own.operations[name]!(this.map, ...args);
  }

  protected has(name: OperationName): boolean {
    return this.own.operations[name] !== undefined;
  }

  /** Calls an operation for each key of a run. */
  protected forRun(operation: Operation, visit: (key: unknown, index: number) => void): void {
    const { from, count, stride } = keyRunOf(operation);
    for (let index = 0; index < count; index++) {
      visit(this.own.keyAt((from + index * stride) | 0), index);
    }
  }

  /** Says that a rare branch was reached. */
  mark(branch: string): void {
    this.#coverage[branch] = (this.#coverage[branch] ?? 0) + 1;
    if (this.isListening) this.#notes.push(branch);
  }

  /** Takes a result into the digest; returns its text if somebody listens. */
  protected note(value: unknown): string {
    this.values.digest(value, this.fingerprint);
    return this.isListening ? this.values.show(value) : '';
  }

  /** As `note`, and ends the run if the result is not the one that is due. */
  protected compare(rule: Property, actual: unknown, expected: unknown, message: string): string {
    const shown = this.note(actual);
    if (Object.is(actual, expected)) return shown;
    return this.fail(rule, message, this.values.show(expected), this.values.show(actual));
  }

  /** Ends the run. */
  protected fail(rule: Property, message: string, expected: string, actual: string): never {
    throw new Stop({ rule, message, expected, actual });
  }

  /** Checks the user's own rules. */
  protected checkOwnProperties(size: number, has: (key: unknown) => boolean): void {
    for (const { rule, check } of this.own.ownProperties) {
      let problem: string | undefined;
      try {
        problem = check(this.map, { size, has });
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
      if (problem === undefined) continue;
      this.fail(rule, `The rule ${rule.name} does not hold.`, rule.statement, problem);
    }
  }

  #step(operation: Operation, index: number, isChecked: boolean): Violation | null {
    let result = '';
    const violation = this.#guarded(
      index,
      () => showOperation(operation, this.values),
      () => {
        result = this.apply(operation);
        if (isChecked) this.check(operation);
      },
    );
    if (this.#options.onStep !== undefined) {
      this.#options.onStep({
        thread: 0,
        operation: showOperation(operation, this.values),
        result: violation === null ? result : violation.actual,
        notes: counted(this.#notes),
      });
      this.#notes = [];
    }
    return violation;
  }

  /** Runs an action; what it throws becomes a violation. */
  #guarded(
    operationIndex: number,
    what: string | (() => string),
    action: () => void,
  ): Violation | null {
    try {
      action();
      return null;
    } catch (error) {
      const name = typeof what === 'string' ? what : what();
      const { rule, message, expected, actual } = faultOf(error, this.own.rules.noPanic, name);
      this.fingerprint.text(rule.name);
      this.fingerprint.word(this.#operations);
      const { name: property } = rule;
      const state = [...showState(this.own, this.map, this.values), ...this.modelState()];
      return { property, message, expected, actual, operationIndex, state, known: null };
    }
  }
}

/** Each note once, with how often it was made. */
function counted(notes: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const note of notes) counts.set(note, (counts.get(note) ?? 0) + 1);
  return [...counts].map(([note, count]) => (count === 1 ? note : `${note} × ${count}`));
}
