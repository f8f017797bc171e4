/** What stands in a journal, added up: of a campaign that has ended, was interrupted or is still at work. */
import { basename, dirname } from 'node:path';
import { statSync } from 'node:fs';
import type { FoundViolation, TicketResult } from '../ticket.ts';
import { SHARD_FILE, type JournalHeader } from './format.ts';
import { journalFiles, openJournal } from './read.ts';

/** One target of a campaign. */
export interface TargetSummary {
  readonly target: string;
  runs: number;
  operations: number;
  failedRuns: number;
  /** Runs that nothing is known about. */
  lostRuns: number;
  /** How often each rare branch was taken, and each known defect seen. */
  readonly coverage: Map<string, number>;
  readonly known: Map<string, number>;
  /** The first run found for each property. */
  readonly violations: Map<string, FoundViolation>;
}

/** One journal: a shard of a campaign. */
export interface JournalSummary {
  readonly path: string;
  readonly header: JournalHeader;
  readonly tickets: number;
  /** Why the shard is complete, or `null` for one that is not. */
  readonly end: string | null;
  readonly targets: readonly TargetSummary[];
}

/** Whether a path is that of a journal, or of a folder that may hold some. */
export function isJournal(path: string): boolean {
  if (SHARD_FILE.test(basename(path))) return true;
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Adds up the journals of a folder, or one journal by its file.
 *
 * @throws UsageError as `openJournal`.
 */
export async function summariseJournals(path: string): Promise<JournalSummary[]> {
  const isFile = SHARD_FILE.test(basename(path));
  const files = journalFiles(isFile ? dirname(path) : path);
  const chosen = isFile ? files.filter((file) => basename(file.path) === basename(path)) : files;
  const summaries: JournalSummary[] = [];
  for (const file of chosen) summaries.push(await summarise(file.path));
  return summaries;
}

async function summarise(path: string): Promise<JournalSummary> {
  const { header, entries } = await openJournal(path);
  const targets = header.plan.targets.map(emptySummary);
  let tickets = 0;
  let end: string | null = null;
  for await (const entry of entries) {
    if ('end' in entry) end = entry.end;
    else {
      tickets++;
      add(targets[entry.ticket.targetIndex]!, entry.ticket);
    }
  }
  return { path, header, tickets, end, targets };
}

function emptySummary(target: string): TargetSummary {
  const counts = { runs: 0, operations: 0, failedRuns: 0, lostRuns: 0 };
  return { target, ...counts, coverage: new Map(), known: new Map(), violations: new Map() };
}

function add(summary: TargetSummary, ticket: TicketResult): void {
  summary.runs += ticket.runs;
  summary.operations += ticket.operations;
  summary.failedRuns += ticket.failedRuns;
  summary.lostRuns += ticket.lost?.runCount ?? 0;
  addCounts(summary.coverage, ticket.coverage);
  addCounts(summary.known, ticket.known);
  for (const found of ticket.violations) {
    const { property } = found.violation;
    const first = summary.violations.get(property);
    if (first === undefined || found.run < first.run) summary.violations.set(property, found);
  }
}

function addCounts(totals: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    totals.set(name, (totals.get(name) ?? 0) + count);
  }
}
