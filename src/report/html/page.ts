/**
 * One self-contained page: no request leaves it, and nothing in it can be markup or script but what stands in this
 * folder. A policy in the page itself forbids everything else, should a text ever slip through.
 */
import {
  parsePlace,
  type PageDocument,
  type PageRun,
  type PageStep,
  type PageTable,
} from './document.ts';
import type { Sources } from './document.ts';
import { escapeHtml } from './escape.ts';
import { SCRIPT } from './script.ts';
import { sourcePanels } from './source-panel.ts';
import { STYLE } from './style.ts';

/** The hash of a text that a content security policy names: SHA-256 in base64. */
export type PolicyHash = (text: string) => string;

/** The page of a document. The same document and sources give the same bytes. */
export function htmlPage(document: PageDocument, sources: Sources, hash: PolicyHash): string {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${hash(STYLE)}'`,
    `script-src 'sha256-${hash(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="mapcheck">
<title>${escapeHtml(document.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(document.title)}</h1>
${document.tables.map(tableSection).join('\n')}
${document.runs.map((run, index) => runSection(run, index, sources)).join('\n')}
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function tableSection({ title, columns, rows }: PageTable): string {
  const cells = (tag: string, texts: readonly string[]): string =>
    `<tr>${texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  return `<h2>${escapeHtml(title)}</h2>
<div class="scroll"><table><thead>${cells('th', columns)}</thead>
<tbody>${rows.map((row) => cells('td', row)).join('\n')}</tbody></table></div>`;
}

function runSection(run: PageRun, index: number, sources: Sources): string {
  const panels = sourcePanels(run.steps, sources);
  const facts = run.facts.map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  return `<section data-run="${index}">
<h2><span class="${run.verdict}">${run.verdict}</span> ${escapeHtml(run.title)} / ${escapeHtml(run.property)}</h2>
${run.message.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${facts.length === 0 ? '' : `<dl>${facts.join('')}</dl>`}
${run.steps.length === 0 ? '' : bar()}
<div class="run${panels === '' ? '' : ' placed'}">
<div>
${run.steps.length === 0 ? '' : stepTable(run)}
${orderings(run)}
${run.blocks.map(({ title, lines }) => block(title, lines)).join('\n')}
</div>
${panels === '' ? '' : `<div>${panels}</div>`}
</div>
</section>`;
}

function bar(): string {
  return `<div class="bar"><button data-move="back">back</button><button data-move="next">next</button>
<span class="soft" data-counter></span>
<span class="soft">keys: <kbd>↑</kbd> <kbd>↓</kbd> or <kbd>k</kbd> <kbd>j</kbd>, <kbd>Home</kbd>, <kbd>End</kbd></span></div>`;
}

function stepTable(run: PageRun): string {
  const threads = [...new Set(run.steps.map((step) => step.thread))].sort((a, b) => a - b);
  const isAlone = run.isSequential && threads.length === 1;
  const names = threads.map((thread) => (isAlone ? 'operation' : `T${thread + 1}`));
  const hasPlaces = run.steps.some((step) => step.place !== '');
  const hasNotes = run.steps.some((step) => step.note !== '');
  const titles = [
    '#',
    ...names,
    isAlone ? 'result' : 'value',
    ...(hasNotes ? [isAlone ? 'inside' : ''] : []),
    ...(hasPlaces ? ['place'] : []),
  ];
  let number = 0;
  const rows = run.steps.map((step) => {
    const isStep = !['call', 'stuck', 'thrown'].includes(step.mark);
    return stepRow(step, isStep ? String(number++) : '', { threads, hasPlaces, hasNotes });
  });
  return `<div class="scroll"><table>
<thead><tr>${titles.map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

function stepRow(
  step: PageStep,
  number: string,
  shape: {
    readonly threads: readonly number[];
    readonly hasPlaces: boolean;
    readonly hasNotes: boolean;
  },
): string {
  const place = parsePlace(step.place);
  const at = place === null ? '' : `${place.file}:${place.line}`;
  const cells = shape.threads.map(
    (thread) => `<td>${thread === step.thread ? escapeHtml(step.text) : ''}</td>`,
  );
  const note = shape.hasNotes ? `<td>${escapeHtml(step.note)}</td>` : '';
  const where = shape.hasPlaces
    ? `<td class="place" title="${escapeHtml(step.place)}">${escapeHtml(shortPlace(step.place))}</td>`
    : '';
  const kind = step.mark === '' ? '' : ` class="${step.mark}"`;
  return (
    `<tr data-step="${number}" data-at="${escapeHtml(at)}" data-column="${place?.column ?? ''}"${kind}>` +
    `<td class="number">${number}</td>${cells.join('')}<td class="value">${escapeHtml(step.value)}</td>${note}${where}</tr>`
  );
}

/** The place without its folders: the panel beside has them. */
function shortPlace(place: string): string {
  return place.slice(place.lastIndexOf('/') + 1);
}

function orderings(run: PageRun): string {
  if (run.orderings.length === 0) return '';
  const items = run.orderings.map((text) => `<li>${escapeHtml(text)}</li>`).join('');
  return `<h3>Necessary orderings</h3><p class="soft">Turn any of them round, and the failure is gone.</p><ul>${items}</ul>`;
}

function block(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  const text = lines.map(escapeHtml).join('\n');
  return `<h3>${escapeHtml(title)}</h3><pre class="block">${text}</pre>`;
}
