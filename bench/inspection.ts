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
import type { CellResult } from './harness/cell.ts';
import { askChild } from './harness/child-process.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseNames, parseOptions, parseSizes, runIfMain } from './harness/command-line.ts';
import { OPERATION_TITLES, OPERATIONS } from './harness/loops.ts';
import { formatSize, markdownTable } from './harness/markdown.ts';
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
  engines: { kind: 'text', default: ENGINES.join(','), help: ENGINES.join(', ') },
  sizes: { kind: 'text', default: '1e3,1e5', help: 'entries' },
  rounds: { kind: 'text', default: '21', help: 'turns of each copy' },
  quick: { kind: 'flag', help: 'size 1e3 and 7 rounds' },
} as const;

const unchanged = (text: string): Stripped => ({ text, count: 0 });

/** The benchmark. */
export const inspectionBenchmark: Benchmark = {
  name: 'inspection',
  title: 'Cost of observers, inspect() and the atomics when unused, with a control. About 2 minutes.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const engines = parseNames('--engines', options.engines, ENGINES);
    const sizes = parseSizes('--sizes', options.quick ? '1e3' : options.sizes);
    const rounds = parseCount('--rounds', options.quick ? '7' : options.rounds, 1);
    const lines: string[][] = [];
    for (const comparison of COMPARISONS.filter(({ engine }) => engines.includes(engine))) {
      for (const size of sizes) {
        output.err(`inspection: ${comparison.engine} without ${comparison.without}, ${size} entries\n`);
        lines.push(...(await compare(comparison, size, rounds)));
      }
    }
    const table = markdownTable(
      ['engine, taken out, entries, operation', 'as it is', 'control'],
      lines,
    );
    const explanation =
      '\nTime of the copy without it, divided by that of the engine as it is: 1 means that it costs nothing, 0.95 that ' +
      'the engine would be 5 % faster without it. Median of the rounds, with an interval of 95 %. Control: the engine ' +
      'as it is against a second copy of the same.\n';
    return { markdown: table + explanation, aims: [] };
  },
};

async function compare(
  { engine, without, strip }: Comparison,
  size: number,
  rounds: number,
): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-bench-'));
  try {
    const named = (path: string): string => `${engine}=${path}`;
    const stripped = named(copyEngine(engine, join(folder, 'stripped'), strip, true));
    const whole = named(copyEngine(engine, join(folder, 'whole'), unchanged, false));
    const second = named(copyEngine(engine, join(folder, 'second'), unchanged, false));
    const request = {
      size,
      keys: 'int',
      values: 'number',
      engines: [stripped, whole, second],
      operations: OPERATIONS,
      rounds,
      blockMilliseconds: 25,
    };
    const { rows } = await askChild<CellResult>('maps', { ...request, peer: stripped });
    return OPERATIONS.flatMap((operation) => {
      const find = (name: string): readonly number[] | undefined =>
        rows.find((row) => row.engine === name && row.operation === operation)?.ratios;
      const ratios = find(whole);
      const others = find(second);
      if (ratios === undefined || others === undefined) return [];
      const control = ratios.map((ratio, round) => ratio / others[round]!);
      const what = `${engine} without ${without}, ${formatSize(size)}, ${OPERATION_TITLES[operation]}`;
      return [[what, formatInterval(ratios), formatInterval(control)]];
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function formatInterval(ratios: readonly number[]): string {
  const { low, high } = medianInterval(ratios);
  return `${median(ratios).toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}

await runIfMain(import.meta.url, inspectionBenchmark);
