/**
 * Judges a history: the monitor where it can, the search where it must, and both layers above them.
 *
 * Which algorithm decided is reported and never changes the verdict: each is exact, and what is not decided within the
 * budget is `inconclusive`.
 */
import { DEFAULT_BUDGET, type Budget } from './budget.ts';
import { DEFAULT_CONTRACTS, type Contracts } from './contracts.ts';
import type { History } from './history.ts';
import { KEY_UNDECIDED, KEY_VIOLATED, monitor } from './monitor/monitor.ts';
import { observe, type Contradiction, type Observations } from './observations.ts';
import { keyProblems } from './search/key-problem.ts';
import { Scratch, withScratch } from './scratch.ts';
import { SEARCH_NO, SEARCH_UNKNOWN } from './search/key-search.ts';
import { runSearches } from './search/run-searches.ts';
import { judgeWholeMap } from './whole-map/judge-whole-map.ts';

export type HistoryVerdict = 'linearizable' | 'not-linearizable' | 'inconclusive';

/** `auto` takes the monitor first and the search for what it leaves; the others take one alone. */
export type Algorithm = 'auto' | 'search' | 'monitor';

export interface JudgeOptions {
  readonly algorithm?: Algorithm;
  readonly budget?: Budget;
  readonly contracts?: Contracts;
}

export interface Judgement {
  readonly verdict: HistoryVerdict;
  /** What decided, as in `monitor`, `monitor, search (2 keys)`. */
  readonly algorithm: string;
  /** The key that is not linearizable by itself, or -1. */
  readonly violatedKey: number;
  /** Operations whose own result is impossible. */
  readonly contradictions: readonly Contradiction[];
  /** Configurations that searches explored. */
  readonly nodeCount: number;
}

/**
 * Judges one history. Cost: O(n log c) where values identify their writes and no failed compare interferes; beyond that
 * exponential at worst, within the budget.
 */
export function judge(history: History, options: JudgeOptions = {}): Judgement {
  const { contracts = DEFAULT_CONTRACTS } = options;
  return withScratch((scratch) =>
    judgeObservations(history, observe(history, contracts, scratch), options, scratch),
  );
}

/** Judges a history that was already read as observations. */
export function judgeObservations(
  history: History,
  observations: Observations,
  options: JudgeOptions,
  scratch: Scratch = new Scratch(),
): Judgement {
  const { algorithm = 'auto', budget = DEFAULT_BUDGET } = options;
  const { contradictions } = observations;
  const base = { contradictions, violatedKey: -1, nodeCount: 0 };
  if (contradictions.length > 0) {
    const { key } = history;
    const violatedKey = key[contradictions[0]!.row]!;
    return { ...base, violatedKey, verdict: 'not-linearizable', algorithm: 'direct' };
  }
  const perKey = judgeKeys(history, observations, { algorithm, budget, scratch });
  if (perKey.verdict !== 'linearizable' || observations.wholeMapRows.length === 0) {
    return { ...base, ...perKey };
  }
  if (algorithm === 'monitor') return { ...base, ...perKey, verdict: 'inconclusive' };
  const left = { nodes: budget.nodes - perKey.nodeCount, isOver: budget.isOver };
  const whole = judgeWholeMap(history, observations, left);
  return {
    ...base,
    verdict: whole.verdict,
    algorithm: whole.isNeeded ? `${perKey.algorithm}, whole-map search` : perKey.algorithm,
    nodeCount: perKey.nodeCount + whole.nodeCount,
  };
}

interface KeysOptions {
  readonly algorithm: Algorithm;
  readonly budget: Budget;
  readonly scratch: Scratch;
}

type KeysJudgement = Omit<Judgement, 'contradictions'>;

function judgeKeys(
  history: History,
  observations: Observations,
  { algorithm, budget, scratch }: KeysOptions,
): KeysJudgement {
  let status: Uint8Array;
  if (algorithm === 'search') status = keysWithObservations(observations);
  else {
    status = monitor(observations, scratch).status;
    const violatedKey = status.indexOf(KEY_VIOLATED);
    if (violatedKey >= 0) {
      return { verdict: 'not-linearizable', algorithm: 'monitor', violatedKey, nodeCount: 0 };
    }
  }
  const undecided = status.map((one) => Number(one === KEY_UNDECIDED));
  const keyCount = undecided.reduce((sum, one) => sum + one, 0);
  if (keyCount === 0 || algorithm === 'monitor') {
    const verdict = keyCount === 0 ? 'linearizable' : 'inconclusive';
    return { verdict, algorithm: 'monitor', violatedKey: -1, nodeCount: 0 };
  }
  const problems = keyProblems(observations, undecided);
  const { answer, key, nodeCount } = runSearches(problems, history.texts.value, budget);
  const keys = `${keyCount} ${keyCount === 1 ? 'key' : 'keys'}`;
  return {
    verdict:
      answer === SEARCH_UNKNOWN
        ? 'inconclusive'
        : answer === SEARCH_NO
          ? 'not-linearizable'
          : 'linearizable',
    algorithm: algorithm === 'search' ? 'search' : `monitor, search (${keys})`,
    violatedKey: key,
    nodeCount,
  };
}

function keysWithObservations({ count, key, keyCount }: Observations): Uint8Array {
  const status = new Uint8Array(keyCount);
  for (let at = 0; at < count; at++) status[key[at]!] = KEY_UNDECIDED;
  return status;
}
