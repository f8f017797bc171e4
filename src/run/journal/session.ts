/** The journal of one shard while its campaign runs: made anew or continued, and written to as tickets finish. */
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { TicketResult } from '../ticket.ts';
import {
  shardFileName,
  type CampaignIdentity,
  type JournalEnd,
  type JournalHeader,
} from './format.ts';
import { journalFiles, openJournal, type JournalEntry, type OpenJournal } from './read.ts';
import { cannotWrite, JournalWriter, openJournalFile, type JournalFile } from './write.ts';
import type { Shard } from '../plan.ts';

/** What a campaign does with its journal. */
export interface CampaignJournal {
  /** Milliseconds worked before this process. */
  readonly elapsedMs: number;
  /** Why nothing more can be written, or `null`. */
  readonly failure: UsageError | null;
  /** Gives every ticket that stands in the journal, in the order of the file. */
  replay(each: (result: TicketResult) => void): Promise<void>;
  write(result: TicketResult): void;
  /** Says why the shard is complete, or nothing for one that is not, and closes the file. */
  close(end: JournalEnd | null): void;
}

/** Makes the file of a journal; tests hand in another one. */
export type OpenFile = (path: string, isNew: boolean) => JournalFile;

/**
 * Begins the journal of a shard in a folder.
 *
 * The file has its name only once its first line is whole. The journal of a complete shard is replaced.
 *
 * @throws UsageError E-JOURNAL-001 when it cannot be written, 005 when the folder has the shard's unfinished journal.
 */
export async function beginJournal(
  folder: string,
  identity: CampaignIdentity,
  open: OpenFile = openJournalFile,
): Promise<CampaignJournal> {
  const path = join(folder, shardFileName(identity.shard));
  if (existsSync(path)) await refuseUnfinished(path, folder);
  const part = `${path}.part`;
  try {
    mkdirSync(folder, { recursive: true });
    const writer = new JournalWriter(open(part, true), path, 0);
    writer.writeHeader(identity);
    if (writer.failure !== null) throw writer.failure;
    renameSync(part, path);
    return new Session(writer, null);
  } catch (error) {
    throw error instanceof UsageError ? error : cannotWrite(path, error);
  }
}

async function refuseUnfinished(path: string, folder: string): Promise<void> {
  const { entries } = await openJournal(path);
  let last: JournalEntry | null = null;
  for await (const entry of entries) last = entry;
  if (last !== null && 'end' in last) return;
  throw new UsageError('this folder has the journal of a campaign that is not finished', {
    code: 'E-JOURNAL-005',
    place: path,
    todo: `Finish it with \`mapcheck run --resume ${folder}\`, or name another folder.`,
  });
}

/**
 * Finds the journal to resume in a folder and reads its header.
 *
 * @throws UsageError as `openJournal`; E-JOURNAL-006 when the folder has several and none was named.
 */
export async function findJournal(folder: string, shard: Shard | null): Promise<OpenJournal> {
  const files = journalFiles(folder);
  const own = files.filter(
    (file) =>
      shard === null || (file.shard.index === shard.index && file.shard.count === shard.count),
  );
  if (own.length === 1) return openJournal(own[0]!.path);
  const names = files.map((file) => `${file.shard.index}/${file.shard.count}`);
  throw new UsageError(
    own.length === 0
      ? `no journal of shard ${shard!.index}/${shard!.count}; there are ${names.join(', ')}`
      : `the journals of several shards: ${names.join(', ')}`,
    { code: 'E-JOURNAL-006', place: folder, todo: `Name one: --shard ${names[0]}.` },
  );
}

/** Continues a journal. Reading it comes with `replay`, which must be called before anything is written. */
export function continueJournal(
  journal: OpenJournal,
  open: OpenFile = openJournalFile,
): CampaignJournal {
  try {
    const file = open(journal.path, false);
    return new Session(new JournalWriter(file, journal.path, 0), journal);
  } catch (error) {
    throw cannotWrite(journal.path, error);
  }
}

/**
 * Refuses a journal that other code wrote: its results cannot be put together with this code's.
 *
 * @throws UsageError E-JOURNAL-007.
 */
export function requireSameCode(header: JournalHeader, path: string, codeHash: string): void {
  if (header.codeHash === codeHash) return;
  throw new UsageError(
    `it was written by other code: ${header.codeHash.slice(0, 12)}, this is ${codeHash.slice(0, 12)}`,
    {
      code: 'E-JOURNAL-007',
      place: path,
      todo: 'Use the version of mapcheck, and the configuration, that wrote it; or run the campaign anew.',
    },
  );
}

class Session implements CampaignJournal {
  readonly #writer: JournalWriter;
  readonly #past: OpenJournal | null;
  readonly #startMs = performance.now();
  #elapsedMs = 0;
  #wasEnded: JournalEnd | null = null;
  #hasWritten = false;

  constructor(writer: JournalWriter, past: OpenJournal | null) {
    this.#writer = writer;
    this.#past = past;
  }

  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  get failure(): UsageError | null {
    return this.#writer.failure;
  }

  async replay(each: (result: TicketResult) => void): Promise<void> {
    if (this.#past === null) return;
    for await (const entry of this.#past.entries) {
      if ('end' in entry) {
        this.#wasEnded = entry.end;
        continue;
      }
      this.#wasEnded = null;
      this.#elapsedMs = Math.max(this.#elapsedMs, entry.elapsedMs);
      this.#writer.noteWritten(entry.ticket);
      each(entry.ticket);
    }
    this.#writer.cutAt(this.#past.length());
  }

  write(result: TicketResult): void {
    this.#hasWritten = true;
    this.#writer.writeTicket(result, this.#elapsedMs + performance.now() - this.#startMs);
  }

  close(end: JournalEnd | null): void {
    if (end !== null && (this.#hasWritten || end !== this.#wasEnded)) this.#writer.writeEnd(end);
    this.#writer.close();
  }
}
