/** Joins the journals of all shards of a campaign into the report that one run of the whole would have given. */
import { UsageError } from '../../core/errors.ts';
import type { Target } from '../../core/target.ts';
import { reportTotals, type CampaignReport, type ReportOptions } from '../campaign.ts';
import { shardOfTicket, shardTicketCount, type CampaignPlan } from '../plan.ts';
import type { TicketResult } from '../ticket.ts';
import { InOrder } from '../ticket-order.ts';
import { Totals } from '../totals.ts';
import type { JournalEnd } from './format.ts';
import { journalFiles, openJournal, type OpenJournal } from './read.ts';
import { requireSameCode } from './session.ts';

/** Journals of one campaign, one for each shard, in their order. */
export interface ShardSet {
  readonly plan: CampaignPlan;
  readonly journals: readonly OpenJournal[];
}

/**
 * Opens the journals below some folders and makes sure that they are the parts of one campaign.
 *
 * @throws UsageError E-MERGE-001 for journals of different campaigns, 002 for a shard that is there twice, 003 for one
 *   that is missing; E-JOURNAL-007 for other code; as `openJournal`.
 */
export async function openShards(folders: readonly string[]): Promise<ShardSet> {
  const journals: OpenJournal[] = [];
  for (const { path } of folders.flatMap(journalFiles)) journals.push(await openJournal(path));
  const [first] = journals;
  for (const journal of journals) {
    requireSameCampaign(first!, journal);
    requireSameCode(journal.header, journal.path, first!.header.codeHash);
  }
  return { plan: first!.header.plan, journals: inShardOrder(journals) };
}

function requireSameCampaign(left: OpenJournal, right: OpenJournal): void {
  for (const [name, of] of Object.entries(IDENTITY)) {
    const [has, wants] = [right, left].map(({ header }) => of(header.plan, header.shard.count));
    if (has === wants) continue;
    throw new UsageError(`the journals are of different campaigns: ${name} ${has}, not ${wants}`, {
      code: 'E-MERGE-001',
      place: right.path,
      todo: `Compare with ${left.path}, and name the journals of one campaign.`,
    });
  }
}

/** What must be the same, as text. Where the configuration lies may differ: its content is part of the code hash. */
const IDENTITY: Readonly<Record<string, (plan: CampaignPlan, shardCount: number) => string>> = {
  seed: (plan) => JSON.stringify(plan.seed),
  targets: (plan) => plan.targets.join(' '),
  runs: (plan) => String(plan.runs ?? 'by time'),
  '--known-fails': (plan) => String(plan.knownFails),
  'number of shards': (_, shardCount) => String(shardCount),
};

function inShardOrder(journals: readonly OpenJournal[]): OpenJournal[] {
  const { count } = journals[0]!.header.shard;
  const byIndex = new Map<number, OpenJournal>();
  for (const journal of journals) {
    const { index } = journal.header.shard;
    const other = byIndex.get(index);
    if (other !== undefined) {
      throw new UsageError(`shard ${index}/${count} is there twice`, {
        code: 'E-MERGE-002',
        place: journal.path,
        todo: `Leave one of them out; the other is ${other.path}.`,
      });
    }
    byIndex.set(index, journal);
  }
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter(
    (index) => !byIndex.has(index),
  );
  if (missing.length === 0) {
    return journals.toSorted((left, right) => left.header.shard.index - right.header.shard.index);
  }
  const named = missing.slice(0, 10).map((index) => `${index}/${count}`);
  throw new UsageError(
    `${missing.length === 1 ? 'a shard is' : `${missing.length} shards are`} missing: ` +
      `${named.join(', ')}${missing.length > named.length ? ', …' : ''}`,
    {
      code: 'E-MERGE-003',
      place: 'DIR',
      todo: `Run it: mapcheck run --shard ${named[0]} with the seed, targets and runs of the others.`,
    },
  );
}

/**
 * The report of the whole campaign: the same, digest included, as of one that was never divided.
 *
 * @throws UsageError E-MERGE-004 for a shard that is not complete; as reading journals does.
 */
export async function mergeShards(
  { plan, journals }: ShardSet,
  targets: readonly Target[],
  options: ReportOptions,
): Promise<CampaignReport> {
  const totals = new Totals(plan, targets, 0);
  const readers = journals.map((journal) => new ShardReader(journal));
  // In the order of tickets, a journal's next one at a time: memory holds what is out of order, not what there is.
  for (let index = 0, ended = 0; ended < readers.length; index++) {
    const reader = readers[shardOfTicket(readers.length, index) - 1]!;
    if (reader.isEnded) continue;
    const ticket = await reader.next();
    if (ticket !== null) totals.add(ticket);
    else ended++;
  }
  const isComplete = readers.every(({ end }) => end !== 'bail');
  return reportTotals(plan, targets, totals, isComplete, options);
}

/** Reads one shard's tickets in the order of their positions. */
class ShardReader {
  readonly #journal: OpenJournal;
  readonly #ready: TicketResult[] = [];
  readonly #order = new InOrder<TicketResult>(0, (ticket) => this.#ready.push(ticket));
  #isRead = false;
  #end: JournalEnd | null = null;
  #isEnded = false;

  constructor(journal: OpenJournal) {
    this.#journal = journal;
  }

  /** Why the shard was complete. */
  get end(): JournalEnd | null {
    return this.#end;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The next ticket, or `null` when there is none: the shard is done, or its campaign ended early. */
  async next(): Promise<TicketResult | null> {
    while (this.#ready.length === 0 && !this.#isRead) await this.#read();
    const ticket = this.#ready.shift() ?? null;
    this.#isEnded = ticket === null;
    return ticket;
  }

  async #read(): Promise<void> {
    const { header, entries } = this.#journal;
    const { value, done } = await entries.next();
    if (done === true) {
      this.#isRead = true;
      const due = shardTicketCount(header.plan, header.shard);
      this.#order.flush();
      if (this.#end === null && this.#order.next < due) throw this.#incomplete(due);
      return;
    }
    if ('end' in value) {
      this.#end = value.end;
      return;
    }
    this.#end = null;
    this.#order.add(Math.floor(value.ticket.index / header.shard.count), value.ticket);
  }

  #incomplete(due: number): UsageError {
    const { header, path } = this.#journal;
    const { index, count } = header.shard;
    return new UsageError(
      `shard ${index}/${count} is not complete${Number.isFinite(due) ? ` (${due} tickets are due)` : ''}`,
      {
        code: 'E-MERGE-004',
        place: path,
        todo: 'Finish it: mapcheck run --resume with the folder it lies in.',
      },
    );
  }
}
