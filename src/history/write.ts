/** Writes histories in the format that `mapcheck history` reads. */
import {
  ABSENT,
  NEVER,
  OP_LEN,
  OPERATION_NAMES,
  OUTCOME_FAIL,
  type History,
} from '../core/check/linearize/history.ts';
import { HISTORY_FORMAT } from './header.ts';

/** The whole history as JSON lines: a header, then its events. */
export function formatHistory(history: History): string {
  const rowOf = new Int32Array(history.eventCount).fill(-1);
  for (let row = 0; row < history.operationCount; row++) {
    rowOf[history.call[row]!] = row;
    if (history.ret[row] !== NEVER) rowOf[history.ret[row]!] = row;
  }
  const { texts } = history;
  const initial = [...history.initial]
    .filter(([, value]) => value !== ABSENT)
    .map(([key, value]) => {
      const name = texts.key(key);
      return `${name.startsWith('"') ? name : `"${name}"`}:${texts.value(value)}`;
    });
  const lines = [
    `{"format":"${HISTORY_FORMAT}","name":${JSON.stringify(history.name)},"model":"${history.model}",` +
      `"initial":{${initial.join(',')}},"operations":${history.operationCount},"events":${history.eventCount}}`,
  ];
  for (const [event, row] of rowOf.entries()) {
    if (row < 0) continue;
    lines.push(history.call[row] === event ? formatCall(history, row) : formatReturn(history, row));
  }
  return `${lines.join('\n')}\n`;
}

function formatCall(history: History, row: number): string {
  return `{"process":${history.process[row]},"type":"invoke",${formatArguments(history, row)}}`;
}

function formatArguments({ op, key, argument, old, texts }: History, row: number): string {
  const parts = [`"op":"${OPERATION_NAMES[op[row]!]}"`];
  if (key[row]! >= 0) parts.push(`"key":${texts.key(key[row]!)}`);
  if (old[row] !== ABSENT) parts.push(`"old":${texts.value(old[row]!)}`);
  if (argument[row] !== ABSENT) parts.push(`"value":${texts.value(argument[row]!)}`);
  return parts.join(',');
}

function formatReturn(history: History, row: number): string {
  const { process, outcome, op, result, flag, texts, ranges } = history;
  const type = outcome[row] === OUTCOME_FAIL ? 'fail' : 'ok';
  const parts = [`{"process":${process[row]},"type":"${type}",${formatArguments(history, row)}`];
  const name = OPERATION_NAMES[op[row]!]!;
  const value = op[row] === OP_LEN ? String(result[row]) : texts.value(result[row]!);
  if (type === 'ok') {
    if (name === 'load' || name === 'get' || name === 'len') parts.push(`"value":${value}`);
    if (name === 'loadOrStore' || name === 'loadAndDelete' || name === 'swap') {
      parts.push(`"ret":${value},"ok":${flag[row] === 1}`);
    }
    if (name.startsWith('compare')) parts.push(`"ok":${flag[row] === 1}`);
    const range = ranges.get(row);
    if (range !== undefined) {
      const entries = [...range.keys].map(
        (key, index) => `[${texts.key(key)},${texts.value(range.values[index]!)}]`,
      );
      parts.push(`"entries":[${entries.join(',')}],"complete":${range.isComplete}`);
    }
  }
  return `${parts.join(',')}}`;
}
