/** The gate that continuous integration runs: saved traces, then small programs exhaustively, then a fixed campaign. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { conform, type ConformReport } from '../conform/conform.ts';
import { recordedFiles } from '../conform/files.ts';
import { exploreFamily, type FamilyReport } from '../core/explore/sequences.ts';
import type { Verdict } from '../core/property.ts';
import type { Target } from '../core/target.ts';
import { runCampaign, worstVerdict, type CampaignReport } from './campaign.ts';
import { reportFailureGuarded, type FailureReport } from './failure.ts';
import type { CampaignPlan } from './plan.ts';
import type { Recovery } from './pool.ts';
import type { Project } from './project.ts';
import type { ReplayReport } from './replay.ts';
import { isAsExpected, replayFolder } from './saved-traces.ts';
import { runSuites, type SuiteResult } from './suites.ts';
import type { TicketResult } from './ticket.ts';

/** What the exhaustive part came to for one family. */
export interface FamilyResult {
  readonly target: string;
  readonly report: FamilyReport;
  readonly failure: FailureReport | null;
}

export interface GateReport {
  readonly verdict: Verdict;
  readonly regressions: readonly ReplayReport[];
  readonly known: readonly ReplayReport[];
  /** Recordings of the real Go runtime compared; `null` where the project keeps none. */
  readonly golden: ConformReport | null;
  readonly families: readonly FamilyResult[];
  /** Concurrent programs, each explored whole. */
  readonly suites: readonly SuiteResult[];
  readonly campaign: CampaignReport;
}

export interface GateOptions {
  readonly workers: number;
  /** The project: what has every target that a saved trace may name. */
  readonly project: Project;
  /** Folder of the project's traces; its sub-folders are `regressions`, `known`, `golden` and `failures`. */
  readonly tracesFolder: string;
  /** Told the name of each part as it begins. */
  readonly onPart?: (part: string) => void;
  readonly onResult?: (result: TicketResult) => void;
  readonly onRecovery?: (recovery: Recovery) => void;
}

/** Runs the gate. Every part runs, whatever an earlier one found, so that one visit shows everything. */
export async function runGate(
  plan: CampaignPlan,
  targets: readonly Target[],
  options: GateOptions,
): Promise<GateReport> {
  const { tracesFolder, onPart } = options;
  onPart?.('saved traces');
  const { project } = options;
  const regressions = await replayFolder(join(tracesFolder, 'regressions'), null, project);
  const known = await replayFolder(join(tracesFolder, 'known'), null, project);
  const golden = conformGolden(join(tracesFolder, 'golden'));
  const families: FamilyResult[] = [];
  for (const target of targets) {
    for (const family of target.families ?? []) {
      onPart?.(`${target.name}: every program of "${family.name}"`);
      const report = exploreFamily(target, family);
      const failure =
        report.found === null
          ? null
          : await reportFailureGuarded(
              target,
              { run: report.programs - 1, ...report.found },
              {
                seed: family.name,
                knownFails: false,
                config: plan.config,
                tracesFolder: join(tracesFolder, 'failures'),
              },
            );
      families.push({ target: target.name, report, failure });
    }
  }
  const suites = await runSuites(targets, tracesFolder, onPart);
  onPart?.(`campaign with seed ${JSON.stringify(plan.seed)}`);
  const campaign = await runCampaign(plan, targets, {
    workers: options.workers,
    bail: 0,
    tracesFolder: join(tracesFolder, 'failures'),
    ...(options.onResult === undefined ? {} : { onResult: options.onResult }),
    ...(options.onRecovery === undefined ? {} : { onRecovery: options.onRecovery }),
  });
  const hasBroken = [...regressions, ...known].some((replay) => !isAsExpected(replay));
  const hasFailed =
    hasBroken ||
    golden?.verdict === 'fails' ||
    [...families, ...suites].some(({ failure }) => failure !== null);
  return {
    verdict: worstVerdict([
      campaign.verdict,
      hasFailed ? 'fails' : 'holds',
      suites.some(({ report }) => (report.unfinished ?? 0) > 0) ? 'inconclusive' : 'holds',
    ]),
    regressions,
    known,
    golden,
    families,
    suites,
    campaign,
  };
}

function conformGolden(folder: string): ConformReport | null {
  return existsSync(folder) ? conform(recordedFiles([folder])) : null;
}
