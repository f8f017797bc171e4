import type { ConformReport } from '../conform/conform.ts';
import type { Palette } from './palette.ts';
import { formatCount, formatTable, indent, plural } from './table.ts';

/** Mismatches shown to a person; all of them stand in the JSON. */
const SHOWN_MAX = 20;

/** Lines about a comparison: mismatches, what was left out, and how much was compared. */
export function formatConform(report: ConformReport, palette: Palette): string[] {
  const lines: string[] = [];
  if (report.mismatches.length > 0) {
    const rows = report.mismatches
      .slice(0, SHOWN_MAX)
      .map(({ file, line, field, expected, actual }) => [
        `${file}:${line}`,
        field,
        expected,
        actual,
      ]);
    const columns = ['place', 'field', 'Go', 'engine'].map((title) => ({ title }));
    lines.push(...formatTable(columns, rows));
    const left = report.mismatches.length - rows.length;
    if (left > 0) lines.push(`and ${formatCount(left)} more; --json has them all`);
    lines.push('');
  }
  if (report.skipped.length > 0) lines.push('Not compared:', ...indent(report.skipped), '');
  const over = `${plural(report.records, 'operation')} and ${plural(report.dumps, 'whole layout')} of ${plural(report.traces, 'recording')}`;
  lines.push(
    report.verdict === 'holds'
      ? `${palette.green('The engines did what Go did')} in ${over}.`
      : `${palette.red('The engines differ from Go')} somewhere in ${over}.`,
  );
  return lines;
}
