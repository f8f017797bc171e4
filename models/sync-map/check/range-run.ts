/** One call of Range in a run, with what its function does. */
import type { Operation } from '../../../src/core/program.ts';
import { showKey } from '../../../properties/sync-map/observation/rule.ts';
import { showValue } from '../../value-token.ts';
import type { RangeClause, RangeSession } from '../range-contract.ts';
import type { SyncMapRun } from './run.ts';
import type { RangeModel } from '../state.ts';

/** How often a Range may go on calling its function after it was told to stop, before it is broken off. */
const EXTRA_CALLS_MAX = 100;

type NestedOperation = Operation & { readonly at: number };

/** The state of one Range. */
export class RangeRun {
  readonly #run: SyncMapRun;
  /** The function returns false after that many pairs. */
  readonly #stop: number;
  readonly #nested: readonly NestedOperation[];
  readonly #session: RangeSession<unknown>;
  readonly #model: RangeModel<unknown>;
  readonly #shown: string[] = [];
  #pairCount = 0;
  #isStopped = false;
  #extraCalls = 0;

  constructor(run: SyncMapRun, operation: Operation) {
    this.#run = run;
    this.#stop = (operation['stop'] as number | undefined) ?? Number.POSITIVE_INFINITY;
    this.#nested = (operation['nested'] ?? []) as unknown as readonly NestedOperation[];
    this.#session = run.spec.openRange();
    this.#model = run.model.openRange();
  }

  /** Calls Range and checks its contract. */
  run(): void {
    const run = this.#run;
    let hasBegun = false;
    const begin = (): void => {
      if (hasBegun) return;
      hasBegun = true;
      run.step('range begins', '');
      run.observe('rangeStart', undefined, 'absent', false);
    };
    try {
      run.engine.range((key, value) => {
        begin();
        return this.#visit(key, value);
      });
    } catch (error) {
      run.panicked('range', error);
    }
    if (run.violation === null) {
      begin();
      if (!this.#isStopped) this.#checkEnd();
      run.observe('rangeEnd', undefined, 'absent', false);
    }
    run.step('range ends', `[${this.#shown.join(', ')}]`);
    run.spec.closeRange(this.#session);
  }

  /** One call of the function. */
  #visit(key: unknown, value: unknown): boolean {
    const run = this.#run;
    if (this.#isStopped || run.violation !== null) return this.#refuse();
    run.fingerprint.addValue(key);
    run.fingerprint.addValue(value);
    if (run.isListening) this.#shown.push(showPair(key, value));
    const clause = this.#session.report(key, value);
    if (clause !== null) run.breakClause(clause, this.#clauseFault(clause, key, value));
    this.#checkModel(key, value);
    const pairIndex = this.#pairCount;
    this.#pairCount += 1;
    for (const operation of this.#nested) {
      if (operation.at !== pairIndex || run.violation !== null) continue;
      run.operateNested(operation, pairIndex);
    }
    this.#isStopped = this.#pairCount >= this.#stop;
    return !this.#isStopped && run.violation === null;
  }

  #refuse(): boolean {
    this.#run.breakClause('stops', {
      message: `Range called its function again after that had returned false for pair ${this.#pairCount - 1}.`,
      expected: 'no more calls',
      actual: 'another call',
    });
    this.#extraCalls += 1;
    if (this.#extraCalls > EXTRA_CALLS_MAX) throw new Error('range does not end');
    return false;
  }

  #checkModel(key: unknown, value: unknown): void {
    const due = this.#model.next();
    const isDue =
      due !== null &&
      Object.is(due[1], value) &&
      (Object.is(due[0], key) || (typeof due[0] === 'object' && key !== key));
    if (isDue) return;
    this.#run.breakClause('model', {
      message: `Pair ${this.#pairCount} of range is not the next entry of its snapshot.`,
      expected: due === null ? 'the end' : showPair(due[0], due[1]),
      actual: showPair(key, value),
    });
  }

  #checkEnd(): void {
    const missing = this.#session.missing();
    if (missing.length > 0) {
      this.#run.breakClause('complete', {
        message: `Range left out key ${showKey(missing[0])}, which was present from before the call to its end.`,
        expected: `${showKey(missing[0])} reported once`,
        actual: `${this.#pairCount} other pairs`,
      });
    }
    const due = this.#model.next();
    if (due === null) return;
    this.#run.breakClause('model', {
      message: `Range ended after ${this.#pairCount} pairs although its snapshot has more.`,
      expected: showPair(due[0], due[1]),
      actual: 'the end',
    });
  }

  #clauseFault(
    clause: RangeClause,
    key: unknown,
    value: unknown,
  ): { message: string; expected: string; actual: string } {
    const held = this.#session.valuesOf(key).map(showValue).join(', ');
    const expected: Record<RangeClause, string> = {
      once: `${showKey(key)} once`,
      complete: '',
      held: `one of the values it had meanwhile: ${held}`,
      absent: `nothing for ${showKey(key)}, which was absent throughout`,
      snapshot: `nothing for ${showKey(key)}, which was stored for the first time meanwhile`,
    };
    return {
      message: `Pair ${this.#pairCount} of range breaks the contract.`,
      expected: expected[clause],
      actual: showPair(key, value),
    };
  }
}

function showPair(key: unknown, value: unknown): string {
  return `${showKey(key)}: ${showValue(value)}`;
}
