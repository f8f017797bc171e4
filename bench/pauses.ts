/** The longest single insertions while a map grows: `node dist/bench/pauses.js --help`. */
import { parseCount } from '../src/cli/options.ts';
import type { PausesRequest, PausesResult } from './children/pauses.ts';
import { askChild } from './harness/child-process.ts';
import type { Aim, Benchmark } from './harness/command-line.ts';
import { parseNames, parseOptions, parseSizes, runIfMain } from './harness/command-line.ts';
import { findEngine, PEER } from './harness/engines.ts';
import { formatNanoseconds, formatNumber, formatSize, markdownTable } from './report/markdown.ts';
import { VALUE_KINDS } from './harness/values.ts';

const OPTIONS = {
  size: { kind: 'text', default: '1e7', help: 'entries' },
  engines: { kind: 'text', default: 'go-map', help: 'beside the native map' },
  values: { kind: 'text', default: 'number,object', help: VALUE_KINDS.join(', ') },
  runs: {
    kind: 'text',
    default: '3',
    help: 'identical runs; the least time of each insertion counts',
  },
  quick: { kind: 'flag', help: 'size 1e6 and number values' },
} as const;

interface PausesRow extends PausesRequest, PausesResult {}

/** The benchmark. */
export const pausesBenchmark: Benchmark = {
  name: 'pauses',
  title: 'Wall time of single insertions of integer keys while growing. About 2 minutes.',
  options: OPTIONS,
  async run(args, output) {
    const rows: PausesRow[] = [];
    for (const request of pausesRequests(args)) {
      output.err(`pauses: ${request.engine}, ${request.size} entries, ${request.values} values\n`);
      rows.push({ ...request, ...(await askChild<PausesResult>('pauses', request)) });
    }
    return { markdown: pausesMarkdown(rows), aims: aimsOf(rows) };
  },
};

function pausesRequests(args: readonly string[]): PausesRequest[] {
  const options = parseOptions(args, OPTIONS);
  const named = options.engines.split(',');
  named.forEach(findEngine);
  const sizes = parseSizes('--size', options.quick ? '1e6' : options.size);
  const runs = parseCount('--runs', options.runs, 1);
  const valueKinds = parseNames('--values', options.quick ? 'number' : options.values, VALUE_KINDS);
  return sizes.flatMap((size) =>
    valueKinds.flatMap((values) =>
      [PEER, ...named.filter((name) => name !== PEER)].map((engine) => ({
        engine,
        values,
        size,
        runs,
      })),
    ),
  );
}

function peerOf(row: PausesRow, rows: readonly PausesRow[]): PausesRow {
  return rows.find(
    ({ engine, values, size }) => engine === PEER && values === row.values && size === row.size,
  )!;
}

/** Rows as a table. */
export function pausesMarkdown(rows: readonly PausesRow[]): string {
  return markdownTable(
    [
      'engine, values',
      'worst',
      'times shorter',
      'second',
      'p99.99',
      'p99.9',
      'median',
      'worst of each run',
      'whole build',
    ],
    rows.map((row) => [
      `${row.engine}, ${row.values}, ${formatSize(row.size)}`,
      formatNanoseconds(row.worst),
      formatNumber(peerOf(row, rows).worst / row.worst),
      formatNanoseconds(row.second),
      formatNanoseconds(row.p9999),
      formatNanoseconds(row.p999),
      formatNanoseconds(row.median),
      row.rawWorst.map(formatNanoseconds).join(', '),
      formatNanoseconds(Math.min(...row.totals)),
    ]),
  );
}

function aimsOf(rows: readonly PausesRow[]): Aim[] {
  return rows
    .filter(
      ({ engine, values, size }) => engine === 'go-map' && values === 'number' && size === 1e7,
    )
    .map((row) => ({
      what: 'worst single insertion while growing to 10⁷: as many times shorter',
      aim: 300,
      measured: peerOf(row, rows).worst / row.worst,
    }));
}

await runIfMain(import.meta.url, pausesBenchmark);
