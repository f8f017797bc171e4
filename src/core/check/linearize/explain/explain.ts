/**
 * Why a history is not linearizable: where it begins to fail, the fewest operations that already fail, and the reason.
 *
 * Every fact was checked by judging the part of the history it speaks of.
 */
import { DEFAULT_CONTRACTS, type Contracts } from '../contracts.ts';
import { NEVER, type History } from '../history.ts';
import { judge, type Judgement } from '../judge.ts';
import { observe } from '../observations.ts';
import { minimise } from './minimise.ts';
import { callText, resultText } from './operation-text.ts';
import { reasons } from './reasons.ts';
import { rowsOfKey, subHistory } from './sub-history.ts';
import { timeline } from './timeline.ts';

/** Configurations that judging one part may take; parts that take more count as not failing. */
const PART_NODES = 200_000;
/** Parts judged while minimising. */
const TESTS_MAX = 600;

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
  const doesFail = (rows: readonly number[], untilEvent: number): boolean => {
    const part = subHistory(history, { rows, untilEvent, key });
    const budget = { nodes: PART_NODES, isOver: () => false };
    return judge(part.history, { contracts, budget }).verdict === 'not-linearizable';
  };
  if (!doesFail(allRows, history.eventCount)) return null;
  const untilEvent = firstFailure(history.eventCount, (until) => doesFail(allRows, until));
  const called = allRows.filter((row) => history.call[row]! < untilEvent);
  const { rows, isMinimal } = minimise(history, called, {
    contracts,
    doesFail: (left) => doesFail(left, untilEvent),
    testsMax: TESTS_MAX,
  });
  const part = subHistory(history, { rows, untilEvent, key });
  const failingRow = allRows.find((row) => history.ret[row] === untilEvent - 1);
  const failingIndex = part.rows.indexOf(failingRow ?? -1);
  const shownRow = failingIndex < 0 ? part.history.operationCount - 1 : failingIndex;
  return {
    key: key < 0 ? null : history.texts.key(key),
    reasons: reasonsOf(history, part.history, contracts, key, shownRow),
    operations: explainedOperations(part.history),
    isMinimal,
    prefix: {
      calledCount: called.length,
      returnedCount: called.filter((row) => history.ret[row]! < untilEvent - 1).length,
      failsAt:
        failingRow === undefined
          ? null
          : {
              operation: `${callText(history, failingRow)} = ${resultText(history, failingRow)}`,
              line: history.eventLine[untilEvent - 1] ?? 0,
            },
    },
    timeline: timeline(part.history),
  };
}

function reasonsOf(
  history: History,
  part: History,
  contracts: Contracts,
  key: number,
  shownRow: number,
): string[] {
  if (key >= 0 || observe(part, contracts).contradictions.length > 0) {
    return reasons(part, contracts, key, shownRow);
  }
  const found = reasons(part, contracts, -1, shownRow);
  const isGeneric = found[0]!.includes('no order of these');
  return isGeneric && history.keyCount > 1
    ? [
        'Each key is linearizable by itself, but no single moment of the whole map fits every clear, length or snapshot.',
        ...found,
      ]
    : found;
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
