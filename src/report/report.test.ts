import { describe, expect, test } from 'vitest';
import { formatAnnotations, formatSummary } from './github.ts';
import type { CheckSuite } from './document.ts';
import { formatSteps } from './interleaving-table.ts';
import { escapeXml, formatJunit } from './junit.ts';
import { StatusLine } from './status-line.ts';
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
  test('the summary has a row for each suite', () => {
    expect(formatSummary([suiteWith(2), { name: 'held', facts: {}, cases: [] }])).toContain(
      '| go-map | 2 | **2 failed** |\n| held | 0 | held |',
    );
  });
});

describe('status line', () => {
  const progress = {
    runs: 50,
    runsTotal: 100,
    operations: 4_000,
    failures: 0,
    branchesReached: 3,
    branchesTotal: 7,
  };

  function record(isTTY: boolean, timesMs: readonly number[]): string[] {
    const written: string[] = [];
    let nowMs = 0;
    const stream = { isTTY, columns: 60, write: (text: string) => written.push(text) };
    const line = new StatusLine(stream, () => nowMs, false);
    for (const timeMs of timesMs) {
      nowMs = timeMs;
      line.update(progress);
    }
    line.clear();
    return written;
  }

  test('a terminal gets one line, redrawn ten times a second at most, cut to its width', () => {
    const written = record(true, [1_000, 1_050, 1_100]);
    expect(written).toHaveLength(3);
    expect(written[0]).toBe('\r\x1b[2K50/100 runs | 4,000 operations/s | rare branches 3/7 | no f');
    expect(written[2]).toBe('\r\x1b[2K');
  });

  test('elsewhere plain lines come at growing intervals', () => {
    const written = record(false, [1_000, 5_000, 6_000, 15_000, 34_000, 35_000, 95_000]);
    expect(written).toHaveLength(4);
    expect(written[0]).toContain('50/100 runs | 800 operations/s');
    expect(written.every((text) => text.endsWith('\n') && !text.includes('\x1b'))).toBe(true);
  });
});
