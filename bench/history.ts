/** How fast histories are judged: `node dist/bench/history.js --help`. */
import type { HistoryRequest, HistoryShape, HistoryTimes } from './children/history.ts';
import { askChild } from './harness/child-process.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseOptions, parseSizes, runIfMain } from './harness/command-line.ts';
import { spreadOf } from './harness/statistics.ts';
import { markdownTable } from './report/markdown.ts';
import { machineFacts, machineLine } from './report/machine.ts';

const OPTIONS = {
  sizes: { kind: 'text', default: '1e3,1e4,1e5,1e6', help: 'operations of a history' },
  processes: { kind: 'text', default: '4,16,64', help: 'processes, all busy all the time' },
  rounds: { kind: 'text', default: '15', help: 'judgements of each history; the median counts' },
  plain: { kind: 'text', default: '5', help: 'seconds after which the plain search is given up' },
  quick: { kind: 'flag', help: 'small sizes, three rounds' },
} as const;

const SHAPES: readonly HistoryShape[] = [
  { mix: 'register', keys: 1 },
  { mix: 'register', keys: 64 },
  { mix: 'map, no compares', keys: 1 },
  { mix: 'map, no compares', keys: 64 },
  { mix: 'map', keys: 1 },
  { mix: 'map', keys: 64 },
  { mix: 'map', keys: 1024 },
];

/** The benchmark. */
export const historyBenchmark: Benchmark = {
  name: 'history',
  title:
    'Nanoseconds of processor time for each operation of a history that is judged. About five minutes.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const sizes = options.quick ? [1e3, 1e4] : parseSizes('--sizes', options.sizes);
    const processes = options.quick ? [4] : parseSizes('--processes', options.processes);
    const rounds = options.quick ? 3 : Number(options.rounds);
    const plainMilliseconds = options.quick ? 200 : Number(options.plain) * 1000;
    const machine = machineLine(machineFacts());
    const rows: string[][] = [];
    let widest = 0;
    for (const shape of SHAPES) {
      for (const count of processes) {
        const base = { sizes, rounds, plainMilliseconds, warmUp: SHAPES };
        const request: HistoryRequest = { ...shape, ...base, processes: count };
        const times = await askChild<HistoryTimes[]>('history', request);
        const row = [shape.mix, String(shape.keys), String(count), ...times.flatMap(cells)];
        for (const { nanoseconds } of times) widest = Math.max(widest, widthOf(nanoseconds));
        output.err(`history: ${row.join(' | ')}\n`);
        rows.push(row);
      }
    }
    const header = [
      'history',
      'keys',
      'processes',
      ...sizes.flatMap((size) => [`${size}`, `${size} plain`]),
    ];
    const markdown = [
      machine,
      '',
      `Processor time of the main thread for each operation, in nanoseconds, warm, each row in a process of its own: the median of ${rounds} rounds, whose quartiles were apart by ${(100 * widest).toFixed(0)} % of it at most. \`plain\` is the general search without tricks; \`?\` where it gave no answer within its time. An \`s\` says that some key went to the search.`,
      '',
      markdownTable(header, rows),
    ].join('\n');
    return { markdown, aims: [] };
  },
};

function cells({ nanoseconds, hasSearched, plain }: HistoryTimes): string[] {
  const { median } = spreadOf(nanoseconds);
  return [
    `${median.toFixed(0)}${hasSearched ? ' s' : ''}`,
    plain === null ? '?' : plain.toFixed(0),
  ];
}

/** How far the quartiles are apart, as a share of the median. */
function widthOf(nanoseconds: readonly number[]): number {
  const { median, low, high } = spreadOf(nanoseconds);
  return (high - low) / median;
}

await runIfMain(import.meta.url, historyBenchmark);
