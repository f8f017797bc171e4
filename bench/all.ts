/** Runs every benchmark and writes the report: `node dist/bench/all.js --help`. */
import { writeFileSync } from 'node:fs';
import { campaignBenchmark } from './campaign.ts';
import { capacityBenchmark } from './capacity.ts';
import { parseOptions, runIfMain } from './harness/command-line.ts';
import type { Aim, Benchmark } from './harness/command-line.ts';
import type { MachineFacts } from './report/machine.ts';
import { machineFacts, machineLine } from './report/machine.ts';
import { formatRatio, markdownTable } from './report/markdown.ts';
import { exploreBenchmark } from './explore.ts';
import { historyBenchmark } from './history.ts';
import { inspectionBenchmark } from './inspection.ts';
import { mapsBenchmark } from './maps.ts';
import { memoryBenchmark } from './memory.ts';
import { pausesBenchmark } from './pauses.ts';
import { smallHistoriesBenchmark } from './small-histories.ts';
import { writeLoadBenchmark } from './write-load.ts';

/** Where `--write` puts the report, from the root of the project. */
export const REPORT_PATH = 'docs/benchmarks.md';

const OPTIONS = {
  quick: {
    kind: 'flag',
    help: 'small sizes and few rounds, under a minute: to see that everything works',
  },
  write: { kind: 'flag', help: `write the report to ${REPORT_PATH} instead of printing it` },
} as const;

interface Section {
  readonly heading: string;
  readonly benchmark: Benchmark;
  readonly args: readonly string[];
  /** `null`: too long for a quick run. */
  readonly quickArgs: readonly string[] | null;
}

/** The sections of the report. */
export const SECTIONS: readonly Section[] = [
  {
    heading: 'Operations',
    benchmark: mapsBenchmark,
    args: ['--markdown'],
    quickArgs: ['--markdown', '--quick', '--keys', 'int', '--engines', 'go-map'],
  },
  { heading: 'Memory', benchmark: memoryBenchmark, args: [], quickArgs: ['--quick'] },
  { heading: 'Pauses', benchmark: pausesBenchmark, args: [], quickArgs: ['--quick'] },
  { heading: 'Capacity', benchmark: capacityBenchmark, args: [], quickArgs: null },
  {
    heading: 'What inspection costs',
    benchmark: inspectionBenchmark,
    args: [],
    quickArgs: ['--quick'],
  },
  { heading: 'Campaigns', benchmark: campaignBenchmark, args: [], quickArgs: ['--quick'] },
  { heading: 'Interleavings', benchmark: exploreBenchmark, args: [], quickArgs: ['--quick'] },
  { heading: 'sync.Map under writes', benchmark: writeLoadBenchmark, args: [], quickArgs: [] },
  { heading: 'Histories', benchmark: historyBenchmark, args: [], quickArgs: ['--quick'] },
  {
    heading: 'Small histories',
    benchmark: smallHistoriesBenchmark,
    args: [],
    quickArgs: ['--quick'],
  },
];

/** The benchmark. */
export const allBenchmark: Benchmark = {
  name: 'all',
  title:
    'Every benchmark, as one markdown report. About 20 minutes, for a machine that does nothing else.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const machine = machineFacts();
    const bodies: string[] = [];
    const aims: Aim[] = [];
    for (const section of SECTIONS) {
      const sectionArgs = options.quick ? section.quickArgs : section.args;
      if (sectionArgs === null) continue;
      const start = performance.now();
      const report = await section.benchmark.run(sectionArgs, output);
      output.err(
        `${section.benchmark.name}: ${Math.round((performance.now() - start) / 1000)} s\n`,
      );
      bodies.push(sectionText(section, sectionArgs, report.markdown));
      aims.push(...report.aims);
    }
    const markdown = reportText(machine, aims, bodies);
    if (!options.write) return { markdown, aims };
    writeFileSync(REPORT_PATH, markdown);
    return { markdown: `wrote ${REPORT_PATH}\n`, aims };
  },
};

function sectionText(
  { heading, benchmark }: Section,
  args: readonly string[],
  body: string,
): string {
  const command = ['node', `dist/bench/${benchmark.name}.js`, ...args].join(' ');
  return `## ${heading}\n\n${benchmark.title}\n\n\`\`\`sh\n${command}\n\`\`\`\n\n${body}`;
}

/** The whole report. */
export function reportText(
  machine: MachineFacts,
  aims: readonly Aim[],
  bodies: readonly string[],
): string {
  const head =
    '# Benchmarks\n\n' +
    `${machineLine(machine)}.\n\n` +
    'Written by `npm run build && node dist/bench/all.js --write`. Times are processor time of the main thread, pauses ' +
    'and whole builds wall time. Ratios are to the native `Map` in the same process and round; trust them, not the ' +
    'nanoseconds. Number values are no small integers, so the native map has to box them. Keys are looked up in another ' +
    'order than they were inserted in. Integer keys are 32 bits, strings have 2 to 8 characters and are the same objects ' +
    'at insertion and lookup; object values are 1,024 shared objects.\n\n';
  return `${head}${aimsText(aims)}${bodies.join('\n')}`;
}

/** The aims as a table, each with whether it was reached. */
export function aimsText(aims: readonly Aim[]): string {
  if (aims.length === 0) return '';
  const rows = aims.map(({ what, aim, measured }) => [
    what,
    `≥ ${aim}×`,
    formatRatio(measured),
    measured >= aim ? 'reached' : 'missed',
  ]);
  return `## Aims\n\n${markdownTable(['what', 'aim', 'measured', ''], rows)}\n`;
}

await runIfMain(import.meta.url, allBenchmark);
