/**
 * The definition of linearizability, tried out: is there an order of the operations that keeps to real time and that a
 * sequential map allows?
 *
 * It shares nothing with the algorithms but the history. Cost: exponential; for histories of some twelve operations.
 */
import {
  ABSENT,
  EMPTY_STRING,
  NEVER,
  OPERATION_NAMES,
  OUTCOME_FAIL,
  type History,
} from '../history.ts';
import { DEFAULT_CONTRACTS, type Contracts } from '../contracts.ts';
import { LOG_IDS, LOG_TEXTS } from './random-history.ts';

/** Something that happens at one moment: the next state, or `null` where the map would have answered otherwise. */
interface Atom {
  readonly call: number;
  readonly ret: number;
  readonly process: number;
  readonly apply: (state: readonly number[]) => readonly number[] | null;
}

/** Whether each atom of `first` must come before `second`. */
export type Precedes = (first: Atom, second: Atom) => boolean;

export const realTime: Precedes = (first, second) => first.ret < second.call;
export const programOrder: Precedes = (first, second) =>
  first.process === second.process && first.ret < second.call;

/** Whether the history is linearizable, or legal under another order that must be kept. */
export function isLegal(
  history: History,
  precedes: Precedes = realTime,
  contracts: Contracts = DEFAULT_CONTRACTS,
): boolean {
  const atoms = atomsOf(history, contracts);
  const before = atoms.map((second) =>
    atoms.reduce((mask, first, index) => (precedes(first, second) ? mask | (1 << index) : mask), 0),
  );
  const required = atoms.reduce(
    (mask, { ret }, index) => (ret === NEVER ? mask : mask | (1 << index)),
    0,
  );
  const initial = Array.from(
    { length: history.keyCount },
    (_, key) => history.initial.get(key) ?? (history.model === 'kv' ? EMPTY_STRING : ABSENT),
  );
  const seen = new Set<string>();
  const visit = (done: number, state: readonly number[]): boolean => {
    if ((done & required) === required) return true;
    const id = `${done}:${state.join(',')}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return atoms.some((atom, index) => {
      if ((done & (1 << index)) !== 0 || (before[index]! & ~done) !== 0) return false;
      const next = atom.apply(state);
      return next !== null && visit(done | (1 << index), next);
    });
  };
  return visit(0, initial);
}

function atomsOf(history: History, contracts: Contracts): Atom[] {
  const atoms: Atom[] = [];
  for (let row = 0; row < history.operationCount; row++) {
    if (history.outcome[row] === OUTCOME_FAIL) continue;
    const [call, ret, process] = [history.call[row]!, history.ret[row]!, history.process[row]!];
    for (const apply of stepsOf(history, row, contracts)) atoms.push({ call, ret, process, apply });
  }
  return atoms;
}

type Step = (state: readonly number[]) => readonly number[] | null;

/** A range makes one step for each key it tells about; everything else makes one step. */
function stepsOf(history: History, row: number, contracts: Contracts): Step[] {
  const op = OPERATION_NAMES[history.op[row]!]!;
  const hasReturned = history.ret[row] !== NEVER;
  if (op === 'clear') {
    if (contracts.clear === 'atomic') return [(state) => state.map(() => ABSENT)];
    const keys = Array.from({ length: history.keyCount }, (_, key) => key);
    return keys.map((key) => (state) => state.with(key, ABSENT));
  }
  if (op === 'len') {
    if (!hasReturned || contracts.len === 'ignored') return [];
    const length = history.result[row]!;
    return [
      (state) => (state.filter((value) => value !== ABSENT).length === length ? state : null),
    ];
  }
  if (op === 'range') {
    if (!hasReturned || contracts.range === 'ignored') return [];
    const steps = rangeSteps(history, row);
    if (contracts.range === 'clauses') return steps;
    return [(state) => (steps.every((step) => step(state) !== null) ? state : null)];
  }
  const key = history.key[row]!;
  return [
    (state) => {
      const next = keyStep(history, row, state[key]!, hasReturned);
      return next === null ? null : state.with(key, next);
    },
  ];
}

function rangeSteps(history: History, row: number): Step[] {
  const { keys, values, isComplete } = history.ranges.get(row)!;
  if (new Set(keys).size < keys.length) return [() => null];
  const sees =
    (key: number, value: number): Step =>
    (state) =>
      state[key] === value ? state : null;
  const visited = [...keys].map((key, index) => sees(key, values[index]!));
  const others = Array.from({ length: history.keyCount }, (_, key) => key)
    .filter((key) => isComplete && !keys.includes(key))
    .map((key) => sees(key, ABSENT));
  return [...visited, ...others];
}

/** The key's next value, or `null` where a correct map would not have answered so. */
function keyStep(
  history: History,
  row: number,
  before: number,
  hasReturned: boolean,
): number | null {
  const [argument, old] = [history.argument[row]!, history.old[row]!];
  const answers = (result: number, flag: boolean, next: number): number | null => {
    const isSame = history.result[row] === result && (history.flag[row] === 1) === flag;
    return !hasReturned || isSame ? next : null;
  };
  const isThere = before !== ABSENT;
  switch (OPERATION_NAMES[history.op[row]!]!) {
    case 'load':
    case 'get':
      return !hasReturned || history.result[row] === before ? before : null;
    case 'store':
    case 'put':
      return argument;
    case 'delete':
      return ABSENT;
    case 'loadOrStore':
      return answers(isThere ? before : argument, isThere, isThere ? before : argument);
    case 'loadAndDelete':
      return answers(before, isThere, ABSENT);
    case 'swap':
      return answers(before, isThere, argument);
    case 'compareAndSwap':
      return answers(0, isThere && before === old, isThere && before === old ? argument : before);
    case 'compareAndDelete':
      return answers(0, isThere && before === old, isThere && before === old ? ABSENT : before);
    case 'append':
      return LOG_IDS.get(LOG_TEXTS[before]! + LOG_TEXTS[argument]!)!;
    default:
      throw new Error('an operation on the whole map has no key');
  }
}
