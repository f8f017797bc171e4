/** Operations as people read them. */
import {
  ABSENT,
  NEVER,
  OP_COMPARE_AND_DELETE,
  OP_COMPARE_AND_SWAP,
  OP_LEN,
  OP_LOAD_AND_DELETE,
  OP_LOAD_OR_STORE,
  OP_RANGE,
  OP_SWAP,
  OPERATION_NAMES,
  OUTCOME_FAIL,
  type History,
} from '../history.ts';

/** Texts longer than this are cut. */
const VALUE_LENGTH_MAX = 40;

/** The call: `swap("k", 3)`. */
export function callText(history: History, row: number): string {
  const { op, key, old, argument, texts } = history;
  const parts: string[] = [];
  if (key[row]! >= 0) parts.push(cut(texts.key(key[row]!)));
  if (op[row] === OP_COMPARE_AND_SWAP || op[row] === OP_COMPARE_AND_DELETE) {
    parts.push(cut(texts.value(old[row]!)));
  }
  if (argument[row] !== ABSENT) parts.push(cut(texts.value(argument[row]!)));
  return `${OPERATION_NAMES[op[row]!]}(${parts.join(', ')})`;
}

/** What came back: `3, loaded`, `true`, nothing for a store, `no return` for an open operation. */
export function resultText(history: History, row: number): string {
  const { op, result, flag, ret, outcome, texts } = history;
  if (ret[row] === NEVER) return 'no return';
  if (outcome[row] === OUTCOME_FAIL) return 'did not happen';
  const code = op[row]!;
  const isSet = flag[row] === 1;
  if (code === OP_LEN) return String(result[row]);
  if (code === OP_RANGE) return rangeText(history, row);
  if (code === OP_COMPARE_AND_SWAP || code === OP_COMPARE_AND_DELETE) return String(isSet);
  const name = OPERATION_NAMES[code]!;
  if (name === 'load' || name === 'get') return valueText(history, result[row]!);
  if (code === OP_LOAD_OR_STORE)
    return `${texts.value(result[row]!)}, ${isSet ? 'loaded' : 'stored'}`;
  if (code === OP_LOAD_AND_DELETE || code === OP_SWAP) return valueText(history, result[row]!);
  return '';
}

/** Call and result: `load("k") = 3`. */
export function operationText(history: History, row: number): string {
  const result = resultText(history, row);
  if (result === '') return callText(history, row);
  return `${callText(history, row)} ${result === 'no return' ? '(no return)' : `= ${result}`}`;
}

/** A value; absence in words. */
export function valueText(history: History, value: number): string {
  return value === ABSENT ? 'absent' : cut(history.texts.value(value));
}

function rangeText({ ranges, texts }: History, row: number): string {
  const { keys, values, isComplete } = ranges.get(row)!;
  const entries = [...keys].map(
    (key, index) => `${cut(texts.key(key))}: ${cut(texts.value(values[index]!))}`,
  );
  return `{${entries.join(', ')}}${isComplete ? '' : ' (stopped early)'}`;
}

function cut(text: string): string {
  if (text.length <= VALUE_LENGTH_MAX) return text;
  return `${text.slice(0, VALUE_LENGTH_MAX - 1)}… (${text.length} long)`;
}
