/** Writes trace files: diffable, one operation a line, whole or not at all. */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Json } from '../core/program.ts';
import type { Trace } from './format.ts';

/** The text of a trace file. The same trace gives the same bytes. */
export function formatTrace(trace: Trace): string {
  const { program, ...head } = trace;
  const threads = program.threads.map((operations) => {
    const lines = operations.map((operation) => `        ${compact(operation)}`);
    return lines.length === 0 ? '      []' : `      [\n${lines.join(',\n')}\n      ]`;
  });
  const fields = Object.entries(head).map(([name, value]) => `  ${quote(name)}: ${compact(value)}`);
  return [
    '{',
    `${fields.join(',\n')},`,
    '  "program": {',
    `    "setup": ${compact(program.setup)},`,
    `    "draws": ${compact(program.draws)},`,
    '    "threads": [',
    threads.join(',\n'),
    '    ]',
    '  }',
    '}',
    '',
  ].join('\n');
}

/**
 * The path a trace is saved under, relative to the traces folder: target, property, and a hash of both and the program.
 *
 * Equal failures have equal names, so that finding one again writes no second file. A mutant has one trace, under the
 * mutant's own name.
 */
export function traceFileName(trace: Trace): string {
  if (trace.mutant !== null) return `${trace.mutant}.json`;
  const hash = createHash('sha256').update(traceEssence(trace)).digest('hex').slice(0, 10);
  return join(trace.target, `${trace.property}-${hash}.json`);
}

/** What makes a trace this one and no other, as text: target, property and program. */
export function traceEssence(trace: Trace): string {
  return compact([trace.target, trace.property, trace.program as never]);
}

/**
 * Writes a trace into a folder and returns its path.
 *
 * The file appears under its name only when it is complete.
 *
 * @throws the file system's error, after the unfinished file is removed; the caller still has the trace.
 */
export function writeTrace(folder: string, trace: Trace): string {
  const file = join(folder, traceFileName(trace));
  const unfinished = `${file}.part`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(unfinished, formatTrace(trace));
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  return file;
}

/** JSON on one line with a space after each comma and colon, in the order the fields stand. */
function compact(value: Json | undefined): string {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => compact(item)).join(', ')}]`;
  const fields = Object.entries(value as { readonly [key: string]: Json })
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `${quote(name)}: ${compact(item)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
