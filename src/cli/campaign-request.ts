/** From the flags of `mapcheck run`, the configuration and a journal to the campaign that is meant. */
import { join } from 'node:path';
import type { MapcheckConfig } from '../config/schema.ts';
import { UsageError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import { codeHash } from '../run/code-hash.ts';
import { newJournalFolder } from '../run/journal/folders.ts';
import type { OpenJournal } from '../run/journal/read.ts';
import {
  beginJournal,
  continueJournal,
  findJournal,
  requireSameCode,
  type CampaignJournal,
} from '../run/journal/session.ts';
import { ticketCount, WHOLE, type CampaignPlan, type Shard } from '../run/plan.ts';
import { planConfig, type Project } from '../run/project.ts';
import { selectTargets } from '../run/select-targets.ts';
import { parseCount, parseDurationMs, parseSeed, parseShard } from './options.ts';

const DEFAULT_SEED = '1';
/** Random programs for each target where nothing else is said. */
export const DEFAULT_RUNS = 1_000;
/** Where journals lie that nobody named a folder for. */
export const DEFAULT_JOURNALS: string = join('.mapcheck', 'runs');

/** The flags that say which campaign is meant, and where its journal is. */
export interface CampaignFlags {
  readonly seed?: string;
  readonly runs?: string;
  readonly time?: string;
  readonly knownFails?: boolean;
  readonly shard?: string;
  readonly journal?: string;
  readonly resume?: string;
}

/** A campaign that can begin, or go on. */
export interface CampaignRequest {
  readonly plan: CampaignPlan;
  readonly targets: readonly Target[];
  readonly timeMs: number | null;
  readonly shard: Shard;
  readonly journal: CampaignJournal | null;
  /** Folder of the journal, or `null` where there is none. */
  readonly journalFolder: string | null;
  /** Why there is no journal, or `null`. */
  readonly journalProblem: string | null;
}

/**
 * The campaign that is meant.
 *
 * @throws UsageError for flags, settings or a journal that cannot be used.
 */
export async function requestCampaign(
  names: readonly string[],
  flags: CampaignFlags,
  project: Project,
): Promise<CampaignRequest> {
  const { config } = project;
  const shard = flags.shard === undefined ? null : parseShard('--shard', flags.shard);
  if (flags.resume !== undefined) {
    if (flags.journal !== undefined && flags.journal !== flags.resume) throw twoFolders();
    const found = await findOrNone(flags.resume, shard, names, flags);
    if (found !== null) return resumed(found, flags.resume, names, flags, project);
  }
  const targets = selectTargets(names, project);
  const plan: CampaignPlan = {
    seed: parseSeed('--seed', flags.seed ?? config.seed ?? DEFAULT_SEED),
    targets: targets.map((target) => target.name),
    runs: flags.time === undefined ? runsOf(flags, config) : null,
    knownFails: flags.knownFails ?? false,
    ...planConfig(project, targets),
  };
  ticketCount(plan);
  const request = {
    plan,
    targets,
    timeMs: flags.time === undefined ? null : parseDurationMs('--time', flags.time),
    shard: shard ?? WHOLE,
  };
  return { ...request, ...(await newJournal(request, flags.resume ?? flags.journal)) };
}

function runsOf(flags: CampaignFlags, config: MapcheckConfig): number {
  if (flags.runs === undefined) return config.runs ?? DEFAULT_RUNS;
  return parseCount('--runs', flags.runs, 1);
}

/** The journal to go on with; `null` where there is none yet and the flags say what to begin. */
async function findOrNone(
  folder: string,
  shard: Shard | null,
  names: readonly string[],
  flags: CampaignFlags,
): Promise<OpenJournal | null> {
  try {
    return await findJournal(folder, shard);
  } catch (error) {
    const saysWhat =
      names.length > 0 ||
      flags.seed !== undefined ||
      flags.runs !== undefined ||
      flags.time !== undefined;
    if (error instanceof UsageError && error.code === 'E-JOURNAL-002' && saysWhat) return null;
    throw error;
  }
}

function resumed(
  found: OpenJournal,
  folder: string,
  names: readonly string[],
  flags: CampaignFlags,
  project: Project,
): CampaignRequest {
  const { header, path } = found;
  const { shard } = header;
  const targets = selectTargets(header.plan.targets, project);
  const plan = relocated(header.plan, project, targets);
  refuseOther(
    path,
    'targets',
    plan.targets.join(' '),
    names.length === 0 ? undefined : [...new Set(names)].join(' '),
  );
  refuseOther(path, '--seed', plan.seed, flags.seed);
  refuseOther(
    path,
    '--runs',
    String(plan.runs ?? 'none'),
    flags.runs === undefined ? undefined : String(parseCount('--runs', flags.runs, 1)),
  );
  if (flags.knownFails === true)
    refuseOther(path, '--known-fails', String(plan.knownFails), 'true');
  const timeMs = flags.time === undefined ? header.timeMs : parseDurationMs('--time', flags.time);
  if (plan.runs !== null && timeMs !== null) refuseOther(path, '--time', 'none', flags.time);
  requireSameCode(header, path, codeHash(plan.config));
  const journal = continueJournal(found);
  return { plan, targets, timeMs, shard, journal, journalFolder: folder, journalProblem: null };
}

/** A plan with the configuration where it lies now: the journal may come from another machine. */
export function relocated(
  plan: CampaignPlan,
  project: Project,
  targets: readonly Target[],
): CampaignPlan {
  const { seed, targets: names, runs, knownFails } = plan;
  return { seed, targets: names, runs, knownFails, ...planConfig(project, targets) };
}

/** A journal is of one campaign: flags that mean another one are refused, not ignored. */
function refuseOther(path: string, option: string, has: string, wanted: string | undefined): void {
  if (wanted === undefined || wanted === has) return;
  throw new UsageError(`the journal has ${JSON.stringify(has)}, not ${JSON.stringify(wanted)}`, {
    code: 'E-JOURNAL-008',
    place: `${path}: ${option}`,
    todo: 'Leave the option out to go on with the campaign as it was begun.',
  });
}

function twoFolders(): UsageError {
  return new UsageError('--journal and --resume name different folders', {
    code: 'E-USAGE-012',
    place: '--journal',
    todo: 'A resumed campaign goes on writing where it was: leave --journal out.',
  });
}

async function newJournal(
  request: Pick<CampaignRequest, 'plan' | 'timeMs' | 'shard'>,
  folder: string | undefined,
): Promise<Pick<CampaignRequest, 'journal' | 'journalFolder' | 'journalProblem'>> {
  const identity = { ...request, codeHash: codeHash(request.plan.config) };
  if (folder !== undefined) {
    return {
      journal: await beginJournal(folder, identity),
      journalFolder: folder,
      journalProblem: null,
    };
  }
  try {
    const own = newJournalFolder(DEFAULT_JOURNALS);
    return { journal: await beginJournal(own, identity), journalFolder: own, journalProblem: null };
  } catch (error) {
    // Nobody asked for a journal by name, so a folder that cannot be written to does not stop the work.
    if (!(error instanceof UsageError)) throw error;
    return { journal: null, journalFolder: null, journalProblem: error.message };
  }
}
