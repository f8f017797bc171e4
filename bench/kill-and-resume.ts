/** Kills campaigns at random moments and resumes them: `node dist/bench/kill-and-resume.js --help`. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCount } from '../src/cli/options.ts';
import { InternalError, UsageError } from '../src/core/errors.ts';
import { createIntegers } from '../src/random/integers.ts';
import { expandSeed } from '../src/random/seed.ts';
import { journalFiles, openJournal } from '../src/run/journal/read.ts';
import type { Benchmark, Output } from './harness/command-line.ts';
import { parseOptions, runIfMain } from './harness/command-line.ts';
import { markdownTable } from './report/markdown.ts';

const OPTIONS = {
  kills: { kind: 'text', default: '200', help: 'campaigns to kill' },
  runs: { kind: 'text', default: '800', help: 'runs of each campaign' },
  target: { kind: 'text', default: 'tree-bucket-map', help: 'target of the campaigns' },
  seed: { kind: 'text', default: '1', help: 'of the moments; any text' },
  config: { kind: 'text', default: '', help: 'configuration that has the target' },
} as const;

/** The command, from the compiled file and from the source. */
const BIN = fileURLToPath(
  new URL(
    import.meta.url.includes('/dist/') ? '../../bin/mapcheck.js' : '../bin/mapcheck.js',
    import.meta.url,
  ),
);

/** What to kill, and how often. */
export interface KillRequest {
  readonly kills: number;
  readonly runs: number;
  readonly target: string;
  readonly seed: string;
  /** Campaigns of different seeds; every kill hits one of them. */
  readonly campaigns: number;
  /** Path of the configuration; an empty text for none. */
  readonly config?: string;
}

/** What came of it. */
export interface KillResult {
  /** Processes killed with SIGKILL; some campaigns are killed twice. */
  killed: number;
  /** Campaigns that had ended before the moment came. */
  tooLate: number;
  /** Campaigns killed before there was a journal; they begin anew. */
  withoutJournal: number;
  /** Finished tickets found in journals, of how many. */
  ticketsKept: number;
  ticketsInAll: number;
  /** Journals that could not be read; must be 0. */
  unreadable: number;
  /** Resumed campaigns whose report was not, byte for byte, that of one that was left alone; must be 0. */
  wrong: number;
}

/** Kills campaigns at random moments, then resumes each and compares its report. */
export async function killAndResume(request: KillRequest, output: Output): Promise<KillResult> {
  const { kills, seed } = request;
  const folder = mkdtempSync(join(tmpdir(), 'mapcheck-kill-'));
  const draw = createIntegers(expandSeed(seed, 'kill-and-resume'));
  const references = Array.from({ length: request.campaigns }, (_, index) =>
    reference(request, index, folder),
  );
  const result: KillResult = {
    killed: 0,
    tooLate: 0,
    withoutJournal: 0,
    ticketsKept: 0,
    ticketsInAll: 0,
    unreadable: 0,
    wrong: 0,
  };
  try {
    for (let index = 0; index < kills; index++) {
      const { milliseconds, report } = references[index % references.length]!;
      const campaign = {
        ...request,
        index: index % references.length,
        folder: join(folder, String(index)),
      };
      const times = draw.below(3) === 0 ? 2 : 1;
      for (let time = 0; time < times; time++) {
        await killOnce(campaign, draw.below(Math.ceil(milliseconds)), result);
        await readBack(campaign.folder, result);
      }
      const resumed = mapcheck(argumentsOf(campaign), folder);
      if (resumed !== report) {
        result.wrong++;
        output.err(`campaign ${index}: ${resumed.slice(0, 1_000)}\n`);
      }
      rmSync(campaign.folder, { recursive: true, force: true });
      if (index % 20 === 19) output.err(`${index + 1} of ${kills}: ${JSON.stringify(result)}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return result;
}

interface Campaign extends KillRequest {
  readonly index: number;
  readonly folder: string;
}

function argumentsOf({ target, runs, index, folder, config = '' }: Campaign): string[] {
  const which = ['--seed', `campaign ${index}`, '--runs', String(runs)];
  if (config !== '') which.push('--config', resolve(config));
  return ['run', target, ...which, '--workers', '2', '--resume', folder, '--json'];
}

/** The report of a campaign that is left alone, and how long it takes. */
function reference(
  request: KillRequest,
  index: number,
  folder: string,
): { readonly milliseconds: number; readonly report: string } {
  const start = performance.now();
  const own = join(folder, `reference-${index}`);
  const report = mapcheck(argumentsOf({ ...request, index, folder: own }), folder);
  return { milliseconds: performance.now() - start, report };
}

function mapcheck(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd,
    encoding: 'utf8',
  });
  return status === 0 ? stdout : `exit code ${status}: ${stderr}`;
}

/** Starts a campaign and kills it after so many milliseconds. */
async function killOnce(
  campaign: Campaign,
  milliseconds: number,
  result: KillResult,
): Promise<void> {
  const child = spawn(process.execPath, [BIN, ...argumentsOf(campaign)], { stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  const signal = await new Promise((resolve) => child.on('exit', (_, how) => resolve(how)));
  clearTimeout(timer);
  if (signal === 'SIGKILL') result.killed++;
  else result.tooLate++;
}

/** Reads what the killed process left. */
async function readBack(folder: string, result: KillResult): Promise<void> {
  try {
    const [file] = journalFiles(folder);
    const { header, entries } = await openJournal(file!.path);
    for await (const entry of entries) if ('ticket' in entry) result.ticketsKept++;
    result.ticketsInAll += Math.ceil(header.plan.runs! / header.runsPerTicket);
  } catch (error) {
    if (error instanceof UsageError && error.code === 'E-JOURNAL-002') result.withoutJournal++;
    else result.unreadable++;
  }
}

/** The benchmark. */
export const killAndResumeBenchmark: Benchmark = {
  name: 'kill-and-resume',
  title:
    'Campaigns killed with SIGKILL at random moments, then resumed: what survives. About 10 minutes.',
  options: OPTIONS,
  async run(args, output) {
    const options = parseOptions(args, OPTIONS);
    const request = {
      kills: parseCount('--kills', options.kills, 1),
      runs: parseCount('--runs', options.runs, 1),
      target: options.target,
      seed: options.seed,
      campaigns: 5,
      config: options.config,
    };
    const result = await killAndResume(request, output);
    const header = [
      'processes killed',
      'ended before',
      'killed before the journal',
      'tickets kept',
      'journals unreadable',
      'reports wrong',
    ];
    const row = [
      result.killed,
      result.tooLate,
      result.withoutJournal,
      `${result.ticketsKept} of ${result.ticketsInAll}`,
      result.unreadable,
      result.wrong,
    ].map(String);
    const markdown = markdownTable(header, [row]);
    if (result.unreadable === 0 && result.wrong === 0) return { markdown, aims: [] };
    throw new InternalError(`a killed campaign did not resume to the same report\n${markdown}`, {
      code: 'E-BENCH-010',
      todo: 'Run it again with --kills 20 and look at the journals.',
    });
  },
};

await runIfMain(import.meta.url, killAndResumeBenchmark);
