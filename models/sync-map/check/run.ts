/** One run of a program: engine, spec and model side by side, every rule checked after every operation. */
import type { Operation, Program } from '../../../src/core/program.ts';
import type { Property, Violation } from '../../../src/core/property.ts';
import type { ExecuteOptions, Outcome } from '../../../src/core/target.ts';
import type { SyncMap, SyncMapObserver } from '../../../src/engines/sync-map/index.ts';
import { checkDeparted, departedStayExpunged } from '../../../properties/sync-map/entries.ts';
import { RunHistory } from '../../../properties/sync-map/observation/history.ts';
import { Moment } from '../../../properties/sync-map/observation/moment.ts';
import {
  checkRefinement,
  refinement,
  showMoment,
} from '../../../properties/sync-map/refinement.ts';
import {
  noPanic,
  rangeClauses,
  rangeModel,
  rangeStops,
  results,
} from '../../../properties/sync-map/results.ts';
import type {
  Fault,
  Stage,
  Transition,
  TransitionRule,
} from '../../../properties/sync-map/observation/rule.ts';
import { checkSnapshot, snapshotImmutable } from '../../../properties/sync-map/snapshots.ts';
import { TokenDecoder } from '../../value-token.ts';
import { decodeCall, perform, showAnswer, showCall } from './calls.ts';
import type { Answer, Call } from './calls.ts';
import { Fingerprint } from './fingerprint.ts';
import { RangeRun } from './range-run.ts';
import type { Place, SyncMapRules } from '../rules.ts';
import { orderOf, setupOf } from '../setup.ts';
import { SyncMapSpec } from '../spec.ts';
import { PerformanceModel } from '../state.ts';

/** Names of the rare branches, as the engine's observer reports them. */
export const COVERAGE_KEYS = [
  'promotion',
  'rangePromotion',
  'expunge',
  'unexpunge',
  'dirtyCopy',
  'slowPathLoad',
  'clear',
] as const;

/** One of those names. */
export type CoverageKey = (typeof COVERAGE_KEYS)[number];

/** What a run is made with. */
export interface RunSetup {
  readonly rules: SyncMapRules;
  readonly transitionRules: readonly TransitionRule[];
  readonly coverage: readonly CoverageKey[];
  readonly engine: typeof SyncMap;
  readonly program: Program;
  readonly options: ExecuteOptions;
}

/** The state of one run. */
export class SyncMapRun {
  readonly engine: SyncMap<unknown, unknown>;
  readonly spec: SyncMapSpec<unknown>;
  readonly model: PerformanceModel<unknown>;
  readonly decoder: TokenDecoder = new TokenDecoder();
  readonly fingerprint: Fingerprint = new Fingerprint();
  violation: Violation | null = null;
  operationCount = 0;

  readonly #setup: RunSetup;
  readonly #history = new RunHistory();
  readonly #coverage: Record<string, number> = {};
  readonly #known: Record<string, number> = {};
  /** What the observer heard since the last step; filled only for a step listener. */
  #notes: string[] = [];
  #lockCount = 0;
  #before = new Moment();
  #after = new Moment();
  #operationIndex = 0;
  /** Whether `#after` is the state after the current operation already. */
  #isChecking = false;
  /** Where in nested ranges the current operation stands, for messages. */
  #nesting: string[] = [];

  constructor(setup: RunSetup) {
    this.#setup = setup;
    const { rules, program } = setup;
    const { keys, order } = setupOf(program);
    const hasFloatKeys = keys === 'float64';
    for (const key of setup.coverage) this.#coverage[key] = 0;
    const visit = orderOf({ keys, order }, program.draws);
    this.engine = new setup.engine<unknown, unknown>({
      profile: rules.profile,
      keys,
      ...(visit === undefined ? {} : { order: visit }),
      observer: this.#observer(),
    });
    this.spec = new SyncMapSpec(hasFloatKeys);
    this.model = new PerformanceModel(rules, hasFloatKeys, orderOf({ keys, order }, program.draws));
    this.#after.capture(this.engine.inspect());
  }

  /** Runs the whole program, or up to the first violation. */
  run(): Outcome {
    for (const operation of this.#setup.program.threads[0] ?? []) {
      this.operate(operation);
      if (this.violation !== null) break;
      this.#operationIndex += 1;
    }
    if (this.violation === null) this.#lookBack();
    return {
      operations: this.operationCount,
      violation: this.violation,
      known: this.#known,
      coverage: this.#coverage,
      fingerprint: this.fingerprint.digest,
    };
  }

  /** Runs one operation, nested or not. */
  operate(operation: Operation): void {
    this.operationCount += 1;
    if (operation.op === 'range') new RangeRun(this, operation).run();
    else this.#single(decodeCall(operation, this.decoder));
  }

  /** Runs the operations that a range's function makes, as part of the pair of that index. */
  operateNested(operation: Operation, pairIndex: number): void {
    this.#nesting.push(`pair ${pairIndex} of range`);
    this.operate(operation);
    this.#nesting.pop();
  }

  #single(call: Call): void {
    const place = call.name === 'clear' ? 'absent' : this.#place(call.key);
    let answer: Answer;
    try {
      answer = perform(this.engine, call);
    } catch (error) {
      this.panicked(showCall(call), error);
      return;
    }
    const due = perform(this.spec, call);
    if (call.name === 'clear') this.model.clear();
    else this.model.apply(call.name, call.key, call);
    this.fingerprint.addValue(answer.value);
    this.fingerprint.addInteger(answer.flag ? 1 : 0);
    if (answer.flag !== due.flag || !Object.is(answer.value, due.value)) {
      this.violate(results, {
        message: `${showCall(call)} returned what it should not.`,
        expected: showAnswer(call.name, due),
        actual: showAnswer(call.name, answer),
      });
    }
    if (this.isListening) this.step(showCall(call), showAnswer(call.name, answer));
    this.observe(call.name, call.key, place, due.flag);
  }

  /** Takes the state after a stage and checks every rule on it. */
  observe(stage: Stage, key: unknown, place: Place, expectedFlag: boolean): void {
    const before = this.#after;
    const after = this.#before;
    this.#before = before;
    this.#after = after;
    after.capture(this.engine.inspect());
    const lockCount = this.#lockCount;
    this.#lockCount = 0;
    this.#addScalars(after, lockCount);
    if (this.violation !== null) return;
    const { rules } = this.#setup;
    this.#isChecking = true;
    this.#check({
      stage,
      key,
      place,
      expectedFlag,
      before,
      after,
      lockCount,
      contents: this.spec.contents,
      rules,
      history: this.#history,
    });
    this.#isChecking = false;
  }

  #check(transition: Transition): void {
    this.#history.record(transition, transition.rules.knownLeak);
    for (const rule of this.#setup.transitionRules) {
      const fault = rule.check(transition);
      if (fault !== null) this.violate(rule, fault);
      if (this.violation !== null) return;
    }
    const fault = checkRefinement(transition.after, this.model);
    if (fault !== null) this.violate(refinement, fault);
  }

  /** Records that a rule was broken. The first violation of a run stays; a known defect is counted instead. */
  violate(property: Property, fault: Fault): void {
    if (this.violation !== null) return;
    if (fault.known !== undefined && this.#setup.options.knownFails !== true) {
      this.#known[fault.known] = (this.#known[fault.known] ?? 0) + 1;
      return;
    }
    const place = this.#nesting.map((pair) => `In ${pair}: `).join('');
    this.violation = {
      property: property.name,
      message: place + fault.message,
      expected: fault.expected,
      actual: fault.actual,
      operationIndex: this.#operationIndex,
      state: this.#stateLines(),
      known: fault.known ?? null,
    };
  }

  /** Records that the engine threw. */
  panicked(call: string, error: unknown): void {
    this.violate(noPanic, {
      message: `${call} threw.`,
      expected: 'a result',
      actual: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    });
  }

  /** Records a broken clause of Range. */
  breakClause(clause: keyof typeof rangeClauses | 'stops' | 'model', fault: Fault): void {
    if (clause === 'stops') this.violate(rangeStops, fault);
    else if (clause === 'model') this.violate(rangeModel, fault);
    else this.violate(rangeClauses[clause], fault);
  }

  /** Whether somebody wants to hear of the steps; if not, nothing is formatted. */
  get isListening(): boolean {
    return this.#setup.options.onStep !== undefined;
  }

  /** Tells the step listener, if there is one. */
  step(operation: string, result: string): void {
    const { onStep } = this.#setup.options;
    if (onStep === undefined) return;
    const nesting = this.#nesting.map((place) => `in ${place}`);
    onStep({ thread: 0, operation, result, notes: [...nesting, ...this.#notes] });
    this.#notes = [];
  }

  /** Where a key is in the engine. */
  #place(key: unknown): Place {
    const { readMap, dirtyMap } = this.#after;
    const entry = readMap.get(key);
    if (entry !== undefined) return entry.kind === 'expunged' ? 'readExpunged' : 'readLive';
    return dirtyMap !== null && dirtyMap.has(key) ? 'dirtyOnly' : 'absent';
  }

  #observer(): SyncMapObserver {
    const { isListening } = this;
    const hear = (key: CoverageKey, count?: number): void => {
      // An engine with a seeded bug may do what its profile does not have.
      this.#coverage[key] = (this.#coverage[key] ?? 0) + 1;
      if (isListening)
        this.#notes.push(
          count === undefined ? key : `${key}: ${count} ${count === 1 ? 'entry' : 'entries'}`,
        );
    };
    return {
      lockAcquired: () => {
        this.#lockCount += 1;
      },
      promotion: (count) => hear('promotion', count),
      rangePromotion: (count) => hear('rangePromotion', count),
      dirtyCopy: (count) => hear('dirtyCopy', count),
      expunge: () => hear('expunge'),
      unexpunge: () => hear('unexpunge'),
      slowPathLoad: () => hear('slowPathLoad'),
      clear: () => hear('clear'),
    };
  }

  #addScalars(after: Moment, lockCount: number): void {
    const { fingerprint } = this;
    fingerprint.addInteger(after.readSize);
    fingerprint.addInteger(after.amended ? 1 : 0);
    fingerprint.addInteger(after.dirtySize);
    fingerprint.addInteger(after.misses);
    fingerprint.addInteger(lockCount);
  }

  /** At the end: what left the map long ago must be as it was left. */
  #lookBack(): void {
    for (const snapshot of this.#history.snapshots) {
      const fault = checkSnapshot(snapshot, snapshot.keys.length);
      if (fault !== null) this.violate(snapshotImmutable, fault);
    }
    const fault = checkDeparted(this.#history.departed);
    if (fault !== null) this.violate(departedStayExpunged, fault);
  }

  #stateLines(): string[] {
    const now = new Moment();
    now.capture(this.engine.inspect());
    const before = this.#isChecking ? this.#before : this.#after;
    return ['before:', ...indent(showMoment(before)), 'after:', ...indent(showMoment(now))];
  }
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
