/**
 * What a campaign will do, and how it is cut into tickets.
 *
 * Run k of a target depends on the seed text, the target's name and k, on nothing else. Tickets only group runs so that
 * workers can share them: which worker takes a ticket, and how many there are, changes no result.
 */
import { deriveState, expandSeed, type SeedState } from '../random/seed.ts';

/** Runs of one ticket: 20 to 200 ms of work. */
export const RUNS_PER_TICKET = 50;

export interface CampaignPlan {
  /** Text; every character counts. */
  readonly seed: string;
  /** Names of targets, in the order of the report. */
  readonly targets: readonly string[];
  /** Runs per target, or `null` to go on until told to stop. */
  readonly runs: number | null;
  /** Makes known defects count as violations. */
  readonly knownFails: boolean;
  /** Absolute path of the configuration that has the targets that are not built in, where there are such. */
  readonly config?: string;
}

/** A range of runs of one target. */
export interface Ticket {
  /** 0-based index into the plan's targets. */
  readonly targetIndex: number;
  readonly firstRun: number;
  readonly runCount: number;
}

/** Number of tickets of a plan; infinite where the plan has no end. */
export function ticketCount(plan: CampaignPlan): number {
  if (plan.runs === null) return Number.POSITIVE_INFINITY;
  return Math.ceil(plan.runs / RUNS_PER_TICKET) * plan.targets.length;
}

/** The ticket of an index. Targets take turns, so that all of them advance together. */
export function ticketAt(plan: CampaignPlan, index: number): Ticket {
  const targetIndex = index % plan.targets.length;
  const firstRun = Math.floor(index / plan.targets.length) * RUNS_PER_TICKET;
  const runsLeft = plan.runs === null ? RUNS_PER_TICKET : plan.runs - firstRun;
  return { targetIndex, firstRun, runCount: Math.min(RUNS_PER_TICKET, runsLeft) };
}

/** The state from which the runs of one target are derived. */
export function campaignState(seed: string, target: string): SeedState {
  return expandSeed(seed, `campaign/${target}`);
}

/** The generator state of one run. */
export function runState(campaign: SeedState, run: number): SeedState {
  return deriveState(campaign, run);
}
