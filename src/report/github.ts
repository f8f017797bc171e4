/** GitHub Actions: annotations within its limit of ten a step, and a Markdown summary. */
import type { CheckFailure, CheckSuite } from './document.ts';
import { plural } from './table.ts';

/** GitHub shows ten errors of a step and drops the rest without a word. */
const ANNOTATIONS_MAX = 10;

/** Workflow commands for stdout. */
export function formatAnnotations(suites: readonly CheckSuite[]): string[] {
  const failures = allFailures(suites);
  const shown = failures.length > ANNOTATIONS_MAX ? ANNOTATIONS_MAX - 1 : failures.length;
  const lines = failures.slice(0, shown).map(({ suite, failure }) => {
    const file = failure.trace === null ? '' : `file=${escapeProperty(failure.trace)},`;
    const title = escapeProperty(`${suite}: ${failure.property}`);
    return `::error ${file}title=${title}::${escapeData(failure.message)}`;
  });
  const left = failures.length - shown;
  if (left > 0)
    lines.push(`::error title=mapcheck::and ${plural(left, 'more failure')}; see the summary`);
  return lines;
}

/** The text for the file that `GITHUB_STEP_SUMMARY` names. */
export function formatSummary(suites: readonly CheckSuite[]): string {
  const rows = suites.map((suite) => {
    const failed = suite.cases.filter((check) => check.failure !== null).length;
    return `| ${suite.name} | ${suite.cases.length} | ${failed === 0 ? 'held' : `**${failed} failed**`} |`;
  });
  const details = allFailures(suites).flatMap(({ suite, failure }) => [
    `### ${suite}: ${failure.property}`,
    '',
    '```text',
    failure.text.replaceAll('```', "'''"),
    '```',
    '',
  ]);
  return [
    '## mapcheck',
    '',
    '| suite | checks | result |',
    '| --- | ---: | --- |',
    ...rows,
    '',
    ...details,
  ].join('\n');
}

function allFailures(suites: readonly CheckSuite[]): { suite: string; failure: CheckFailure }[] {
  return suites.flatMap((suite) =>
    suite.cases.flatMap(({ failure }) =>
      failure === null ? [] : [{ suite: suite.name, failure }],
    ),
  );
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
