/** What the two commands of a fleet have in common: which code, which campaign, which queue. */
import { createHash, randomUUID } from 'node:crypto';
import { builtInTargets } from '../../models/targets.ts';
import { codeHash } from '../run/code-hash.ts';
import type { CampaignPlan } from '../run/plan.ts';
import type { Project } from '../run/project.ts';
import type { CampaignRecord } from '../run/queue/work-queue.ts';
import type { Terminal } from './terminal.ts';

/** How long a range belongs to a worker that gives no sign of life. */
export const LEASE = '15s';

/** The hash of the code that a fleet runs: of mapcheck, and of the configuration where it has targets of its own. */
export function fleetCodeHash({ targets, configFile }: Project): string {
  const hasOwn = targets.length > builtInTargets.length;
  return codeHash(hasOwn && configFile !== null ? configFile : undefined);
}

/**
 * The campaign as workers know it.
 *
 * The same campaign by runs has the same name wherever it is begun, so that one that is resumed finds the results that
 * came in meanwhile. One by time is like no other.
 */
export function campaignRecord(plan: CampaignPlan, hash: string): CampaignRecord {
  const { seed, targets, runs, knownFails } = plan;
  const what = [seed, targets, runs ?? randomUUID(), knownFails, hash];
  const id = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16);
  return { id, plan, codeHash: hash };
}

/** Says that nobody works, and what to do about it. */
export function sayIdle(terminal: Terminal, url: string, hash: string): (workers: number) => void {
  return (workers) => {
    const problem =
      workers === 0
        ? `No worker of this code (${hash.slice(0, 12)}) is there; start one with: mapcheck worker --queue ${url}`
        : `Waiting for ${workers === 1 ? 'a worker' : `${workers} workers`}.`;
    terminal.stderr.write(`${problem}\n`);
  };
}
