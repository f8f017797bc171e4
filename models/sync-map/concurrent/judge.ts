/**
 * Judges executions of sync.Map programs: their operations must be linearizable in every real-time order that their
 * class admits.
 *
 * J1. Range is not linearizable. It counts as one read for each key of the program, each at a moment of its own during
 *     the call: clauses (b), (c) and (d) of its contract, as `range-contract.ts` lists them.
 * J2. What the map contains after all threads ended counts as a read of each key, so that an update which only later
 *     operations would miss is missed here. Load and Range must agree about it.
 */
import { EmbeddedHistory } from '../../../src/core/check/linearize/embedded-history.ts';
import { OP_LOAD, OPERATION_NAMES } from '../../../src/core/check/linearize/history.ts';
import {
  ORDERED_OPERATIONS_MAX,
  RealTimeOrders,
} from '../../../src/core/check/real-time-orders.ts';
import { UsageError } from '../../../src/core/errors.ts';
import type { Execution, ExecutionJudge, Judgement } from '../../../src/core/explore/report.ts';
import type { Trail } from '../../../src/core/explore/trail.ts';
import { registers } from '../../../src/core/step.ts';
import { showKey } from '../../../properties/sync-map/observation/rule.ts';
import { rangeClauses } from '../../../properties/sync-map/results.ts';
import { linearizable } from '../../../properties/sync-map/concurrent.ts';
import { showValue } from '../../value-token.ts';
import type { RangeClause } from '../range-contract.ts';
import type { EngineMap } from './engine.ts';
import { orderLines, showRecord } from './describe.ts';
import { judgedHistory } from './judged-history.ts';
import type { Plan, PlannedOperation } from './program.ts';
import type { ExecutionRecord, OperationRecord } from './record.ts';
import type { StateWatcher } from './watcher.ts';

/** Rows that the judge's own arrays have room for. */
const ROWS_MAX = 256;
/** The tick of the reads after all threads ended. */
const AFTERWARDS = 1 << 20;

const OPS: ReadonlyMap<string, number> = new Map(OPERATION_NAMES.map((name, op) => [name, op]));

export class ProgramJudge implements ExecutionJudge {
  /** Real-time orders judged. */
  orderCount = 0;
  readonly #plan: Plan;
  readonly #record: ExecutionRecord;
  readonly #watcher: StateWatcher | null;
  readonly #operations: readonly PlannedOperation[];
  readonly #orders = new RealTimeOrders();
  readonly #history = new EmbeddedHistory();
  /** By operation, its first row; one more for those after all threads. */
  readonly #rowsFrom: Int32Array;
  readonly #sequence = new Int32Array(ROWS_MAX);
  readonly #calls = new Int32Array(ROWS_MAX);
  readonly #returns = new Int32Array(ROWS_MAX);
  /** J2. */
  readonly #loaded: unknown[] = [];
  readonly #visited = new Map<unknown, unknown>();
  readonly #contents = new Map<unknown, unknown>();
  #stateFault: Judgement | null = null;
  #faulty: { sequence: number[]; calls: number[]; returns: number[] } | null = null;

  /** @throws UsageError E-EXPLORE-004 if the program has more operations than can be ordered. */
  constructor(plan: Plan, record: ExecutionRecord, watcher: StateWatcher | null) {
    this.#plan = plan;
    this.#record = record;
    this.#watcher = watcher;
    this.#operations = plan.threads.flat();
    const count = this.#operations.length;
    if (count > ORDERED_OPERATIONS_MAX || count + (count + 1) * plan.keys.length > ROWS_MAX) {
      throw new UsageError(
        `a program of several threads has at most ${ORDERED_OPERATIONS_MAX} operations, found ${count}`,
        { code: 'E-EXPLORE-004', place: 'threads' },
      );
    }
    this.#rowsFrom = new Int32Array(count + 1);
  }

  judge({ machine, trail, ending }: Execution): Judgement | null {
    this.#faulty = null;
    if (ending !== 'complete') return null;
    const seen = this.#judgeOperations(machine.shared as EngineMap, trail) ?? this.#stateFault;
    if (seen === null) return null;
    const history = judgedHistory(this.#plan, this.#record.all, trail, this.#faulty);
    return { ...seen, history };
  }

  /** What callers could see, first; what only the checker sees is judged by the watcher. */
  #judgeOperations(map: EngineMap, trail: Trail): Judgement | null {
    this.#readAll(map);
    const broken = this.#fill(this.#record.all);
    if (broken !== null) return broken;
    this.#addFinal();
    if (!this.#orders.every(trail, this.#isLegal)) return this.#explain();
    return this.#judgeFinalRange();
  }

  /** J2: the value of each key, `undefined` for absence, by Load and then by Range. */
  #readAll(map: EngineMap): void {
    const { thread } = registers;
    registers.thread = -1;
    try {
      const { keys } = this.#plan;
      this.#watcher?.close();
      for (let index = 0; index < keys.length; index++) {
        this.#loaded[index] = map.load(keys[index]).value;
      }
      this.#visited.clear();
      map.range(this.#visit);
      this.#stateFault = this.#watcher?.end(this.#present()) ?? null;
    } finally {
      registers.thread = thread;
    }
  }

  /** The keys that Load found. */
  #present(): ReadonlyMap<unknown, unknown> {
    const present = this.#contents;
    present.clear();
    for (let index = 0; index < this.#loaded.length; index++) {
      const value = this.#loaded[index];
      if (value !== undefined) present.set(this.#plan.keys[index], value);
    }
    return present;
  }

  readonly #visit = (key: unknown, value: unknown): void => void this.#visited.set(key, value);

  /** What Load finds afterwards is right; Range must find the same. */
  #judgeFinalRange(): Judgement | null {
    const { keys } = this.#plan;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index];
      const loaded = this.#loaded[index];
      if (Object.is(this.#visited.get(key), loaded)) continue;
      const isMissing = !this.#visited.has(key);
      const property =
        rangeClauses[isMissing ? 'complete' : loaded === undefined ? 'absent' : 'held'];
      return {
        kind: 'linearizability',
        property: property.name,
        message: `After all threads ended, range reports ${isMissing ? 'nothing' : showValue(this.#visited.get(key))} for key ${showKey(key)}, which load finds ${loaded === undefined ? 'absent' : `to be ${showValue(loaded)}`}.`,
        details: this.#record.all.map((record, one) => showRecord(this.#operations[one]!, record)),
      };
    }
    return null;
  }

  /** Enters the operations; returns what is wrong with a range in itself. */
  #fill(records: readonly OperationRecord[]): Judgement | null {
    const history = this.#history;
    history.reset();
    this.#orders.reset();
    for (const [key, value] of this.#plan.contents) history.startWith(key, value);
    for (let one = 0; one < records.length; one++) {
      const record = records[one]!;
      this.#rowsFrom[one] = history.rowCount;
      this.#orders.add(record.thread, record.before, record.upTo);
      const { name, call, stop } = this.#operations[one]!;
      if (name !== 'range') {
        history.add(OPS.get(name)!, call, record.value, record.flag);
        continue;
      }
      const clause = this.#addRange(record, stop);
      if (clause !== null) return this.#brokenClause(clause, record);
    }
    this.#rowsFrom[records.length] = history.rowCount;
    return null;
  }

  /** J1. */
  #addRange(record: OperationRecord, stop: number): RangeClause | null {
    const { rangeKeys, rangeValues } = record;
    const isComplete = rangeKeys.length < stop;
    for (let pair = 0; pair < rangeKeys.length; pair++) {
      if (rangeKeys.indexOf(rangeKeys[pair]) !== pair) return 'once';
      if (!this.#plan.keys.includes(rangeKeys[pair])) return 'absent';
    }
    for (const key of this.#plan.keys) {
      const pair = rangeKeys.indexOf(key);
      if (pair < 0 && !isComplete) continue;
      const given = { key, value: undefined, old: undefined };
      this.#history.add(OP_LOAD, given, pair < 0 ? undefined : rangeValues[pair], pair >= 0);
    }
    return null;
  }

  #addFinal(): void {
    const { keys } = this.#plan;
    for (let index = 0; index < keys.length; index++) {
      const value = this.#loaded[index];
      const given = { key: keys[index], value: undefined, old: undefined };
      this.#history.add(OP_LOAD, given, value, value !== undefined);
    }
  }

  readonly #isLegal = (sequence: Int32Array, calls: Int32Array, returns: Int32Array): boolean => {
    this.orderCount++;
    if (this.#check(sequence, calls, returns, () => true)) return true;
    const count = this.#operations.length;
    const copy = (from: Int32Array): number[] => Array.from(from.subarray(0, count));
    this.#faulty = { sequence: copy(sequence), calls: copy(calls), returns: copy(returns) };
    return false;
  };

  /** Judges one order, of the rows that `isIn` admits. */
  #check(
    sequence: ArrayLike<number>,
    calls: ArrayLike<number>,
    returns: ArrayLike<number>,
    isIn: (row: number) => boolean,
  ): boolean {
    const count = this.#operations.length;
    const rowsFrom = this.#rowsFrom;
    let placed = 0;
    for (let i = 0; i < count; i++) {
      const one = sequence[i]!;
      for (let row = rowsFrom[one]!; row < rowsFrom[one + 1]!; row++) {
        if (!isIn(row)) continue;
        this.#sequence[placed] = row;
        this.#calls[placed] = calls[one]!;
        this.#returns[placed++] = returns[one]!;
      }
    }
    for (let row = rowsFrom[count]!; row < this.#history.rowCount; row++) {
      if (!isIn(row)) continue;
      this.#sequence[placed] = row;
      this.#calls[placed] = AFTERWARDS;
      this.#returns[placed++] = AFTERWARDS + 1;
    }
    return this.#history.isLinearizableIn(placed, this.#sequence, this.#calls, this.#returns);
  }

  /** Says what the faulty order breaks: point operations first, then the state afterwards, then ranges. */
  #explain(): Judgement {
    const { sequence, calls, returns } = this.#faulty!;
    const legal = (isIn: (row: number) => boolean): boolean =>
      this.#check(sequence, calls, returns, isIn);
    const records = this.#record.all;
    const count = records.length;
    const lastRow = this.#rowsFrom[count]!;
    const isPoint = (row: number): boolean =>
      row < lastRow && this.#operations[this.#operationOf(row)]!.name !== 'range';
    if (!legal(isPoint)) {
      return this.#notLinearizable(`no order of the ${count} operations allows their results`);
    }
    if (!legal((row) => isPoint(row) || row >= lastRow)) {
      const { keys } = this.#plan;
      const shown = keys.map((key, i) => `${showKey(key)}: ${showValue(this.#loaded[i])}`);
      return this.#notLinearizable(
        `no order of the operations leaves the map as it is afterwards, { ${shown.join(', ')} }`,
      );
    }
    const admitted = new Set<number>();
    for (let row = 0; row < lastRow; row++) {
      if (isPoint(row)) continue;
      admitted.add(row);
      if (legal((other) => isPoint(other) || other >= lastRow || admitted.has(other))) continue;
      const one = this.#operationOf(row);
      const record = records[one]!;
      const key = this.#keyOfRow(one, row);
      const isReported = record.rangeKeys.includes(key);
      const clause = isReported ? (this.#isEverStored(key) ? 'held' : 'absent') : 'complete';
      return this.#brokenClause(clause, record, key);
    }
    return this.#notLinearizable('no order of the operations allows their results');
  }

  #operationOf(row: number): number {
    let one = 0;
    while (this.#rowsFrom[one + 1]! <= row) one++;
    return one;
  }

  #keyOfRow(one: number, row: number): unknown {
    const { keys } = this.#plan;
    const { rangeKeys } = this.#record.all[one]!;
    const isComplete = rangeKeys.length < this.#operations[one]!.stop;
    const read = isComplete ? keys : keys.filter((key) => rangeKeys.includes(key));
    return read[row - this.#rowsFrom[one]!];
  }

  #isEverStored(key: unknown): boolean {
    const stores = new Set(['store', 'swap', 'loadOrStore', 'compareAndSwap']);
    return (
      this.#plan.contents.has(key) ||
      this.#operations.some(({ name, call }) => stores.has(name) && Object.is(call.key, key))
    );
  }

  #notLinearizable(reason: string): Judgement {
    return {
      kind: 'linearizability',
      property: linearizable.name,
      message: `In a real-time order that this interleaving admits, ${reason}.`,
      details: orderLines(this.#operations, this.#record.all, this.#faulty!),
    };
  }

  #brokenClause(clause: RangeClause, record: OperationRecord, key?: unknown): Judgement {
    const property = rangeClauses[clause];
    const about = key === undefined ? '' : `, at key ${showKey(key)}`;
    return {
      kind: 'linearizability',
      property: property.name,
      message: `A range of T${record.thread + 1} breaks its contract${about}: ${property.statement}`,
      details:
        this.#faulty === null
          ? this.#record.all.map((one, index) => showRecord(this.#operations[index]!, one))
          : orderLines(this.#operations, this.#record.all, this.#faulty),
    };
  }
}
