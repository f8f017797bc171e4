/** The verdicts on histories as text. */
import type { Explanation } from '../core/check/linearize/explain/explain.ts';
import type { HistoryReport } from '../history/judge-stream.ts';
import type { Palette } from './palette.ts';
import { formatCount, indent, plural } from './table.ts';

/** Lines on one history. */
export function formatHistoryReport(
  report: HistoryReport<Explanation>,
  condition: string,
  palette: Palette,
): string[] {
  const { verdict, header, file, operations, keys, algorithm, elapsedMs, nodeCount } = report;
  const name = header.name === '' ? '' : ` ${palette.bold(header.name)}`;
  const facts = `${plural(operations, 'operation')} on ${plural(keys, 'key')}, ${algorithm}, ${elapsedMs.toFixed(1)} ms`;
  const lines = [
    `${verdictWord(verdict, condition, palette)} ${name}  ${facts}  ${palette.dim(file)}`,
  ];
  if (verdict === 'inconclusive') {
    lines.push(
      `  No answer within the budget: ${formatCount(nodeCount)} configurations explored, ${algorithm}.`,
      '  Raise it with --budget (configurations, or a time such as 5m).',
    );
  }
  lines.push(...report.notes.map((note) => `  note: ${note}`));
  if (report.explanation !== null) lines.push(...indent(formatExplanation(report.explanation)), '');
  return lines;
}

/** One line that sums up: how many of each verdict. */
export function formatHistorySummary(verdicts: readonly string[], condition: string): string {
  const count = (verdict: string): number => verdicts.filter((one) => one === verdict).length;
  const parts = [`${formatCount(count('linearizable'))} ${conditionWord(condition)}`];
  if (count('not-linearizable') > 0) parts.push(`${formatCount(count('not-linearizable'))} not`);
  if (count('inconclusive') > 0) parts.push(`${formatCount(count('inconclusive'))} inconclusive`);
  const noun = verdicts.length === 1 ? 'history' : 'histories';
  return `${formatCount(verdicts.length)} ${noun}: ${parts.join(', ')}.`;
}

function formatExplanation(explanation: Explanation): string[] {
  const { key, reasons, prefix, operations, isMinimal } = explanation;
  const where = key === null ? '' : `key ${key}: `;
  const lines = reasons.map((reason, index) => (index === 0 ? where + reason : reason));
  const least = isMinimal ? '' : ' (the search for fewer ended early)';
  lines.push(
    '',
    `No order of ${operations.length === 1 ? 'this operation' : `these ${plural(operations.length, 'operation')}`} is legal${least}:`,
  );
  if (explanation.start !== null) {
    const { line, value } = explanation.start;
    lines.push(
      `  (from line ${line} on, where the key ${value === 'absent' ? 'is absent' : `holds ${value}`})`,
    );
  }
  if (explanation.timeline.length > 0) lines.push(...indent(explanation.timeline));
  else {
    for (const one of operations) {
      lines.push(
        `  P${one.process} ${one.call} = ${one.result}  lines ${one.callLine}-${one.returnLine ?? '…'}`,
      );
    }
  }
  const { failsAt, calledCount, returnedCount } = prefix;
  if (failsAt !== null) {
    lines.push(
      `Longest good beginning: ${plural(calledCount, 'operation')} called, ${formatCount(returnedCount)} returned; ` +
        `it ends before ${failsAt.operation} returns${failsAt.line > 0 ? ` (line ${failsAt.line})` : ''}.`,
    );
  }
  return lines;
}

function verdictWord(verdict: string, condition: string, palette: Palette): string {
  const word = conditionWord(condition).toUpperCase();
  if (verdict === 'linearizable') return palette.green(word);
  return verdict === 'inconclusive' ? palette.yellow('INCONCLUSIVE') : palette.red(`NOT ${word}`);
}

function conditionWord(condition: string): string {
  return condition === 'linearizable' ? 'linearizable' : `${condition}ly consistent`;
}
