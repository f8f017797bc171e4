/** The summary of a campaign, for people. */
import type { CampaignReport, TargetReport } from '../run/campaign.ts';
import { formatFailure } from './failure-text.ts';
import type { Palette } from './palette.ts';
import { formatCount, formatTable, plural } from './table.ts';

/** Lines of the summary: failures first, then a row for each target, then what it all means. */
export function formatCampaign(report: CampaignReport, palette: Palette): string[] {
  const failures = report.targets.flatMap((target) =>
    target.failures.flatMap((failure) => formatFailure(target.target, failure, palette)),
  );
  const rows = report.targets.map((target) => [
    target.target,
    target.verdict,
    formatCount(target.runs),
    formatCount(target.operations),
    branchesOf(target),
  ]);
  const table = formatTable(
    [
      { title: 'target' },
      { title: 'verdict' },
      { title: 'runs', align: 'right' },
      { title: 'operations', align: 'right' },
      { title: 'rare branches', align: 'right' },
    ],
    rows,
  ).map((line, index) => (index === 0 ? palette.bold(line) : colourVerdict(line, palette)));
  return [
    ...failures,
    ...table,
    '',
    ...lostRuns(report, palette),
    ...notReached(report),
    ...aboutKnown(report),
    ...conclusion(report, palette),
    palette.dim(`seed ${JSON.stringify(report.seed)}   digest ${report.digest}`),
  ];
}

/** Rare branches that were reached, of how many. */
function branchesOf(target: TargetReport): string {
  const total = Object.keys(target.coverage).length;
  return `${total - target.notReached.length}/${total}`;
}

function colourVerdict(line: string, palette: Palette): string {
  return line
    .replace(/ (holds) /, (_, word: string) => ` ${palette.green(word)} `)
    .replace(/ (fails|nondeterministic) /, (_, word: string) => ` ${palette.red(word)} `)
    .replace(/ (inconclusive) /, (_, word: string) => ` ${palette.yellow(word)} `);
}

/** Runs given up, each range with the reason. */
function lostRuns(report: CampaignReport, palette: Palette): string[] {
  const lines = report.targets.flatMap(({ target, lost }) =>
    lost.map(
      ({ firstRun, runCount, reason }) =>
        `  ${target}: runs ${firstRun} to ${firstRun + runCount - 1}, ${reason}`,
    ),
  );
  if (lines.length === 0) return [];
  return [
    palette.yellow('Runs were given up, since the worker did not survive them:'),
    ...lines,
    '',
  ];
}

function notReached(report: CampaignReport): string[] {
  const lines = report.targets
    .filter((target) => target.notReached.length > 0)
    .map(
      (target) =>
        `  ${target.target}: never reached ${target.notReached.join(', ')} in ${plural(target.runs, 'run')}`,
    );
  if (lines.length === 0) return [];
  return [
    'Some rare branches were never reached, so nothing is known about them:',
    ...lines,
    '  More runs (--runs) or another seed (--seed) may reach them.',
    '',
  ];
}

/** A line for each defect, so that the report fits a narrow screen. */
function aboutKnown(report: CampaignReport): string[] {
  const seen = report.targets.flatMap((target) =>
    Object.entries(target.known)
      .filter(([, count]) => count > 0)
      .map(([id, count]) => [id, plural(count, 'time')] as const),
  );
  if (seen.length === 0) return [];
  const width = Math.max(...seen.map(([id]) => id.length));
  return [
    'Known defects of Go, seen and not counted (--known-fails counts them):',
    ...seen.map(([id, times]) => `  ${id.padEnd(width)}  ${times}`),
    '',
  ];
}

function conclusion(report: CampaignReport, palette: Palette): string[] {
  const runs = report.targets.reduce((total, target) => total + target.runs, 0);
  const operations = report.targets.reduce((total, target) => total + target.operations, 0);
  const interleavings = report.targets.reduce((total, target) => total + target.interleavings, 0);
  const concurrent =
    interleavings === 0 ? '' : ` and ${plural(interleavings, 'interleaving')} of concurrent ones`;
  const over = `${plural(operations, 'operation')} in ${plural(runs, 'random program')}${concurrent}`;
  switch (report.verdict) {
    case 'holds':
      return [`${palette.green('Every property held')} over ${over}: evidence, not proof.`];
    case 'fails': {
      const count = report.targets.reduce((total, target) => total + target.failures.length, 0);
      return [`${palette.red(plural(count, 'different failure'))} over ${over}.`];
    }
    case 'nondeterministic':
      return [
        `${palette.red('A program came out differently when it was run twice')}, so no verdict means anything.`,
        'The usual causes: Math.random, a clock, a hash that changes, state shared between maps.',
      ];
    case 'inconclusive':
      return [`${palette.yellow('No answer')}: the work ended before one was found.`];
  }
}
