/** What a second worker brings, and how memory grows: `node dist/bench/campaign-scale.js --help`. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCount } from '../src/cli/options.ts';
import { InternalError, UsageError } from '../src/core/errors.ts';
import { formatCount, plural } from '../src/report/table.ts';
import type { Benchmark } from './harness/command-line.ts';
import { parseNames, parseOptions, runIfMain } from './harness/command-line.ts';
import { markdownTable } from './report/markdown.ts';

const OPTIONS = {
  target: { kind: 'text', default: 'sync-map', help: 'target of the campaigns' },
  runs: { kind: 'text', default: '20000', help: 'runs of each campaign, with one worker and two' },
  seed: { kind: 'text', default: '1', help: 'any text' },
  config: { kind: 'text', default: '', help: 'configuration that has the target' },
  rounds: { kind: 'text', default: '1', help: 'times that both are measured; medians count' },
  clock: {
    kind: 'text',
    default: '',
    help: `wall or processor: end with an error unless two workers are 1.8 times as fast by it`,
  },
} as const;

/** How many times as fast two workers must be as one. */
const SPEEDUP_MIN = 1.8;
const CLOCKS = ['wall', 'processor'] as const;
type Clock = (typeof CLOCKS)[number];

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
  /** With those of its children that have ended. */
  readonly cpuSeconds: number;
  readonly residentMb: number;
  readonly parentId: number;
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
function lookAt(processId: string): Look | null {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const status = readFileSync(`/proc/${processId}/status`, 'utf8');
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
    if (!Number.isFinite(kilobytes)) return null;
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return {
      cpuSeconds: ticks / TICKS_PER_SECOND,
      residentMb: kilobytes / 1024,
      parentId: Number(fields[1]),
    };
  } catch {
    return null;
  }
}

/** The same of a process together with its children: workers may be processes. */
function look(processId: number): Look | null {
  const own = lookAt(String(processId));
  if (own === null) return null;
  const others = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = others
    .map(lookAt)
    .filter((seen): seen is Look => seen !== null && seen.parentId === processId);
  return {
    ...own,
    cpuSeconds: children.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, own.cpuSeconds),
    residentMb: children.reduce((sum, { residentMb }) => sum + residentMb, own.residentMb),
  };
}

interface Request {
  readonly target: string;
  readonly runs: number;
  readonly seed: string;
  /** Path, or an empty text. */
  readonly config: string;
}

async function measure(request: Request, workers: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-scale-'));
  const { target, runs, seed, config } = request;
  const args = ['run', target, '--seed', seed, '--runs', String(runs), '--json'];
  if (config !== '') args.push('--config', resolve(config));
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
    // A look may come when a worker has ended and is not yet counted with its parent.
    cpuSeconds: Math.max(...looks.map(({ cpuSeconds }) => cpuSeconds)),
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
    const clock = options.clock === '' ? null : parseNames('--clock', options.clock, CLOCKS)[0]!;
    const request = { ...options, runs: parseCount('--runs', options.runs, 1) };
    const rounds: Round[] = [];
    for (let round = parseCount('--rounds', options.rounds, 1); round > 0; round--) {
      output.err(`campaign-scale: ${plural(round, 'round')} to go\n`);
      const one = await measure(request, 1);
      rounds.push({ one, two: await measure(request, 2) });
    }
    const markdown = scaleMarkdown(rounds);
    const isSame = rounds.every(({ one, two }) => one.digest === two.digest);
    if (isSame && (clock === null || speedup(rounds, clock) >= SPEEDUP_MIN)) {
      return { markdown, aims: [] };
    }
    const problem = isSame
      ? `two workers are not ${SPEEDUP_MIN} times as fast as one by the ${clock} clock`
      : 'the digests differ';
    throw new InternalError(`${problem}\n${markdown}`, {
      code: 'E-BENCH-013',
      todo: 'Measure again with two free cores and more --rounds.',
    });
  },
};

/** One measurement of each. */
interface Round {
  readonly one: Measured;
  readonly two: Measured;
}

/**
 * How many times as fast two workers are as one, the median of the rounds.
 *
 * By processor time: what the same tickets cost when one does them and when two share them, as two free cores would do.
 */
function speedup(rounds: readonly Round[], clock: Clock): number {
  const ratios = rounds.map(({ one, two }) =>
    clock === 'wall' ? one.seconds / two.seconds : (2 * one.cpuSeconds) / two.cpuSeconds,
  );
  return ratios.toSorted((left, right) => left - right)[Math.floor(ratios.length / 2)]!;
}

function scaleMarkdown(rounds: readonly Round[]): string {
  const rows = rounds.flatMap(({ one, two }) => [one, two]);
  const table = markdownTable(
    [
      'workers',
      'seconds',
      'processor seconds',
      'operations',
      'interleavings',
      'peak MB for each worker',
      'MB of all processes at each tenth of the time',
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
  const isSame = rounds.every(({ one, two }) => one.digest === two.digest);
  return (
    `${table}\nThe second worker makes the campaign ${speedup(rounds, 'wall').toFixed(2)} times as fast by the clock, ` +
    `and with two free cores ${speedup(rounds, 'processor').toFixed(2)} times by processor time, that is, by ` +
    `what the same tickets cost when two share them. The digests are ${isSame ? 'the same' : 'NOT the same'}.\n`
  );
}

await runIfMain(import.meta.url, campaignScaleBenchmark);
