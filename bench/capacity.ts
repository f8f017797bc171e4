/** Maps beyond the limit of the native one: `node dist/bench/capacity.js --help`. */
import type { CapacityRequest, CapacityResult } from './children/capacity.ts';
import { askChild } from './harness/child-process.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseOptions, parseSizes, runIfMain } from './harness/command-line.ts';
import { findEngine, PEER } from './harness/engines.ts';
import { formatNumber, markdownTable } from './report/markdown.ts';
import { formatCount } from '../src/report/table.ts';

const OPTIONS = {
  size: { kind: 'text', default: '4e7', help: 'entries to insert' },
  engines: { kind: 'text', default: 'go-map', help: 'beside the native map' },
} as const;

interface CapacityRow extends CapacityRequest, CapacityResult {}

/** The benchmark. */
export const capacityBenchmark: Benchmark = {
  name: 'capacity',
  title: 'Inserts integer keys with number values until done or refused. About 1 minute.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const [size] = parseSizes('--size', options.size);
    const named = options.engines.split(',');
    named.forEach(findEngine);
    const rows: CapacityRow[] = [];
    for (const engine of [PEER, ...named.filter((name) => name !== PEER)]) {
      output.err(`capacity: ${engine}, ${size} entries\n`);
      const request: CapacityRequest = { engine, size: size! };
      rows.push({ ...request, ...(await askChild<CapacityResult>('capacity', request)) });
    }
    return { markdown: capacityMarkdown(rows), aims: [] };
  },
};

/** Rows as a table. */
export function capacityMarkdown(rows: readonly CapacityRow[]): string {
  return markdownTable(
    [
      'engine',
      'entries wanted',
      'entries held',
      'seconds',
      'bytes per entry',
      'looked up again',
      'ended with',
    ],
    rows.map((row) => [
      row.engine,
      formatCount(row.size),
      formatCount(row.entries),
      formatNumber(row.seconds),
      formatNumber(row.bytesPerEntry),
      formatCount(row.checked),
      row.error ?? 'all held',
    ]),
  );
}

await runIfMain(import.meta.url, capacityBenchmark);
