import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { replaySyncMapTrace } from './replay.ts';

const FOLDER = new URL('../../../../shared/groundtruth/syncmap/', import.meta.url);
const hasTraces = existsSync(FOLDER);
const names = hasTraces ? readdirSync(FOLDER).toSorted() : [];

function readLines(name: string): string[] {
  const bytes = readFileSync(new URL(name, FOLDER));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.trimEnd().split('\n');
}

describe.skipIf(!hasTraces)('traces recorded from Go 1.19.8', () => {
  test('there are nine', () => {
    expect(names).toHaveLength(9);
  });

  test.each(names)('%s: every record and state', (name) => {
    const lines = readLines(name);
    const replay = replaySyncMapTrace(lines, name);
    expect(replay.mismatches.slice(0, 5)).toEqual([]);
    expect(replay.records).toBe(lines.length - 1);
    expect(replay.dumps).toBe(lines.filter((line) => line.includes('"st":')).length);
  });
});

const HEADER =
  '{"kind":"syncmap","go":"go1.19.8","sCols":["readLen","amended","dirtyLen","misses","nilInRead","expungedInRead"],' +
  '"stats":{"ops":5}}';

/** A trace with every field, among them one range that changes the map. */
const LINES: readonly string[] = [
  HEADER,
  '{"op":"store","k":1,"v":1001,"s":[0,1,1,0,0,0],"d":1371654563,"ev":["dirtyNew"],"st":{"read":{},"amended":true,"dirty":{"1":1001},"misses":0}}',
  '{"op":"loadOrStore","k":1,"v":1002,"r":[1001,true],"s":[1,0,-1,0,0,0],"ev":["promote"],"st":{"read":{"1":1001},"amended":false,"dirty":null,"misses":0}}',
  '{"op":"store","k":2,"v":1003,"s":[1,1,2,0,0,0],"ev":["dirtyNew"]}',
  '{"op":"range","r":[[2,1003],[1,1001]],"nested":[{"at":0,"op":"load","k":1,"r":1001},{"at":1,"op":"delete","k":2}],"s":[2,0,-1,0,1,0],"ev":["rangePromote"]}',
  '{"op":"load","k":2,"r":null,"s":[2,0,-1,0,1,0],"st":{"read":{"1":1001,"2":"nil"},"amended":false,"dirty":null,"misses":0}}',
];

describe('a trace', () => {
  test('holds as it is', () => {
    expect(replaySyncMapTrace(LINES, 'x')).toEqual({ records: 5, dumps: 3, mismatches: [] });
  });

  const alterations: [
    line: number,
    from: string,
    to: string,
    field: string,
    expected: string,
    actual: string,
  ][] = [
    [2, '"s":[0,1,1,0,0,0]', '"s":[0,1,1,7,0,0]', 's.misses', '7', '0'],
    [2, '1371654563', '1371654564', 'd', '1371654564', '1371654563'],
    [2, '"ev":["dirtyNew"],', '', 'ev', '[]', '["dirtyNew"]'],
    [2, '{"1":1001}', '{"1":"expunged"}', 'st.dirty.1', '"expunged"', '1001'],
    [2, '"amended":true', '"amended":false', 'st.amended', 'false', 'true'],
    [3, '[1001,true]', '[1001,false]', 'r', '[1001,false]', '[1001,true]'],
    [3, '"dirty":null', '"dirty":{}', 'st.dirty', '{}', 'null'],
    [3, '"read":{"1":1001}', '"read":{}', 'st.read.1', 'nothing', '1001'],
    [5, '[1,1001]]', '[1,1002]]', 'r', '[[2,1003],[1,1002]]', '[[2,1003],[1,1001]]'],
    [5, '"k":1,"r":1001', '"k":1,"r":null', 'nested[0].r', 'null', '1001'],
    [6, '"r":null', '"r":1003', 'r', '1003', 'null'],
  ];
  test.each(alterations)(
    'line %i with %s as %s has one mismatch, in %s',
    (line, from, to, field, expected, actual) => {
      const lines = LINES.with(line - 1, LINES[line - 1]!.replace(from, to));
      expect(lines).not.toEqual(LINES);
      expect(replaySyncMapTrace(lines, 'x').mismatches).toEqual([
        { file: 'x', line, field, expected, actual },
      ]);
    },
  );

  const broken: [what: string, line: number, text: string, message: string][] = [
    ['no JSON', 2, '{"op":"load",', 'x:2: the line is not JSON'],
    ['an unknown operation', 2, '{"op":"put","k":1}', 'x:2: at op: expected one of load, store'],
    [
      'a wrong type',
      2,
      '{"op":"load","k":"1","r":null,"s":[0,0,-1,0,0,0]}',
      'x:2: at k: Invalid input: expected',
    ],
    ['a missing column', 4, LINES[3]!.replace('[1,1,2,', '[1,1,'), 'x:4: at s: '],
    ['a header of maps', 1, HEADER.replace('syncmap', 'map'), 'x:1: at kind: expected "syncmap"'],
    [
      'a later Go',
      1,
      HEADER.replace('go1.19.8', 'go1.24.1'),
      'x:1: recorded by go1.24.1, expected Go 1.9 to 1.23',
    ],
  ];
  test.each(broken)('with %s is refused with file and line', (_, line, text, message) => {
    expect(() => replaySyncMapTrace(LINES.with(line - 1, text), 'x')).toThrow(message);
  });

  test('that was cut off is refused', () => {
    expect(() => replaySyncMapTrace(LINES.slice(0, -1), 'x')).toThrow(
      'x:5: the trace ends here with 4 operations; its header says 5',
    );
    expect(() => replaySyncMapTrace([], 'x')).toThrow('x:1: empty, expected a header line');
  });

  test('may have a key that the loop deletes before its turn and stores again after it', () => {
    const lines = [
      HEADER.replace('"ops":5', '"ops":4'),
      '{"op":"store","k":1,"v":1,"s":[0,1,1,0,0,0],"ev":["dirtyNew"]}',
      '{"op":"store","k":3,"v":3,"s":[0,1,2,0,0,0]}',
      '{"op":"store","k":2,"v":2,"s":[0,1,3,0,0,0]}',
      '{"op":"range","r":[[1,1],[2,2]],"nested":[{"at":0,"op":"delete","k":3},{"at":1,"op":"store","k":3,"v":4}],' +
        '"s":[3,0,-1,0,0,0],"ev":["rangePromote"]}',
    ];
    expect(replaySyncMapTrace(lines, 'x').mismatches).toEqual([]);
  });
});
