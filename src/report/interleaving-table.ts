/** The interleaving table: a column per thread, a row per step. The default view of every failure. */
import type { StepRecord } from '../core/target.ts';
import { clip, formatTable, type Column } from './table.ts';

/** Rows shown at most; a longer table loses its middle. */
const ROWS_MAX = 40;

/** Lines of the table. The last step is the one that failed, where one did. */
export function formatSteps(steps: readonly StepRecord[]): string[] {
  const threadCount = Math.max(1, ...steps.map((step) => step.thread + 1));
  const threads: Column[] = Array.from({ length: threadCount }, (_, thread) => ({
    title: threadCount === 1 ? 'operation' : `T${thread + 1}`,
  }));
  const columns: Column[] = [
    { title: '#', align: 'right' },
    ...threads,
    { title: 'result' },
    { title: 'inside' },
  ];
  const rows = steps.map((step, index) => [
    String(index),
    ...threads.map((_, thread) => (thread === step.thread ? clip(step.operation, 60) : '')),
    clip(step.result, 50),
    clip(step.notes.join('; '), 100),
  ]);
  return formatTable(columns, elide(rows));
}

function elide(rows: readonly string[][]): string[][] {
  if (rows.length <= ROWS_MAX) return [...rows];
  const half = ROWS_MAX >> 1;
  const gap = rows[0]!.map((_, column) =>
    column === 1 ? `… ${rows.length - 2 * half} steps …` : '',
  );
  return [...rows.slice(0, half), gap, ...rows.slice(-half)];
}
