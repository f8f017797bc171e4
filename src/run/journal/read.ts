/** Reads journals; every way in which one can be wrong has an error that says where and what to do. */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import type { TicketResult } from '../ticket.ts';
import { RUNS_PER_TICKET, shardOfTicket, ticketAt, ticketCount, type Shard } from '../plan.ts';
import {
  decodeLine,
  endSchema,
  headerSchema,
  JOURNAL_FORMAT,
  JOURNAL_VERSION,
  SHARD_FILE,
  ticketSchema,
  type JournalEnd,
  type JournalHeader,
} from './format.ts';

/** One line of a journal after its header. */
export type JournalEntry =
  | { readonly ticket: TicketResult; readonly elapsedMs: number }
  | { readonly end: JournalEnd };

/** A journal that is being read. */
export interface OpenJournal {
  readonly path: string;
  readonly header: JournalHeader;
  /** The lines after the header, in the order of the file; can be read once. */
  readonly entries: AsyncGenerator<JournalEntry>;
  /** Bytes of the file up to the last line that was read; whatever follows at the end is a torn line. */
  readonly length: () => number;
}

/**
 * The journal files of a folder, by shard.
 *
 * @throws UsageError E-JOURNAL-002 when there is no such folder, or no journal in it.
 */
export function journalFiles(folder: string): { readonly path: string; readonly shard: Shard }[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw noJournal(
      folder,
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'no such folder'
        : (error as Error).message,
    );
  }
  const files = names.flatMap((name) => {
    const match = SHARD_FILE.exec(name);
    if (match === null) return [];
    const shard = { index: Number(match[1]), count: Number(match[2]) };
    return [{ path: join(folder, name), shard }];
  });
  if (files.length === 0) throw noJournal(folder, 'no journal in this folder');
  return files.toSorted((left, right) => left.shard.index - right.shard.index);
}

function noJournal(folder: string, reason: string): UsageError {
  return new UsageError(reason, {
    code: 'E-JOURNAL-002',
    place: folder,
    todo: 'Name the folder that --journal named, or that an interrupted run printed.',
  });
}

/**
 * Opens a journal and reads its header.
 *
 * @throws UsageError E-JOURNAL-002 unreadable, 003 damaged, 004 not a journal or another version.
 */
export async function openJournal(path: string): Promise<OpenJournal> {
  const lines = wholeLines(path);
  const first = await lines.next();
  if (first.done === true) {
    throw new UsageError('the journal is empty', {
      code: 'E-JOURNAL-003',
      place: path,
      todo: 'The process died before it began its work: run the campaign anew.',
    });
  }
  const header = parseHeader(first.value.text, path);
  let length = first.value.end;
  async function* entries(): AsyncGenerator<JournalEntry> {
    let number = 1;
    for await (const { text, end } of lines) {
      yield parseEntry(text, header, `${path}:${++number}`);
      length = end;
    }
  }
  return { path, header, entries: entries(), length: () => length };
}

interface Line {
  readonly text: string;
  /** Offset of the byte after its line feed. */
  readonly end: number;
}

/** Lines that end in a line feed. Memory: a line and a block of the file. */
async function* wholeLines(path: string): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  try {
    if (!statSync(path).isFile()) throw new Error('not a file');
    for await (const block of createReadStream(path) as AsyncIterable<Buffer>) {
      rest = rest.length === 0 ? block : Buffer.concat([rest, block]);
      let start = 0;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
        offset += end + 1 - start;
        yield { text: rest.toString('utf8', start, end), end: offset };
        start = end + 1;
      }
      rest = rest.subarray(start);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read the journal: ${(error as Error).message}`, {
      code: 'E-JOURNAL-002',
      place: path,
      cause: error,
    });
  }
}

function parseHeader(text: string, path: string): JournalHeader {
  const record = tryParse(text);
  const { format, version } = (record ?? {}) as { format?: unknown; version?: unknown };
  const place = `${path}:1`;
  if (format !== JOURNAL_FORMAT) {
    throw new UsageError(`this is not a journal: expected format "${JOURNAL_FORMAT}"`, {
      code: 'E-JOURNAL-004',
      place,
    });
  }
  if (version !== JOURNAL_VERSION) {
    throw new UsageError(
      `version ${JSON.stringify(version)} of the journal format, expected ${JOURNAL_VERSION}`,
      { code: 'E-JOURNAL-004', place, todo: 'Another version of mapcheck wrote it: use that one.' },
    );
  }
  const checked = headerSchema.safeParse(decodeLine(text));
  if (!checked.success) {
    throw new UsageError('the first line is damaged, so nothing can be said about the rest', {
      code: 'E-JOURNAL-003',
      place,
      todo: 'Restore the file, or run the campaign anew.',
    });
  }
  const header = checked.data;
  ticketCount(header.plan);
  if (header.runsPerTicket !== RUNS_PER_TICKET) {
    throw new UsageError(`${header.runsPerTicket} runs a ticket, expected ${RUNS_PER_TICKET}`, {
      code: 'E-JOURNAL-004',
      place,
      todo: 'Another version of mapcheck wrote it: use that one.',
    });
  }
  return header;
}

const entrySchema = z.union([ticketSchema, endSchema]);

function parseEntry(text: string, header: JournalHeader, place: string): JournalEntry {
  const parsed = entrySchema.safeParse(decodeLine(text));
  if (!parsed.success) throw damaged(place);
  if ('end' in parsed.data) return parsed.data;
  const { ticket: index, elapsedMs, ...rest } = parsed.data;
  const isOwn =
    index < ticketCount(header.plan) &&
    shardOfTicket(header.shard.count, index) === header.shard.index &&
    ticketAt(header.plan, index).targetIndex === rest.targetIndex;
  if (!isOwn) throw damaged(place);
  return { ticket: { index, ...rest }, elapsedMs };
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function damaged(place: string): UsageError {
  return new UsageError('this line is not as it was written', {
    code: 'E-JOURNAL-003',
    place,
    todo: 'Delete the line: --resume does the work again that it stood for.',
  });
}
