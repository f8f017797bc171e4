/**
 * Generated text that remembers where it came from.
 *
 * Text is appended in pieces: verbatim copies of the source, and new text, which may stand for a place of the source.
 * `finish` joins the pieces and draws the source map (version 3) from them, exact to the token: a copy gets a segment at
 * each of its tokens, new text one segment at its beginning.
 */

/** A source map as `JSON.stringify` takes it. */
export interface SourceMap {
  readonly version: 3;
  readonly file: string;
  readonly sources: readonly string[];
  readonly sourcesContent: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** New text that stands for no place of the source. */
const NOWHERE = -1;

/** A piece of output under construction. */
export class Output {
  readonly #texts: string[] = [];
  /** For each text: offset in the source of a copy; `NOWHERE`; or, for new text that stands for offset p, -2 - p. */
  readonly #origins: number[] = [];

  /** Line breaks in the text so far. */
  lineBreakCount = 0;

  /** Appends source text that begins at `start`. */
  copy(text: string, start: number): void {
    if (text === '') return;
    this.lineBreakCount += lineBreaksIn(text);
    this.#texts.push(text);
    this.#origins.push(start);
  }

  /** Appends new text, which errors report at offset `at` of the source if one is given. */
  add(text: string, at?: number): void {
    if (text === '') return;
    this.lineBreakCount += lineBreaksIn(text);
    this.#texts.push(text);
    this.#origins.push(at === undefined ? NOWHERE : -2 - at);
  }

  /** Keeps a place for new text that is known later only; returns its number for `fill`. */
  reserve(): number {
    this.#texts.push('');
    this.#origins.push(NOWHERE);
    return this.#texts.length - 1;
  }

  /** Sets the text of a reserved place. */
  fill(place: number, text: string): void {
    this.#texts[place] = text;
  }

  /** Appends all pieces of another output. */
  append(other: Output): void {
    this.lineBreakCount += other.lineBreakCount;
    for (let i = 0; i < other.#texts.length; i++) {
      this.#texts.push(other.#texts[i]!);
      this.#origins.push(other.#origins[i]!);
    }
  }

  /** Returns the text. */
  text(): string {
    return this.#texts.join('');
  }

  /** Returns the mappings of the text, for the source whose lines begin at `lineStarts`. */
  mappings(lineStarts: readonly number[]): string {
    const encoder = new MappingEncoder(lineStarts);
    for (let i = 0; i < this.#texts.length; i++) {
      const origin = this.#origins[i]!;
      if (origin >= 0) encoder.copied(this.#texts[i]!, origin);
      else encoder.created(this.#texts[i]!, origin === NOWHERE ? -1 : -2 - origin);
    }
    return encoder.mappings;
  }
}

/** Number of line breaks in a text. */
export function lineBreaksIn(text: string): number {
  let count = 0;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) count += 1;
  return count;
}

/** Offsets at which the lines of a text begin. */
export function lineStartsOf(code: string): readonly number[] {
  const starts = [0];
  for (let i = code.indexOf('\n'); i >= 0; i = code.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

/** 0-based line of an offset. O(log lines). */
export function lineOf(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function encodeNumber(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit]!;
  } while (rest > 0);
  return text;
}

/** A token, or a line break: where a segment begins. */
const TOKEN = /[\p{ID_Continue}$#]+|\n|[^\s]/gu;

class MappingEncoder {
  mappings = '';
  readonly #lineStarts: readonly number[];
  #column = 0;
  #lastColumn = 0;
  #lastLine = 0;
  #lastSourceColumn = 0;
  #sourceLine = 0;
  #isLineEmpty = true;

  constructor(lineStarts: readonly number[]) {
    this.#lineStarts = lineStarts;
  }

  copied(text: string, origin: number): void {
    const start = this.#column;
    let lineBegin = 0;
    let firstColumn = start;
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
      if (match[0] === '\n') {
        this.#breakLine();
        lineBegin = match.index + 1;
        firstColumn = 0;
        continue;
      }
      this.#column = firstColumn + match.index - lineBegin;
      this.#segment(origin + match.index);
    }
    this.#column = firstColumn + text.length - lineBegin;
  }

  created(text: string, origin: number): void {
    if (origin >= 0) this.#segment(origin);
    const lines = text.split('\n');
    for (let i = 1; i < lines.length; i++) this.#breakLine();
    const last = lines.at(-1)!;
    this.#column = lines.length > 1 ? last.length : this.#column + last.length;
  }

  #breakLine(): void {
    this.mappings += ';';
    this.#column = 0;
    this.#lastColumn = 0;
    this.#isLineEmpty = true;
  }

  #segment(origin: number): void {
    const starts = this.#lineStarts;
    let line = this.#sourceLine;
    if (starts[line]! > origin || (starts[line + 1] ?? Infinity) <= origin) {
      line = lineOf(starts, origin);
      this.#sourceLine = line;
    }
    const sourceColumn = origin - starts[line]!;
    this.mappings +=
      (this.#isLineEmpty ? '' : ',') +
      encodeNumber(this.#column - this.#lastColumn) +
      'A' +
      encodeNumber(line - this.#lastLine) +
      encodeNumber(sourceColumn - this.#lastSourceColumn);
    this.#isLineEmpty = false;
    this.#lastColumn = this.#column;
    this.#lastLine = line;
    this.#lastSourceColumn = sourceColumn;
  }
}
