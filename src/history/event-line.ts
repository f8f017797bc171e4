/**
 * Reads one JSON line of a history from its bytes: no string, no object, only where each field's text begins and ends.
 *
 * Fields may stand in any order; unknown ones are skipped. The texts of key, value, old, ret and entries are left where
 * they are, as spans of the buffer.
 */
import { OPERATION_NAMES } from '../core/check/linearize/history.ts';

export const TYPE_INVOKE = 0;
export const TYPE_FAIL = 2;
export const TYPE_INFO = 3;
export const TYPE_NAMES: readonly string[] = ['invoke', 'ok', 'fail', 'info'];

/** A field that the line does not have. */
export const MISSING = -1;
/** A name that is not one of the known ones. */
export const UNKNOWN = -2;

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const LETTER_F = 102;
const LETTER_T = 116;

const FIELD_NAMES = [
  'process',
  'type',
  'op',
  'key',
  'value',
  'old',
  'ret',
  'ok',
  'entries',
  'complete',
  'time',
  'format',
] as const;
const FIELD_TABLE = nameTable(FIELD_NAMES);
const TYPE_TABLE = nameTable(TYPE_NAMES);
const OPERATION_TABLE = nameTable(OPERATION_NAMES);

/** A line that is no event: what was found, at which offset of the buffer. */
export class LineFault extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The fields of the last line read. Spans are offsets into its buffer; `MISSING` where the field is not there. */
export class EventLine {
  process: number = MISSING;
  type: number = MISSING;
  op: number = MISSING;
  ok: number = MISSING;
  complete: number = MISSING;
  time: number = Number.NaN;
  keyStart: number = MISSING;
  keyEnd: number = MISSING;
  valueStart: number = MISSING;
  valueEnd: number = MISSING;
  oldStart: number = MISSING;
  oldEnd: number = MISSING;
  retStart: number = MISSING;
  retEnd: number = MISSING;
  entriesStart: number = MISSING;
  entriesEnd: number = MISSING;
  /** The line has a `format` field: it is a header, and the other fields mean nothing. */
  isHeader: boolean = false;
  #buffer: Uint8Array = new Uint8Array(0);
  #end = 0;

  /**
   * Reads the line from `start` up to, not including, `end`.
   *
   * @throws LineFault where the bytes are not a JSON object, or a field is not what its name promises.
   */
  read(buffer: Uint8Array, start: number, end: number): void {
    this.#reset(buffer, end);
    let at = this.#space(start);
    if (buffer[at] !== OPEN_BRACE) throw this.#fault('expected a JSON object', at);
    at = this.#space(at + 1);
    if (buffer[at] === CLOSE_BRACE && at < end) return this.#expectEnd(at + 1);
    for (;;) {
      if (buffer[at] !== QUOTE || at >= end) throw this.#fault('expected a field name', at);
      const nameEnd = this.#stringEnd(at);
      const field = lookUp(FIELD_TABLE, FIELD_NAMES, buffer, at + 1, nameEnd - 1);
      at = this.#space(nameEnd);
      if (buffer[at] !== COLON || at >= end) throw this.#fault('expected a colon', at);
      at = this.#space(at + 1);
      const valueEnd = this.#valueEnd(at);
      this.#take(field, at, valueEnd);
      at = this.#space(valueEnd);
      if (at < end && buffer[at] === COMMA) at = this.#space(at + 1);
      else if (at < end && buffer[at] === CLOSE_BRACE) return this.#expectEnd(at + 1);
      else throw this.#fault('expected a comma or the end of the object', at);
    }
  }

  #reset(buffer: Uint8Array, end: number): void {
    this.#buffer = buffer;
    this.#end = end;
    this.process = this.type = this.op = this.ok = this.complete = MISSING;
    this.time = Number.NaN;
    this.keyStart = this.valueStart = this.oldStart = this.retStart = MISSING;
    this.entriesStart = MISSING;
    this.isHeader = false;
  }

  #take(field: number, start: number, end: number): void {
    switch (field) {
      case 0:
        this.process = this.#wholeNumber('process', start, end);
        break;
      case 1:
        this.type = this.#name('type', TYPE_TABLE, TYPE_NAMES, start, end);
        break;
      case 2:
        this.op = this.#name('op', OPERATION_TABLE, OPERATION_NAMES, start, end);
        break;
      case 3:
        this.keyStart = start;
        this.keyEnd = end;
        break;
      case 4:
        this.valueStart = start;
        this.valueEnd = end;
        break;
      case 5:
        this.oldStart = start;
        this.oldEnd = end;
        break;
      case 6:
        this.retStart = start;
        this.retEnd = end;
        break;
      default:
        this.#takeRare(field, start, end);
    }
  }

  #takeRare(field: number, start: number, end: number): void {
    if (field === 7) this.ok = this.#truth('ok', start);
    else if (field === 8) {
      this.entriesStart = start;
      this.entriesEnd = end;
    } else if (field === 9) this.complete = this.#truth('complete', start);
    else if (field === 10) this.time = this.#number('time', start, end);
    else if (field === 11) this.isHeader = true;
  }

  #name(
    field: string,
    table: Int8Array,
    names: readonly string[],
    start: number,
    end: number,
  ): number {
    if (this.#buffer[start] !== QUOTE) throw this.#fault(`${field} is not a string`, start);
    return lookUp(table, names, this.#buffer, start + 1, end - 1);
  }

  #truth(field: string, start: number): number {
    const first = this.#buffer[start];
    if (first === LETTER_T) return 1;
    if (first === LETTER_F) return 0;
    throw this.#fault(`${field} is neither true nor false`, start);
  }

  #wholeNumber(field: string, start: number, end: number): number {
    const number = this.#number(field, start, end);
    if (!Number.isSafeInteger(number) || number < 0) {
      throw this.#fault(`${field} is not a whole number from 0 up`, start);
    }
    return number;
  }

  #number(field: string, start: number, end: number): number {
    const buffer = this.#buffer;
    let number = 0;
    for (let at = start; at < end; at++) {
      const digit = buffer[at]! - 48;
      if (digit < 0 || digit > 9 || at - start > 14) {
        const first = buffer[start]!;
        if (first !== MINUS && (first < 48 || first > 57)) {
          throw this.#fault(`${field} is not a number`, start);
        }
        return Number(new TextDecoder().decode(buffer.subarray(start, end)));
      }
      number = number * 10 + digit;
    }
    return number;
  }

  #space(at: number): number {
    const buffer = this.#buffer;
    const end = this.#end;
    while (at < end && isSpace(buffer[at]!)) at++;
    return at;
  }

  #expectEnd(at: number): void {
    const rest = this.#space(at);
    if (rest < this.#end) throw this.#fault('expected nothing after the object', rest);
  }

  /** Where the JSON value that begins at `start` ends. */
  #valueEnd(start: number): number {
    const buffer = this.#buffer;
    const first = start < this.#end ? buffer[start]! : 0;
    if (first === QUOTE) return this.#stringEnd(start);
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return this.#nestedEnd(start);
    let at = start;
    while (at < this.#end && isPlain(buffer[at]!)) at++;
    if (at === start) throw this.#fault('expected a value', start);
    if (!isScalar(buffer, start, at)) throw this.#fault('expected a JSON value', start);
    return at;
  }

  #stringEnd(start: number): number {
    const buffer = this.#buffer;
    const end = this.#end;
    for (let at = start + 1; at < end; at++) {
      const byte = buffer[at]!;
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH) at++;
      else if (byte < 32) throw this.#fault('a control character stands in a string', at);
    }
    throw this.#fault('the string does not end', start);
  }

  #nestedEnd(start: number): number {
    const buffer = this.#buffer;
    let depth = 0;
    for (let at = start; at < this.#end; at++) {
      const byte = buffer[at]!;
      if (byte === QUOTE) at = this.#stringEnd(at) - 1;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
      else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at + 1;
    }
    throw this.#fault('the list or object does not end', start);
  }

  #fault(message: string, offset: number): LineFault {
    if (offset >= this.#end) return new LineFault(`${message}, found the end of the line`, offset);
    const buffer = this.#buffer.subarray(offset, Math.min(this.#end, offset + 12));
    const found = JSON.stringify(new TextDecoder().decode(buffer));
    return new LineFault(`${message}, found ${found}`, offset);
  }
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 13;
}

/** Digits, letters, sign and point: what numbers and `true`, `false`, `null` are made of. */
function isPlain(byte: number): boolean {
  return (
    (byte >= 48 && byte <= 57) ||
    (byte >= 97 && byte <= 122) ||
    byte === MINUS ||
    byte === 46 ||
    byte === 43 ||
    byte === 69
  );
}

function isScalar(buffer: Uint8Array, start: number, end: number): boolean {
  let at = start;
  if (buffer[start]! !== 48 || end - start === 1) {
    while (at < end && buffer[at]! >= 48 && buffer[at]! <= 57) at++;
    if (at === end) return true;
  }
  const text = new TextDecoder().decode(buffer.subarray(start, end));
  return /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/.test(text);
}

/** A table from a name's length and first letter to its index, -1 for none; collisions are not allowed. */
function nameTable(names: readonly string[]): Int8Array {
  const table = new Int8Array(512).fill(-1);
  for (const [index, name] of names.entries()) {
    const slot = slotOf(name.length, name.charCodeAt(0));
    if (table[slot] !== -1) {
      // Two names share length and first letter: told apart by their last letter, in the upper half of the table.
      table[256 + slotOf(name.length, name.charCodeAt(name.length - 1))] = index;
    } else table[slot] = index;
  }
  return table;
}

function slotOf(length: number, letter: number): number {
  return ((length << 4) ^ letter) & 255;
}

function lookUp(
  table: Int8Array,
  names: readonly string[],
  buffer: Uint8Array,
  start: number,
  end: number,
): number {
  const length = end - start;
  if (length <= 0) return UNKNOWN;
  const first = table[slotOf(length, buffer[start]!)]!;
  if (first >= 0 && isName(names[first]!, buffer, start, length)) return first;
  const second = table[256 + slotOf(length, buffer[end - 1]!)]!;
  if (second >= 0 && isName(names[second]!, buffer, start, length)) return second;
  return UNKNOWN;
}

function isName(name: string, buffer: Uint8Array, start: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let at = 0; at < length; at++) {
    if (name.charCodeAt(at) !== buffer[start + at]) return false;
  }
  return true;
}
