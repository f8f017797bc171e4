/**
 * The protocol of a history: which fields an event has, who may call and who may return.
 *
 * 1. A process has at most one open operation. 2. A return closes the open operation of its process and names the same
 * operation, key and arguments, where it names them. 3. After `info` a process never acts again. 4. Where events carry a
 * time, it never goes back. 5. Where the header claims unique values, no value is written twice to one key.
 */
import {
  OP_APPEND,
  OP_COMPARE_AND_DELETE,
  OP_COMPARE_AND_SWAP,
  OP_DELETE,
  OP_GET,
  OP_LEN,
  OP_LOAD,
  OP_LOAD_AND_DELETE,
  OP_LOAD_OR_STORE,
  OP_PUT,
  OP_RANGE,
  OP_STORE,
  OP_SWAP,
  OPERATION_NAMES,
  OUTCOME_FAIL,
  OUTCOME_OK,
} from '../core/check/linearize/history.ts';
import { UsageError } from '../core/errors.ts';
import { internText, type HistoryBuilder } from './builder.ts';
import { MISSING, TYPE_FAIL, TYPE_INFO, UNKNOWN, type EventLine } from './event-line.ts';
import type { HistoryHeader } from './header.ts';
import type { Interner } from './interner.ts';
import { CRASHED, IDLE, OpenRows } from './open-rows.ts';
import { parseEntries, tokenId } from './tokens.ts';

/** What an operation takes and gives, as bits. */
const HAS_KEY = 1;
const HAS_ARGUMENT = 2;
const HAS_OLD = 4;
const GIVES_VALUE = 8;
const GIVES_RET = 16;
const GIVES_OK = 32;

const SHAPES: Uint8Array = new Uint8Array(OPERATION_NAMES.length);
SHAPES[OP_LOAD] = HAS_KEY | GIVES_VALUE;
SHAPES[OP_STORE] = HAS_KEY | HAS_ARGUMENT;
SHAPES[OP_LOAD_OR_STORE] = HAS_KEY | HAS_ARGUMENT | GIVES_RET | GIVES_OK;
SHAPES[OP_LOAD_AND_DELETE] = HAS_KEY | GIVES_RET;
SHAPES[OP_DELETE] = HAS_KEY;
SHAPES[OP_SWAP] = HAS_KEY | HAS_ARGUMENT | GIVES_RET;
SHAPES[OP_COMPARE_AND_SWAP] = HAS_KEY | HAS_ARGUMENT | HAS_OLD | GIVES_OK;
SHAPES[OP_COMPARE_AND_DELETE] = HAS_KEY | HAS_OLD | GIVES_OK;
SHAPES[OP_GET] = HAS_KEY | GIVES_VALUE;
SHAPES[OP_PUT] = HAS_KEY | HAS_ARGUMENT;
SHAPES[OP_APPEND] = HAS_KEY | HAS_ARGUMENT;

/** Applies the rules to the events of one history and fills its columns. */
export class EventRules {
  readonly #builder: HistoryBuilder;
  readonly #header: HistoryHeader;
  readonly #file: string;
  readonly #openRows: OpenRows = new OpenRows();
  /** For unique values: key id and value id of each write, with the line of the first. */
  readonly #writes: Map<string, number> | null;
  #lastTime = Number.NEGATIVE_INFINITY;
  #lineNumber = 0;

  constructor(builder: HistoryBuilder, header: HistoryHeader, file: string) {
    this.#builder = builder;
    this.#header = header;
    this.#file = file;
    this.#writes = header.hasUniqueValues ? new Map() : null;
  }

  /** Takes a call. */
  open(line: EventLine, buffer: Uint8Array, lineNumber: number): void {
    this.#lineNumber = lineNumber;
    this.#checkTime(line);
    const { process, op } = line;
    const before = this.#openRows.get(this.#processOf(line));
    if (before === CRASHED) {
      throw this.#error(
        'E-HISTORY-007',
        `process ${process} calls after its operation ended as info`,
        'A crashed client comes back under a new number.',
      );
    }
    if (before !== IDLE) {
      const name = OPERATION_NAMES[this.#builder.op[before]!]!;
      const called = this.#builder.eventLine[this.#builder.call[before]!]!;
      throw this.#error(
        'E-HISTORY-006',
        `process ${process} calls while its ${name} of line ${called} is open`,
        'A process has one open operation at most; give each client its own number.',
      );
    }
    this.#checkOperation(op);
    const builder = this.#builder;
    const row = builder.open(op, process, lineNumber);
    this.#openRows.set(process, row);
    const shape = SHAPES[op]!;
    if ((shape & HAS_KEY) !== 0) {
      builder.key[row] = this.#token('key', builder.keys, buffer, line.keyStart, line.keyEnd);
    }
    builder.argument[row] =
      (shape & HAS_ARGUMENT) === 0
        ? 0
        : this.#given('value', buffer, line.valueStart, line.valueEnd);
    builder.old[row] =
      (shape & HAS_OLD) === 0 ? 0 : this.#given('old', buffer, line.oldStart, line.oldEnd);
    if (this.#header.model === 'kv') this.#checkString(builder.argument[row], shape & HAS_ARGUMENT);
    builder.result[row] = 0;
    builder.flag[row] = 0;
    if (this.#writes !== null && (shape & HAS_ARGUMENT) !== 0) this.#checkUnique(row);
  }

  /** Takes a return. */
  close(line: EventLine, buffer: Uint8Array, lineNumber: number): void {
    this.#lineNumber = lineNumber;
    this.#checkTime(line);
    const process = this.#processOf(line);
    const row = this.#openRows.get(process);
    if (row < 0) {
      throw this.#error(
        'E-HISTORY-005',
        `process ${process} returns, but has no open call${row === CRASHED ? ': its operation ended as info' : ''}`,
        'A return follows the call of the same process.',
      );
    }
    const builder = this.#builder;
    this.#checkSame(row, line, buffer);
    if (line.type === TYPE_INFO) {
      // The outcome stays unknown: no return. The event keeps its number so that lines and events stay in step.
      builder.event(lineNumber);
      this.#openRows.set(process, CRASHED);
      return;
    }
    if (line.type === TYPE_FAIL) builder.close(row, OUTCOME_FAIL, lineNumber);
    else {
      this.#takeResult(row, line, buffer);
      builder.close(row, OUTCOME_OK, lineNumber);
    }
    this.#openRows.set(process, IDLE);
  }

  /** Places the entries that were there before the first row: what the header says, or what dropped rows left. */
  placeInitial(): void {
    const builder = this.#builder;
    builder.initial.clear();
    for (const [name, value] of this.#header.initial) {
      const id = internText(builder.values, value);
      if (id === 0) continue;
      // Object keys are strings. Where the events name no such string but a number, that number is meant.
      const asString = JSON.stringify(name);
      const isNumber = builder.keys.find(asString) < 0 && builder.keys.find(name) >= 0;
      const key = internText(builder.keys, isNumber ? name : asString);
      if (!builder.carried.has(key)) builder.initial.set(key, id);
    }
    for (const [key, value] of builder.carried) builder.initial.set(key, value);
  }

  /** Gives every open operation its row after rows were dropped from the front of the columns. */
  renumber(newRowOf: (row: number) => number): void {
    this.#openRows.renumber(newRowOf);
  }

  #takeResult(row: number, line: EventLine, buffer: Uint8Array): void {
    const builder = this.#builder;
    const op = builder.op[row]!;
    if (op === OP_RANGE) return this.#takeRange(row, line, buffer);
    if (op === OP_LEN) {
      builder.result[row] = this.#count(line, buffer);
      return;
    }
    const shape = SHAPES[op]!;
    if ((shape & GIVES_VALUE) !== 0) {
      builder.result[row] = this.#token(
        'value',
        builder.values,
        buffer,
        line.valueStart,
        line.valueEnd,
      );
      if (op === OP_GET) this.#checkString(builder.result[row], 1);
    } else if ((shape & GIVES_RET) !== 0) {
      builder.result[row] = this.#token('ret', builder.values, buffer, line.retStart, line.retEnd);
    }
    if ((shape & GIVES_OK) !== 0 && line.ok === MISSING) throw this.#missing('ok');
    // Where `ok` only repeats what `ret` says it may be left out.
    builder.flag[row] = line.ok === MISSING ? Number(builder.result[row] !== 0) : line.ok;
  }

  #takeRange(row: number, line: EventLine, buffer: Uint8Array): void {
    if (line.entriesStart === MISSING) throw this.#missing('entries');
    if (line.complete === MISSING) throw this.#missing('complete');
    const text = new TextDecoder().decode(buffer.subarray(line.entriesStart, line.entriesEnd));
    const entries = parseEntries(text);
    if (entries === null) {
      throw this.#error(
        'E-HISTORY-009',
        'entries is not a list of [key, value] pairs',
        'Write [[key,value],…] in the order visited.',
      );
    }
    const { keys, values } = this.#builder;
    const keyIds = new Int32Array(entries.length);
    const valueIds = new Int32Array(entries.length);
    for (const [index, [key, value]] of entries.entries()) {
      keyIds[index] = internText(keys, key);
      valueIds[index] = internText(values, value);
      if (valueIds[index] === 0) {
        throw this.#error(
          'E-HISTORY-010',
          `entries[${index}] has the value null`,
          'null stands for absent; a visited entry has a value.',
        );
      }
    }
    const isComplete = line.complete === 1;
    this.#builder.ranges.set(row, { keys: keyIds, values: valueIds, isComplete });
  }

  #count(line: EventLine, buffer: Uint8Array): number {
    if (line.valueStart === MISSING) throw this.#missing('value');
    const text = new TextDecoder().decode(buffer.subarray(line.valueStart, line.valueEnd));
    const count = Number(text);
    if (!/^\d+$/.test(text) || count > NEVER_COUNT) {
      throw this.#error(
        'E-HISTORY-009',
        `len returned ${text}, expected a whole number from 0 up`,
        'Write the number of entries.',
      );
    }
    return count;
  }

  #checkOperation(op: number): void {
    if (op === MISSING) throw this.#missing('op');
    if (op === UNKNOWN) {
      throw this.#error('E-HISTORY-008', 'unknown op', `Known: ${OPERATION_NAMES.join(', ')}.`);
    }
    const isLog = op === OP_GET || op === OP_PUT || op === OP_APPEND;
    if (isLog !== (this.#header.model === 'kv')) {
      const name = OPERATION_NAMES[op]!;
      throw this.#error(
        'E-HISTORY-008',
        `op ${name} does not belong to the model ${JSON.stringify(this.#header.model)} of the header`,
        'Model "kv" has get, put and append; model "map" has the others.',
      );
    }
  }

  /** A return must repeat what its call said, where it repeats it. */
  #checkSame(row: number, line: EventLine, buffer: Uint8Array): void {
    const builder = this.#builder;
    const op = builder.op[row]!;
    if (line.op !== MISSING && line.op !== op) {
      const found = line.op === UNKNOWN ? 'an unknown operation' : OPERATION_NAMES[line.op]!;
      const called = builder.eventLine[builder.call[row]!]!;
      throw this.#error(
        'E-HISTORY-009',
        `the return is of ${found}, but process ${line.process} called ${OPERATION_NAMES[op]!} in line ${called}`,
        'A return names the operation of its call.',
      );
    }
    const shape = SHAPES[op]!;
    if (line.keyStart !== MISSING && (shape & HAS_KEY) !== 0) {
      this.#checkEqual('key', builder.key[row]!, builder.keys, buffer, line.keyStart, line.keyEnd);
    }
    if (line.type !== TYPE_FAIL && (shape & HAS_ARGUMENT) !== 0 && line.valueStart !== MISSING) {
      this.#checkEqual(
        'value',
        builder.argument[row]!,
        builder.values,
        buffer,
        line.valueStart,
        line.valueEnd,
      );
    }
    if ((shape & HAS_OLD) !== 0 && line.oldStart !== MISSING) {
      this.#checkEqual(
        'old',
        builder.old[row]!,
        builder.values,
        buffer,
        line.oldStart,
        line.oldEnd,
      );
    }
  }

  #checkEqual(
    field: string,
    expected: number,
    interner: Interner,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): void {
    const found = this.#token(field, interner, buffer, start, end);
    if (found === expected) return;
    throw this.#error(
      'E-HISTORY-009',
      `the return has ${field} ${interner.text(found)}, its call had ${interner.text(expected)}`,
      'A return repeats the arguments of its call, or leaves them out.',
    );
  }

  #checkTime(line: EventLine): void {
    if (line.time < this.#lastTime) {
      throw this.#error(
        'E-HISTORY-011',
        `time goes back from ${this.#lastTime} to ${line.time}`,
        'Events stand in real-time order; sort them by time, calls before returns where times are equal.',
      );
    }
    if (line.time > this.#lastTime) this.#lastTime = line.time;
  }

  #checkUnique(row: number): void {
    const builder = this.#builder;
    const key = builder.key[row]!;
    const value = builder.argument[row]!;
    const id = `${key} ${value}`;
    const first = this.#writes!.get(id);
    if (first !== undefined) {
      throw this.#error(
        'E-HISTORY-012',
        `the value ${builder.values.text(value)} is written to key ${builder.keys.text(key)} again, first in line ${first}, though the header claims uniqueValues`,
        'Write each value once for each key, or drop the claim.',
      );
    }
    this.#writes!.set(id, this.#lineNumber);
  }

  #checkString(value: number, isGiven: number): void {
    if (isGiven === 0 || this.#builder.values.text(value).startsWith('"')) return;
    throw this.#error(
      'E-HISTORY-009',
      `found the value ${this.#builder.values.text(value)}, expected a string`,
      'Values of a key-value log are strings.',
    );
  }

  /** The id of an argument, which can't be null. */
  #given(field: string, buffer: Uint8Array, start: number, end: number): number {
    const id = this.#token(field, this.#builder.values, buffer, start, end);
    if (id !== 0) return id;
    throw this.#error(
      'E-HISTORY-010',
      `${field} is null`,
      'null stands for absent: it can be read, not written or compared with.',
    );
  }

  #token(
    field: string,
    interner: Interner,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): number {
    if (start === MISSING) throw this.#missing(field);
    try {
      return tokenId(interner, buffer, start, end);
    } catch (error) {
      throw this.#error(
        'E-HISTORY-001',
        `${field} is not JSON: ${(error as Error).message}`,
        'Correct the line.',
      );
    }
  }

  #processOf(line: EventLine): number {
    if (line.process === MISSING) throw this.#missing('process');
    return line.process;
  }

  #missing(field: string): UsageError {
    return this.#error(
      'E-HISTORY-009',
      `no ${field}`,
      'docs/histories.md lists the fields of each operation.',
    );
  }

  #error(code: string, message: string, todo: string): UsageError {
    return new UsageError(message, { code, place: `${this.#file}:${this.#lineNumber}`, todo });
  }
}

const NEVER_COUNT = 0x7fffffff;
