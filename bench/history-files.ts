/** How long `mapcheck history FILE` takes, start-up included: `node dist/bench/history-files.js --help`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatHistory } from '../src/history/write.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseOptions, runIfMain } from './harness/command-line.ts';
import { generate, type Mix } from './history/generate.ts';
import { markdownTable } from './report/markdown.ts';
import { machineFacts, machineLine } from './report/machine.ts';

const OPTIONS = {
  rounds: { kind: 'text', default: '5', help: 'runs of the command for each file' },
} as const;

const COMMAND = fileURLToPath(new URL('../../bin/mapcheck.js', import.meta.url));

const FILES: readonly { readonly mix: Mix; readonly operations: number; readonly keys: number }[] =
  [
    { mix: 'register', operations: 100_000, keys: 64 },
    { mix: 'map', operations: 100_000, keys: 64 },
    { mix: 'map', operations: 1_000_000, keys: 1024 },
  ];

/** The benchmark. */
export const historyFilesBenchmark: Benchmark = {
  name: 'history-files',
  title: 'Wall time of judging a file with the command, start-up included. About 30 seconds.',
  options: OPTIONS,
  run(args, output) {
    const rounds = Number(parseOptions(args, OPTIONS).rounds);
    const folder = mkdtempSync(join(tmpdir(), 'mapcheck-bench-'));
    try {
      const rows = FILES.map(({ mix, operations, keys }) => {
        const file = join(folder, 'history.ndjson');
        const text = formatHistory(generate({ operations, processes: 8, keys, mix, seed: 1 }));
        writeFileSync(file, text);
        output.err(`history-files: ${mix}, ${operations}\n`);
        const seconds = Array.from({ length: rounds }, () => judge(file)).toSorted((a, b) => a - b);
        const megabytes = (Buffer.byteLength(text) / 1e6).toFixed(1);
        return [
          mix,
          String(operations),
          String(keys),
          megabytes,
          `${seconds[0]!.toFixed(2)} to ${seconds.at(-1)!.toFixed(2)}`,
        ];
      });
      const header = ['history', 'operations', 'keys', 'MB of text', 'seconds'];
      const markdown = `${machineLine(machineFacts())}\n\n${markdownTable(header, rows)}`;
      return Promise.resolve({ markdown, aims: [] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Seconds of one run. */
function judge(file: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, 'history', file, '--json']);
  if (status !== 0) throw new Error(`a correct history ended with ${status}: ${String(stderr)}`);
  return (performance.now() - start) / 1000;
}

await runIfMain(import.meta.url, historyFilesBenchmark);
