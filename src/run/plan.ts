/**
 * What a campaign will do, and how it is cut into tickets and shards.
 *
 * Run k of a target depends on the seed text, the target's name and k, on nothing else. Tickets only group runs so that
 * workers and machines can share them: who takes a ticket, and how many there are, changes no result.
 */
import { UsageError } from '../core/errors.ts';
import { deriveState, expandSeed, type SeedState } from '../random/seed.ts';

/** Runs of one ticket: 20 to 200 ms of work. */
export const RUNS_PER_TICKET = 50;

/** Tickets are counted in 32 bits, with a sign. */
const TICKETS_MAX = 2 ** 31 - 1_000_000;

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

/** One of several parts of a campaign that together are the whole. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/** A campaign that is not divided. */
export const WHOLE: Shard = { index: 1, count: 1 };

/** A range of runs of one target. */
export interface Ticket {
  /** 0-based index into the plan's targets. */
  readonly targetIndex: number;
  readonly firstRun: number;
  readonly runCount: number;
}

/**
 * Number of tickets of a plan; infinite where the plan has no end.
 *
 * @throws UsageError E-RUN-002 for more tickets than can be counted.
 */
export function ticketCount(plan: CampaignPlan): number {
  if (plan.runs === null) return Number.POSITIVE_INFINITY;
  const count = Math.ceil(plan.runs / RUNS_PER_TICKET) * plan.targets.length;
  if (count <= TICKETS_MAX) return count;
  const most = Math.floor(TICKETS_MAX / plan.targets.length) * RUNS_PER_TICKET;
  throw new UsageError(`${plan.runs} runs are too many, expected at most ${most}`, {
    code: 'E-RUN-002',
    place: '--runs',
    todo: 'Use --time for a campaign that goes on until it is stopped.',
  });
}

/** The ticket of an index. Targets take turns, so that all of them advance together. */
export function ticketAt(plan: CampaignPlan, index: number): Ticket {
  const targetIndex = index % plan.targets.length;
  const firstRun = Math.floor(index / plan.targets.length) * RUNS_PER_TICKET;
  const runsLeft = plan.runs === null ? RUNS_PER_TICKET : plan.runs - firstRun;
  return { targetIndex, firstRun, runCount: Math.min(RUNS_PER_TICKET, runsLeft) };
}

/**
 * The index of the ticket at a position of a shard's own sequence.
 *
 * Of each block of `count` consecutive tickets every shard has one, so that shards differ by one ticket at most; which
 * one changes from block to block without a pattern, so that no shard gets all the tickets of a slow target.
 */
export function ticketOfShard(shard: Shard, position: number): number {
  if (shard.count === 1) return position;
  return position * shard.count + ((shard.index - 1 + mix(position)) % shard.count);
}

/** The shard, counted from 1, that a ticket belongs to. */
export function shardOfTicket(count: number, index: number): number {
  const turn = mix(Math.floor(index / count)) % count;
  return ((index - Math.floor(index / count) * count - turn + count) % count) + 1;
}

/** Tickets of a shard; infinite where the plan has no end. */
export function shardTicketCount(plan: CampaignPlan, shard: Shard): number {
  const total = ticketCount(plan);
  if (!Number.isFinite(total)) return total;
  const blocks = Math.floor(total / shard.count);
  return blocks + (ticketOfShard(shard, blocks) < total ? 1 : 0);
}

/** A number from 0 to 2^31 - 1 that looks like none of its neighbours' (the finalizer of MurmurHash3). */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 1;
}

/** The state from which the runs of one target are derived. */
export function campaignState(seed: string, target: string): SeedState {
  return expandSeed(seed, `campaign/${target}`);
}

/** The generator state of one run. */
export function runState(campaign: SeedState, run: number): SeedState {
  return deriveState(campaign, run);
}
