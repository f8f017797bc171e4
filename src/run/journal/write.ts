/** Appends to a journal, a line at a time, each in the file before the next ticket's result is looked at. */
import { closeSync, fdatasyncSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { isSameEssence, type TicketResult } from '../ticket.ts';
import { RUNS_PER_TICKET } from '../plan.ts';
import {
  encodeLine,
  JOURNAL_FORMAT,
  JOURNAL_VERSION,
  type CampaignIdentity,
  type JournalEnd,
  type JournalHeader,
  type TicketLine,
} from './format.ts';

/** What the writer needs of a file system, so that tests can fill up a disk. */
export interface JournalFile {
  /** Writes bytes at the end; returns how many were written. */
  write(bytes: Uint8Array): number;
  /** Cuts the file to a length. */
  truncate(length: number): void;
  /** Hands what was written over to the disk. */
  sync(): void;
  close(): void;
}

/** Opens a file for appending. `isNew` makes it anew. */
export function openJournalFile(path: string, isNew: boolean): JournalFile {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, isNew ? 'w' : 'a');
  return {
    write: (bytes) => writeSync(descriptor, bytes),
    truncate: (length) => ftruncateSync(descriptor, length),
    sync: () => fdatasyncSync(descriptor),
    close: () => closeSync(descriptor),
  };
}

/**
 * Writes one shard's journal.
 *
 * A line that does not fit is taken back, so that the file stays readable whatever happens; after that nothing more is
 * written, and `failure` says why.
 */
export class JournalWriter {
  readonly #file: JournalFile;
  readonly #path: string;
  /** Failures that stand in the file, for each target: a later run of the same one needs no program. */
  readonly #written: {
    readonly targetIndex: number;
    readonly found: TicketResult['violations'][0];
  }[] = [];
  #length: number;
  #failure: UsageError | null = null;

  /** `length` is that of the readable part of the file. */
  constructor(file: JournalFile, path: string, length: number) {
    this.#file = file;
    this.#path = path;
    this.#length = length;
  }

  /** Why nothing more can be written, or `null`. */
  get failure(): UsageError | null {
    return this.#failure;
  }

  writeHeader(identity: CampaignIdentity): void {
    const header: JournalHeader = {
      format: JOURNAL_FORMAT,
      version: JOURNAL_VERSION,
      plan: identity.plan,
      runsPerTicket: RUNS_PER_TICKET,
      timeMs: identity.timeMs,
      shard: identity.shard,
      codeHash: identity.codeHash,
    };
    this.#append(header);
  }

  /** Notes failures that stand in the file already. */
  noteWritten(result: TicketResult): void {
    for (const found of result.violations) {
      this.#written.push({ targetIndex: result.targetIndex, found });
    }
  }

  /** Drops what stands after the last whole line. */
  cutAt(length: number): void {
    this.#length = length;
    try {
      this.#file.truncate(length);
    } catch (error) {
      this.#failure = cannotWrite(this.#path, error);
    }
  }

  writeTicket(result: TicketResult, elapsedMs: number): void {
    const { index, ...rest } = result;
    const fresh = {
      ...result,
      violations: result.violations.filter((found) => this.#isFirst(result, found)),
    };
    const line: TicketLine = {
      ticket: index,
      ...rest,
      coverage: withoutZeros(rest.coverage),
      known: withoutZeros(rest.known),
      violations: fresh.violations,
      elapsedMs: Math.round(elapsedMs),
    };
    this.#append(line);
    this.noteWritten(fresh);
  }

  /** Whether no earlier run with the same failure stands in the file. */
  #isFirst({ targetIndex }: TicketResult, found: TicketResult['violations'][0]): boolean {
    return !this.#written.some(
      (old) =>
        old.targetIndex === targetIndex &&
        old.found.run <= found.run &&
        isSameEssence(old.found.violation, found.violation),
    );
  }

  writeEnd(end: JournalEnd): void {
    this.#append({ end });
  }

  /** Hands everything over to the disk and closes the file. */
  close(): void {
    try {
      if (this.#failure === null) this.#file.sync();
    } catch (error) {
      this.#failure = cannotWrite(this.#path, error);
    } finally {
      this.#file.close();
    }
  }

  #append(record: object): void {
    if (this.#failure !== null) return;
    const bytes = Buffer.from(`${encodeLine(record)}\n`);
    try {
      for (let sent = 0; sent < bytes.length;) sent += this.#file.write(bytes.subarray(sent));
      this.#length += bytes.length;
    } catch (error) {
      this.#failure = cannotWrite(this.#path, error);
      this.#takeBack();
    }
  }

  #takeBack(): void {
    try {
      this.#file.truncate(this.#length);
    } catch {
      // The rest of the line stays; without its line feed it counts for nothing.
    }
  }
}

function withoutZeros(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** The error for a journal that cannot be written. */
export function cannotWrite(path: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOSPC' ? 'the disk is full' : message;
  return new UsageError(`cannot write the journal: ${reason}`, {
    code: 'E-JOURNAL-001',
    place: path,
    todo: 'Make room or name another folder with --journal. What stands in the journal can be read and resumed.',
    cause: error,
  });
}
