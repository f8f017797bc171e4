/** A place in a source file; lines and columns are counted from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Source that cannot be made steppable: it does not parse, or uses what is not supported.
 *
 * `message` holds the reason alone; `String(error)` adds the place.
 */
export class InstrumentError extends Error {
  override readonly name = 'InstrumentError';
  /** Stable code, as in `E-INSTRUMENT-002`. */
  readonly code: string;
  readonly place: SourcePlace;
  /** What the reader can do about it. */
  readonly todo: string | undefined;

  constructor(code: string, message: string, place: SourcePlace, todo?: string) {
    super(message);
    this.code = code;
    this.place = place;
    this.todo = todo;
  }

  override toString(): string {
    const { file, line, column } = this.place;
    return `${file}:${line}:${column}: ${this.message} [${this.code}]`;
  }
}
