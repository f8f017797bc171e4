/**
 * Why a history is not linearizable: where it begins to fail, the fewest operations that already fail, and the reason.
 *
 * Every fact was checked by judging the part of the history it speaks of.
 */
import { DEFAULT_CONTRACTS, type Contracts } from '../contracts.ts';
import { NEVER, type History } from '../history.ts';
import { judge, type Judgement } from '../judge.ts';
import { lastCertainty, type Start } from './certainty.ts';
import { minimise } from './minimise.ts';
import { callText, operationText, resultText, valueText } from './operation-text.ts';
import { reasons } from './reasons.ts';
import { rowsOfKey, subHistory } from './sub-history.ts';
import { timeline } from './timeline.ts';

/** Configurations that judging one part may take; parts that take more count as not failing. */
const PART_NODES = 200_000;
/** Parts judged while minimising. */
const TESTS_MAX = 600;
/** With more operations left than this, those before the last moment of certainty are replaced by the state then. */
const LEAST_BIG = 12;

export interface ExplainedOperation {
  readonly process: number;
  /** As in `swap("k", 3)`. */
  readonly call: string;
  /** As in `3`, `absent`, `true`; `no return` for an open operation; empty for a store. */
  readonly result: string;
  /** Events of the explanation, 0, 1, 2 …; `null` for an operation that had not returned when the history failed. */
  readonly callEvent: number;
  readonly returnEvent: number | null;
  /** Lines of the file, 0 where the history is from none. */
  readonly callLine: number;
  readonly returnLine: number | null;
}

export interface Explanation {
  /** The key that fails by itself, as JSON; `null` where several keys together fail. */
  readonly key: string | null;
  /** Sentences, the most telling first. */
  readonly reasons: readonly string[];
  /** Where the operations start: the key had this value after that line. `null`: at the beginning. */
  readonly start: { readonly line: number; readonly value: string } | null;
  /** Operations of which no order is legal, by call; the history cannot be linearizable, whatever the others did. */
  readonly operations: readonly ExplainedOperation[];
  /** Whether dropping any further one that may be dropped leaves a history that is legal. */
  readonly isMinimal: boolean;
  /** The longest beginning that is linearizable: how many operations were called in it, and how many had returned. */
  readonly prefix: {
    readonly calledCount: number;
    readonly returnedCount: number;
    /** The operation whose return comes next and cannot be explained. */
    readonly failsAt: { readonly operation: string; readonly line: number } | null;
  };
  /** Bars over events; empty where they would not fit. */
  readonly timeline: readonly string[];
}

/** Explains a "no" of {@link judge}; `null` where it cannot be reproduced within the budget of an explanation. */
export function explain(
  history: History,
  judgement: Judgement,
  contracts: Contracts = DEFAULT_CONTRACTS,
): Explanation | null {
  const key = judgement.violatedKey;
  const allRows = rowsOfKey(history, key);
  const doesFail = (
    rows: readonly number[],
    untilEvent: number,
    start: number | null = null,
  ): boolean => {
    const part = subHistory(history, { rows, untilEvent, key, start });
    const budget = { nodes: PART_NODES, isOver: () => false };
    return judge(part.history, { contracts, budget }).verdict === 'not-linearizable';
  };
  if (!doesFail(allRows, history.eventCount)) return null;
  const untilEvent = firstFailure(history.eventCount, (until) => doesFail(allRows, until));
  const called = allRows.filter((row) => history.call[row]! < untilEvent);
  const failing =
    (start: number | null) =>
    (rows: readonly number[]): boolean =>
      doesFail(rows, untilEvent, start);
  let { rows, isMinimal } = minimise(history, called, {
    contracts,
    doesFail: failing(null),
    testsMax: TESTS_MAX,
  });
  let start: Start | null = null;
  if (rows.length > LEAST_BIG) {
    start = lastCertainty(history, called, untilEvent, key);
    if (start !== null) {
      const later = called.filter((row) => history.call[row]! > start!.event);
      const options = { contracts, doesFail: failing(start.value), testsMax: TESTS_MAX };
      const initial = new Map([[key, start.value]]);
      ({ rows, isMinimal } = minimise({ ...history, initial }, later, options));
    }
  }
  const part = subHistory(history, { rows, untilEvent, key, start: start?.value ?? null });
  const whole = subHistory(history, { rows: called, untilEvent, key });
  const failingRow = allRows.find((row) => history.ret[row] === untilEvent - 1) ?? -1;
  return {
    key: key < 0 ? null : history.texts.key(key),
    reasons: reasons({
      contracts,
      key,
      whole: whole.history,
      least: part.history,
      wholeRow: whole.rows.indexOf(failingRow),
      leastRow: part.rows.indexOf(failingRow),
    }),
    start:
      start === null
        ? null
        : { line: history.eventLine[start.event] ?? 0, value: valueText(history, start.value) },
    operations: explainedOperations(part.history),
    isMinimal,
    prefix: {
      calledCount: called.length,
      returnedCount: called.filter((row) => history.ret[row]! < untilEvent - 1).length,
      failsAt:
        failingRow < 0
          ? null
          : {
              operation: operationText(history, failingRow),
              line: history.eventLine[untilEvent - 1] ?? 0,
            },
    },
    timeline: timeline(part.history),
  };
}

/** The smallest number of events at which the history fails; failing once is failing for ever. */
function firstFailure(eventCount: number, doesFail: (untilEvent: number) => boolean): number {
  let good = 0;
  let bad = eventCount;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (doesFail(middle)) bad = middle;
    else good = middle;
  }
  return bad;
}

function explainedOperations(history: History): ExplainedOperation[] {
  const { operationCount, process, call, ret, eventLine } = history;
  return Array.from({ length: operationCount }, (_, row) => {
    const isOpen = ret[row] === NEVER;
    return {
      process: process[row]!,
      call: callText(history, row),
      result: resultText(history, row),
      callEvent: call[row]!,
      returnEvent: isOpen ? null : ret[row]!,
      callLine: eventLine[call[row]!] ?? 0,
      returnLine: isOpen ? null : (eventLine[ret[row]!] ?? 0),
    };
  });
}
