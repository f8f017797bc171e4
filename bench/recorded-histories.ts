/** How fast histories that others recorded are judged: `node dist/bench/recorded-histories.js --help`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { History } from '../src/core/check/linearize/history.ts';
import { judge } from '../src/core/check/linearize/judge.ts';
import { observe } from '../src/core/check/linearize/observations.ts';
import { keyProblems } from '../src/core/check/linearize/search/key-problem.ts';
import { UsageError } from '../src/core/errors.ts';
import { HistoryScanner } from '../src/history/scanner.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseOptions, runIfMain } from './harness/command-line.ts';
import { searchPlainly } from './history/plain-search.ts';
import { formatNumber, markdownTable } from './report/markdown.ts';
import { machineFacts, machineLine } from './report/machine.ts';

const OPTIONS = {
  path: {
    kind: 'text',
    default: '../shared/histories',
    help: 'a folder whose folders hold histories, .ndjson or .ndjson.gz',
  },
  rounds: { kind: 'text', default: '5', help: 'judgements of each history; the median counts' },
  plain: {
    kind: 'text',
    default: '0.3',
    help: 'seconds after which the plain search of one history is given up',
  },
} as const;

/** Judgements of one history last this long together, so that the clock can tell them. */
const ROUND_NANOSECONDS = 2e6;

/** The benchmark. */
export const recordedHistoriesBenchmark: Benchmark = {
  name: 'recorded-histories',
  title: 'Processor time for judging recorded histories, folder by folder. About two minutes.',
  options: OPTIONS,
  run(args, output) {
    const options = parseOptions(args, OPTIONS);
    if (!existsSync(options.path)) {
      throw new UsageError('there are no histories', {
        code: 'E-BENCH-009',
        place: options.path,
        todo: 'Give a folder of folders of histories with --path.',
      });
    }
    const folders = readdirSync(options.path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .toSorted();
    const rows = folders.map((folder) => {
      const histories = readFolder(join(options.path, folder));
      const row = measureFolder(histories, Number(options.rounds), Number(options.plain) * 1e9);
      output.err(`${folder}: ${row.join(' | ')}\n`);
      return [folder, ...row];
    });
    const header = [
      'folder',
      'histories',
      'operations',
      'all of them, ms',
      'ns an operation',
      'the slowest history, ns an operation',
      'plain search, ms',
      'plain gave up',
    ];
    const markdown = [
      machineLine(machineFacts()),
      '',
      `Processor time of judging what is in memory, warm, median of ${options.rounds} rounds. The plain search is the general search without tricks, stopped after ${options.plain} s of a history.`,
      '',
      markdownTable(header, rows),
    ].join('\n');
    return Promise.resolve({ markdown, aims: [] });
  },
};

function readFolder(folder: string): History[] {
  const histories: History[] = [];
  const files = readdirSync(folder).filter((name) => /\.ndjson(\.gz)?$/.test(name));
  for (const file of files.toSorted()) {
    const bytes = readFileSync(join(folder, file));
    const scanner = new HistoryScanner({
      file,
      onHistory: ({ history }) => void histories.push(history),
    });
    scanner.push(file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
    scanner.end();
  }
  return histories;
}

function measureFolder(
  histories: readonly History[],
  rounds: number,
  plainLimit: number,
): string[] {
  const operations = histories.reduce((total, history) => total + history.operationCount, 0);
  const times = histories.map((history) => measure(history, rounds));
  const total = times.reduce((sum, time) => sum + time, 0);
  const slowest = Math.max(
    ...histories.map((history, index) => times[index]! / Math.max(1, history.operationCount)),
  );
  const plain = histories.map((history) => plainNanoseconds(history, plainLimit));
  const plainTotal = plain.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
  const gaveUp = plain.filter(({ isOver }) => isOver).length;
  return [
    String(histories.length),
    String(operations),
    formatNumber(total / 1e6),
    formatNumber(total / Math.max(1, operations)),
    formatNumber(slowest),
    formatNumber(plainTotal / 1e6),
    String(gaveUp),
  ];
}

/** Nanoseconds of one judgement, warm. */
function measure(history: History, rounds: number): number {
  let repeats = 1;
  for (;;) {
    const time = measureRound(history, repeats);
    if (time * repeats >= ROUND_NANOSECONDS || repeats >= 4096) break;
    repeats *= 4;
  }
  const times = Array.from({ length: rounds }, () => measureRound(history, repeats));
  return times.toSorted((left, right) => left - right)[times.length >> 1]!;
}

function measureRound(history: History, repeats: number): number {
  const start = cpuNanoseconds();
  for (let repeat = 0; repeat < repeats; repeat++) judge(history);
  return (cpuNanoseconds() - start) / repeats;
}

function plainNanoseconds(
  history: History,
  limit: number,
): { readonly nanoseconds: number; readonly isOver: boolean } {
  const observations = observe(history);
  const all = new Uint8Array(observations.keyCount).fill(1);
  const start = cpuNanoseconds();
  let isOver = false;
  for (const problem of keyProblems(observations, all)) {
    if (searchPlainly(problem, () => cpuNanoseconds() - start > limit) === null) {
      isOver = true;
      break;
    }
  }
  return { nanoseconds: cpuNanoseconds() - start, isOver };
}

function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

await runIfMain(import.meta.url, recordedHistoriesBenchmark);
