/** What a second worker brings, and how memory grows: `node dist/bench/campaign-scale.js --help`. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCount } from '../src/cli/options.ts';
import { InternalError, UsageError } from '../src/core/errors.ts';
import { formatCount } from '../src/report/table.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseOptions, runIfMain } from './harness/command-line.ts';
import { markdownTable } from './report/markdown.ts';

const OPTIONS = {
  target: { kind: 'text', default: 'sync-map', help: 'target of the campaigns' },
  runs: { kind: 'text', default: '20000', help: 'runs of each campaign, with one worker and two' },
  seed: { kind: 'text', default: '1', help: 'any text' },
} as const;

const BIN = fileURLToPath(
  new URL(
    import.meta.url.includes('/dist/') ? '../../bin/mapcheck.js' : '../bin/mapcheck.js',
    import.meta.url,
  ),
);

/** Looks at the process at this interval. */
const LOOK_MS = 200;
/** Clock ticks of /proc in a second; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface Look {
  readonly cpuSeconds: number;
  readonly residentMb: number;
}

interface Measured {
  readonly workers: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly operations: number;
  readonly interleavings: number;
  readonly digest: string;
  /** Resident memory at the end of each tenth of the time. */
  readonly tenths: readonly number[];
  readonly peakMb: number;
}

/** Processor time and memory of a process, all its threads together. */
function look(processId: number): Look | null {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const status = readFileSync(`/proc/${processId}/status`, 'utf8');
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
    if (!Number.isFinite(kilobytes)) return null;
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpuSeconds: ticks / TICKS_PER_SECOND, residentMb: kilobytes / 1024 };
  } catch {
    return null;
  }
}

interface Request {
  readonly target: string;
  readonly runs: number;
  readonly seed: string;
}

async function measure(request: Request, workers: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-scale-'));
  const { target, runs, seed } = request;
  const args = ['run', target, '--seed', seed, '--runs', String(runs), '--json'];
  const start = performance.now();
  const child = spawn(process.execPath, [BIN, ...args, '--workers', String(workers)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const looks: Look[] = [];
  const timer = setInterval(() => {
    const seen = look(child.pid!);
    if (seen !== null) looks.push(seen);
  }, LOOK_MS);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  rmSync(folder, { recursive: true });
  if (code !== 0 || looks.length === 0) {
    throw new InternalError(`the campaign ended with exit code ${String(code)}`, {
      code: 'E-BENCH-011',
    });
  }
  const report = JSON.parse(stdout) as {
    digest: string;
    targets: { operations: number; interleavings: number }[];
  };
  const [{ operations, interleavings }] = report.targets as [(typeof report.targets)[0]];
  const tenths = Array.from({ length: 10 }, (_, tenth) =>
    Math.round(looks[Math.floor(((tenth + 1) * looks.length) / 10) - 1]?.residentMb ?? 0),
  );
  return {
    workers,
    seconds: (performance.now() - start) / 1_000,
    cpuSeconds: looks.at(-1)!.cpuSeconds,
    operations,
    interleavings,
    digest: report.digest,
    tenths,
    peakMb: Math.max(...looks.map(({ residentMb }) => residentMb)),
  };
}

/** The benchmark. */
export const campaignScaleBenchmark: Benchmark = {
  name: 'campaign-scale',
  title:
    'One campaign with one worker and with two: time, processor time, memory over time. Linux only.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    if (!existsSync('/proc/self/stat')) {
      throw new UsageError('there is no /proc to read times and memory from', {
        code: 'E-BENCH-012',
        place: '/proc',
      });
    }
    const request = { ...options, runs: parseCount('--runs', options.runs, 1) };
    const rows: Measured[] = [];
    for (const workers of [1, 2]) {
      output.err(`campaign-scale: ${workers} of 2 workers\n`);
      rows.push(await measure(request, workers));
    }
    return { markdown: scaleMarkdown(rows), aims: [] };
  },
};

function scaleMarkdown(rows: readonly Measured[]): string {
  const [one, two] = rows as [Measured, Measured];
  const table = markdownTable(
    [
      'workers',
      'seconds',
      'processor seconds',
      'operations',
      'interleavings',
      'peak MB for each worker',
      'MB of the process at each tenth of the time',
    ],
    rows.map((row) => [
      String(row.workers),
      row.seconds.toFixed(1),
      row.cpuSeconds.toFixed(1),
      formatCount(row.operations),
      formatCount(row.interleavings),
      (row.peakMb / row.workers).toFixed(0),
      row.tenths.join(' '),
    ]),
  );
  const sameText = one.digest === two.digest ? 'the same' : 'NOT the same';
  return (
    `${table}\nThe second worker makes the campaign ${(one.seconds / two.seconds).toFixed(2)} times as fast by the clock, ` +
    `and with two free cores ${((2 * one.cpuSeconds) / two.cpuSeconds).toFixed(2)} times by processor time, that is, by ` +
    `what the same tickets cost when two threads share them. The digests are ${sameText}.\n`
  );
}

await runIfMain(import.meta.url, campaignScaleBenchmark);
