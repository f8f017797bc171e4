/** Histories written by hand or by chance, for tests. */
import {
  ABSENT,
  NEVER,
  NO_KEY,
  OPERATION_NAMES,
  OUTCOME_OK,
  OUTCOME_PENDING,
  type History,
  type HistoryModel,
  type OperationName,
  type RangeResult,
} from '../history.ts';

/** One operation; fields that do not matter may be left out. `ret` missing means it never returned. */
export interface MadeOperation {
  op: OperationName;
  call: number;
  ret?: number;
  process?: number;
  key?: number;
  argument?: number;
  old?: number;
  result?: number;
  flag?: boolean;
  range?: RangeResult;
}

export interface MakeOptions {
  readonly model?: HistoryModel;
  readonly keyCount?: number;
  readonly valueCount?: number;
  readonly initial?: ReadonlyMap<number, number>;
  /** Text of a value; its number unless given. */
  readonly valueText?: (value: number) => string;
}

/** A history of these operations. Their calls may be given in any order and any numbers; only the order of events counts. */
export function makeHistory(
  operations: readonly MadeOperation[],
  options: MakeOptions = {},
): History {
  const sorted = operations.toSorted((left, right) => left.call - right.call);
  const marks = sorted
    .flatMap(({ call, ret }) => (ret === undefined ? [call] : [call, ret]))
    .toSorted((left, right) => left - right);
  const eventOf = new Map(marks.map((mark, event) => [mark, event]));
  const column = (pick: (operation: MadeOperation) => number): Int32Array =>
    Int32Array.from(sorted, pick);
  return {
    name: 'made',
    model: options.model ?? 'map',
    operationCount: sorted.length,
    eventCount: marks.length,
    keyCount: options.keyCount ?? Math.max(0, ...sorted.map(({ key }) => (key ?? -1) + 1)),
    valueCount: options.valueCount ?? 64,
    op: Uint8Array.from(sorted, ({ op }) => OPERATION_NAMES.indexOf(op)),
    outcome: Uint8Array.from(sorted, ({ ret }) =>
      ret === undefined ? OUTCOME_PENDING : OUTCOME_OK,
    ),
    flag: Uint8Array.from(sorted, ({ flag }) => Number(flag ?? false)),
    process: column(({ process }) => process ?? 0),
    key: column(({ key }) => key ?? NO_KEY),
    argument: column(({ argument }) => argument ?? ABSENT),
    old: column(({ old }) => old ?? ABSENT),
    result: column(({ result }) => result ?? ABSENT),
    call: column(({ call }) => eventOf.get(call)!),
    ret: column(({ ret }) => (ret === undefined ? NEVER : eventOf.get(ret)!)),
    eventLine: Int32Array.from(marks, (_, event) => event + 2),
    ranges: new Map(
      sorted.flatMap(({ range }, row) => (range === undefined ? [] : [[row, range] as const])),
    ),
    initial: options.initial ?? new Map(),
    texts: {
      key: (id) => `"k${id}"`,
      value: options.valueText ?? ((id) => (id === ABSENT ? 'null' : String(id))),
    },
  };
}
