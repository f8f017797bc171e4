/** What writes cost a `SyncMap`, in locks and copies: `node dist/bench/write-load.js --help`. */
import { writeFileSync } from 'node:fs';
import { parseCount } from '../src/cli/options.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseOptions, runIfMain } from './harness/command-line.ts';
import { countAll } from './write-load/measure.ts';
import { writeLoadSvg } from './write-load/plot.ts';
import { writeLoadMarkdown } from './write-load/table.ts';

/** Where `--write` puts the plot, from the root of the project. */
export const PLOT_PATH = 'docs/sync-map-write-load.svg';

const OPTIONS = {
  keys: { kind: 'text', default: '1000', help: 'keys in the map at the start' },
  operations: { kind: 'text', default: '100000', help: 'operations in each row' },
  write: { kind: 'flag', help: `write the plot to ${PLOT_PATH}` },
} as const;

/** The benchmark. */
export const writeLoadBenchmark: Benchmark = {
  name: 'write-load',
  title:
    'Counts mutex acquisitions and dirty copies of SyncMap over the share of reads. A few seconds.',
  options: OPTIONS,
  run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const size = {
      keyCount: parseCount('--keys', options.keys, 1),
      operationCount: parseCount('--operations', options.operations, 1),
    };
    const points = countAll(size);
    if (options.write) {
      writeFileSync(PLOT_PATH, writeLoadSvg(points, size));
      output.err(`wrote ${PLOT_PATH}\n`);
    }
    return Promise.resolve({ markdown: writeLoadMarkdown(points, size), aims: [] });
  },
};

await runIfMain(import.meta.url, writeLoadBenchmark);
