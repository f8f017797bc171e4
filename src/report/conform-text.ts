/** Comparisons with the real Go runtime, for people. */
import type { ConformReport } from '../conform/conform.ts';
import type { LiveReport } from '../conform/live/live.ts';
import type { Mismatch } from '../conform/mismatch.ts';
import type { Palette } from './palette.ts';
import { formatCount, formatTable, indent, plural } from './table.ts';

/** Mismatches shown to a person; all of them stand in the JSON. */
const SHOWN_MAX = 20;

/** Lines about kept recordings: mismatches, what was left out, and how much was compared. */
export function formatConform(report: ConformReport, palette: Palette): string[] {
  const over = `${plural(report.records, 'operation')} and ${plural(report.dumps, 'whole layout')} of ${plural(report.traces, 'recording')}`;
  return [
    ...formatMismatches(report.mismatches),
    ...formatLeftOut(report.skipped),
    conclusion(report.verdict, over, 'Go', palette),
  ];
}

/** Lines about live recordings; `saved` are the files of those that differ. */
export function formatLive(
  report: LiveReport,
  saved: readonly string[],
  palette: Palette,
): string[] {
  const counts = [
    ...(report.records > 0
      ? [
          `${plural(report.records, 'operation')} with the state after each`,
          plural(report.dumps, 'whole layout'),
        ]
      : []),
    `${plural(report.results, 'operation')} by result and contract`,
  ];
  const over = `${counts.join(', ')}, of ${plural(report.traces, 'live trace')}`;
  return [
    `${report.go} against profile ${report.profile}, seed ${JSON.stringify(report.seed)}`,
    ...formatMismatches(report.mismatches),
    ...saved.map((file) => `Saved the recording: ${file}`),
    ...formatLeftOut(report.notApplicable),
    conclusion(report.verdict, over, report.go, palette),
  ];
}

function formatMismatches(mismatches: readonly Mismatch[]): string[] {
  if (mismatches.length === 0) return [];
  const rows = mismatches
    .slice(0, SHOWN_MAX)
    .map(({ file, line, field, expected, actual }) => [`${file}:${line}`, field, expected, actual]);
  const lines = formatTable(
    ['place', 'field', 'Go', 'engine'].map((title) => ({ title })),
    rows,
  );
  const left = mismatches.length - rows.length;
  if (left > 0) lines.push(`and ${formatCount(left)} more; --json has them all`);
  return [...lines, ''];
}

function formatLeftOut(sentences: readonly string[]): string[] {
  return sentences.length === 0 ? [] : ['Not compared:', ...indent(sentences), ''];
}

function conclusion(
  verdict: 'holds' | 'fails',
  over: string,
  go: string,
  palette: Palette,
): string {
  return verdict === 'holds'
    ? `${palette.green(`The engines did what ${go} did`)} in ${over}.`
    : `${palette.red(`The engines differ from ${go}`)} somewhere in ${over}.`;
}
