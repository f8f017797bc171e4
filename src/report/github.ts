/** GitHub Actions: annotations within its limits, and a Markdown summary. */
import type { CheckCase, CheckFailure, CheckSuite } from './document.ts';
import { plural } from './table.ts';

/** GitHub shows ten annotations of a step and kind, and drops the rest without a word. */
const ANNOTATIONS_MAX = 10;
/** GitHub refuses the summary of a step whole when it is larger. */
export const SUMMARY_BYTES_MAX: number = 1 << 20;
/** Kept back for the line that says what was left out. */
const REST_BYTES = 200;

type Kind = 'error' | 'warning';

/** Workflow commands, a line each: errors for what failed, warnings for what got no answer. */
export function formatAnnotations(suites: readonly CheckSuite[]): string[] {
  const all = suites.flatMap((suite) =>
    suite.cases.flatMap((check) => annotation(suite.name, check) ?? []),
  );
  return (['error', 'warning'] as const).flatMap((kind) =>
    capped(
      kind,
      all.filter((candidate) => candidate.kind === kind).map(({ line }) => line),
    ),
  );
}

function capped(kind: Kind, lines: readonly string[]): string[] {
  if (lines.length <= ANNOTATIONS_MAX) return [...lines];
  const left = lines.length - (ANNOTATIONS_MAX - 1);
  const noun = kind === 'error' ? 'more failure' : 'more without an answer';
  const rest = kind === 'error' ? plural(left, noun) : `${left} ${noun}`;
  return [
    ...lines.slice(0, ANNOTATIONS_MAX - 1),
    `::${kind} title=mapcheck::and ${rest}; see the summary`,
  ];
}

function annotation(
  suite: string,
  { name, failure, undecided }: CheckCase,
): { kind: Kind; line: string } | null {
  if (failure !== null) {
    const title = escapeProperty(`${suite}: ${failure.property}`);
    const line = `::error ${placeOf(failure)}title=${title}::${escapeData(failure.message)}`;
    return { kind: 'error', line };
  }
  if (undecided === undefined) return null;
  const kind = undecided.verdict === 'nondeterministic' ? 'error' : 'warning';
  const title = escapeProperty(`${suite}: ${name} ${undecided.verdict}`);
  return { kind, line: `::${kind} title=${title}::${escapeData(undecided.message)}` };
}

/** The last place in the source where the steps have places, the trace otherwise. */
function placeOf(failure: CheckFailure): string {
  const place = failure.steps.findLast((step) => (step.place ?? '') !== '')?.place ?? '';
  const match = /^(.+):(\d+):(\d+)$/s.exec(place);
  if (match !== null) {
    return `file=${escapeProperty(match[1]!)},line=${match[2]},col=${match[3]},`;
  }
  return failure.trace === null ? '' : `file=${escapeProperty(failure.trace)},`;
}

/**
 * The text for the file that `GITHUB_STEP_SUMMARY` names: a table of suites, then every failure in full.
 *
 * **Units** `bytesMax` is of UTF-8; failures that no longer fit are left out whole, and counted in the last line.
 */
export function formatSummary(
  suites: readonly CheckSuite[],
  bytesMax: number = SUMMARY_BYTES_MAX,
): string {
  const head = [
    '## mapcheck',
    '',
    '| suite | checks | result |',
    '| --- | ---: | --- |',
    ...suites.map(summaryRow),
    '',
    '',
  ].join('\n');
  const details = suites.flatMap((suite) =>
    suite.cases.flatMap(({ failure }) =>
      failure === null ? [] : [failureDetails(suite.name, failure)],
    ),
  );
  let text = '';
  let size = bytesOf(head);
  let shown = 0;
  for (; shown < details.length; shown++) {
    size += bytesOf(details[shown]!);
    if (size > bytesMax - REST_BYTES) break;
    text += details[shown]!;
  }
  const left = details.length - shown;
  const rest = left === 0 ? '' : `and ${plural(left, 'more failure')}: the summary is full\n`;
  return head + text + rest;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function summaryRow(suite: CheckSuite): string {
  const failed = suite.cases.filter((check) => check.failure !== null).length;
  const undecided = suite.cases.flatMap((check) => check.undecided?.verdict ?? []);
  const parts = [...(failed === 0 ? [] : [`${failed} failed`]), ...undecided];
  const result = parts.length === 0 ? 'held' : `**${parts.join(', ')}**`;
  return `| ${suite.name.replaceAll('|', '\\|')} | ${suite.cases.length} | ${result} |`;
}

function failureDetails(suite: string, failure: CheckFailure): string {
  return [
    `### ${suite}: ${failure.property}`,
    '',
    '```text',
    failure.text.replaceAll('```', "'''"),
    '```',
    '',
    '',
  ].join('\n');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
