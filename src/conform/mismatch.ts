/** One place where an engine did not do what the real Go runtime did. */
export interface Mismatch {
  /** The file of the trace, as it was named to the reader. */
  readonly file: string;
  /** 1-based line in the file. */
  readonly line: number;
  /**
   * What was compared: a field of the line, with indexes and column names: `s.noverflow`,
   * `dump.buckets[3][0].t`.
   */
  readonly field: string;
  /** What Go did, as JSON text. */
  readonly expected: string;
  /** What the engine did, as JSON text. */
  readonly actual: string;
}
