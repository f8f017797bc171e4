import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { UsageError } from '../core/errors.ts';
import { readAnyTrace } from './read.ts';
import { formatSchedule, type ScheduledStep, type ScheduleTrace } from './schedule.ts';

const folder = mkdtempSync(join(tmpdir(), 'mapcheck-schedule-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const step = (kind: string, ...after: [number, number][]): ScheduledStep => ({
  kind,
  location: 'setup #0, byte 0',
  expression: `${kind} "it"`,
  place: 'a.ts:1:2',
  after,
});

const TRACE: ScheduleTrace = {
  format: 'mapcheck-schedule',
  version: 2,
  subject: { file: 'a.ts', leftOut: [2] },
  program: 'one \u2028 two',
  property: 'assertion',
  expect: 'holds',
  message: 'as it was',
  threads: [[step('load'), step('store', [1, 0])], [step('load'), step('store', [0, 1])], []],
};

function read(text: string): unknown {
  const file = join(folder, 'trace.json');
  writeFileSync(file, text);
  return readAnyTrace(file, []);
}

/** Code and place of the complaint about a text; the place without its folder. */
function complaint(text: string): readonly [string, string] {
  try {
    read(text);
  } catch (error) {
    const { code, place } = error as UsageError;
    return [code, (place ?? '').slice(folder.length + 1)];
  }
  return ['none', ''];
}

test('what is written is what is read, a line for each step', () => {
  const text = formatSchedule(TRACE);
  expect(read(text)).toMatchObject({ schedule: TRACE });
  expect(text.split('\n').filter((line) => line.includes('"kind"'))).toHaveLength(4);
});

test('a program of operations stands in its trace', () => {
  const operations = { setup: {}, draws: [], threads: [[{ op: 'store', key: 1, value: 2 }], []] };
  const trace = { ...TRACE, subject: { target: 'sync-map', operations, mutant: null } };
  expect(read(formatSchedule(trace))).toMatchObject({ schedule: trace });
});

test.each<[string, string, string, string]>([
  ['truncated', formatSchedule(TRACE).slice(0, -30), 'E-TRACE-002', 'trace.json:16:118'],
  ['empty', '', 'E-TRACE-002', 'trace.json:1:1'],
  ['of a later version', edited({ version: 3 }), 'E-TRACE-004', 'trace.json:3: $.version'],
  ['of no version', edited({ version: undefined }), 'E-TRACE-004', 'trace.json:1: $.version'],
  ['with a wrong type', edited({ threads: 7 }), 'E-TRACE-005', 'trace.json:14: $.threads'],
  ['with an unknown field', edited({ stepz: [] }), 'E-TRACE-005', 'trace.json:1: $'],
  [
    'with an order after a step that is not there',
    edited({ threads: [[step('load', [1, 4])], [step('load')]] }),
    'E-TRACE-005',
    'trace.json:22: $.threads[0][0].after[0]',
  ],
  [
    'with an order within one thread',
    edited({ threads: [[step('load'), step('load', [0, 0])]] }),
    'E-TRACE-005',
    'trace.json:29: $.threads[0][1].after[0]',
  ],
  [
    'with an order that goes round',
    edited({ threads: [[step('load', [1, 0])], [step('load', [0, 0])]] }),
    'E-TRACE-005',
    'trace.json:21: $.threads[0][0].after',
  ],
])('a trace is refused %s', (_, text, code, place) => {
  expect(complaint(text)).toEqual([code, place]);
});

function edited(change: object): string {
  return JSON.stringify({ ...TRACE, ...change }, null, 2);
}
