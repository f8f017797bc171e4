import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { formatError } from '../core/errors.ts';
import { toyTarget } from '../core/testing/toy-target.ts';
import type { Trace } from './format.ts';
import { parseTrace, readTrace } from './read.ts';
import { formatTrace, writeTrace } from './write.ts';

const trace: Trace = {
  format: 'mapcheck-trace',
  version: 1,
  target: 'toy',
  property: 'toy.sum',
  expect: 'holds',
  known: null,
  mutant: null,
  message: 'add(10) was lost.',
  expected: '10',
  actual: '0',
  origin: { seed: '00012', run: 4, operations: 77 },
  program: {
    setup: { width: 3 },
    draws: [1, 4_294_967_295],
    threads: [
      [
        { op: 'poison', nested: [{ op: 'drop' }] },
        { op: 'add', value: 10 },
      ],
    ],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'mapcheck-trace-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('reading gives back what was written, byte for byte', () => {
  const file = writeTrace(folder, trace);
  const loaded = readTrace(file, [toyTarget]);
  expect(loaded.trace).toEqual(trace);
  expect(formatTrace(loaded.trace)).toBe(readFileSync(file, 'utf8'));
});

test('the text has a line for each operation, so that a change shows as one line', () => {
  expect(formatTrace(trace)).toMatchInlineSnapshot(`
    "{
      "format": "mapcheck-trace",
      "version": 1,
      "target": "toy",
      "property": "toy.sum",
      "expect": "holds",
      "known": null,
      "mutant": null,
      "message": "add(10) was lost.",
      "expected": "10",
      "actual": "0",
      "origin": { "seed": "00012", "run": 4, "operations": 77 },
      "program": {
        "setup": { "width": 3 },
        "draws": [1, 4294967295],
        "threads": [
          [
            { "op": "poison", "nested": [{ "op": "drop" }] },
            { "op": "add", "value": 10 }
          ]
        ]
      }
    }
    "
  `);
});

/** The message for a text with one change made to it. */
function messageFor(change: (text: string) => string): string {
  try {
    parseTrace(change(formatTrace(trace)), 'a.json', [toyTarget]);
  } catch (error) {
    return formatError(error);
  }
  return 'no error';
}

describe('what is wrong with a trace is said with its place', () => {
  test('truncated', () => {
    expect(messageFor((text) => text.slice(0, 200))).toMatchInlineSnapshot(`
      "error [E-TRACE-002] a.json:10:19: the JSON text ends too early
        Restore the file from version control, or run the campaign again to have it written anew."
    `);
  });
  test('not JSON', () => {
    expect(messageFor((text) => text.replace('"known": null', '"known": nil')))
      .toMatchInlineSnapshot(`
      "error [E-TRACE-002] a.json:7:12: the text is not JSON from here: "nil,"
        Restore the file from version control, or run the campaign again to have it written anew."
    `);
  });
  test('empty', () => {
    expect(messageFor(() => '')).toMatchInlineSnapshot(`
      "error [E-TRACE-002] a.json:1:1: the file is empty
        Restore the file from version control, or run the campaign again to have it written anew."
    `);
  });
  test('another kind of file', () => {
    expect(messageFor(() => '{"kind": "map", "go": "go1.19.8"}')).toMatchInlineSnapshot(`
      "error [E-TRACE-003] a.json:1: $.format: this is not a trace: found no format, expected "mapcheck-trace"
        Traces recorded from Go are compared by \`mapcheck conform\`, not replayed."
    `);
  });
  test('not an object', () => {
    expect(messageFor(() => '[1, 2]')).toMatchInlineSnapshot(`
      "error [E-TRACE-003] a.json:1: $.format: this is not a trace: found no format, expected "mapcheck-trace"
        Traces recorded from Go are compared by \`mapcheck conform\`, not replayed."
    `);
  });
  test('a later version', () => {
    expect(messageFor((text) => text.replace('"version": 1', '"version": 2')))
      .toMatchInlineSnapshot(`
      "error [E-TRACE-004] a.json:3: $.version: version 2 of the trace format, expected 1
        A newer mapcheck wrote this file: update mapcheck."
    `);
  });
  test('a field of the wrong type', () => {
    expect(messageFor((text) => text.replace('"run": 4', '"run": "4"'))).toMatchInlineSnapshot(`
      "error [E-TRACE-005] a.json:12: $.origin.run: Invalid input: expected number, received string
        The format is described by schema/trace.schema.json."
    `);
  });
  test('an unknown field', () => {
    expect(messageFor((text) => text.replace('"known"', '"kwon"'))).toMatchInlineSnapshot(`
      "error [E-TRACE-005] a.json:1: $: Unrecognized key: "kwon"; did you mean "known"?
        The format is described by schema/trace.schema.json."
    `);
  });
  test('a draw out of range', () => {
    expect(messageFor((text) => text.replace('4294967295', '4294967296'))).toMatchInlineSnapshot(`
      "error [E-TRACE-005] a.json:15: $.program.draws[1]: Too big: expected number to be <=4294967295
        The format is described by schema/trace.schema.json."
    `);
  });
  test('an unknown target', () => {
    expect(messageFor((text) => text.replace('"toy"', '"tyo"'))).toMatchInlineSnapshot(`
      "error [E-TRACE-006] a.json:4: $.target: unknown target "tyo"
        Did you mean toy?"
    `);
  });
  test('an unknown property', () => {
    expect(messageFor((text) => text.replace('"toy.sum"', '"toy.sun"'))).toMatchInlineSnapshot(`
      "error [E-TRACE-007] a.json:5: $.property: target toy has no property "toy.sun"
        Did you mean toy.sum?"
    `);
  });
  test('a set-up that the target refuses', () => {
    expect(messageFor((text) => text.replace('"width": 3', '"width": 0'))).toMatchInlineSnapshot(`
      "error [E-TRACE-008] a.json:14: $.program.setup.width: the width is at least 1
        The format is described by schema/trace.schema.json."
    `);
  });
  test('an operation that the target does not have', () => {
    expect(messageFor((text) => text.replace('"op": "add"', '"op": "sub"'))).toMatchInlineSnapshot(`
      "error [E-TRACE-008] a.json:19: $.program.threads[0][1].op: Invalid option: expected one of "add"|"poison"
        The format is described by schema/trace.schema.json."
    `);
  });
  test('a file that is not there, and one that is a folder', () => {
    expect(() => readTrace(join(folder, 'none.json'), [toyTarget])).toThrow('no such file');
    expect(() => readTrace(folder, [toyTarget])).toThrow('it is a directory');
  });
});

test('a trace that cannot be written leaves no half of it behind', () => {
  const blocked = join(folder, 'blocked');
  writeFileSync(blocked, '');
  expect(() => writeTrace(blocked, trace)).toThrow('ENOTDIR');
  expect(readFileSync(blocked, 'utf8')).toBe('');
});
