/** The measuring process of `../campaign.ts`: one target. */
import { generateProgram, runTicket } from '../../src/run/ticket.ts';
import { campaignState, RUNS_PER_TICKET } from '../../src/run/plan.ts';
import { selectTargets } from '../../src/run/select-targets.ts';
import { answerParent } from '../harness/child-process.ts';
import { openClock } from '../harness/clock.ts';

/** What one process measures. */
export interface CampaignRequest {
  readonly target: string;
  readonly seed: string;
  /** Tickets of a campaign, each of as many runs as a worker takes at a time. */
  readonly tickets: number;
}

/** What it found. */
export interface CampaignResult {
  readonly propertyCount: number;
  readonly runs: number;
  /** Operations run against engine and models, all properties on. */
  readonly operations: number;
  /** Runs that violated a property: 0, or the numbers mean nothing. */
  readonly failedRuns: number;
  readonly nanoseconds: number;
  /** For making the same programs and not running them. */
  readonly generationNanoseconds: number;
}

await answerParent((request: CampaignRequest): CampaignResult => {
  const clock = openClock();
  const target = selectTargets([request.target])[0]!;
  const runCount = request.tickets * RUNS_PER_TICKET;
  const run = (index: number): ReturnType<typeof runTicket> => {
    const firstRun = index * RUNS_PER_TICKET;
    const ticket = { targetIndex: 0, firstRun, runCount: RUNS_PER_TICKET };
    return runTicket(target, request.seed, index, ticket, false);
  };
  // One round to warm up, of other runs than the measured ones.
  for (let index = 0; index < Math.min(4, request.tickets); index++) run(request.tickets + index);
  let operations = 0;
  let failedRuns = 0;
  const start = clock.now();
  for (let index = 0; index < request.tickets; index++) {
    const result = run(index);
    operations += result.operations;
    failedRuns += result.failedRuns;
  }
  const middle = clock.now();
  const campaign = campaignState(request.seed, target.name);
  let threadCount = 0;
  for (let index = 0; index < runCount; index++) {
    threadCount += generateProgram(target, campaign, index).threads.length;
  }
  const end = clock.now();
  if (threadCount === 0) throw new Error(`${target.name} made programs without threads`);
  return {
    propertyCount: target.properties.length,
    runs: runCount,
    operations,
    failedRuns,
    nanoseconds: middle - start,
    generationNanoseconds: end - middle,
  };
});
