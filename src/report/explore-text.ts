/** The exploration of a program file, for people. */
import type { PlacedStep, ProgramReport } from '../run/explore-program.ts';
import type { Palette } from './palette.ts';
import { clip, formatCount, formatTable, indent, plural } from './table.ts';

/** Rows of a table shown at most; a longer one loses its middle. */
const ROWS_MAX = 60;

/** Lines of one report: the failure, if there is one, then what was explored and what it is worth. */
export function formatExploration(report: ProgramReport, palette: Palette): string[] {
  const lines = report.failure === null ? [] : formatFailureOf(report, palette);
  return [...lines, ...formatWork(report, palette)];
}

function formatFailureOf(report: ProgramReport, palette: Palette): string[] {
  const { kind, message, steps, race, trace, writeError } = report.failure!;
  const preemptions = steps.filter((step) => step.isPreemption).length;
  return [
    `${palette.red('FAIL')}  ${report.program} / ${palette.bold(kind)}   ${report.file}`,
    `  ${message}`,
    `  ${plural(steps.length, 'step')}, ${plural(preemptions, 'preemption')} (marked *)`,
    '',
    ...indent(formatInterleaving(steps, race)),
    '',
    ...replayLines(trace, writeError),
  ];
}

function replayLines(trace: string | null, writeError: string | null): string[] {
  if (trace !== null) return [`  Replay:   npx mapcheck replay ${trace}`, ''];
  return writeError === null ? [] : [`  The trace could not be written: ${writeError}`, ''];
}

/** The interleaving table: a column for each thread, a row for each step; racing steps are marked. */
export function formatInterleaving(
  steps: readonly PlacedStep[],
  race: readonly [number, number] | null,
): string[] {
  const threads = Math.max(0, ...steps.map((step) => step.thread)) + 1;
  const columns = [
    { title: '#', align: 'right' as const },
    ...Array.from({ length: threads }, (_, thread) => ({ title: `T${thread + 1}` })),
    { title: 'value' },
    { title: 'place' },
  ];
  const rows = steps.map((step, index) => [
    `${step.isPreemption ? '*' : ''}${index}`,
    ...Array.from({ length: threads }, (_, thread) =>
      thread === step.thread ? clip(step.expression || step.kind, 44) : '',
    ),
    valueOf(step) + (race?.includes(index) === true ? '  <- race' : ''),
    step.place,
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

function valueOf(step: PlacedStep): string {
  const { read, written } = step;
  if (read !== undefined && written !== undefined) return `${show(read)} -> ${show(written)}`;
  if (written !== undefined) return `= ${show(written)}`;
  return read === undefined ? '' : show(read);
}

function show(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : typeof value === 'bigint'
        ? `${value}n`
        : typeof value === 'object' && value !== null
          ? 'object'
          : String(value);
  return clip(text, 30);
}

function formatWork(report: ProgramReport, palette: Palette): string[] {
  const { exploration, histogram, preemptions, sampling } = report;
  const { bound, complete, deadlocks, divergence } = exploration;
  const name = `${report.program}: `;
  if (divergence !== null) {
    return [
      `${palette.red('Nondeterministic')}: step ${divergence.stepIndex}, of thread ${divergence.thread + 1}, came out differently the second time.`,
      'The usual causes: Math.random, a clock, state outside of `setup`, the order of a Map that outlives an execution.',
    ];
  }
  if (report.verdict === 'fails')
    return [`${name}stopped at the first failure, after ${plural(complete, 'class')}.`];
  if (sampling !== null) {
    const share = `unseen share about ${(100 * sampling.unseenShare).toFixed(1)} %`;
    return [
      `${name}${palette.green('no failure')} in ${plural(sampling.schedules, 'schedule')} of ${sampling.strategy}, ${formatCount(sampling.classes)} different; ${share}.`,
    ];
  }
  if (bound !== null) {
    return [
      `${name}${palette.yellow('inconclusive')}: the bound on ${bound.bound} (${formatCount(bound.limit)}) ended the work after ${formatCount(complete)} classes.`,
    ];
  }
  const all = formatCount(complete + deadlocks);
  const lines = [
    `${name}${palette.green('holds')} in all ${all} classes of interleavings, each run once.`,
  ];
  if (histogram !== null) {
    const within = histogram.slice(0, preemptions! + 1).reduce((total, count) => total + count, 0);
    lines.push(
      `  ${formatCount(within)} of them need at most ${plural(preemptions!, 'preemption')}; by preemptions: ${histogram.join(', ')}.`,
    );
  }
  return lines;
}
