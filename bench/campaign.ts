/** How fast campaigns run on one core: `node dist/bench/campaign.js --help`. */
import { builtInTargets, defaultTargetNames } from '../models/targets.ts';
import { parseCount } from '../src/cli/options.ts';
import { formatCount } from '../src/report/table.ts';
import type { CampaignRequest, CampaignResult } from './children/campaign.ts';
import { askChild } from './harness/child-process.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseNames, parseOptions, runIfMain } from './harness/command-line.ts';
import { formatNanoseconds, markdownTable } from './report/markdown.ts';

const TARGET_NAMES: readonly string[] = builtInTargets.map(({ name }) => name);

const OPTIONS = {
  targets: {
    kind: 'text',
    default: defaultTargetNames.filter((name) => TARGET_NAMES.includes(name)).join(','),
    help: 'the default targets of `mapcheck run`',
  },
  tickets: { kind: 'text', default: '40', help: 'for each target, 50 runs each' },
  seed: { kind: 'text', default: '1', help: 'any text' },
  quick: { kind: 'flag', help: '4 tickets' },
} as const;

interface CampaignRow extends CampaignRequest, CampaignResult {}

/** The benchmark. */
export const campaignBenchmark: Benchmark = {
  name: 'campaign',
  title:
    'Operations checked per second in a campaign, all properties on, one thread. About 1 minute.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const targets = parseNames('--targets', options.targets, TARGET_NAMES);
    const tickets = parseCount('--tickets', options.quick ? '4' : options.tickets, 1);
    const rows: CampaignRow[] = [];
    for (const target of targets) {
      output.err(`campaign: ${target}\n`);
      const request: CampaignRequest = { target, seed: options.seed, tickets };
      rows.push({ ...request, ...(await askChild<CampaignResult>('campaign', request)) });
    }
    return { markdown: campaignMarkdown(rows), aims: [] };
  },
};

/** Rows as a table. */
export function campaignMarkdown(rows: readonly CampaignRow[]): string {
  const table = markdownTable(
    [
      'target',
      'properties',
      'runs',
      'operations',
      'operations per second',
      'runs per second',
      'for one operation',
      'generating',
      'checking',
    ],
    rows.map((row) => {
      const perSecond = (count: number): string =>
        formatCount(Math.round((count * 1e9) / row.nanoseconds));
      const generating = Math.round((100 * row.generationNanoseconds) / row.nanoseconds);
      return [
        row.target,
        String(row.propertyCount),
        formatCount(row.runs),
        formatCount(row.operations),
        perSecond(row.operations),
        perSecond(row.runs),
        formatNanoseconds(row.nanoseconds / row.operations),
        `${generating} %`,
        `${100 - generating} %`,
      ];
    }),
  );
  const failed = rows.filter(({ failedRuns }) => failedRuns > 0).map(({ target }) => target);
  const warning =
    failed.length === 0 ? '' : `\nNot to be relied on, properties failed: ${failed.join(', ')}.\n`;
  return (
    `${table}\nProcessor time of one thread; every property of the target is checked after every operation it applies ` +
    `to, and one run in 32 is done twice. Generating is making the programs, checking is everything else.\n${warning}`
  );
}

await runIfMain(import.meta.url, campaignBenchmark);
