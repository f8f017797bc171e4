/** Memory of the maps: `node dist/bench/memory.js --help`. One process for each number, or they would spoil each other. */
import type { MemoryRequest, MemoryResult } from './children/memory.ts';
import { askChild } from './harness/child-process.ts';
import type { Aim, Benchmark } from './harness/command-line.ts';
import { parseNames, parseOptions, parseSizes, runIfMain } from './harness/command-line.ts';
import { findEngine, PEER } from './harness/engines.ts';
import { KEY_KINDS } from './harness/keys.ts';
import { formatNumber, formatRatio, formatSize, markdownTable } from './report/markdown.ts';
import { VALUE_KINDS } from './harness/values.ts';

const OPTIONS = {
  sizes: { kind: 'text', default: '1e3,1e5,1e6,1e7', help: 'entries' },
  engines: {
    kind: 'text',
    default: 'go-map,tree-bucket-map,sync-map',
    help: 'beside the native map',
  },
  keys: { kind: 'text', default: 'int,string', help: KEY_KINDS.join(', ') },
  values: { kind: 'text', default: 'number,object', help: VALUE_KINDS.join(', ') },
  quick: { kind: 'flag', help: 'sizes 1e3,1e5 and int keys only' },
} as const;

/** Engines that hold maps of 10^7 in reasonable time. */
const LARGE_SIZE = 5_000_000;
const LARGE_ENGINES = [PEER, 'go-map'];

interface MemoryRow extends MemoryRequest, MemoryResult {}

/** The benchmark. */
export const memoryBenchmark: Benchmark = {
  name: 'memory',
  title: 'Bytes per entry, keys and objects themselves not counted. About 3 minutes.',
  options: OPTIONS,
  async run(args, output) {
    const rows: MemoryRow[] = [];
    for (const request of memoryRequests(args)) {
      const { engine, keys, values, size } = request;
      output.err(`memory: ${engine}, ${size} entries, ${keys} keys, ${values} values\n`);
      rows.push({ ...request, ...(await askChild<MemoryResult>('memory', request)) });
    }
    return { markdown: memoryMarkdown(rows), aims: aimsOf(rows) };
  },
};

/** What a command line asks for. @throws UsageError */
export function memoryRequests(args: readonly string[]): MemoryRequest[] {
  const options = parseOptions(args, OPTIONS);
  const named = options.engines.split(',');
  named.forEach(findEngine);
  const engines = [PEER, ...named.filter((name) => name !== PEER)];
  const keyKinds = parseNames('--keys', options.quick ? 'int' : options.keys, KEY_KINDS);
  const valueKinds = parseNames('--values', options.values, VALUE_KINDS);
  return parseSizes('--sizes', options.quick ? '1e3,1e5' : options.sizes).flatMap((size) =>
    keyKinds.flatMap((keys) =>
      valueKinds.flatMap((values) =>
        engines
          .filter((engine) => size < LARGE_SIZE || LARGE_ENGINES.includes(engine.split('=')[0]!))
          .map((engine) => ({ engine, keys, values, size })),
      ),
    ),
  );
}

function bytesOf(row: MemoryRow): number {
  return row.heap + row.external;
}

function peerOf(row: MemoryRow, rows: readonly MemoryRow[]): MemoryRow {
  const { keys, values, size } = row;
  return rows.find(
    (other) =>
      other.engine === PEER &&
      other.keys === keys &&
      other.values === values &&
      other.size === size,
  )!;
}

/** Rows as a table: bytes, and in parentheses how many times the native map's. */
export function memoryMarkdown(rows: readonly MemoryRow[]): string {
  const engines = [...new Set(rows.map((row) => row.engine))];
  const cells = new Map<string, string[]>();
  for (const row of rows) {
    const name = `${formatSize(row.size)}, ${row.keys} → ${row.values}`;
    if (!cells.has(name))
      cells.set(
        name,
        engines.map(() => '–'),
      );
    const times = bytesOf(row) / bytesOf(peerOf(row, rows));
    const ratio = row.engine === PEER ? '' : ` (${formatRatio(times)})`;
    cells.get(name)![engines.indexOf(row.engine)] = formatNumber(bytesOf(row)) + ratio;
  }
  return markdownTable(
    ['entries, keys → values', ...engines],
    [...cells].map(([name, values]) => [name, ...values]),
  );
}

function aimsOf(rows: readonly MemoryRow[]): Aim[] {
  return rows
    .filter(
      ({ engine, keys, values, size }) =>
        engine === 'go-map' && keys === 'int' && values === 'number' && size === 1e7,
    )
    .map((row) => ({
      what: 'memory, 10⁷ integer keys with number values: as many times smaller',
      aim: 2,
      measured: bytesOf(peerOf(row, rows)) / bytesOf(row),
    }));
}

await runIfMain(import.meta.url, memoryBenchmark);
