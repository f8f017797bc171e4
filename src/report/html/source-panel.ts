/** The lines of source that a run touched, with some around them, the expressions marked. */
import { parsePlace, type PageStep, type Sources } from './document.ts';
import { escapeHtml } from './escape.ts';

/** Lines shown around each line that was touched. */
const AROUND = 4;

/** A span of a line: 0-based column, and length. */
interface Span {
  readonly column: number;
  readonly length: number;
}

/** A panel for each file, or an empty string where no source is at hand. */
export function sourcePanels(steps: readonly PageStep[], sources: Sources): string {
  const files = new Map<string, Map<number, Span[]>>();
  for (const step of steps) {
    const place = parsePlace(step.place);
    if (place === null || !sources.has(place.file)) continue;
    const lines = files.get(place.file) ?? new Map<number, Span[]>();
    files.set(place.file, lines);
    const spans = lines.get(place.line) ?? [];
    lines.set(place.line, spans);
    const column = place.column - 1;
    if (spans.some((span) => span.column === column)) continue;
    spans.push({ column, length: Math.max(1, step.expression.replace(/…$/u, '').length) });
  }
  return [...files].map(([file, lines]) => panel(file, lines, sources.get(file)!)).join('');
}

function panel(file: string, touched: ReadonlyMap<number, readonly Span[]>, text: string): string {
  const source = text.split(/\r\n|\r|\n/);
  const shown = new Set<number>();
  for (const line of touched.keys()) {
    for (let at = line - AROUND; at <= line + AROUND; at++) {
      if (at >= 1 && at <= source.length) shown.add(at);
    }
  }
  const order = [...shown].sort((a, b) => a - b);
  const rows = order.map((line, index) => {
    const isGap = index > 0 && order[index - 1] !== line - 1;
    const spans = touched.get(line) ?? [];
    const at = escapeHtml(`${file}:${line}`);
    const kind = spans.length > 0 ? 'row touched' : 'row';
    const gap = isGap ? '<span class="row soft">⋯</span>' : '';
    const code = markLine(source[line - 1]!, spans);
    return `${gap}<span class="${kind}" data-line="${line}" data-at="${at}">${code}</span>`;
  });
  return `<h3>${escapeHtml(file)}</h3><div class="scroll"><pre>${rows.join('')}</pre></div>`;
}

/** A line with its expressions marked; of spans that overlap the first counts. */
function markLine(line: string, spans: readonly Span[]): string {
  let html = '';
  let done = 0;
  for (const { column, length } of [...spans].sort((a, b) => a.column - b.column)) {
    if (column < done || column > line.length) continue;
    html += escapeLine(line.slice(done, column));
    done = Math.min(line.length, column + length);
    const marked = escapeLine(line.slice(column, done));
    html += `<mark data-column="${column + 1}">${marked}</mark>`;
  }
  return html + escapeLine(line.slice(done));
}

/** As `escapeHtml`, but tabs stay tabs: this is code. */
function escapeLine(text: string): string {
  return text.split('\t').map(escapeHtml).join('\t');
}
