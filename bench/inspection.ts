/**
 * What it costs that an engine can be checked, when nobody checks it: `node dist/bench/inspection.js --help`.
 *
 * Three copies of a compiled engine take turns: one as it is, one from which the part for the checker was cut out, and a
 * second one as it is. The last shows how far two equal copies differ: what is within that distance of 1 is noise.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCount } from '../src/cli/options.ts';
import type { CellRequest } from './harness/cell.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseNames, parseOptions, parseSizes, runIfMain } from './harness/command-line.ts';
import type { Operation } from './harness/loops.ts';
import { OPERATION_TITLES } from './harness/loops.ts';
import { formatSize, markdownTable } from './report/markdown.ts';
import { askProcesses, pool } from './harness/processes.ts';
import { median, medianInterval } from './harness/statistics.ts';
import { copyEngine } from './inspection/copies.ts';
import type { Stripped } from './inspection/strip.ts';
import { stripAtomics, stripInspection } from './inspection/strip.ts';

interface Comparison {
  readonly engine: 'go-map' | 'tree-bucket-map' | 'sync-map';
  /** What the copy lacks. */
  readonly without: string;
  readonly strip: (text: string) => Stripped;
}

const COMPARISONS: readonly Comparison[] = [
  { engine: 'go-map', without: 'observer and inspect()', strip: stripInspection },
  { engine: 'tree-bucket-map', without: 'observer and inspect()', strip: stripInspection },
  { engine: 'sync-map', without: 'observer and inspect()', strip: stripInspection },
  { engine: 'sync-map', without: 'AtomicRef, plain fields instead', strip: stripAtomics },
];

const ENGINES = ['go-map', 'tree-bucket-map', 'sync-map'] as const;

const OPTIONS = {
  engines: { kind: 'text', default: 'go-map,sync-map', help: ENGINES.join(', ') },
  sizes: { kind: 'text', default: '1e5', help: 'entries' },
  processes: {
    kind: 'text',
    default: '6',
    help: 'one after the other; 6 make an interval of 95 %',
  },
  rounds: { kind: 'text', default: '5', help: 'turns of each copy in each process' },
  quick: { kind: 'flag', help: 'size 1e3, go-map only, 2 processes' },
} as const;

const MEASURED: readonly Operation[] = ['insert', 'hit', 'miss', 'update', 'forEach', 'delete'];

const unchanged = (text: string): Stripped => ({ text, count: 0 });

/** The benchmark. */
export const inspectionBenchmark: Benchmark = {
  name: 'inspection',
  title:
    'Cost of observers, inspect() and the atomics when unused, with a control. About 2 minutes.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const engines = parseNames('--engines', options.quick ? 'go-map' : options.engines, ENGINES);
    const sizes = parseSizes('--sizes', options.quick ? '1e3' : options.sizes);
    const processCount = parseCount('--processes', options.quick ? '2' : options.processes, 1);
    const rounds = parseCount('--rounds', options.rounds, 1);
    const lines: string[][] = [];
    for (const comparison of COMPARISONS.filter(({ engine }) => engines.includes(engine))) {
      for (const size of sizes) {
        output.err(
          `inspection: ${comparison.engine} without ${comparison.without}, ${size} entries\n`,
        );
        lines.push(...(await compare(comparison, size, rounds, processCount)));
      }
    }
    const table = markdownTable(
      ['engine, taken out, entries, operation', 'as it is', 'control'],
      lines,
    );
    const explanation =
      '\nTime of the copy without it, divided by that of the engine as it is: 1 means that it costs nothing, 0.95 that ' +
      'the engine would be 5 % faster without it. Median of the processes, with an interval of 95 %. Control: the engine ' +
      'as it is against a second copy of the same.\n';
    return { markdown: table + explanation, aims: [] };
  },
};

async function compare(
  { engine, without, strip }: Comparison,
  size: number,
  rounds: number,
  processCount: number,
): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-bench-'));
  try {
    const named = (path: string): string => `${engine}=${path}`;
    const stripped = named(copyEngine(engine, join(folder, 'stripped'), strip, true));
    const whole = named(copyEngine(engine, join(folder, 'whole'), unchanged, false));
    const second = named(copyEngine(engine, join(folder, 'second'), unchanged, false));
    const request: CellRequest = {
      size,
      keys: 'int',
      values: 'number',
      engines: [stripped, whole, second],
      operations: MEASURED,
      rounds,
      blockMilliseconds: 15,
    };
    const results = await askProcesses(request, processCount);
    const find = (name: string, peer: string, operation: Operation): string =>
      formatInterval(pool(results, [operation], [name], peer)[0]!.ratios);
    return MEASURED.map((operation) => [
      `${engine} without ${without}, ${formatSize(size)}, ${OPERATION_TITLES[operation]}`,
      find(whole, stripped, operation),
      find(second, whole, operation),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each process counts as one observation, its median; V8's decisions make the rounds of one process alike. */
function formatInterval(ratios: readonly (readonly number[])[]): string {
  const medians = ratios.map(median);
  const { low, high } = medianInterval(medians);
  return `${median(medians).toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}

await runIfMain(import.meta.url, inspectionBenchmark);
