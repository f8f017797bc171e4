/** Why a few operations on one key have no legal order, in sentences, where one of the usual reasons applies. */
import type { Contracts } from '../contracts.ts';
import { ABSENT, NEVER, OP_RANGE, type History } from '../history.ts';
import { MODIFY, observe, READ, WRITE, type Observations } from '../observations.ts';
import { callText, operationText, valueText } from './operation-text.ts';

/** Where to look for reasons. */
export interface ReasonOptions {
  readonly contracts: Contracts;
  /** The key, or -1 where several together fail. */
  readonly key: number;
  /** All the key's operations up to the failure, and those left of them. */
  readonly whole: History;
  readonly least: History;
  /** The operation at whose return the history fails, as a row of each; -1 where it is not among those left. */
  readonly wholeRow: number;
  readonly leastRow: number;
}

/** Sentences, the most telling first; at least one. */
export function reasons(options: ReasonOptions): string[] {
  const { contracts, key, whole, least, wholeRow } = options;
  const observed = observe(whole, contracts);
  const contradiction = observed.contradictions.find(({ row }) => row === wholeRow);
  if (contradiction !== undefined) {
    return [`${callText(whole, wholeRow)} ${contradiction.message}.`];
  }
  const finder = new ReasonFinder(least, observe(least, contracts), key);
  const count = least.operationCount;
  const row = options.leastRow < 0 ? count - 1 : options.leastRow;
  const general =
    `${finder.name(row)} is the first return that no order of ${count === 1 ? 'operations' : `these ${count} operations`} explains: ` +
    'each order that keeps to real time contradicts a result.';
  if (key < 0) {
    const together =
      'Each key is linearizable by itself, but no moments of the whole map fit every clear, length and snapshot.';
    return [together, general];
  }
  const direct = new ReasonFinder(whole, observed, key).reasonOf(wholeRow);
  const found = direct ?? finder.find(row);
  return [found ?? general];
}

/** Keeps the sentences about one key together. */
class ReasonFinder {
  readonly #history: History;
  readonly #observations: Observations;
  readonly #all: readonly number[];
  readonly #initial: number;

  constructor(history: History, observations: Observations, key: number) {
    this.#history = history;
    this.#observations = observations;
    const { count } = observations;
    this.#all = Array.from({ length: count }, (_, at) => at).filter(
      (at) => key < 0 || observations.key[at] === key,
    );
    this.#initial = key < 0 ? -1 : observations.initial[key]!;
  }

  name(row: number): string {
    const { call, ret, eventLine } = this.#history;
    const event = ret[row] === NEVER ? call[row]! : ret[row]!;
    const line = eventLine[event];
    const place = line === undefined || line === 0 ? '' : ` (line ${line})`;
    return `${operationText(this.#history, row)}${place}`;
  }

  /** Why the results of one operation are impossible, if one of the usual reasons applies. */
  reasonOf(failingRow: number): string | null {
    const { row, from, key, hasAppend } = this.#observations;
    for (const at of this.#all) {
      // Appended texts are written piece by piece; what holds for whole values does not hold for them.
      if (hasAppend[key[at]!] === 1) return null;
      if (row[at] !== failingRow || !this.#isUse(at)) continue;
      const reason = from[at] === ABSENT ? this.#absenceReason(at) : this.#valueReason(at);
      if (reason !== null) return reason;
    }
    return null;
  }

  /** Why some operation is impossible; the failing one first, the one that a reader looks at. */
  find(failingRow: number): string | null {
    const rows = new Set([failingRow, ...this.#all.map((at) => this.#observations.row[at]!)]);
    for (const row of rows) {
      const reason = this.reasonOf(row);
      if (reason !== null) return reason;
    }
    return this.#clash();
  }

  #isUse(at: number): boolean {
    const { kind } = this.#observations;
    return kind[at] === READ || (kind[at] === MODIFY && this.#isRequired(at));
  }

  #isRequired(at: number): boolean {
    return this.#observations.ret[at] !== NEVER;
  }

  #label(at: number): string {
    return this.name(this.#observations.row[at]!);
  }

  #value(pair: number): string {
    const { valueOf } = this.#observations;
    return pair === ABSENT ? 'absent' : valueText(this.#history, valueOf(pair));
  }

  #writersOf(pair: number): number[] {
    const { kind, to } = this.#observations;
    return this.#all.filter((at) => (kind[at] === WRITE || kind[at] === MODIFY) && to[at] === pair);
  }

  #valueReason(at: number): string | null {
    const { from, call, ret, kind } = this.#observations;
    const pair = from[at]!;
    const value = this.#value(pair);
    const writers = this.#writersOf(pair).filter((one) => one !== at);
    const isInitial = this.#initial === pair;
    if (writers.length === 0 && !isInitial)
      return `${this.#label(at)}, but nothing ever wrote ${value}.`;
    if (!isInitial && writers.every((one) => call[one]! > ret[at]!)) {
      return `${this.#label(at)} returned before ${this.#label(writers[0]!)} was called, the only way to get ${value}.`;
    }
    if (writers.some((one) => ret[one] === NEVER)) return null;
    const lastReturn = Math.max(-1, ...writers.map((one) => ret[one]!));
    const isWrittenOnce = writers.length + Number(isInitial) === 1;
    const taker = this.#all.find(
      (one) => one !== at && kind[one] === MODIFY && from[one] === pair && ret[one]! < call[at]!,
    );
    if (isWrittenOnce && taker !== undefined) {
      return `${this.#label(at)} was called after ${this.#label(taker)} had taken ${value} away and returned.`;
    }
    const over = this.#all.find(
      (one) => this.#isChange(one, pair) && call[one]! > lastReturn && ret[one]! < call[at]!,
    );
    if (over !== undefined) {
      const source =
        isInitial && writers.length === 0
          ? 'there from the start'
          : `written by ${this.#label(writers[0]!)}`;
      return `${this.#label(at)} was called after ${this.#label(over)} had returned, which had overwritten ${value}, ${source}.`;
    }
    const rival = this.#all.find(
      (one) => one !== at && kind[one] === MODIFY && this.#isRequired(one) && from[one] === pair,
    );
    if (kind[at] === MODIFY && rival !== undefined && isWrittenOnce) {
      return `${this.#label(at)} and ${this.#label(rival)} each replaced ${value}, which was written once.`;
    }
    return null;
  }

  /** Whether an observation leaves the key with something else than a value. */
  #isChange(at: number, pair: number): boolean {
    const { kind, to } = this.#observations;
    return (kind[at] === WRITE || kind[at] === MODIFY) && to[at] !== pair;
  }

  #absenceReason(at: number): string | null {
    const { call, ret, to, kind } = this.#observations;
    const setters = this.#all.filter(
      (one) => one !== at && (kind[one] === WRITE || kind[one] === MODIFY) && to[one] !== ABSENT,
    );
    const before = setters.filter((one) => ret[one]! < call[at]!);
    const last = before.toSorted((left, right) => call[right]! - call[left]!)[0];
    const from = last === undefined ? (this.#initial > ABSENT ? -1 : null) : call[last]!;
    if (from === null) return null;
    const removers = this.#writersOf(ABSENT).filter((one) => one !== at);
    if (removers.some((one) => ret[one]! > from && call[one]! < ret[at]!)) return null;
    const what =
      this.#history.op[this.#observations.row[at]!] === OP_RANGE
        ? 'did not visit the key'
        : 'found the key absent';
    const since =
      last === undefined
        ? 'it had a value from the start'
        : `${this.#label(last)} had returned before`;
    return `${this.#label(at)} ${what}, but ${since} and nothing removed it in between.`;
  }

  /** Two values that must both have been there. */
  #clash(): string | null {
    const zones = this.#zones();
    for (const [index, one] of zones.entries()) {
      for (const other of zones.slice(index + 1)) {
        const isOverlap = one.from < other.to && other.from < one.to;
        if (!isOverlap) continue;
        return (
          `${one.value} must have been there from ${one.since} to ${one.until}, ` +
          `and ${other.value} from ${other.since} to ${other.until}; these overlap.`
        );
      }
    }
    return null;
  }

  #zones(): Zone[] {
    const { from, to, kind, call, ret } = this.#observations;
    const pairs = new Set(this.#all.flatMap((at) => [from[at]!, to[at]!]));
    const zones: Zone[] = [];
    for (const pair of pairs) {
      const writers = this.#writersOf(pair);
      if (pair === ABSENT || writers.length + Number(this.#initial === pair) !== 1) continue;
      const users = this.#all.filter(
        (at) => kind[at] !== WRITE && from[at] === pair && this.#isRequired(at),
      );
      const ends = [...writers.filter((at) => this.#isRequired(at)), ...users];
      const first = ends.toSorted((left, right) => ret[left]! - ret[right]!)[0];
      const last = users.toSorted((left, right) => call[right]! - call[left]!)[0];
      if (first === undefined || last === undefined) continue;
      const start = this.#initial === pair ? -1 : ret[first]!;
      if (start >= call[last]!) continue;
      zones.push({
        value: this.#value(pair),
        from: start,
        to: call[last]!,
        since: start < 0 ? 'the start' : `the return of ${this.#label(first)}`,
        until: `the call of ${callText(this.#history, this.#observations.row[last]!)}${this.#lineOf(call[last]!)}`,
      });
    }
    return zones;
  }

  #lineOf(event: number): string {
    const { eventOf } = this.#observations;
    for (let one = 0; one < this.#history.eventCount; one++) {
      if (eventOf(one) === event) {
        const line = this.#history.eventLine[one];
        return line === undefined || line === 0 ? '' : ` (line ${line})`;
      }
    }
    return '';
  }
}

interface Zone {
  readonly value: string;
  readonly from: number;
  readonly to: number;
  readonly since: string;
  readonly until: string;
}
