import { describe, expect, test } from 'vitest';
import { isUtf8Locale, toAscii } from './ascii.ts';
import { formatAnnotations, formatSummary } from './github.ts';
import type { CheckSuite } from './document.ts';
import { formatSteps } from './interleaving-table.ts';
import { escapeXml, formatJunit } from './junit.ts';
import { paletteFor } from './palette.ts';
import { formatDuration, StatusLine, statusText, type Progress } from './status-line.ts';
import { formatCount, formatTable, plural } from './table.ts';

const step = (thread: number, operation: string) => ({
  thread,
  operation,
  result: 'ok',
  notes: [],
});

function suiteWith(failures: number): CheckSuite {
  return {
    name: 'go-map',
    facts: { seed: '"1" & <2>' },
    cases: Array.from({ length: failures }, (_, index) => ({
      name: `map.rule-${index}`,
      failure: {
        property: `map.rule-${index}`,
        message: 'lost 100%\nof, the: keys',
        text: 'table',
        trace: `traces/${index}.json`,
        steps: [],
        essence: `rule ${index}`,
      },
    })),
  };
}

test('tables align columns and end no line with spaces', () => {
  const lines = formatTable(
    [{ title: 'name' }, { title: 'n', align: 'right' }],
    [
      ['a', '1'],
      ['long', '100'],
    ],
  );
  expect(lines).toEqual(['name    n', 'a       1', 'long  100']);
  expect([plural(1, 'run'), plural(1234567, 'run')]).toEqual(['1 run', '1,234,567 runs']);
  expect(formatCount(100)).toBe('100');
});

test('each thread has its column, and a long table loses its middle', () => {
  expect(formatSteps([step(0, 'set(1, 2)'), step(1, 'get(1)')])).toEqual([
    '#  T1         T2      result  inside',
    '0  set(1, 2)          ok',
    '1             get(1)  ok',
  ]);
  const long = formatSteps(Array.from({ length: 100 }, (_, index) => step(0, `get(${index})`)));
  expect(long).toHaveLength(42);
  expect(long[21]).toContain('… 60 steps …');
});

test('JUnit text is well formed whatever a message holds', () => {
  expect(escapeXml('a<b>&"\u0000\ud800\u001b')).toBe('a&lt;b&gt;&amp;&quot;\ufffd\ufffd\ufffd');
  expect(formatJunit([suiteWith(1)])).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="mapcheck" tests="1" failures="1" errors="0">
      <testsuite name="go-map" tests="1" failures="1" errors="0" skipped="0">
        <properties>
          <property name="seed" value="&quot;1&quot; &amp; &lt;2&gt;"/>
        </properties>
        <testcase classname="go-map" name="map.rule-0">
          <failure type="map.rule-0" message="lost 100%&#10;of, the: keys">table</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

describe('GitHub', () => {
  test('annotations stay within ten and say how many more there are', () => {
    expect(formatAnnotations([suiteWith(1)])).toEqual([
      '::error file=traces/0.json,title=go-map%3A map.rule-0::lost 100%25%0Aof, the: keys',
    ]);
    const many = formatAnnotations([suiteWith(25)]);
    expect(many).toHaveLength(10);
    expect(many[9]).toContain('and 16 more failures');
  });
  test('the summary stays within its size and says what it leaves out', () => {
    const whole = formatSummary([suiteWith(40)]);
    const cut = formatSummary([suiteWith(40)], 2_000);
    expect(whole).not.toContain('more failure');
    expect(cut.length).toBeLessThanOrEqual(2_000);
    const shown = [...cut.matchAll(/^### /gm)].length;
    expect(shown).toBeGreaterThan(5);
    expect(cut).toContain(`and ${40 - shown} more failures: the summary is full`);
  });
  test('the summary has a row for each suite', () => {
    expect(formatSummary([suiteWith(2), { name: 'held', facts: {}, cases: [] }])).toContain(
      '| go-map | 2 | **2 failed** |\n| held | 0 | held |',
    );
  });
});

describe('status line', () => {
  const progress: Progress = {
    done: 12_400,
    unit: 'runs',
    total: 20_000,
    work: { count: 4_120_000, unit: 'operations' },
    failures: 0,
    branches: { reached: 13, total: 14 },
  };
  const bad = { ...progress, failures: 1_234 };

  function record(isLive: boolean, timesMs: readonly number[], columns = 60): string[] {
    const written: string[] = [];
    let nowMs = 0;
    const stream = { columns, write: (text: string) => written.push(text) };
    const line = new StatusLine(stream, { now: () => nowMs, isLive });
    for (const timeMs of timesMs) {
      nowMs = timeMs;
      line.update(progress);
    }
    line.clear();
    return written;
  }

  test('a terminal gets one line, redrawn ten times a second at most, and removed at the end', () => {
    const written = record(true, [1_000, 1_050, 1_100], 120);
    expect(written).toHaveLength(3);
    expect(written[0]).toMatch(/^\r\x1b\[2K12,400 of 20,000 runs \| /);
    expect(written[2]).toBe('\r\x1b[2K');
  });

  test('elsewhere plain lines come at growing intervals', () => {
    const written = record(false, [1_000, 5_000, 6_000, 15_000, 34_000, 35_000, 95_000]);
    expect(written).toHaveLength(4);
    expect(written[0]).toContain('12,400 of 20,000 runs | 824,000 operations/s');
    expect(written.every((text) => text.endsWith('\n') && !text.includes('\x1b'))).toBe(true);
  });

  test.each([
    [
      120,
      '12,400 of 20,000 runs | 412,000 operations/s | rare branches 13/14 | 1,234 failed | 7 s left',
    ],
    [80, '62% of runs | 412k operations/s | branches 13/14 | 1234 failed | 7 s left'],
    [60, '62% of runs | 412k operations/s | 1234 failed | 7 s left'],
    [40, '62% of runs | 1234 failed | 7 s left'],
    [20, '62% of runs'],
    [5, '62% '],
  ])('in %d columns it says what matters most', (columns, expected) => {
    const text = statusText(bad, 10_000, columns - 1);
    expect(text.length).toBeLessThan(columns);
    expect(text).toBe(expected);
  });

  test('an estimate is said to be one, and gives way when it is passed', () => {
    const classes = { done: 500, unit: 'classes', isEstimate: true, failures: 0 };
    expect(statusText({ ...classes, total: 1_000 }, 2_000, 99)).toBe(
      '500 of about 1,000 classes | no failure | 2 s left',
    );
    expect(statusText({ ...classes, total: 400 }, 2_000, 99)).toBe(
      '500 of about 500 classes | no failure',
    );
    expect(statusText({ done: 1, unit: 'runs', failures: 0, leftMs: 90_000 }, 1, 99)).toBe(
      '1 runs | no failure | 90 s left',
    );
    expect([99_000, 100_001, 12_000_000].map(formatDuration)).toEqual([
      '99 s',
      '2 min',
      '3 h 20 min',
    ]);
  });

  test('failures are red, and colour takes no room', () => {
    const colours = paletteFor({ isTTY: true }, {});
    const text = statusText(bad, 10_000, 99, colours);
    expect(text).toContain('\x1b[31m1,234 failed\x1b[39m');
  });
});

test('a terminal that shows only ASCII loses no character and keeps its columns', () => {
  expect(toAscii('a…   |\nb → c × é\u{1f600}\t')).toBe('a... |\nb -> c x \\u00e9\\u{1f600}\t');
  const utf8 = [{ LANG: 'de_DE.UTF-8' }, { LC_ALL: 'C.utf8' }, { LC_CTYPE: 'C.UTF-8', LANG: 'C' }];
  const others = [{}, { LANG: 'C' }, { LC_ALL: 'C', LANG: 'en_US.UTF-8' }, { LANG: 'de_DE' }];
  expect(utf8.map((environment) => isUtf8Locale(environment, false))).toEqual([true, true, true]);
  expect(others.some((environment) => isUtf8Locale(environment, false))).toBe(false);
  expect(isUtf8Locale({}, true)).toBe(true);
});

test('colours follow the stream, NO_COLOR and FORCE_COLOR', () => {
  const isColoured = (isTTY: boolean, environment: Record<string, string>): boolean =>
    paletteFor({ isTTY }, environment).red('a') !== 'a';
  expect(isColoured(true, {})).toBe(true);
  expect(isColoured(false, {})).toBe(false);
  expect(isColoured(true, { TERM: 'dumb' })).toBe(false);
  expect(isColoured(true, { NO_COLOR: '1' })).toBe(false);
  expect(isColoured(true, { NO_COLOR: '' })).toBe(true);
  expect(isColoured(false, { FORCE_COLOR: '1' })).toBe(true);
  expect(isColoured(true, { FORCE_COLOR: '0' })).toBe(false);
  expect(isColoured(false, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
});
