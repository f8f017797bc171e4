/** One run of a map like Go's sync.Map, by a single caller. */
import type { Operation, Program } from '../../../src/core/program.ts';
import type { ExecuteOptions } from '../../../src/core/target.ts';
import type { RangeSession } from '../../sync-map/range-contract.ts';
import { SyncMapSpec } from '../../sync-map/spec.ts';
import { Unfindable } from '../../sync-map/unfindable.ts';
import type { OwnMap } from '../own-map.ts';
import { neverNan } from '../reference-map.ts';
import type { OperationName } from '../vocabulary.ts';
import { OwnRun } from './run.ts';
import { showEntry, showModel } from './state.ts';

const GROWN_SIZE = 64;
/** Calls after the function said to stop, before Range is broken off. */
const EXTRA_CALLS_MAX = 100;

/** Members of a result, in the order in which the digest takes them. */
const RESULT_MEMBERS: { readonly [name: string]: readonly [string, string] } = {
  load: ['value', 'ok'],
  loadOrStore: ['actual', 'loaded'],
  loadAndDelete: ['value', 'loaded'],
  swap: ['previous', 'loaded'],
};

/** See above. */
export class SyncMapRun extends OwnRun {
  readonly #spec: SyncMapSpec<unknown>;
  /** Identities of keys, but for NaN, which the specification deals with itself. */
  readonly #identityOf: (key: unknown) => unknown;
  /** A key of each identity, for lookups and messages. */
  readonly #keys = new Map<unknown, unknown>();
  #loopDepth = 0;
  #turn = 0;

  constructor(own: OwnMap, program: Program, options: ExecuteOptions) {
    super(own, program, options);
    const hasFloatKeys = own.identityOf === neverNan;
    this.#spec = new SyncMapSpec(hasFloatKeys);
    this.#identityOf = hasFloatKeys ? (key) => key : own.identityOf;
  }

  protected override apply(operation: Operation): string {
    const { op } = operation;
    if (op === 'range') return this.#range(operation);
    if (op === 'fill') {
      this.forRun(operation, (key, index) =>
        this.#operate(this.has('store') ? 'store' : 'swap', key, [Number(operation['v']) + index]),
      );
      return '';
    }
    if (op === 'drain') {
      this.forRun(operation, (key) => this.#operate('delete', key, []));
      return '';
    }
    const rest = [operation['old'], operation['v']].filter((token) => token !== undefined);
    const key = this.values.decode(operation['k']);
    return this.#operate(
      op as OperationName,
      key,
      rest.map((token) => this.values.decode(token)),
    );
  }

  #operate(name: OperationName, key: unknown, rest: readonly unknown[]): string {
    if (this.#loopDepth > 0) this.mark('changeDuringIteration');
    if (name === 'clear') {
      this.call('clear');
      this.#spec.clear();
      this.mark('clear');
      return '';
    }
    const identity = this.#identityOf(key);
    if (rest.length > 0) this.#markKey(key, identity);
    const actual = this.call(name, key, ...rest);
    const spec = this.#spec as unknown as Record<string, (...args: unknown[]) => unknown>;
    const due = spec[name]!(identity, ...rest);
    if (this.#spec.contents.size === GROWN_SIZE) this.mark('growth');
    return this.#compareResults(name, key, actual, due);
  }

  #compareResults(name: OperationName, key: unknown, actual: unknown, due: unknown): string {
    if (due === undefined) return '';
    const { matchesModel } = this.own.rules;
    const message = `${name}(${this.values.show(key)}, …) returned something else.`;
    const members = RESULT_MEMBERS[name];
    if (members === undefined) return this.compare(matchesModel, actual, due, message);
    const found = (typeof actual === 'object' ? actual : null) ?? {};
    const shown = members.map((member) => {
      const value = (found as Record<string, unknown>)[member];
      const expected = (due as Record<string, unknown>)[member];
      this.values.digest(value, this.fingerprint);
      // A value that is not there may be anything: Go gives the zero value.
      const isFree = member !== members[1] && !(due as Record<string, unknown>)[members[1]];
      if (name !== 'loadOrStore' && isFree) return null;
      if (Object.is(value, expected)) return `${member}: ${this.values.show(value)}`;
      return this.fail(
        matchesModel,
        message,
        `${member}: ${this.values.show(expected)}`,
        `${member}: ${this.values.show(value)}`,
      );
    });
    return this.isListening ? `{ ${shown.filter((text) => text !== null).join(', ')} }` : '';
  }

  #range(operation: Operation): string {
    const nested = (operation['nested'] ?? []) as readonly Operation[];
    const stop = Number(operation['stop'] ?? Number.POSITIVE_INFINITY);
    const session = this.#spec.openRange();
    const shown: string[] = [];
    let count = 0;
    let extraCalls = 0;
    this.#loopDepth++;
    try {
      this.call('range', (key: unknown, value: unknown): boolean => {
        if (count >= stop) {
          extraCalls++;
          if (extraCalls > EXTRA_CALLS_MAX) throw new Error('range does not end');
          return false;
        }
        if (this.isListening) shown.push(showEntry({ key, value }, this.values));
        this.#checkReport(session, key, value);
        for (const inner of nested) if (inner['at'] === count) this.apply(inner);
        count++;
        return count < stop;
      });
    } finally {
      this.#loopDepth--;
      this.#spec.closeRange(session);
    }
    if (extraCalls > 0)
      this.#failRange(
        'Range goes on after it was told to stop.',
        'no more calls',
        `${extraCalls} more`,
      );
    if (count < stop) this.#checkMissing(session);
    return this.isListening ? `[${shown.join(', ')}]` : '';
  }

  #checkReport(session: RangeSession<unknown>, key: unknown, value: unknown): void {
    const identity = this.#identityOf(key);
    const clause = session.report(identity, value);
    // That a key stored meanwhile is left out is a matter of Go's classic design, not of the promise.
    if (clause === null || clause === 'snapshot') return;
    const held = session.valuesOf(identity).map((other) => this.values.show(other));
    const expected = {
      once: `${this.values.show(key)} once`,
      complete: '',
      held: `one of the values it had meanwhile: ${held.join(', ')}`,
      absent: `nothing for ${this.values.show(key)}, which was absent throughout`,
    }[clause];
    this.#failRange('Range breaks its contract.', expected, showEntry({ key, value }, this.values));
  }

  #checkMissing(session: RangeSession<unknown>): void {
    const missing = session.missing();
    if (missing.length === 0) return;
    const key = this.#showIdentity(missing[0]);
    this.#failRange(
      `Range left out key ${key}, which was there from before the call to its end.`,
      `${key} reported once`,
      'not reported',
    );
  }

  #failRange(message: string, expected: string, actual: string): never {
    return this.fail(this.own.rules.range, message, expected, actual);
  }

  protected override check(operation: Operation | null): void {
    const { contents } = this.#spec;
    const stride = operation === null ? 1 : Math.ceil(contents.size / this.own.lookupsMax);
    let index = this.#turn++;
    for (const [identity, value] of contents) {
      if (identity instanceof Unfindable || index++ % stride !== 0) continue;
      const key = this.#keys.get(identity);
      const found = this.call('load', key) as { value: unknown; ok: unknown };
      if (found.ok === true && Object.is(found.value, value)) continue;
      this.fail(
        this.own.rules.contents,
        `A lookup of key ${this.values.show(key)} does not find its value.`,
        this.values.show(value),
        found.ok === true ? this.values.show(found.value) : 'not found',
      );
    }
    this.checkOwnProperties(contents.size, (key) => contents.has(this.#identityOf(key)));
  }

  #markKey(key: unknown, identity: unknown): void {
    if (key !== key) this.mark('nanKey');
    else if (Object.is(key, -0)) this.mark('negativeZeroKey');
    if (this.#spec.contents.has(identity)) this.mark('overwrite');
    else if (this.#keys.has(identity)) this.mark('reinsertion');
    if (!this.#keys.has(identity)) this.#keys.set(identity, key);
  }

  #showIdentity(identity: unknown): string {
    return identity instanceof Unfindable ? 'NaN' : this.values.show(this.#keys.get(identity));
  }

  protected override modelState(): readonly string[] {
    const entries = [...this.#spec.contents].map(([identity, value]) => ({
      key: identity instanceof Unfindable ? Number.NaN : this.#keys.get(identity),
      value,
    }));
    return [showModel(entries, this.values)];
  }
}
