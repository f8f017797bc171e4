/**
 * Reads the history format from bytes, chunk by chunk, and checks the protocol while reading.
 *
 * The bytes go straight into columns. A line that breaks the rules ends the reading with an error that names file and
 * line; nothing is guessed and nothing is skipped but blank lines.
 */
import type { History } from '../core/check/linearize/history.ts';
import { UsageError } from '../core/errors.ts';
import { HistoryBuilder } from './builder.ts';
import { EventLine, LineFault, TYPE_INVOKE, UNKNOWN } from './event-line.ts';
import { EventRules } from './event-rules.ts';
import type { Compaction } from './window.ts';
import { readHeader, type HistoryHeader } from './header.ts';

const NEWLINE = 10;

/** A history read from a file, with its header. */
export interface ScannedHistory {
  readonly header: HistoryHeader;
  readonly history: History;
  /** Operations before the first row that were dropped. */
  readonly droppedCount: number;
}

/** What a reader does with the histories of a file. */
export interface ScanOptions {
  /** The file's name, for errors. */
  readonly file: string;
  /** Called for each history when its last line was read. */
  readonly onHistory: (scanned: ScannedHistory) => void;
  /**
   * Called within a history when this many operations stand in the columns, and again when twice as many stand there as
   * were kept. It may drop rows; ids and rows of the history it is given mean nothing afterwards.
   */
  readonly window?: {
    readonly operations: number;
    /** Returns what it dropped, or `null`. */
    readonly onFull: (scanned: ScannedHistory, columns: HistoryBuilder) => Compaction | null;
  };
}

/** Takes the bytes of one file. */
export class HistoryScanner {
  readonly #options: ScanOptions;
  readonly #line = new EventLine();
  #header: HistoryHeader | null = null;
  #builder: HistoryBuilder = new HistoryBuilder();
  #rules: EventRules | null = null;
  #lineNumber = 0;
  #windowLimit: number;
  /** The bytes of a line that goes on in the next chunk. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#windowLimit = options.window?.operations ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Reads the next bytes. They may end anywhere, within a line too.
   *
   * @throws UsageError E-HISTORY-… with file and line.
   */
  push(chunk: Uint8Array): void {
    let from = 0;
    let at = chunk.indexOf(NEWLINE);
    if (this.#rest.length > 0) {
      if (at < 0) {
        this.#rest = joined(this.#rest, chunk);
        return;
      }
      const line = joined(this.#rest, chunk.subarray(0, at));
      this.#rest = new Uint8Array(0);
      this.#readLine(line, 0, line.length);
      from = at + 1;
      at = chunk.indexOf(NEWLINE, from);
    }
    while (at >= 0) {
      this.#readLine(chunk, from, at);
      from = at + 1;
      at = chunk.indexOf(NEWLINE, from);
    }
    if (from < chunk.length) this.#rest = chunk.slice(from);
  }

  /** Ends the file: the last line needs no newline. */
  end(): void {
    if (this.#rest.length > 0) {
      const line = this.#rest;
      this.#rest = new Uint8Array(0);
      this.#readLine(line, 0, line.length);
    }
    this.#finish();
    if (this.#lineNumber === 0 || this.#header === null) {
      throw new UsageError('found no history, expected a header line', {
        code: 'E-HISTORY-002',
        place: this.#options.file,
        todo: 'The first line is {"format":"map-history/1","name":…,"model":"map"}.',
      });
    }
  }

  /** The history that is being read, as far as whole lines came in; `null` before its header. */
  current(): ScannedHistory | null {
    if (this.#header === null) return null;
    const { name, model } = this.#header;
    this.#rules!.placeInitial();
    const { droppedCount } = this.#builder;
    return { header: this.#header, history: this.#builder.history(name, model), droppedCount };
  }

  #readLine(buffer: Uint8Array, start: number, end: number): void {
    this.#lineNumber++;
    if (isBlank(buffer, start, end)) return;
    try {
      this.#line.read(buffer, start, end);
    } catch (error) {
      if (!(error instanceof LineFault)) throw error;
      throw this.#error('E-HISTORY-001', `${error.message} (column ${error.offset - start + 1})`, {
        todo: 'Every line is one JSON object: a header or an event.',
      });
    }
    if (this.#line.isHeader) this.#startHistory(buffer.subarray(start, end));
    else this.#readEvent(buffer);
  }

  #startHistory(bytes: Uint8Array): void {
    this.#finish();
    const place = this.#place();
    this.#header = readHeader(new TextDecoder().decode(bytes), place);
    this.#builder = new HistoryBuilder();
    this.#rules = new EventRules(this.#builder, this.#header, this.#options.file);
    this.#windowLimit = this.#options.window?.operations ?? Number.POSITIVE_INFINITY;
  }

  #readEvent(buffer: Uint8Array): void {
    const rules = this.#rules;
    const line = this.#line;
    if (rules === null) {
      throw this.#error('E-HISTORY-002', 'found an event, expected a header first', {
        todo: 'The first line is {"format":"map-history/1","name":…,"model":"map"}.',
      });
    }
    if (line.type < 0) {
      throw this.#error('E-HISTORY-003', line.type === UNKNOWN ? 'unknown type' : 'no type', {
        todo: 'type is one of invoke, ok, fail, info.',
      });
    }
    if (line.type === TYPE_INVOKE) {
      rules.open(line, buffer, this.#lineNumber);
      if (this.#builder.operationCount >= this.#windowLimit) {
        this.#shrink(rules);
      }
    } else rules.close(line, buffer, this.#lineNumber);
  }

  /** Lets the reader drop rows; the next time is when twice as many stand there as were kept. */
  #shrink(rules: EventRules): void {
    const { operations, onFull } = this.#options.window!;
    const compaction = onFull(this.current()!, this.#builder);
    if (compaction !== null) rules.renumber(compaction.newRowOf);
    this.#windowLimit = Math.max(operations, 2 * this.#builder.operationCount);
  }

  #finish(): void {
    const header = this.#header;
    if (header === null) return;
    this.#rules!.placeInitial();
    const { droppedCount } = this.#builder;
    const history = this.#builder.history(header.name, header.model);
    this.#options.onHistory({ header, history, droppedCount });
  }

  #place(): string {
    return `${this.#options.file}:${this.#lineNumber}`;
  }

  #error(code: string, message: string, details: { readonly todo: string }): UsageError {
    return new UsageError(message, { code, place: this.#place(), ...details });
  }
}

function isBlank(buffer: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = buffer[at]!;
    if (byte !== 32 && byte !== 13 && byte !== 9) return false;
  }
  return true;
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}
