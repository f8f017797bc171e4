/** The failure of a program of operations, for people. */
import type { Operation, Program } from '../core/program.ts';
import type { MapFailure } from '../run/operations-failure.ts';
import { printable } from './characters.ts';
import { formatShownRun } from './interleaving.ts';
import type { Palette } from './palette.ts';
import { indent, plural } from './table.ts';

/** Lines of the report: what failed, the program, the interleaving, how to see it again. */
export function formatMapFailure(target: string, failure: MapFailure, palette: Palette): string[] {
  const { property, message, operations, steps, preemptions, before, trace, writeError } = failure;
  return [
    `${palette.red('FAIL')}  ${target} / ${palette.bold(property)}`,
    `  ${printable(message)}`,
    `  start: ${showStart(operations)}`,
    ...operations.threads.map(
      (list, thread) => `  T${thread + 1}: ${list.map(showOperation).join(', ')}`,
    ),
    `  ${plural(steps.length, 'step')}, ${plural(preemptions, 'preemption')}; found with ${plural(before.steps, 'step')}`,
    '',
    ...indent(formatShownRun(failure, palette)),
    '',
    ...(trace === null ? [] : [`  Replay:   npx mapcheck replay ${trace}`, '']),
    ...(writeError === null ? [] : [`  The trace could not be written: ${writeError}`, '']),
  ];
}

/** The operations before all threads, or the keys that the map has then. */
function showStart({ setup }: Program): string {
  const { start = [], keys } = setup as { start?: readonly Operation[]; keys?: unknown };
  if (start.length > 0) return start.map(showOperation).join(', ');
  return Array.isArray(keys) && keys.length > 0 ? `keys ${keys.join(', ')}` : 'an empty map';
}

function showOperation({ op, k, old, v }: Operation): string {
  const given = [k, old, v].filter((one) => one !== undefined).map((one) => JSON.stringify(one));
  return printable(`${op}(${given.join(', ')})`);
}
