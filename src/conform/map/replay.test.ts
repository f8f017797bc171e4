import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ConformInputError } from '../input-error.ts';
import { replayMapTrace } from './replay.ts';

const FOLDER = new URL('../../../../shared/groundtruth/maps/', import.meta.url);
const hasTraces = existsSync(FOLDER);

function readLines(name: string): string[] {
  const bytes = readFileSync(new URL(name, FOLDER));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.trimEnd().split('\n');
}

const names = hasTraces ? readdirSync(FOLDER).toSorted() : [];

describe.skipIf(!hasTraces)('traces recorded from Go 1.19.8', () => {
  test.each(names)('%s: every record and dump, native keys and string keys', (name) => {
    const lines = readLines(name);
    for (const keys of ['native', 'text'] as const) {
      const replay = replayMapTrace(lines, name, { keys });
      expect(replay.mismatches.slice(0, 5)).toEqual([]);
      expect(replay.skipped).toEqual([]);
      expect(replay.records + replay.dumps).toBe(lines.length - 1);
    }
  });
});

/**
 * A small trace that the engine itself cannot have written: taken from a recording, cut to its
 * first operations.
 */
function cut(name: string, operations: number): string[] {
  const [first, ...rest] = readLines(name);
  let count = 0;
  const kept = rest.filter((line) => (line.includes('"op"') ? ++count : count) <= operations);
  const dumps = kept.filter((line) => line.startsWith('{"dump"')).length;
  const header = JSON.parse(first!) as { stats: Record<string, number> };
  Object.assign(header.stats, { ops: operations, dumps });
  return [JSON.stringify(header), ...kept];
}

/** The lines with one of them changed; says which, 1-based. */
function change(
  lines: readonly string[],
  isMeant: (line: string) => boolean,
  from: string | RegExp,
  to: string,
): { lines: string[]; line: number } {
  const index = lines.findIndex(isMeant);
  const changed = lines.with(index, lines[index]!.replace(from, to));
  expect(changed[index]).not.toBe(lines[index]);
  return { lines: changed, line: index + 1 };
}

describe.skipIf(!hasTraces)('a trace with one thing changed gives exactly that difference', () => {
  const name = 'f-aged-uint64.ndjson';
  const mixed = 'a-mix-string.ndjson';
  const hit = (line: string): boolean => /"op":"get".*"r":\d/.test(line);

  test.each([
    ['a result', hit, /"r":\d+/, '"r":77777', 'r'],
    ['a column', (l: string) => l.includes('"op":"set"'), /"s":\[(\d+),/, '"s":[99,', 's.count'],
    ['a digest', (l: string) => l.includes('"op":"set"'), /"d":\d+/, '"d":5', 'd'],
    ['an event', (l: string) => l.includes('"ev":"grow"'), '"ev":"grow"', '"ev":"same"', 'ev'],
    ['a start', (l: string) => l.includes('"op":"iter"'), /"off":\d/, '"off":8', 'off'],
    ['a position', (l: string) => l.includes('"op":"next"'), /"p":\[\d+/, '"p":[63', 'p'],
    [
      'a value in order',
      (l: string) => l.includes('"op":"range"'),
      /"vs":\[\d+/,
      '"vs":[1000000',
      'vs[0]',
    ],
    ['a draw more', hit, '"r":', '"rnd":[4],"r":', 'rnd'],
    ['a tophash', (l: string) => l.startsWith('{"dump"'), /"t":\[\d+/, '"t":[3', 't'],
  ])('%s', (_, isMeant, from, to, field) => {
    const changed = change(readLines(isMeant === hit ? mixed : name), isMeant, from, to);
    const { mismatches } = replayMapTrace(changed.lines, name);
    expect(mismatches.length).toBe(1);
    const { file, line } = mismatches[0]!;
    expect({ file, line }).toEqual({ file: name, line: changed.line });
    expect(mismatches[0]!.field.endsWith(field)).toBe(true);
    expect(mismatches[0]!.expected).not.toBe(mismatches[0]!.actual);
  });

  test('a changed hash moves the key, and every later difference is found too', () => {
    const lines = cut('a-mix-uint64.ndjson.gz', 60);
    const isMeant = (line: string): boolean => line.includes('"v":9');
    const changed = change(lines, isMeant, /"h":"\d+"/, '"h":"0"');
    const { mismatches } = replayMapTrace(changed.lines, 'changed');
    expect(mismatches.some((mismatch) => mismatch.field === 'd')).toBe(true);
    expect(mismatches[0]!.line).toBeGreaterThanOrEqual(changed.line);
  });

  test('expected and actual are JSON text', () => {
    const changed = change(readLines(mixed), hit, /"r":\d+/, '"r":77777');
    const [mismatch] = replayMapTrace(changed.lines, mixed).mismatches;
    expect(mismatch!.expected).toBe('77777');
    expect(JSON.parse(mismatch!.actual)).toBeTypeOf('number');
  });
});

describe.skipIf(!hasTraces)('a trace that cannot be read is refused with file and line', () => {
  const lines = hasTraces ? cut('a-mix-string.ndjson', 5) : [''];
  const withLast = (all: readonly string[], last: string): string[] => [...all.slice(0, -1), last];
  const errorOf = (changed: readonly string[]): string => {
    try {
      replayMapTrace(changed, 'trace.ndjson');
    } catch (error) {
      expect(error).toBeInstanceOf(ConformInputError);
      expect((error as Error).message.startsWith('trace.ndjson:')).toBe(true);
      return (error as Error).message;
    }
    throw new Error('was read');
  };

  test.each([
    ['empty', [], '1: expected the header of a map trace, found no line'],
    ['no header', lines.slice(1), '1: expected the header of a map trace: at $["kind"]: '],
    [
      'another kind',
      [lines[0]?.replace('"kind":"map"', '"kind":"syncmap"'), ...lines.slice(1)],
      '1: expected the header of a map trace: at $["kind"]: Invalid input: expected "map"',
    ],
    [
      'a Go of another design',
      [lines[0]?.replace('go1.19.8', 'go1.24'), ...lines.slice(1)],
      '1: no profile for the map of go1.24; known: go1.16 to go1.23',
    ],
    [
      'cut in a line',
      [...lines.slice(0, 3), lines[3]?.slice(0, 20)],
      '4: expected one JSON value, found 20 characters that are none',
    ],
    [
      'cut between lines',
      lines.slice(0, 4),
      '4: expected 5 operations and 0 dumps as the header says, found 3 and 0; the file is cut off',
    ],
    [
      'an unknown operation',
      withLast(lines, '{"op":"swap","s":[]}'),
      '6: expected an operation: at $["op"]: ',
    ],
    ['no make', lines.toSpliced(1, 1), '2: expected a make before any other operation'],
    [
      'next without iter',
      withLast(lines, '{"op":"next","it":1,"end":true}'),
      '6: expected an iter of iterator 1 before its next',
    ],
    [
      'a wrong type',
      lines.map((line) => line.replace('"v":1,', '"v":"1",')),
      ': expected an operation: at $["v"]: ',
    ],
  ] as [string, string[], string][])('%s', (_, changed, message) => {
    expect(errorOf(changed)).toContain(message);
  });
});
