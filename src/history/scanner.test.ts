import { describe, expect, test } from 'vitest';
import { NEVER, OPERATION_NAMES, type History } from '../core/check/linearize/history.ts';
import { UsageError } from '../core/errors.ts';
import { HistoryScanner, type ScannedHistory } from './scanner.ts';

const HEADER = '{"format":"map-history/1","name":"h","model":"map"}';
const KV_HEADER = '{"format":"map-history/1","name":"h","model":"kv"}';

function scan(lines: readonly string[], chunkSize = 1 << 20): ScannedHistory[] {
  const found: ScannedHistory[] = [];
  const scanner = new HistoryScanner({ file: 'a.ndjson', onHistory: (one) => found.push(one) });
  const bytes = new TextEncoder().encode(lines.join('\n'));
  for (let at = 0; at < bytes.length; at += chunkSize) {
    scanner.push(bytes.subarray(at, at + chunkSize));
  }
  scanner.end();
  return found;
}

function faultOf(lines: readonly string[]): string {
  try {
    scan(lines);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return `${error.code} ${error.place}: ${error.message}`;
  }
  return 'no fault';
}

const call = (process: number, rest: string): string =>
  `{"process":${process},"type":"invoke",${rest}}`;
const ok = (process: number, rest: string): string => `{"process":${process},"type":"ok",${rest}}`;

/** One text for each row: what was called, what came back, between which events. */
function rowsOf(history: History): string[] {
  return Array.from({ length: history.operationCount }, (_, row) => {
    const { texts } = history;
    const key = history.key[row]! < 0 ? '' : texts.key(history.key[row]!);
    const ret = history.ret[row] === NEVER ? '∞' : history.ret[row];
    const parts = [
      `${OPERATION_NAMES[history.op[row]!]}(${key})`,
      `argument ${texts.value(history.argument[row]!)}`,
      `old ${texts.value(history.old[row]!)}`,
      `result ${texts.value(history.result[row]!)}`,
      `flag ${history.flag[row]}`,
      `${history.call[row]}..${ret}`,
    ];
    return parts.join(' ');
  });
}

describe('columns', () => {
  test('each operation becomes a row with its arguments, results and events', () => {
    const [scanned] = scan([
      HEADER,
      call(0, '"op":"loadOrStore","key":"k","value":7'),
      call(1, '"op":"compareAndSwap","key":"k","old":7,"value":"a b"'),
      ok(0, '"op":"loadOrStore","key":"k","value":7,"ret":7,"ok":false'),
      ok(1, '"op":"compareAndSwap","key":"k","ok":true'),
      call(0, '"op":"load","key":"k"'),
    ]);
    expect(rowsOf(scanned!.history)).toEqual([
      'loadOrStore("k") argument 7 old null result 7 flag 0 0..2',
      'compareAndSwap("k") argument "a b" old 7 result null flag 1 1..3',
      'load("k") argument null old null result null flag 0 4..∞',
    ]);
  });

  test('chunks may end anywhere', () => {
    const lines = [
      HEADER,
      call(0, '"op":"store","key":"kéy","value":"ü"'),
      ok(0, '"op":"store","key":"kéy","value":"ü"'),
      '',
      HEADER.replace('"h"', '"second"'),
    ];
    const whole = scan(lines).map(({ history }) => rowsOf(history));
    for (let size = 1; size < 40; size++) {
      expect(scan(lines, size).map(({ history }) => rowsOf(history))).toEqual(whole);
    }
  });

  test('values are equal when they are equal as JSON', () => {
    const texts = ['{"b":1,"a":[2]}', '{ "a" : [2.0], "b" : 1 }', '"\\u0041"', '"A"', '1e2', '100'];
    const lines = texts.flatMap((text) => [
      call(0, `"op":"store","key":"k","value":${text}`),
      ok(0, '"op":"store"'),
    ]);
    const { argument } = scan([HEADER, ...lines])[0]!.history;
    expect(argument[0]).toBe(argument[1]);
    expect(argument[2]).toBe(argument[3]);
    expect(argument[4]).toBe(argument[5]);
    expect(new Set(argument.slice(0, 6)).size).toBe(3);
  });

  test('whole numbers beyond 2^53 keep their digits', () => {
    const { argument } = scan([
      HEADER,
      call(0, '"op":"store","key":"k","value":9007199254740993'),
      call(1, '"op":"store","key":"k","value":9007199254740992'),
    ])[0]!.history;
    expect(argument[0]).not.toBe(argument[1]);
  });

  test('the key 3 is not the key "3", and an initial entry means the one that the events name', () => {
    const initial = HEADER.replace('}', ',"initial":{"3":5,"x":1}}');
    const asNumber = scan([initial, call(0, '"op":"load","key":3')])[0]!.history;
    expect([...asNumber.initial].map(([key]) => asNumber.texts.key(key))).toEqual(['3', '"x"']);
    const asString = scan([initial, call(0, '"op":"load","key":"3"')])[0]!.history;
    expect([...asString.initial].map(([key]) => asString.texts.key(key))).toEqual(['"3"', '"x"']);
  });

  test('info and a missing return leave an operation open, fail marks it', () => {
    const { ret, outcome } = scan([
      HEADER,
      call(0, '"op":"delete","key":"k"'),
      call(1, '"op":"delete","key":"k"'),
      call(2, '"op":"delete","key":"k"'),
      '{"process":0,"type":"info","op":"delete"}',
      '{"process":1,"type":"fail","op":"delete"}',
    ])[0]!.history;
    expect([...ret.subarray(0, 3)]).toEqual([NEVER, 4, NEVER]);
    expect([...outcome.subarray(0, 3)]).toEqual([0, 2, 0]);
  });

  test('many processes, sparse numbers and many values', () => {
    const lines = Array.from({ length: 3_000 }, (_, index) =>
      call(index * 1_000, `"op":"store","key":"k${index % 700}","value":"v${index}"`),
    );
    const { history } = scan([HEADER, ...lines])[0]!;
    expect([history.operationCount, history.keyCount, history.valueCount]).toEqual([
      3_000, 700, 3_002,
    ]);
    expect(history.texts.value(history.argument[2_999]!)).toBe('"v2999"');
  });
});

test('entries of a range keep the digits of long numbers', () => {
  const { history } = scan([
    HEADER,
    call(0, '"op":"range"'),
    ok(
      0,
      '"op":"range","entries":[["a,[", 9007199254740993], ["\\"b", {"c":[1,2]}]],"complete":true',
    ),
  ])[0]!;
  const { keys, values } = history.ranges.get(0)!;
  expect([...keys].map(history.texts.key)).toEqual(['"a,["', String.raw`"\"b"`]);
  expect([...values].map(history.texts.value)).toEqual(['9007199254740993', '{"c":[1,2]}']);
});

describe('faults name file and line', () => {
  const load = call(0, '"op":"load","key":"k"');
  const loaded = ok(0, '"op":"load","key":"k","value":1');
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    [
      'no JSON',
      [HEADER, 'nonsense'],
      'E-HISTORY-001 a.ndjson:2: expected a JSON object, found "nonsense" (column 1)',
    ],
    [
      'a cut line',
      [HEADER, load.slice(0, 30)],
      'E-HISTORY-001 a.ndjson:2: the string does not end, found "\\"" (column 30)',
    ],
    [
      'something after the object',
      [HEADER, `${load} x`],
      'E-HISTORY-001 a.ndjson:2: expected nothing after the object, found "x" (column 53)',
    ],
    [
      'a number with a leading zero',
      [HEADER, load.replace('"k"', '007')],
      'E-HISTORY-001 a.ndjson:2: expected a JSON value, found "007}" (column 48)',
    ],
    ['an empty file', [''], 'E-HISTORY-002 a.ndjson: found no history, expected a header line'],
    ['no header', [load], 'E-HISTORY-002 a.ndjson:1: found an event, expected a header first'],
    [
      'an unknown type',
      [HEADER, load.replace('invoke', 'start')],
      'E-HISTORY-003 a.ndjson:2: unknown type',
    ],
    ['no type', [HEADER, '{"process":0,"op":"load"}'], 'E-HISTORY-003 a.ndjson:2: no type'],
    [
      'another format',
      ['{"format":"map-history/9"}'],
      'E-HISTORY-004 a.ndjson:1: found the format "map-history/9", expected "map-history/1"',
    ],
    [
      'an unknown model',
      [HEADER.replace('"map"', '"heap"')],
      'E-HISTORY-004 a.ndjson:1: unknown model "heap"',
    ],
    [
      'initial is a list',
      [HEADER.replace('}', ',"initial":[]}')],
      'E-HISTORY-004 a.ndjson:1: initial is not an object',
    ],
    [
      'a contract for an operation that has none to choose',
      [HEADER.replace('}', ',"contracts":{"swap":"ignored"}}')],
      'E-HISTORY-004 a.ndjson:1: no contract to choose for "swap"',
    ],
    [
      'a promise that is not known',
      [HEADER.replace('}', ',"contracts":{"range":"atomic"}}')],
      'E-HISTORY-004 a.ndjson:1: unknown promise "atomic" of range',
    ],
    [
      'a return without call',
      [HEADER, loaded],
      'E-HISTORY-005 a.ndjson:2: process 0 returns, but has no open call',
    ],
    [
      'a second return',
      [HEADER, load, loaded, loaded],
      'E-HISTORY-005 a.ndjson:4: process 0 returns, but has no open call',
    ],
    [
      'two open calls of one process',
      [HEADER, load, load],
      'E-HISTORY-006 a.ndjson:3: process 0 calls while its load of line 2 is open',
    ],
    [
      'a call after info',
      [HEADER, load, '{"process":0,"type":"info"}', load],
      'E-HISTORY-007 a.ndjson:4: process 0 calls after its operation ended as info',
    ],
    [
      'an unknown op',
      [HEADER, load.replace('load', 'peek')],
      'E-HISTORY-008 a.ndjson:2: unknown op',
    ],
    [
      'an op of the other model',
      [HEADER, call(0, '"op":"put","key":"k","value":"v"')],
      'E-HISTORY-008 a.ndjson:2: op put does not belong to the model "map" of the header',
    ],
    [
      'a map op in a log',
      [KV_HEADER, load],
      'E-HISTORY-008 a.ndjson:2: op load does not belong to the model "kv" of the header',
    ],
    ['no key', [HEADER, call(0, '"op":"load"')], 'E-HISTORY-009 a.ndjson:2: no key'],
    [
      'no value to store',
      [HEADER, call(0, '"op":"store","key":1')],
      'E-HISTORY-009 a.ndjson:2: no value',
    ],
    [
      'no process',
      [HEADER, '{"type":"invoke","op":"load","key":1}'],
      'E-HISTORY-009 a.ndjson:2: no process',
    ],
    [
      'a process that is no number',
      [HEADER, '{"process":"p","type":"invoke"}'],
      'E-HISTORY-001 a.ndjson:2: process is not a number, found "\\"p\\",\\"type\\":\\"" (column 12)',
    ],
    [
      'a load that returned nothing',
      [HEADER, load, ok(0, '"op":"load"')],
      'E-HISTORY-009 a.ndjson:3: no value',
    ],
    [
      'a compare without outcome',
      [
        HEADER,
        call(0, '"op":"compareAndDelete","key":1,"old":2'),
        ok(0, '"op":"compareAndDelete"'),
      ],
      'E-HISTORY-009 a.ndjson:3: no ok',
    ],
    [
      'the return of another operation',
      [HEADER, load, ok(0, '"op":"delete"')],
      'E-HISTORY-009 a.ndjson:3: the return is of delete, but process 0 called load in line 2',
    ],
    [
      'the return of another key',
      [HEADER, load, ok(0, '"op":"load","key":"x","value":1')],
      'E-HISTORY-009 a.ndjson:3: the return has key "x", its call had "k"',
    ],
    [
      'the return of another argument',
      [HEADER, call(0, '"op":"store","key":1,"value":2'), ok(0, '"op":"store","value":3')],
      'E-HISTORY-009 a.ndjson:3: the return has value 3, its call had 2',
    ],
    [
      'a length that is no count',
      [HEADER, call(0, '"op":"len"'), ok(0, '"op":"len","value":-1')],
      'E-HISTORY-009 a.ndjson:3: len returned -1, expected a whole number from 0 up',
    ],
    [
      'entries that are no pairs',
      [HEADER, call(0, '"op":"range"'), ok(0, '"op":"range","entries":[1],"complete":true')],
      'E-HISTORY-009 a.ndjson:3: entries is not a list of [key, value] pairs',
    ],
    [
      'a number in a key-value log',
      [KV_HEADER, call(0, '"op":"append","key":"k","value":1')],
      'E-HISTORY-009 a.ndjson:2: found the value 1, expected a string',
    ],
    [
      'null stored',
      [HEADER, call(0, '"op":"store","key":1,"value":null')],
      'E-HISTORY-010 a.ndjson:2: value is null',
    ],
    [
      'null visited',
      [HEADER, call(0, '"op":"range"'), ok(0, '"op":"range","entries":[[1,null]],"complete":true')],
      'E-HISTORY-010 a.ndjson:3: entries[0] has the value null',
    ],
    [
      'time going back',
      [HEADER, load.replace('}', ',"time":5}'), loaded.replace('}', ',"time":4}')],
      'E-HISTORY-011 a.ndjson:3: time goes back from 5 to 4',
    ],
    [
      'a value written twice though unique values were claimed',
      [
        HEADER.replace('}', ',"uniqueValues":true}'),
        call(0, '"op":"store","key":1,"value":2'),
        call(1, '"op":"swap","key":1,"value":2'),
      ],
      'E-HISTORY-012 a.ndjson:3: the value 2 is written to key 1 again, first in line 2, though the header claims uniqueValues',
    ],
  ];
  test.each(cases)('%s', (_, lines, expected) => {
    expect(faultOf(lines)).toBe(expected);
  });

  test('unknown fields and any order are fine', () => {
    const line =
      ' { "value" : 1 , "extra" : {"a":["}"]} , "key":"k","op":"store","type":"invoke","process":4 } ';
    expect(rowsOf(scan([HEADER, line])[0]!.history)).toEqual([
      'store("k") argument 1 old null result null flag 0 0..∞',
    ]);
  });
});
