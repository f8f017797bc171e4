/** `mapcheck merge`: the report of a campaign from the journals of its shards. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { codeHash } from '../../run/code-hash.ts';
import { mergeShards, openShards } from '../../run/journal/merge.ts';
import { requireSameCode } from '../../run/journal/session.ts';
import { openProject } from '../../run/project.ts';
import { selectTargets } from '../../run/select-targets.ts';
import { campaignDocument } from '../campaign-document.ts';
import { relocated } from '../campaign-request.ts';
import { exitCodeOf } from '../exit-code.ts';
import { reporterOption, Reporters } from '../reporters.ts';
import type { Terminal } from '../terminal.ts';

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
    .summary('join the journals of all shards of a campaign')
    .description(
      'Reads the journals that `mapcheck run --shard i/n --journal DIR` wrote and reports on the whole campaign, with the digest that one run of it would have given. Fails when a shard is missing, twice there, not complete, or of other code.',
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
