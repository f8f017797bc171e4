/** `mapcheck merge`: the report of a campaign from the journals of its shards. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { formatExploration } from '../../report/explore-text.ts';
import { PROGRAM_RULES, programSuites } from '../../report/program-suites.ts';
import { codeHash } from '../../run/code-hash.ts';
import { exploreShardFiles, mergeExploreShards } from '../../run/explore-shards.ts';
import { mergeShards, openShards } from '../../run/journal/merge.ts';
import { requireSameCode } from '../../run/journal/session.ts';
import { openProject } from '../../run/project.ts';
import { selectTargets } from '../../run/select-targets.ts';
import { campaignDocument } from '../campaign-document.ts';
import { relocated } from '../campaign-request.ts';
import { exitCodeOf } from '../exit-code.ts';
import { reporterOption, Reporters } from '../reporters.ts';
import type { Terminal } from '../terminal.ts';
import { programJson } from './explore.ts';

interface MergeFlags {
  readonly config?: string;
  readonly reporter: string[];
  readonly traces: string;
  readonly json?: boolean;
}

/** Adds the command to the program. */
export function addMergeCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('merge')
    .summary('join the journals of all shards of a campaign or an exploration')
    .description(
      'Reads the journals that `mapcheck run --shard i/n --journal DIR` wrote and reports on the whole campaign, with the digest that one run of it would have given. Fails when a shard is missing, twice there, not complete, or of other code. The same for the files of `mapcheck explore --shard i/n --journal DIR`.',
    )
    .argument('<folders...>', 'folders of journals; together they hold every shard once')
    .addOption(reporterOption())
    .option('--traces <folder>', 'where traces are kept; failing ones go into failures/', 'traces')
    .option('--config <file>', 'configuration (default: mapcheck.config.ts, .mjs, .js or .json)')
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(async (folders: string[], flags: MergeFlags) => {
      exit(await merge(folders, flags, terminal));
    });
}

async function merge(folders: string[], flags: MergeFlags, terminal: Terminal): Promise<number> {
  const reporters = new Reporters(flags.reporter, flags.json === true, terminal);
  const explored = exploreShardFiles(folders);
  if (explored.length > 0) return mergeExplored(explored, flags, reporters);
  const shards = await openShards(folders);
  const [first] = shards.journals;
  const project = await openProject(flags.config, process.cwd());
  const targets = selectTargets(shards.plan.targets, project);
  const plan = relocated(shards.plan, project, targets);
  requireSameCode(first!.header, first!.path, codeHash(plan.config));
  const tracesFolder = join(flags.traces, 'failures');
  const report = await mergeShards({ ...shards, plan }, targets, { tracesFolder });
  reporters.finish(campaignDocument(report, [], targets));
  return exitCodeOf(report.verdict);
}

async function mergeExplored(
  paths: readonly string[],
  flags: MergeFlags,
  reporters: Reporters,
): Promise<number> {
  const report = await mergeExploreShards(paths, join(flags.traces, 'failures'));
  reporters.finish({
    verdict: report.verdict,
    suites: programSuites([report]),
    properties: PROGRAM_RULES,
    json: programJson(report),
    lines: (palette) => formatExploration(report, palette),
  });
  return exitCodeOf(report.verdict);
}
