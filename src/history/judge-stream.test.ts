import { describe, expect, test } from 'vitest';
import {
  NEVER,
  OPERATION_NAMES,
  type History,
  type OperationName,
} from '../core/check/linearize/history.ts';
import { judge } from '../core/check/linearize/judge.ts';
import {
  drawsFrom,
  KEY_OPERATIONS,
  randomHistory,
} from '../core/check/linearize/testing/random-history.ts';
import { JudgeStream, type HistoryReport } from './judge-stream.ts';
import { formatHistory } from './write.ts';

const WHOLE_MAP_MIXES: readonly (readonly OperationName[])[] = [
  ['clear'],
  ['len'],
  ['range'],
  ['clear', 'len', 'range'],
];

/** Judges a text; `onRows` is told how many operations stand in memory at its end. */
function judgeText(
  text: string,
  windowOperations?: number,
  onRows?: (count: number) => void,
): HistoryReport<null>[] {
  const reports: HistoryReport<null>[] = [];
  const stream = new JudgeStream<null>({
    file: 'a',
    condition: 'linearizable',
    judging: {},
    now: () => 0,
    explain: () => null,
    onReport: (report) => reports.push(report),
    ...(windowOperations === undefined ? {} : { windowOperations }),
  });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += 777) stream.push(bytes.subarray(at, at + 777));
  onRows?.(stream.rowCount);
  stream.end();
  return reports;
}

function countOf(history: History): string {
  const open = history.ret
    .subarray(0, history.operationCount)
    .filter((ret) => ret === NEVER).length;
  return `${history.operationCount} ${open} ${OPERATION_NAMES.length}`;
}

describe('dropping what is decided', () => {
  test('never changes a verdict', () => {
    let notCount = 0;
    for (let index = 0; index < 800; index++) {
      const history = randomHistory(drawsFrom(index * 97 + 11), {
        operations: 10 + (index % 60),
        processes: 1 + (index % 3),
        keys: 1 + (index % 3),
        values: index % 3 === 0 ? 3 : 'unique',
        ops: index % 9 === 0 ? [...KEY_OPERATIONS, 'len', 'range', 'clear'] : KEY_OPERATIONS,
        pendingOneIn: index % 2 === 0 ? 25 : 0,
        falsified: index % 3 === 0 ? 1 : 0,
        hasInitial: index % 2 === 0,
      });
      const text = formatHistory(history);
      const { verdict } = judge(history);
      const [report] = judgeText(text, 4);
      expect(report!.verdict, `history ${index} (${countOf(history)})\n${text}`).toBe(verdict);
      expect(report!.operations).toBe(history.operationCount);
      notCount += Number(verdict === 'not-linearizable');
    }
    expect(notCount).toBeGreaterThan(100);
  });

  test('never changes a verdict where operations on the whole map tie keys together', () => {
    const counts = { dropped: 0, not: 0 };
    for (let index = 0; index < 1_500; index++) {
      const history = randomHistory(drawsFrom(index * 31 + 7), {
        operations: 8 + (index % 40),
        processes: 1 + (index % 3),
        keys: 1 + (index % 3),
        values: index % 2 === 0 ? 3 : 'unique',
        ops: [...KEY_OPERATIONS, ...KEY_OPERATIONS, ...WHOLE_MAP_MIXES[index % 4]!],
        pendingOneIn: index % 5 === 0 ? 25 : 0,
        falsified: index % 2,
        hasInitial: index % 2 === 0,
      });
      const text = formatHistory(history);
      const { verdict } = judge(history);
      const [report] = judgeText(text, 3, (rows) => {
        counts.dropped += history.operationCount - rows;
      });
      expect(report!.verdict, `history ${index} (${countOf(history)})\n${text}`).toBe(verdict);
      counts.not += Number(verdict === 'not-linearizable');
    }
    expect(counts.not).toBeGreaterThan(300);
    expect(counts.dropped).toBeGreaterThan(300);
  });

  test('keeps memory to the open window', () => {
    const lines = ['{"format":"map-history/1","name":"long","model":"map"}'];
    for (let value = 0; value < 20_000; value++) {
      lines.push(
        `{"process":0,"type":"invoke","op":"store","key":"k${value % 5}","value":${value}}`,
      );
      lines.push('{"process":0,"type":"ok","op":"store"}');
    }
    const stream = new JudgeStream<null>({
      file: 'a',
      condition: 'linearizable',
      judging: {},
      now: () => 0,
      explain: () => null,
      onReport: () => {},
      windowOperations: 100,
    });
    let mostRows = 0;
    for (const line of lines) {
      stream.push(new TextEncoder().encode(`${line}\n`));
      mostRows = Math.max(mostRows, stream.rowCount);
    }
    expect(mostRows).toBeLessThanOrEqual(101);
    expect(stream.verdictSoFar()).toMatchObject({ verdict: 'linearizable', operations: 20_000 });
  });

  test('an early violation stands, and the next history starts afresh', () => {
    const header = '{"format":"map-history/1","name":"h","model":"map"}';
    const pair = (value: number, read: number): string[] => [
      `{"process":0,"type":"invoke","op":"store","key":1,"value":${value}}`,
      '{"process":0,"type":"ok"}',
      '{"process":0,"type":"invoke","op":"load","key":1}',
      `{"process":0,"type":"ok","value":${read}}`,
    ];
    const good = Array.from({ length: 20 }, (_, value) => pair(value, value)).flat();
    const text = [header, ...pair(7, 8), ...good, header, ...good].join('\n');
    expect(judgeText(text, 4).map(({ verdict, operations }) => `${verdict} ${operations}`)).toEqual(
      ['not-linearizable 42', 'linearizable 40'],
    );
  });
});

test('the verdict so far takes open operations as open', () => {
  const stream = new JudgeStream<null>({
    file: 'a',
    condition: 'linearizable',
    judging: {},
    now: () => 0,
    explain: () => null,
    onReport: () => {},
  });
  const feed = (line: string): string | undefined => {
    stream.push(new TextEncoder().encode(`${line}\n`));
    return stream.verdictSoFar()?.verdict;
  };
  expect(stream.verdictSoFar()).toBeNull();
  expect(feed('{"format":"map-history/1","name":"h","model":"map"}')).toBe('linearizable');
  expect(feed('{"process":0,"type":"invoke","op":"store","key":1,"value":1}')).toBe('linearizable');
  expect(feed('{"process":1,"type":"invoke","op":"load","key":1}')).toBe('linearizable');
  expect(feed('{"process":1,"type":"ok","value":1}')).toBe('linearizable');
  expect(feed('{"process":1,"type":"invoke","op":"load","key":1}')).toBe('linearizable');
  expect(feed('{"process":1,"type":"ok","value":null}')).toBe('not-linearizable');
});

test('a header declares what the map promises', () => {
  const events = [
    '{"process":0,"type":"invoke","op":"len"}',
    '{"process":0,"type":"ok","op":"len","value":3}',
  ];
  const header = '{"format":"map-history/1","name":"h","model":"map"}';
  const lenient = header.replace('}', ',"contracts":{"len":"ignored"},"expected":"linearizable"}');
  const strict = header.replace('}', ',"expected":"linearizable"}');
  const reports = judgeText([lenient, ...events, strict, ...events].join('\n'));
  expect(reports.map(({ verdict }) => verdict)).toEqual(['linearizable', 'not-linearizable']);
  expect(reports.map(({ notes }) => notes)).toEqual([[], ['The header expects linearizable.']]);
});

test('a header that announces another count is noted', () => {
  const [report] = judgeText('{"format":"map-history/1","name":"h","model":"map","operations":3}');
  expect(report!.notes).toEqual(['The header announces 3 operations, the file has 0.']);
});
