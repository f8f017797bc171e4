/** How fast histories are judged: `node dist/bench/history.js --help`. */
import { keyProblems } from '../src/core/check/linearize/search/key-problem.ts';
import type { History } from '../src/core/check/linearize/history.ts';
import { judge } from '../src/core/check/linearize/judge.ts';
import { observe } from '../src/core/check/linearize/observations.ts';
import type { Benchmark, Output } from './harness/command-line.ts';
import { parseOptions, parseSizes, runIfMain } from './harness/command-line.ts';
import { generate, type Mix } from './history/generate.ts';
import { searchPlainly } from './history/plain-search.ts';
import { markdownTable } from './report/markdown.ts';
import { machineFacts, machineLine } from './report/machine.ts';

const OPTIONS = {
  sizes: { kind: 'text', default: '1e3,1e4,1e5,1e6', help: 'operations of a history' },
  processes: { kind: 'text', default: '4,16,64', help: 'processes, all busy all the time' },
  rounds: { kind: 'text', default: '3', help: 'judgements of each history; the median counts' },
  plain: { kind: 'text', default: '5', help: 'seconds after which the plain search is given up' },
  quick: { kind: 'flag', help: 'small sizes, one round' },
} as const;

const OPERATIONS_A_ROUND = 200_000;

interface Shape {
  readonly mix: Mix;
  readonly keys: number;
}

const SHAPES: readonly Shape[] = [
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
  run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const sizes = options.quick ? [1e3, 1e4] : parseSizes('--sizes', options.sizes);
    const processes = options.quick ? [4] : parseSizes('--processes', options.processes);
    const rounds = options.quick ? 1 : Number(options.rounds);
    const plainMs = options.quick ? 200 : Number(options.plain) * 1000;
    const machine = machineLine(machineFacts());
    warmUp();
    const rows = SHAPES.flatMap((shape) =>
      processes.map((count) => measureRow(shape, count, { sizes, rounds, plainMs, output })),
    );
    const header = [
      'history',
      'keys',
      'processes',
      ...sizes.flatMap((size) => [`${size}`, `${size} plain`]),
    ];
    const markdown = [
      machine,
      '',
      'Processor time for each operation, in nanoseconds, warm, median of the rounds. `plain` is the general search without tricks; `?` where it gave no answer within its time. An `s` says that some key went to the search.',
      '',
      markdownTable(header, rows),
    ].join('\n');
    return Promise.resolve({ markdown, aims: [] });
  },
};

interface RowOptions {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly plainMs: number;
  readonly output: Output;
}

function measureRow({ mix, keys }: Shape, processes: number, options: RowOptions): string[] {
  const cells: string[] = [];
  let isPlainLost = false;
  for (const operations of options.sizes) {
    const history = generate({ operations, processes, keys, mix, seed: operations + processes });
    let hasSearched = false;
    const times = Array.from({ length: options.rounds }, () => {
      // Short histories again and again: the clock and the collector are coarser than one judgement.
      const repeats = Math.max(1, Math.floor(OPERATIONS_A_ROUND / operations));
      const start = cpuNanoseconds();
      for (let repeat = 0; repeat < repeats; repeat++) {
        const { verdict, algorithm } = judge(history);
        if (verdict !== 'linearizable') throw new Error(`a correct history is ${verdict}`);
        hasSearched ||= algorithm.includes('search');
      }
      return (cpuNanoseconds() - start) / repeats / operations;
    }).toSorted((left, right) => left - right);
    cells.push(`${times[times.length >> 1]!.toFixed(0)}${hasSearched ? ' s' : ''}`);
    const plain: number | null = isPlainLost ? null : plainNanoseconds(history, options.plainMs);
    isPlainLost ||= plain === null;
    cells.push(plain === null ? '?' : plain.toFixed(0));
  }
  options.output.err(`${mix}, ${keys} keys, ${processes} processes: ${cells.join(' | ')}\n`);
  return [mix, String(keys), String(processes), ...cells];
}

/** Nanoseconds for each operation by the plain search, or `null` if the time ended first. */
function plainNanoseconds(history: History, limitMs: number): number | null {
  const observations = observe(history);
  const all = new Uint8Array(observations.keyCount).fill(1);
  const start = cpuNanoseconds();
  const end = start + limitMs * 1e6;
  for (const problem of keyProblems(observations, all)) {
    if (searchPlainly(problem, () => cpuNanoseconds() > end) === null) return null;
  }
  return (cpuNanoseconds() - start) / history.operationCount;
}

function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

function warmUp(): void {
  for (const { mix, keys } of SHAPES) {
    for (let seed = 1; seed <= 20; seed++) {
      judge(generate({ operations: 3_000, processes: 8, keys, mix, seed }));
    }
  }
}

await runIfMain(import.meta.url, historyBenchmark);
