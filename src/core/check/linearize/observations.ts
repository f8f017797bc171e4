/**
 * What a history says about each key: reads, writes and their like, each with the interval it may act in.
 *
 * An operation of the map becomes at most one observation of its key; a range becomes a read of each key it tells
 * something about, and a clear a blind deletion of each key (the layer above restores its atomicity). The names here are
 * those of the algorithms: READ v (the state is v), WRITE v (any state becomes v), MODIFY u to v (the state is u and
 * becomes v), NOT u (the state is something else than u). A deletion writes ABSENT, and a key without entry is in the
 * state ABSENT.
 *
 * Values get one id for each pair of key and value, so that arrays over values need no key.
 */
import { DEFAULT_CONTRACTS, ignoredOperations, type Contracts } from './contracts.ts';
import { OUTCOME_OK, type History } from './history.ts';
import { Observer } from './observer.ts';
import { HAS_SHAPE } from './row-shapes.ts';
import { Scratch } from './scratch.ts';

export { APPEND, MODIFY, NOT, READ, WRITE } from './observation-kinds.ts';

/** An operation whose result no order of operations explains. */
export interface Contradiction {
  readonly row: number;
  readonly message: string;
}

/** Columns, one row for each observation, in the order of the calls. Arrays may be longer than the counts say. */
export interface Observations {
  readonly count: number;
  readonly keyCount: number;
  /** Pair ids are below this; 0 is ABSENT on any key. */
  readonly pairCount: number;
  /** Events are below this. They are the history's, spread where one operation makes several observations. */
  readonly eventCount: number;
  /** READ, WRITE, MODIFY, NOT or APPEND. */
  readonly kind: Uint8Array;
  readonly key: Int32Array;
  /** Pair read, compared with, or replaced. */
  readonly from: Int32Array;
  /** Pair written; for APPEND, the value id appended. */
  readonly to: Int32Array;
  readonly call: Int32Array;
  /** Event of the return; NEVER where the operation never returned and thus may not have acted. */
  readonly ret: Int32Array;
  /** Row of the history. Made when first asked for. */
  readonly row: Int32Array;
  /** By key: the pair before the first event. */
  readonly initial: Int32Array;
  /** Keys with an APPEND: only the search can judge them. */
  readonly hasAppend: Uint8Array;
  readonly contradictions: readonly Contradiction[];
  /** Rows of operations on the whole map at one moment: clear, len, range as a snapshot. */
  readonly wholeMapRows: readonly number[];
  /** The value id of a pair. */
  readonly valueOf: (pair: number) => number;
  /** The number, here, of an event of the history. */
  readonly eventOf: (event: number) => number;
  /** By pair, who wrote, read and replaced it; see `pair-table.ts`. The monitor writes there, so it can run once. */
  readonly pairRecords: Int32Array;
  /** By key: WRITTEN_TWICE, REPLACED_TWICE, both or 0. */
  readonly marks: Uint8Array;
  /** Observations of operations that never returned. */
  readonly pending: readonly number[];
}

/**
 * Reads a history as observations. Cost: O(operations + keys x clears + what ranges tell), no sorting.
 *
 * The observations hold columns of `scratch`: they are good until it is used again.
 */
export function observe(
  history: History,
  contracts: Contracts = DEFAULT_CONTRACTS,
  scratch: Scratch = new Scratch(),
): Observations {
  const isPlain = plainOperations(contracts);
  if (hasOnly(history, isPlain)) {
    const observer = new Observer(history, contracts, isPlain, scratch, true);
    const observations = observer.observePlainRows();
    if (observations !== null) return observations;
  }
  return new Observer(history, contracts, isPlain, scratch, false).observeRows();
}

/** By operation, 1 where a row that returned is one observation of one key. */
function plainOperations(contracts: Contracts): Uint8Array {
  if (contracts === DEFAULT_CONTRACTS) return HAS_SHAPE;
  const ignored = ignoredOperations(contracts);
  return HAS_SHAPE.map((one, op) => one & ~ignored[op]!);
}

/** Whether every row returned and is of one of these operations. */
function hasOnly({ operationCount, op, outcome }: History, operations: Uint8Array): boolean {
  let others = 0;
  for (let row = 0; row < operationCount; row++) {
    others |= (operations[op[row]!]! ^ 1) | (outcome[row]! ^ OUTCOME_OK);
  }
  return others === 0;
}
